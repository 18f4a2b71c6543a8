"""Plays random calls on a machine, and compares what comes of them with the model."""

from __future__ import annotations

from contextlib import ExitStack
from contextvars import copy_context
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kernel.abi.current import current_exec
from kernel.abi.errors import AttachedThreadDied, KernelError
from kernel.abi.handles import KCurrentThreadHandle, TObjectType
from tools.stress.calls import NothingToDo
from tools.stress.model import (
    Died,
    Model,
    Process,
    Puppet,
    Refused,
    Thing,
    Value,
    WrongType,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kernel.machine import Kernel
    from tools.stress.calls import Call, Chooser, Operation
    from tools.stress.model import Outcome

T = TypeVar("T")

KStepUs: Final = 16_000  # a little more than a tick


class Seeded:
    """Choices out of a seed."""

    def __init__(self, seed: int) -> None:
        self._random: Final = Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        """One of *options*."""
        return options[int(self._random.random() * len(options))]


class Strings:
    """How the host moves one puppet: the thread it has borrowed.

    Puppets come and go in any order, so each is borrowed in a context of its own: what
    one gives back is not what another had found.
    """

    def __init__(self, machine: Kernel) -> None:
        self._stack: Final = ExitStack()
        self._context: Final = copy_context()
        self._context.run(self._stack.enter_context, machine.attach())
        self.exec: Final[Any] = self._context[current_exec]  # calls are made by name

    def cut(self) -> None:
        """Give the thread back."""
        self._context.run(self._stack.close)


class Theatre:
    """Some puppets on a machine. The one that dies is replaced by another."""

    def __init__(self, machine: Kernel, puppets: int = 3) -> None:
        # Fixed for life:
        self.machine: Final = machine
        self.model: Final = Model()
        self._strings: Final[dict[Puppet, Strings]] = {}

        self.steps = 0
        self.deaths = 0
        for _ in range(puppets):
            self._add_puppet()

    def _add_puppet(self) -> None:
        process = Process()
        main = Thing(TObjectType.EThread, process)
        puppet = Puppet(process, main)
        main.puppet = puppet
        self.model.puppets.append(puppet)
        self._strings[puppet] = Strings(self.machine)

    def step(self, operation: Operation, choose: Chooser) -> None:
        """Have a puppet do one thing, as the model says."""
        puppet = choose.pick(self.model.puppets)
        try:
            call = operation(self.model, puppet, choose)
        except NothingToDo:
            return
        settles = call.settles or self.model.has_waiters()
        outcome = self._outcome(call)
        expected = [o for o in call.expected if is_like(outcome, o)]
        assert expected, f"{call.name}{call.args}: {outcome}, expected {call.expected}"
        self.steps += 1
        if isinstance(outcome, Value):
            call.effect(outcome.value)
        elif isinstance(outcome, str):
            assert isinstance(expected[0], Died)
            self._replace(puppet, expected[0])
        if settles:
            self.machine.wait_idle()

    def _outcome(self, call: Call) -> Outcome | str:
        """What came of it; of a death, what is said of it."""
        try:
            made = getattr(self._strings[call.puppet].exec, call.name)
            return Value(made(*call.args))
        except KernelError as error:
            return Refused(error.code)
        except TypeError:
            return WrongType()
        except AttachedThreadDied as death:
            return str(death)

    def _replace(self, puppet: Puppet, death: Died) -> None:
        self.deaths += 1
        self.model.end_puppet(puppet, death.info)
        self._strings.pop(puppet).cut()
        self._add_puppet()

    def pass_time(self) -> None:
        """Let timers that are due fire."""
        self.machine.advance(KStepUs)

    def check(self) -> None:
        """The machine's own invariants, and everybody's handles and signals."""
        self.machine.debug.check()
        for puppet, strings in self._strings.items():
            handles = strings.exec.handle_count(KCurrentThreadHandle)
            assert handles == (len(puppet.process.table), len(puppet.table)), puppet
            signals = strings.exec.request_count(KCurrentThreadHandle)
            assert signals == puppet.request_count(), puppet

    def close(self) -> None:
        """Give all threads back."""
        for strings in self._strings.values():
            strings.cut()


def is_like(outcome: Outcome | str, expected: Outcome) -> bool:
    """Whether that is what was expected."""
    if isinstance(outcome, str):
        return isinstance(expected, Died) and f" {expected.info} in " in outcome
    if isinstance(expected, Value) and expected.any:
        return isinstance(outcome, Value)
    return outcome == expected
