"""Active objects: one outstanding request each, and what to do when it completes.

Original: CActive (ub_act.cpp); symbian-userlib 4.
"""

from abc import ABC, abstractmethod
from bisect import insort_right
from enum import IntEnum
from typing import ClassVar, Final, TypeAlias

from kernel.abi.current import current_exec, panic
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.status import TRequestStatus


class TActivePriority(IntEnum):
    """The customary priorities; any integer is legal. Original: CActive::TPriority."""

    EPriorityIdle = -100
    EPriorityLow = -20
    EPriorityStandard = 0
    EPriorityUserInput = 10
    EPriorityHigh = 20


EPriorityIdle: Final = TActivePriority.EPriorityIdle
EPriorityStandard: Final = TActivePriority.EPriorityStandard
EPriorityUserInput: Final = TActivePriority.EPriorityUserInput


class CActive(ABC):
    """A request, its status, and `run`, which handles its completion.

    A subclass passes `self.status` to whoever provides the service and then calls
    `set_active`; the scheduler calls `run` once for that completion. `do_cancel` must
    have the provider complete the request, for `cancel` waits until it has.

    Threads: the one whose scheduler it was added to.
    Original: CActive (e32base.h).
    """

    # EPriorityLow and EPriorityHigh are also names of process priorities, so these two
    # are found only here.
    TPriority: TypeAlias = TActivePriority
    EPriorityIdle: ClassVar = TActivePriority.EPriorityIdle
    EPriorityLow: ClassVar = TActivePriority.EPriorityLow
    EPriorityStandard: ClassVar = TActivePriority.EPriorityStandard
    EPriorityUserInput: ClassVar = TActivePriority.EPriorityUserInput
    EPriorityHigh: ClassVar = TActivePriority.EPriorityHigh

    # Whether the scheduler may take marks of the status that differ for a mistake: not
    # if another thread sets them, one after the other.
    marks_are_own: ClassVar[bool] = True

    def __init__(self, priority: int = EPriorityStandard) -> None:
        self.status: Final = TRequestStatus()
        self._priority = int(priority)
        self._queue: ActiveQueue | None = None  # of the scheduler it was added to

    def __repr__(self) -> str:
        state = "active" if self.status.active else "idle"
        return f"<{type(self).__name__} priority={self._priority} {state}>"

    def demand_built(self) -> None:
        """See that a subclass has not forgotten to call our `__init__`.

        Raises: TypeError.
        Original: none; a C++ constructor is called unasked.
        """
        if "status" not in vars(self):
            name = type(self).__name__
            raise TypeError(f"{name}.__init__ does not call super().__init__()")

    @property
    def is_active(self) -> bool:
        """Whether a request is outstanding, or completed and not yet handled.

        Original: CActive::IsActive.
        """
        return self.status.active

    @property
    def is_added(self) -> bool:
        """Whether it belongs to a scheduler. Original: CActive::IsAdded."""
        return self._queue is not None

    @property
    def priority(self) -> int:
        """Its place among the objects that are ready at one time.

        Original: CActive::Priority.
        """
        return self._priority

    def set_priority(self, priority: int) -> None:
        """Go behind those of equal *priority*, even if it is the old one.

        An active object panics E32USER-CBase 50.

        Original: CActive::SetPriority.
        """
        if self.status.active:
            panic(E32USER_CBASE, TCBasePanic.EActivePriorityWhileActive)
        queue = self._queue
        if queue is None:
            self._priority = int(priority)
            return
        queue.remove(self)
        self._priority = int(priority)
        queue.insert(self)

    def set_active(self) -> None:
        """A request has been issued. Already active panics 42, not added 49.

        Original: CActive::SetActive.
        """
        if self.status.active:
            panic(E32USER_CBASE, TCBasePanic.EActiveAlreadyActive)
        if self._queue is None:
            panic(E32USER_CBASE, TCBasePanic.EActiveNotAdded)
        self.status.active = True

    def cancel(self) -> None:
        """Take back the outstanding request, if there is one; `run` won't see it.

        Blocks: until the request is complete, for ever if `do_cancel` leaves it be.
        Original: CActive::Cancel.
        """
        if not self.status.active:
            return
        self.do_cancel()
        current_exec.get().request_wait(self.status.client)
        self.clear_active()

    def deque(self) -> None:
        """Cancel, and leave the scheduler. Not added panics E32USER-CBase 49.

        Original: CActive::Deque.
        """
        if self._queue is None:
            panic(E32USER_CBASE, TCBasePanic.EActiveNotAdded)
        self.cancel()
        self._unlink()

    def destroy(self) -> None:
        """Leave the scheduler for good. Active panics E32USER-CBase 40.

        Original: CActive::~CActive; a subclass cancels before it calls this one.
        """
        if self.status.active:
            panic(E32USER_CBASE, TCBasePanic.EActiveDestroyed)
        self._unlink()

    @abstractmethod
    def run(self) -> None:
        """Handle the completion. Original: CActive::RunL."""

    def do_cancel(self) -> None:  # noqa: B027 - most override it, some need not
        """Have the outstanding request completed. Original: CActive::DoCancel.

        Nothing need be done for a request that is complete from the start.
        """

    def run_error(self, code: int) -> int:
        """`run` left with *code*: return KErrNone if that is dealt with.

        Original: CActive::RunError.
        """
        return code

    def clear_active(self) -> None:
        """Forget the request; the scheduler does this before it calls `run`.

        Original: none; two bits of TRequestStatus::iFlags.
        """
        self.status.active = False
        self.status.pending_seen = False

    def enter(self, queue: "ActiveQueue") -> None:
        """Belong to *queue*'s scheduler from now on.

        Original: none; part of CActiveScheduler::Add.
        """
        self._queue = queue
        queue.insert(self)

    def _unlink(self) -> None:
        if self._queue is not None:
            self._queue.remove(self)
            self._queue = None


class ActiveQueue:
    """The objects of one scheduler: highest priority first, equals as they came."""

    def __init__(self) -> None:
        self.objects: list[CActive] = []

    def insert(self, active: CActive) -> None:
        """Put *active* behind its equals."""
        insort_right(self.objects, active, key=_descending_priority)

    def remove(self, active: CActive) -> None:
        """Take *active* out; the order of the others is kept."""
        self.objects.remove(active)

    def take_all(self) -> list[CActive]:
        """Empty the queue; what was in it, in order."""
        objects, self.objects = self.objects, []
        return objects


def _descending_priority(active: CActive) -> int:
    return -active.priority
