"""Actors: emulated threads whose calls may block, for a model that must not.

An actor waits for its cue, an event in a queue that nobody else knows, makes the call
that it was told to make, and notes what came of it. One that is in a call gets no cue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError
from kernel.abi.handles import EOwnerThread
from tools.stress.things import BLOCKED, Caller, Refused, Value, WrongType

if TYPE_CHECKING:
    from tools.stress.calls import Call
    from tools.stress.things import Outcome

KForEver: Final = 0
CUE: Final = ("cue",)


@dataclass(eq=False, repr=False)
class Actor(Caller):
    """A thread that makes one call after the other, as it is told."""

    cues: int = 0  # the id of its queue, once it runs
    seed: int = 0  # the capability it started with
    call: Call | None = None
    outcome: Outcome = BLOCKED  # of that call, as it really was

    @property
    def is_free(self) -> bool:
        """Whether it waits for its cue."""
        return self.cues > 0 and self.wait is None and not self.thread.is_dead

    def act(self) -> None:
        """What the thread runs."""
        exec_: Any = current_exec.get()  # calls are made by name
        self.seed = exec_.env_get("seed")
        handle = exec_.event_queue_create(None, EOwnerThread)
        self.cues = exec_.event_queue_id(handle)
        while True:
            exec_.event_queue_get(self.cues, KForEver)
            assert self.call is not None
            self.outcome = outcome_of(exec_, self.call)


def outcome_of(exec_: Any, call: Call) -> Outcome:  # noqa: ANN401 - calls are made by name
    """What comes of a call, if anybody lives to tell."""
    try:
        result = getattr(exec_, call.name)(*call.args)
        if call.then is not None:
            result = call.then(exec_, result)
        return Value(result)
    except KernelError as error:
        return Refused(error.code)
    except TypeError:
        return WrongType()
