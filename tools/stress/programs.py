"""Which random calls are made together: few kinds at once reach deeper than all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.stress.calls import HANDLE_OPERATIONS, OBJECT_OPERATIONS
from tools.stress.cap_calls import CAP_OPERATIONS
from tools.stress.cast import CAST_OPERATIONS
from tools.stress.event_calls import EVENT_OPERATIONS
from tools.stress.ipc_calls import IPC_OPERATIONS
from tools.stress.l4_calls import L4_OPERATIONS
from tools.stress.page_calls import PAGE_OPERATIONS
from tools.stress.puppets import Theatre
from tools.stress.task_calls import TASK_OPERATIONS

if TYPE_CHECKING:
    from kernel.machine import Kernel
    from tools.stress.calls import Chooser, Operation

SYMBIAN: Final[tuple[Operation, ...]] = (
    *HANDLE_OPERATIONS,
    *OBJECT_OPERATIONS,
    *TASK_OPERATIONS,
    *IPC_OPERATIONS,
)
L4: Final[tuple[Operation, ...]] = (
    *HANDLE_OPERATIONS,
    *CAST_OPERATIONS,
    *CAP_OPERATIONS,
    *PAGE_OPERATIONS * 2,
    *L4_OPERATIONS * 3,
)
EVENTS: Final[tuple[Operation, ...]] = (
    *HANDLE_OPERATIONS,
    *CAST_OPERATIONS,
    *EVENT_OPERATIONS,
)
PROGRAMS: Final[dict[str, tuple[Operation, ...]]] = {
    "symbian": SYMBIAN,
    "l4": L4,
    "events": EVENTS,
    "everything": (*SYMBIAN, *L4, *EVENTS),
}
KPassesOften: Final = 20  # one step in so many


def play(
    machine: Kernel,
    operations: tuple[Operation, ...],
    choose: Chooser,
    *,
    steps: int,
    checked_every: int,
) -> Theatre:
    """Make so many calls on a machine. Raises: AssertionError, as soon as one is wrong.

    What comes of none is asked of the machine itself: its invariants, and the handles
    of all, are looked at in between, and at the end.
    """
    theatre = Theatre(machine)
    try:
        while theatre.steps < steps:
            theatre.step(choose.pick(operations), choose)
            if theatre.steps % checked_every == 0:
                theatre.check()
            if not choose.pick(range(KPassesOften)):
                theatre.pass_time()
        theatre.check()
    except AssertionError as error:
        error.add_note(f"after {theatre.steps} calls")
        raise
    finally:
        theatre.close()
    return theatre
