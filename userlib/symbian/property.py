"""RProperty: values that whoever knows their number can publish, get and await."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone, KErrOverflow, Leave
from kernel.abi.handles import EOwnerProcess, KCurrentProcessHandle, TObjectType
from kernel.abi.property import PropertyPlace
from kernel.abi.security import SecurityPolicy
from userlib.symbian.buffers import TDes8
from userlib.symbian.descriptors import TDesC8
from userlib.symbian.handle import RHandleBase
from userlib.symbian.status import TRequestStatus, started
from userlib.symbian.word import signed_word


class RProperty(RHandleBase):
    """A handle to a property, and functions on properties without a handle.

    A property has a category (a UID), a key and a type; its value lasts until the
    property is deleted or the machine is shut down. What gets or sets a value raises
    KErrNotFound for a property that is not defined, KErrPermissionDenied where its
    policies say so, KErrArgument if it is of the other type.

    Original: RProperty (e32property.h).
    """

    object_type = TObjectType.EPropertyRef

    __slots__ = ()

    # Defining.

    @staticmethod
    def define(
        key: int,
        kind: int,
        read_policy: SecurityPolicy,
        write_policy: SecurityPolicy,
        preallocate: int = 0,
        *,
        category: int | None = None,
    ) -> None:
        """Make a property of type *kind* (`TPropertyType`), of value 0 or empty.

        Without *category* it is that of the caller's secure id. *preallocate* is the
        size a byte array is known to need.

        Raises: KErrArgument for a negative size, a size for an integer, an unknown type
            or a policy that makes no sense; KErrTooBig; KErrPermissionDenied for
            somebody else's category; KErrAlreadyExists.
        Original: RProperty::Define.
        """
        exec_ = current_exec.get()
        if category is None:
            category = exec_.process_identity(KCurrentProcessHandle)[0]
        exec_.property_define(
            category, key, kind, preallocate, read_policy, write_policy
        )

    @staticmethod
    def delete(category: int, key: int) -> None:
        """Forget a property; who waits for it is told KErrNotFound.

        Raises: KErrNotFound; KErrPermissionDenied for any but the definer's secure id.
        Original: RProperty::Delete.
        """
        current_exec.get().property_delete(category, key)

    # Without a handle.

    @staticmethod
    def get_at(category: int, key: int) -> int:
        """The value of an integer property. Original: RProperty::Get(…, TInt&)."""
        return current_exec.get().property_get_int((category, key))

    @staticmethod
    def get_data_at(category: int, key: int, des: TDes8 | None = None) -> bytes:
        """The value of a byte array, also put into *des*.

        Raises: KErrOverflow if *des* is too short; it holds what there was room for.
        Original: RProperty::Get(…, TDes8&).
        """
        return _get_data((category, key), des)

    @staticmethod
    def set_at(category: int, key: int, value: int) -> None:
        """Publish an integer. Original: RProperty::Set(…, TInt)."""
        current_exec.get().property_set_int((category, key), signed_word(value))

    @staticmethod
    def set_data_at(category: int, key: int, data: bytes | TDesC8) -> None:
        """Publish a byte array.

        Raises: KErrTooBig beyond 512 bytes, 65,535 of a large one; KErrNoMemory.
        Original: RProperty::Set(…, const TDesC8&).
        """
        current_exec.get().property_set_data((category, key), bytes(data))

    # By handle.

    def attach(self, category: int, key: int, owner: int = EOwnerProcess) -> Self:
        """Fill the handle, whether or not the property is defined.

        Original: RProperty::Attach.
        """
        self.handle = current_exec.get().property_attach(category, key, owner)
        return self

    def subscribe(self, status: TRequestStatus) -> None:
        """Complete *status* with KErrNone at the next set, by whomever.

        One notification for all sets since: subscribe first, then get. It is
        KErrNotFound if the property is deleted, KErrPermissionDenied without the right
        to read, as soon as it is defined. Subscribed already panics KERN-EXEC 9.

        Original: RProperty::Subscribe.
        """
        current_exec.get().property_subscribe(self.handle, started(status))

    def cancel(self) -> None:
        """Complete the subscription with KErrCancel; without one, nothing.

        Original: RProperty::Cancel.
        """
        current_exec.get().property_cancel(self.handle)

    def get(self) -> int:
        """The value of an integer property. Original: RProperty::Get(TInt&)."""
        return current_exec.get().property_get_int(self.handle)

    def get_data(self, des: TDes8 | None = None) -> bytes:
        """As get_data_at. Original: RProperty::Get(TDes8&)."""
        return _get_data(self.handle, des)

    def try_get_data(self, des: TDes8) -> int:
        """As get_data; the code instead of a leave. Original: RProperty::Get."""
        try:
            self.get_data(des)
        except Leave as leave:
            return leave.code
        return KErrNone

    def set(self, value: int) -> None:
        """Publish an integer. Original: RProperty::Set(TInt)."""
        current_exec.get().property_set_int(self.handle, signed_word(value))

    def set_data(self, data: bytes | TDesC8) -> None:
        """As set_data_at. Original: RProperty::Set(const TDesC8&)."""
        current_exec.get().property_set_data(self.handle, bytes(data))


def _get_data(where: PropertyPlace, des: TDes8 | None) -> bytes:
    data = current_exec.get().property_get_data(where)
    if des is not None:
        des.copy(data[: des.max_length])
        if len(data) > des.max_length:
            raise Leave(KErrOverflow)
    return data
