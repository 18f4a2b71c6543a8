"""Publish and subscribe."""

from typing import Protocol

from kernel.abi.memory import ClientStatus
from kernel.abi.property import PropertyPlace
from kernel.abi.security import SecurityPolicy


class ExecProperty(Protocol):
    """Values known by category and key. Original: symbian-kernel 9.7.

    Getting and setting raises KErrNotFound for a property that is not defined,
    KErrPermissionDenied without the right, KErrArgument for one of another type.
    """

    def property_define(
        self,
        category: int,
        key: int,
        kind: int,
        preallocate: int,
        read_policy: SecurityPolicy,
        write_policy: SecurityPolicy,
    ) -> None:
        """Make a property of type *kind* known, with the value 0 or nothing.

        Raises: KErrArgument, KErrTooBig, KErrPermissionDenied, KErrAlreadyExists.
        """

    def property_delete(self, category: int, key: int) -> None:
        """Forget definition and value; subscriptions complete with KErrNotFound.

        Raises: KErrNotFound; KErrPermissionDenied but for the definer's secure id.
        """

    def property_attach(self, category: int, key: int, owner: int) -> int:
        """A handle to a property, defined or not."""

    def property_subscribe(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* at the next set; outstanding already panics KERN-EXEC 9."""

    def property_cancel(self, handle: int) -> None:
        """Complete an outstanding subscription with KErrCancel."""

    def property_get_int(self, where: PropertyPlace) -> int:
        """The value of an integer."""

    def property_set_int(self, where: PropertyPlace, value: int) -> None:
        """Set it, and complete the subscriptions."""

    def property_get_data(self, where: PropertyPlace) -> bytes:
        """The value of a byte array."""
        raise AssertionError

    def property_set_data(self, where: PropertyPlace, data: bytes) -> None:
        """Set it, and complete the subscriptions. Raises: KErrTooBig."""
