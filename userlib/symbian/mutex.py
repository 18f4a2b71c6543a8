"""RMutex: a handle to a recursive lock with an owner."""

from typing import Final, Self

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrArgument, KErrNone, Leave
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from userlib.symbian.handle import RHandleBase
from userlib.symbian.names import kernel_name

_KPoll: Final = -1  # the kernel's time-out that does not wait


class RMutex(RHandleBase):
    """A handle to a mutex: its holder may wait again, and signals as often.

    When the holder dies the mutex is released, and the next waiter gets it plainly.

    Original: RMutex (e32cmn.h).
    """

    object_type = TObjectType.EMutex

    __slots__ = ()

    def create_local(self, owner: TOwnerType = EOwnerProcess) -> Self:
        """A mutex that other processes cannot open. Original: RMutex::CreateLocal."""
        self.handle = current_exec.get().mutex_create(None, owner)
        return self

    def create_global(self, name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """One that others find by *name*, or are given if that is empty.

        Raises: KErrBadName, KErrAlreadyExists.
        Original: RMutex::CreateGlobal.
        """
        self.handle = current_exec.get().mutex_create(kernel_name(name), owner)
        return self

    def open_global(self, full_name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open by full name, letter case aside; an illegal one panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RMutex::OpenGlobal.
        """
        self.handle = current_exec.get().handle_open_global(
            self.object_type, full_name, owner
        )
        return self

    def wait(self, timeout_us: int = 0) -> None:
        """Hold it, once more; 0 waits for ever.

        Raises: KErrTimedOut; KErrArgument for a negative time-out; KErrGeneral if the
            mutex is destroyed meanwhile.
        Original: RMutex::Wait.
        """
        if timeout_us < 0:
            raise Leave(KErrArgument)
        current_exec.get().mutex_wait(self.handle, timeout_us)

    def try_wait(self, timeout_us: int = 0) -> int:
        """As wait; the code instead of a leave. Original: RMutex::Wait."""
        try:
            self.wait(timeout_us)
        except Leave as leave:
            return leave.code
        return KErrNone

    def poll(self) -> None:
        """Hold it, if nobody else does.

        Raises: KErrTimedOut if somebody does.
        Original: RMutex::Poll.
        """
        current_exec.get().mutex_wait(self.handle, _KPoll)

    def try_poll(self) -> int:
        """As poll; the code instead of a leave. Original: RMutex::Poll."""
        try:
            self.poll()
        except Leave as leave:
            return leave.code
        return KErrNone

    def signal(self) -> None:
        """Release it once; panics KERN-EXEC 1 if the caller does not hold it.

        Original: RMutex::Signal.
        """
        current_exec.get().mutex_signal(self.handle)

    def is_held(self) -> bool:
        """Whether the calling thread holds it. Original: RMutex::IsHeld."""
        return current_exec.get().mutex_is_held(self.handle)
