"""RSemaphore: a handle to a counting semaphore."""

from typing import Final, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrArgument, KErrNone, Leave
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.handle import RHandleBase
from userlib.symbian.names import kernel_name

_KPoll: Final = -1  # the kernel's time-out that does not wait


class RSemaphore(RHandleBase):
    """A handle to a counting semaphore: shared by whoever has it open, owned by nobody.

    Original: RSemaphore (e32cmn.h).
    """

    object_type = TObjectType.ESemaphore

    __slots__ = ()

    def create_local(self, count: int, owner: TOwnerType = EOwnerProcess) -> Self:
        """A semaphore that other processes cannot open; *count* < 0 panics USER 105.

        Original: RSemaphore::CreateLocal.
        """
        return self._create(None, count, owner)

    def create_global(
        self, name: str, count: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """One that others find by *name*, or are given if that is empty.

        A negative *count* panics USER 105.

        Raises: KErrBadName, KErrAlreadyExists.
        Original: RSemaphore::CreateGlobal.
        """
        return self._create(kernel_name(name), count, owner)

    def _create(self, name: str | None, count: int, owner: TOwnerType) -> Self:
        if count < 0:
            panic(USER, TUserPanic.ESemCountNegative)
        self.handle = current_exec.get().semaphore_create(name, count, owner)
        return self

    def open_global(self, full_name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open by full name, letter case aside; an illegal one panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RSemaphore::OpenGlobal.
        """
        self.handle = current_exec.get().handle_open_global(
            self.object_type, full_name, owner
        )
        return self

    def wait(self, timeout_us: int = 0) -> None:
        """Take one from the count; 0 waits for ever.

        Raises: KErrTimedOut; KErrArgument for a negative time-out; KErrGeneral if the
            semaphore is destroyed meanwhile.
        Original: RSemaphore::Wait.
        """
        if timeout_us < 0:
            raise Leave(KErrArgument)
        current_exec.get().semaphore_wait(self.handle, timeout_us)

    def try_wait(self, timeout_us: int = 0) -> int:
        """As wait; the code instead of a leave. Original: RSemaphore::Wait."""
        try:
            self.wait(timeout_us)
        except Leave as leave:
            return leave.code
        return KErrNone

    def poll(self) -> None:
        """Take one from the count if there is one.

        Raises: KErrTimedOut if there is none.
        Original: RSemaphore::Poll.
        """
        current_exec.get().semaphore_wait(self.handle, _KPoll)

    def try_poll(self) -> int:
        """As poll; the code instead of a leave. Original: RSemaphore::Poll."""
        try:
            self.poll()
        except Leave as leave:
            return leave.code
        return KErrNone

    def signal(self, count: int = 1) -> None:
        """Release up to *count* waiters; the rest adds to the count.

        A negative number panics USER 106. Original: RSemaphore::Signal.
        """
        if count < 0:
            panic(USER, TUserPanic.ESemSignalCountNegative)
        current_exec.get().semaphore_signal(self.handle, count)
