"""Where a race is held: a machine with IACP, geodes that take part, and their notes.

    course.racer(…)  ──► geodes that start
    course.prepare(…)    one after the other, before the race
    course.race(…)       all at once; killers among them
    course.finish()      the servers end, then everybody does, and the judge looks

What geodes do at once is delayed by some kernel calls that the seed chooses, so that on
every back-end and schedule each part of what they do meets each of the others'.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, Final

from kernel.abi.config import Executable, MachineConfig
from kernel.abi.errors import KErrNotFound, Leave
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from kernel.machine import Kernel
from servers.iacp.boot import iacp_config
from servers.iacp.protocol import IACPSpec, KIACPProgram, KIACPServerName
from servers.iacp.server import IMAGE, CIACPServer
from tools.races.notes import KIACP, KNobody, Notebook, What
from tools.races.racer import Racer, T, pause
from userlib.geos import (
    MF_CALL,
    MF_FORCE_QUEUE,
    AppLaunchBlock,
    ApplicationImage,
    Geode,
    GeodeToken,
    Optr,
    obj_message,
)
from userlib.geos.iacp_constants import UILM_SINGLE_INSTANCE, UILaunchModel
from userlib.symbian.find import TFindProcess
from userlib.symbian.process import RProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from userlib.geos.object_class import GeosClass

    Act = Callable[[Racer], object]

KMostSteps: Final = 40  # before somebody is killed
KMostDelay: Final = 12  # before anybody else begins
KPatience: Final = 400  # steps to wait for a victim that is still to be launched
_TRUSTED: Final = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


class Course:
    """One run of one race. *applications* are what can be launched, by path."""

    def __init__(
        self,
        backend: str,
        seed: int,
        applications: Mapping[str, Act],
        geodes: Callable[[Course], dict[str, Geode]] = lambda _: {},
        config: MachineConfig | None = None,
        *,
        multi_launchable: bool = True,
        launch_model: UILaunchModel = UILM_SINGLE_INSTANCE,
    ) -> None:
        # Fixed for life:
        self.seed: Final = seed
        self.random: Final = Random(seed)
        self.book: Final = Notebook()
        self.acts: Final[list[Act]] = []
        self.racers: Final[list[str]] = []  # all but those that are launched

        # Written by the racers, each its own:
        self.optrs: Final[dict[str, Optr]] = {}
        self.processes: Final[dict[str, int]] = {}
        self.clients: Final[dict[int, str]] = {}  # by connection
        self.slots: Final[dict[int, int]] = {}  # how many servers, by connection

        self._spec: Final = IACPSpec(launch_model)

        # The IACP server, once it runs: the judge looks into it.
        self.iacp: CIACPServer | None = None

        launched = {
            path: self._application(path, act) for path, act in applications.items()
        } | geodes(self)
        images = [
            ApplicationImage(path, T, geode.run, multi_launchable=multi_launchable)
            for path, geode in launched.items()
        ]
        self.machine: Final = Kernel(
            self._config(images, config), backend=backend, clock="virtual", seed=seed
        )

    def _config(
        self, images: Sequence[ApplicationImage], config: MachineConfig | None
    ) -> MachineConfig:
        base = iacp_config(*images, config=config)

        def iacp() -> int:
            self.processes[KIACP] = RProcess().id()
            self.iacp = CIACPServer(self._spec)
            return self.iacp.run(KIACPServerName)

        return replace(
            base, programs=base.programs | {KIACPProgram: Executable(iacp, IMAGE)}
        )

    # Racers.

    def racer(self, name: str, token: GeodeToken | None = None, **fields: Any) -> None:
        """A geode that takes part; *fields* are its racer's."""
        self.racers.append(name)
        ui_thread = bool(fields.pop("ui_thread", False))

        def set_up(app: GeosClass) -> None:
            self._join(app, name, fields)

        geode = Geode(
            name, token, application=Racer, ui_thread=ui_thread, set_up=set_up
        )
        self.machine.start(geode.run)

    def _application(self, path: str, act: Act) -> Geode:
        """One that is launched; it begins to act at once. Copies are numbered."""
        copies = count(1)

        def set_up(app: GeosClass) -> None:
            name = f"{path}{next(copies)}"
            self._join(app, name, {})
            number = self._plan(act)
            obj_message(app, Racer.MSG_RACER_ACT, MF_FORCE_QUEUE, number=number)

        return Geode(path, T, application=Racer, set_up=set_up)

    def _join(self, app: GeosClass, name: str, fields: Mapping[str, Any]) -> None:
        assert isinstance(app, Racer)
        app.course, app.name = self, name
        for key, value in fields.items():
            setattr(app, key, value)
        self.join(name, app)

    def join(self, name: str, obj: GeosClass) -> None:
        """Somebody's object is there; from a program of its geode."""
        self.optrs[name] = obj.optr
        self.processes[name] = RProcess().id()

    def _plan(self, act: Act) -> int:
        self.acts.append(act)
        return len(self.acts) - 1

    def connected(self, client: str, connection: int, slots: int) -> None:
        """*client* has a connection."""
        self.clients[connection] = client
        self.slots[connection] = slots

    # What happens.

    def settle(self) -> None:
        """Until nobody has anything to do."""
        self.machine.wait_idle()

    def prepare(self, **acts: Act) -> None:
        """Let racers act, one after the other."""
        self.settle()
        numbers = [(name, self._plan(act)) for name, act in acts.items()]

        def program() -> None:
            for name, number in numbers:
                self._post(name, number, MF_CALL)

        self.machine.run(program)
        self.settle()

    def connect(
        self, client: str, flags: int = 0, block: AppLaunchBlock | None = None
    ) -> int:
        """Let a racer connect, before the race. Returns: the connection."""
        self.prepare(**{client: lambda racer: racer.connect(flags, block)})
        return max(self.clients)

    def race(
        self, *, kill: Sequence[str] = (), within: int = KMostSteps, **acts: Act
    ) -> None:
        """Let racers act at once, while those in *kill* are killed, *within* steps.

        One that is only launched meanwhile is waited for, for a while.
        """
        self.settle()
        begin = [(name, self._plan(self._delayed(act))) for name, act in acts.items()]
        self.random.shuffle(begin)

        def program() -> None:
            for name, number in begin:
                self._post(name, number, MF_FORCE_QUEUE)

        for number, name in enumerate(kill):
            self._start_killer(f"killer{number}", name, within)
        self.machine.start(program)
        self.settle()

    def _delayed(self, act: Act) -> Act:
        steps = self.random.choice((0, 0, self.random.randrange(KMostDelay)))

        def delayed(racer: Racer) -> None:
            pause(steps)
            act(racer)

        return delayed

    def _post(self, name: str, number: int, flags: int) -> None:
        optr = self.optrs[name]
        obj_message(optr, Racer.MSG_RACER_ACT, flags, number=number)

    def _start_killer(self, killer: str, victim: str, within: int) -> None:
        steps = self.random.randrange(within)

        def program() -> None:
            for _ in range(KPatience):
                if victim in self.processes:
                    break
                pause(1)
            else:
                return
            pause(steps)
            self.kill(victim)

        self.machine.register(killer, Executable(program, _TRUSTED))
        self.machine.start(killer)

    def start_ambush(self, program: str) -> None:
        """Kill the first process of *program* that is seen, be it ever so young."""
        steps = self.random.randrange(KMostDelay)

        def ambush() -> None:
            for _ in range(KPatience):
                for name in TFindProcess(f"{program}*"):
                    pause(steps)
                    self.book.note(program, What.KILLING)
                    _kill(name)
                    self.book.note(program, What.KILLED)
                    return

        self.machine.register("ambush", Executable(ambush, _TRUSTED))
        self.machine.start("ambush")

    def kill(self, victim: str) -> None:
        """Kill a racer's geode, from a program that may."""
        self.book.note(victim, What.KILLING)
        _kill(self.processes[victim])
        self.book.note(victim, What.KILLED)

    def kill_all(self, *victims: str) -> None:
        """Kill these, from the host."""

        def program() -> None:
            for victim in victims:
                self.kill(victim)

        self.book.note(KNobody, What.MARKER)
        name = f"end of {len(self.book.notes)}"
        self.machine.register(name, Executable(program, _TRUSTED))
        self.machine.run(name)
        self.settle()

    def start_iacp_again(self) -> None:
        """After it has been killed."""
        self.iacp = None
        self.machine.start(KIACPProgram)
        self.settle()

    @property
    def servers(self) -> list[str]:
        """The racers that are nobody's clients, and live."""
        busy = set(self.clients.values()) | self.dead
        return [name for name in self.optrs if name not in busy]

    @property
    def dead(self) -> set[str]:
        """Those that were killed, and those that ended otherwise."""
        return {note.who for note in self.book.of(What.KILLING)}

    def is_held(self, connection: int) -> bool:
        """Whether IACP holds back what is sent over it."""
        assert self.iacp is not None
        open_ones = {each.number: each for each in self.iacp.model.connections}
        return connection in open_ones and open_ones[connection].held is not None


def _kill(process: int | str) -> None:
    """Kill it, if it is there."""
    try:
        with RProcess().open(process) as opened:
            opened.kill(0)
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
