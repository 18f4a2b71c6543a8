"""RFastLock and RCriticalSection: plain locks of one process, made of a semaphore.

Neither is recursive, and neither recovers when its holder dies. The originals save the
kernel call when nobody waits; ours asks the kernel every time, which then knows, and
can tell, who waits.
"""

from typing import Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrArgument, KErrNone, Leave
from kernel.abi.handles import EOwnerProcess, KNullHandle, TObjectType, TOwnerType
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.handle import RHandleBase

_KForEver = 0
_KPoll = -1  # the kernel's time-out that does not wait


class RFastLock(RHandleBase):
    """A lock. Original: RFastLock (e32cmn.h)."""

    object_type = TObjectType.ESemaphore

    __slots__ = ()

    def create_local(self, owner: TOwnerType = EOwnerProcess) -> Self:
        """A lock that nobody holds. Original: RFastLock::CreateLocal."""
        self.handle = current_exec.get().semaphore_create(None, 1, owner)
        return self

    def wait(self, timeout_us: int | None = None) -> None:
        """Hold it; without a time-out, however long that takes.

        Raises: KErrTimedOut; KErrArgument for a time-out that isn't positive;
            KErrGeneral if the lock is destroyed meanwhile.
        Original: RFastLock::Wait.
        """
        if timeout_us is not None and timeout_us <= 0:
            raise Leave(KErrArgument)
        current_exec.get().semaphore_wait(self.handle, timeout_us or _KForEver)

    def try_wait(self, timeout_us: int | None = None) -> int:
        """As wait; the code instead of a leave. Original: RFastLock::Wait."""
        try:
            self.wait(timeout_us)
        except Leave as leave:
            return leave.code
        return KErrNone

    def poll(self) -> None:
        """Hold it if nobody does. Raises: KErrTimedOut. Original: RFastLock::Poll."""
        current_exec.get().semaphore_wait(self.handle, _KPoll)

    def try_poll(self) -> int:
        """As poll; the code instead of a leave. Original: RFastLock::Poll."""
        try:
            self.poll()
        except Leave as leave:
            return leave.code
        return KErrNone

    def signal(self) -> None:
        """Let go of it. Original: RFastLock::Signal."""
        current_exec.get().semaphore_signal(self.handle, 1)


class RCriticalSection(RHandleBase):
    """A stretch of code that one thread at a time may run.

    Original: RCriticalSection (e32cmn.h).
    """

    object_type = TObjectType.ESemaphore

    __slots__ = ("_blocked",)

    def __init__(self, handle: int = KNullHandle) -> None:
        super().__init__(handle)
        self._blocked = False  # written by whoever is inside

    def create_local(self, owner: TOwnerType = EOwnerProcess) -> Self:
        """One that nobody is in. Original: RCriticalSection::CreateLocal."""
        self.handle = current_exec.get().semaphore_create(None, 1, owner)
        return self

    def wait(self) -> None:
        """Go in, when nobody else is. Original: RCriticalSection::Wait."""
        current_exec.get().semaphore_wait(self.handle, _KForEver)
        self._blocked = True

    def signal(self) -> None:
        """Come out; with nobody inside it panics USER 107.

        Original: RCriticalSection::Signal.
        """
        if not self._blocked:
            panic(USER, TUserPanic.EStrayCriticalSectionSignal)
        self._blocked = False
        current_exec.get().semaphore_signal(self.handle, 1)

    @property
    def is_blocked(self) -> bool:
        """Whether somebody is inside. Original: RCriticalSection::IsBlocked."""
        return self._blocked
