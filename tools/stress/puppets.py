"""Plays random calls on a machine, and compares what comes of them with the model."""

from __future__ import annotations

from contextlib import ExitStack
from contextvars import copy_context
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kernel.abi.current import current_exec
from kernel.abi.errors import AttachedThreadDied
from kernel.abi.handles import KCurrentProcessHandle, KCurrentThreadHandle
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from tools.stress.actors import CUE, Actor, outcome_of
from tools.stress.calls import NothingToDo
from tools.stress.cast import KProgram
from tools.stress.event_model import Event, EventCall
from tools.stress.l4_things import Token
from tools.stress.model import Model
from tools.stress.things import BLOCKED, Died, Process, Puppet, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kernel.machine import Kernel
    from tools.stress.calls import Call, Chooser, Operation
    from tools.stress.things import Outcome

T = TypeVar("T")

KStepUs: Final = 16_000  # a little more than a tick
TRUSTED: Final = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


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

    def __init__(self, machine: Kernel, image: Image | None = None) -> None:
        self._stack: Final = ExitStack()
        self._context: Final = copy_context()
        self._context.run(self._stack.enter_context, machine.attach(image))
        self.exec: Final[Any] = self._context[current_exec]  # calls are made by name

    def cut(self) -> None:
        """Give the thread back."""
        self._context.run(self._stack.close)


class Theatre:
    """Some puppets on a machine. The one that dies is replaced by another.

    Their calls never wait. Actors, which they hire, make calls that may: between two
    steps every actor waits, for its cue or in a call, and each call that is over by
    then has come to what the model says.
    """

    def __init__(self, machine: Kernel, puppets: int = 3) -> None:
        # Fixed for life:
        self.machine: Final = machine
        self.model: Final = Model()
        self._strings: Final[dict[Puppet, Strings]] = {}
        self._prompter: Final = Strings(machine)  # gives the cues

        self.steps = 0
        self.deaths = 0
        self.waits = 0  # calls that were over only later
        self._playing: list[tuple[Actor, Call]] = []
        machine.register(KProgram, self._play_part)
        for _ in range(puppets):
            self._add_puppet()

    def _play_part(self) -> None:
        """What a child process runs: the actor whose number it is given."""
        exec_ = current_exec.get()
        actor = self.model.cast[int(exec_.process_command_line(KCurrentProcessHandle))]
        assert isinstance(actor, Actor)
        actor.act()

    def _add_puppet(self) -> None:
        process = Process()
        puppet = Puppet(process, process.main)
        self.model.processes.append(process)
        self._strings[puppet] = Strings(self.machine, TRUSTED)

    def step(self, operation: Operation, choose: Chooser) -> None:
        """Have somebody do one thing, as the model says."""
        puppet = choose.pick(self.model.puppets)
        must_settle = self.model.has_waiters()
        try:
            call = operation(self.model, puppet, choose)
        except NothingToDo:
            return
        self.steps += 1
        if isinstance(call.caller, Actor):
            self._cue(call.caller, call)
        else:
            assert isinstance(call.caller, Puppet)
            self._move(call.caller, call, must_settle=must_settle or call.settles)
        self._see_who_is_done()
        self._replace_the_dead()

    def _move(self, puppet: Puppet, call: Call, *, must_settle: bool) -> None:
        outcome = self._outcome(puppet, call)
        expected = [o for o in call.expected if is_like(outcome, o)]
        assert expected, f"{call.name}{call.args}: {outcome}, expected {call.expected}"
        if must_settle:
            self.machine.wait_idle()
        if isinstance(outcome, Value):
            call.effect(outcome.value)
        elif isinstance(outcome, str):
            assert isinstance(expected[0], Died)
            self.model.end_process(puppet.process, expected[0].info)

    def _outcome(self, puppet: Puppet, call: Call) -> Outcome | str:
        """What came of it; of a death, what is said of it."""
        try:
            return outcome_of(self._strings[puppet].exec, call)
        except AttachedThreadDied as death:
            return str(death)

    def _replace_the_dead(self) -> None:
        """Others take their places."""
        for puppet in [p for p in self._strings if p.thread.is_dead]:
            self.deaths += 1
            self._strings.pop(puppet).cut()
            self._add_puppet()
            self.machine.wait_idle()

    def _cue(self, actor: Actor, call: Call) -> None:
        (expected,) = call.expected
        actor.call, actor.outcome = call, BLOCKED
        self._prompter.exec.event_queue_post(actor.cues, CUE, False)
        self.machine.wait_idle()
        if isinstance(expected, Died):
            self.deaths += 1
            self.model.end_thread(actor.thread, expected.info)
        elif expected is not BLOCKED:
            actor.due = expected
        else:
            self.waits += 1
        self._playing.append((actor, call))

    def _see_who_is_done(self) -> None:
        """Each call that is over has come to what it should; no other is over."""
        playing, self._playing = self._playing, []
        for actor, call in playing:
            if actor.thread.is_dead or actor.wait is not None:
                assert actor.outcome is BLOCKED, wrong(actor, call)
                if not actor.thread.is_dead:
                    self._playing.append((actor, call))
                continue
            assert actor.due is not None
            assert is_like(actor.outcome, actor.due), wrong(actor, call)
            if isinstance(actor.outcome, Value):
                call.effect(actor.outcome.value)

    def pass_time(self) -> None:
        """Let what is due happen."""
        self.machine.advance(KStepUs)
        self.model.pass_time(KStepUs)
        self._see_who_is_done()

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
        for strings in (*self._strings.values(), self._prompter):
            strings.cut()


def wrong(actor: Actor, call: Call) -> str:
    """What is not as expected."""
    due = BLOCKED if actor.wait is not None else actor.due
    return f"an actor's {call.name}{call.args}: {actor.outcome}, expected {due}"


def is_like(outcome: Outcome | str, expected: Outcome) -> bool:
    """Whether that is what was expected."""
    if isinstance(outcome, str):
        return isinstance(expected, Died) and f" {expected.info} in " in outcome
    if isinstance(expected, Value) and expected.any:
        return isinstance(outcome, Value)
    if isinstance(expected, Value) and isinstance(outcome, Value):
        return matches(outcome.value, expected.value)
    return outcome == expected


def matches(value: object, expected: object) -> bool:
    """Whether they are equal; what the model is yet to learn, it learns."""
    if isinstance(expected, Token | EventCall | Event):
        if not isinstance(value, int):
            return False
        expected.learn(value)
        return True
    if isinstance(expected, tuple) and isinstance(value, tuple):
        pairs = zip(value, expected, strict=False)
        return len(value) == len(expected) and all(matches(*pair) for pair in pairs)
    return value == expected
