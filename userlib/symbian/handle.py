"""RHandleBase: what all classes that own a handle have in common."""

from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self, overload

from kernel.abi.current import current_exec
from kernel.abi.errors import Leave
from kernel.abi.handles import (
    EOwnerProcess,
    KHandleFlagSpecial,
    KHandleNoClose,
    KNullHandle,
    TObjectType,
    TOwnerType,
)
from kernel.abi.limits import KMaxFullName, KMaxName
from userlib.symbian.find import TFindHandleBase
from userlib.symbian.status import started

if TYPE_CHECKING:
    from userlib.symbian.buffers import TDes16
    from userlib.symbian.message import RMessagePtr2
    from userlib.symbian.status import TRequestStatus
    from userlib.symbian.thread import RThread


class THandleInfo(NamedTuple):
    """Who has one object open. Original: THandleInfo."""

    num_open_in_thread: int  # handles in the calling thread's table
    num_open_in_process: int  # in its process's, and one for each thread with any
    num_threads: int  # threads of the system with at least one
    num_processes: int  # process tables with at least one


class RHandleBase:
    """A variable that holds a handle.

    Built empty; `create_…`, `open…` or `connect` fill it and return it; `close`, or the
    end of a `with` block, empties it again. A copy of the handle's value is not a
    second handle: `duplicate` makes one.

    Original: RHandleBase (e32cmn.h).
    """

    object_type: ClassVar[TObjectType]

    __slots__ = ("handle",)

    def __init__(self, handle: int = KNullHandle) -> None:
        self.handle = handle

    def close(self) -> None:
        """Close the handle and set the variable to zero first.

        Nothing happens to a null, a special or a no-close handle. A bad one panics
        KERN-EXEC 0. Original: RHandleBase::Close.
        """
        handle, self.handle = self.handle, KNullHandle
        if handle and not handle & (KHandleNoClose | KHandleFlagSpecial):
            current_exec.get().handle_close(handle)

    def duplicate(self, thread: "RThread", owner: TOwnerType = EOwnerProcess) -> Self:
        """Replace a handle of *thread*'s by a handle of the caller's own.

        A handle that is bad in that thread panics KERN-EXEC 0.

        Raises: KErrPermissionDenied, after which the variable is zero.
        Original: RHandleBase::Duplicate.
        """
        handle, self.handle = self.handle, KNullHandle
        self.handle = current_exec.get().handle_duplicate(thread.handle, handle, owner)
        return self

    @overload
    def open(self, source: TFindHandleBase, /, *, owner: TOwnerType = ...) -> Self: ...

    @overload
    def open(
        self, source: "RMessagePtr2", index: int, /, *, owner: TOwnerType = ...
    ) -> Self: ...

    @overload
    def open(self, source: int, /, *, owner: TOwnerType = ...) -> Self: ...

    def open(
        self,
        source: "TFindHandleBase | RMessagePtr2 | int",
        index: int = 0,
        /,
        *,
        owner: TOwnerType = EOwnerProcess,
    ) -> Self:
        """Open what a search found last, argument *index* of a message, or a parameter.

        The variable is set to zero first. Opening by a search that has found nothing
        panics KERN-EXEC 0.

        Raises: KErrNotFound if what was found is gone, KErrPermissionDenied if it is
            not global; KErrArgument for an index outside 0 to 3, KErrBadHandle if the
            client passed no handle of this kind that may be passed.
        Raises, for a parameter slot of the process: as open_parameter.
        Original: RHandleBase::Open.
        """
        self.handle = KNullHandle
        if isinstance(source, TFindHandleBase):
            self.handle = source.open_found(owner)
        elif isinstance(source, int):
            self.open_parameter(source, owner)
        else:
            self.handle = current_exec.get().message_open_handle(
                source.handle, index, self.object_type, owner
            )
        return self

    def open_parameter(self, slot: int, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open what the process's creator left in a slot, which is empty from then on.

        The variable is set to zero first. A slot outside 0 to 15 panics KERN-EXEC 51.

        Raises: KErrNotFound if the slot is empty; KErrArgument if it holds data, or an
            object of another kind.
        Original: none; the Open of each class that takes an argument index.
        """
        self.handle = KNullHandle
        self.handle = current_exec.get().parameter_open(slot, self.object_type, owner)
        return self

    def set_handle(self, handle: int) -> Self:
        """Take over a handle by its value. Original: RHandleBase::SetHandle."""
        self.handle = handle
        return self

    def set_handle_nc(self, handle: int) -> Self:
        """Borrow a handle: `close` will leave it open.

        Original: RHandleBase::SetHandleNC.
        """
        self.handle = handle | KHandleNoClose
        return self

    def set_returned_handle(self, handle_or_error: int) -> Self:
        """Take over the handle a server completed a message with.

        Raises: Leave with the code if it is an error; the variable is unchanged.
        Original: RHandleBase::SetReturnedHandle.
        """
        if handle_or_error < 0:
            raise Leave(handle_or_error)
        self.handle = handle_or_error
        return self

    def name(self, name: "TDes16 | None" = None) -> str:
        """The object's own name, also put into *name* if that is given.

        A descriptor too short for it panics KERN-EXEC 35.
        Original: RHandleBase::Name.
        """
        limit = KMaxName if name is None else name.max_length
        text = current_exec.get().handle_name(self.handle, limit)
        if name is not None:
            name.copy(text)
        return text

    def full_name(self, name: "TDes16 | None" = None) -> str:
        """The names of the owners and its own, joined by `::`; else as name.

        Original: RHandleBase::FullName.
        """
        limit = KMaxFullName if name is None else name.max_length
        text = current_exec.get().handle_full_name(self.handle, limit)
        if name is not None:
            name.copy(text)
        return text

    def handle_info(self) -> THandleInfo:
        """Who has the object open; all zero if the handle is bad.

        Original: RHandleBase::HandleInfo.
        """
        return THandleInfo(*current_exec.get().handle_info(self.handle))

    def notify_destruction(self, status: "TRequestStatus") -> None:
        """Complete *status* with KErrNone when the object is destroyed.

        Original: RHandleBase::NotifyDestruction.
        """
        current_exec.get().handle_notify_destruction(self.handle, started(status))

    @staticmethod
    def notify_destruction_cancel(status: "TRequestStatus") -> None:
        """Complete that notification with KErrCancel; if there is none, nothing.

        Original: UserSvr::CancelMiscNotifier.
        """
        current_exec.get().handle_notify_destruction_cancel(status.client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(handle={self.handle:#x})"
