"""A race, and how one is held."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import Deadlock, KernelFault
from tools.races import judge
from tools.races.course import Course
from tools.testing.guard import loose_ends
from userlib.geos.iacp_constants import UILM_SINGLE_INSTANCE, UILaunchModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kernel.abi.config import MachineConfig
    from tools.races.racer import Racer
    from userlib.geos import Geode

_KFewCollections: Final = 100_000  # the usual 700 cost a quarter of the time
_KNone: Final[Mapping[str, Callable[[Racer], object]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Race:
    """Which operations meet, and what is special about them.

    *hold* makes the racers and lets them race; *judge* looks at what only this race
    promises, with everybody still there. What can be launched is in *applications*, by
    what a racer does then, or in *geodes*.
    """

    name: str
    hold: Callable[[Course], None]
    judge: Callable[[Course], None] = lambda _: None
    applications: Mapping[str, Callable[[Racer], object]] = field(
        default_factory=lambda: _KNone
    )
    geodes: Callable[[Course], dict[str, Geode]] = lambda _: {}
    config: Callable[[], MachineConfig | None] = lambda: None
    multi_launchable: bool = True
    launch_model: UILaunchModel = UILM_SINGLE_INSTANCE
    iacp_dies: bool = False  # in the race, and is started again by *judge*


def run_race(race: Race, seed: int, backend: str = "explore") -> Course:
    """Hold it once, on a machine of its own. Returns: the course, for its notes.

    Raises: FoulError, with the notes and the command that runs it again.
    """
    course = Course(
        backend,
        seed,
        race.applications,
        race.geodes,
        race.config(),
        multi_launchable=race.multi_launchable,
        launch_model=race.launch_model,
    )
    try:
        _run(race, course)
    except (AssertionError, Deadlock, KernelFault, RuntimeError) as error:
        raise judge.FoulError(_report(race, course, backend, error)) from error
    return course


def hold_many(race: Race, seeds: Iterable[int], backend: str = "explore") -> int:
    """Hold it once for each seed. Returns: how many courses of events there were.

    Raises: FoulError, at the first.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_KFewCollections)
    try:
        return len({hash(tuple(run_race(race, n, backend).book.notes)) for n in seeds})
    finally:
        gc.set_threshold(*usual)


def _run(race: Race, course: Course) -> None:
    with course.machine:
        race.hold(course)
        if race.iacp_dies:
            judge.after_race_without_iacp(course)
        else:
            judge.after_race(course)
        race.judge(course)
        if not race.iacp_dies:
            course.kill_all(*course.servers)
            judge.after_servers(course)
        course.kill_all(*(set(course.optrs) - course.dead))
        judge.after_all(course)
    ends = loose_ends(course.machine, [])
    judge.demand(not ends, "left behind", *ends)


def _report(race: Race, course: Course, backend: str, error: Exception) -> str:
    notes = "\n".join(map(str, course.book.notes))
    deaths = "\n".join(
        f"{one.thread} died\n{one.traceback}" for one in course.machine.debug.exceptions
    )
    return (
        f"{error}\n{notes}\n{deaths}\n"
        f"again: python -m tools.races --backend {backend} --seed {course.seed} "
        f'"{race.name}"'
    )
