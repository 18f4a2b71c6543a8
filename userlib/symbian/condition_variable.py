"""RCondVar: a handle to a condition variable."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone, Leave
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from userlib.symbian.handle import RHandleBase
from userlib.symbian.mutex import RMutex
from userlib.symbian.names import kernel_name

_KForEver = 0


class RCondVar(RHandleBase):
    """A handle to a condition variable: waiting for a change of what a mutex guards.

    A wait may end though nobody signalled: test the condition again after each.

    Original: RCondVar (e32cmn.h).
    """

    object_type = TObjectType.ECondVar

    __slots__ = ()

    def create_local(self, owner: TOwnerType = EOwnerProcess) -> Self:
        """One that other processes cannot open. Original: RCondVar::CreateLocal."""
        self.handle = current_exec.get().condition_variable_create(None, owner)
        return self

    def create_global(self, name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """One that others open by *name*, or are given if that is empty.

        Raises: KErrBadName, KErrAlreadyExists.
        Original: RCondVar::CreateGlobal.
        """
        self.handle = current_exec.get().condition_variable_create(
            kernel_name(name), owner
        )
        return self

    def open_global(self, full_name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open by full name, letter case aside; an illegal one panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RCondVar::OpenGlobal.
        """
        self.handle = current_exec.get().handle_open_global(
            self.object_type, full_name, owner
        )
        return self

    def wait(self, mutex: RMutex) -> None:
        """Let go of *mutex* completely, wait to be woken, and hold it again, once.

        Not holding *mutex* panics KERN-EXEC 54.

        Raises: KErrInUse if others wait with another mutex, with *mutex* still held;
            KErrGeneral if the condition variable is destroyed meanwhile, with *mutex*
            not held.
        Original: RCondVar::Wait.
        """
        self.timed_wait(mutex, _KForEver)

    def timed_wait(self, mutex: RMutex, timeout_us: int) -> None:
        """As wait, but not longer than *timeout_us* without being woken; 0: for ever.

        Raises: as wait; KErrTimedOut, with *mutex* held again, which may have taken
            longer; KErrArgument for a negative time-out.
        Original: RCondVar::TimedWait.
        """
        current_exec.get().condition_variable_wait(
            self.handle, mutex.handle, timeout_us
        )

    def try_wait(self, mutex: RMutex) -> int:
        """As wait; the code instead of a leave. Original: RCondVar::Wait."""
        return self.try_timed_wait(mutex, _KForEver)

    def try_timed_wait(self, mutex: RMutex, timeout_us: int) -> int:
        """As timed_wait; the code instead of a leave. Original: RCondVar::TimedWait."""
        try:
            self.timed_wait(mutex, timeout_us)
        except Leave as leave:
            return leave.code
        return KErrNone

    def signal(self) -> None:
        """Wake the first waiter; without one, nothing. Original: RCondVar::Signal."""
        current_exec.get().condition_variable_signal(self.handle)

    def broadcast(self) -> None:
        """Wake all waiters. Original: RCondVar::Broadcast."""
        current_exec.get().condition_variable_broadcast(self.handle)
