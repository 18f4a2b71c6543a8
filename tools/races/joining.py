"""Registering, connecting and launching, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.races.judge import demand
from tools.races.notes import What
from tools.races.race import Race
from tools.races.racer import KInterface, T, pause
from userlib.geos import AppLaunchBlock, geode_exit, iacp
from userlib.geos.iacp_constants import (
    IACPCE_NO_SERVER,
    IACPCE_SERVER_EXITED,
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    IACPSF_MULTIPLE_INSTANCES,
    UILM_GURU,
)
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE
from userlib.symbian.user import User

if TYPE_CHECKING:
    from tools.races.course import Course
    from tools.races.racer import Racer

_KApplication: Final = "LAUNCHED"
_KStartUs: Final = 1_000  # that it takes to start, and that clients wait


def _block(mode: int = OPEN_ENGINE) -> AppLaunchBlock:
    return iacp.create_default_launch_block(mode)


# register/register


def _all_register(course: Course) -> None:
    for name in ("S1", "S2", "S3"):
        course.racer(name)

    def twice(racer: Racer) -> None:
        racer.register(0)
        racer.register(KInterface)

    course.race(S1=twice, S2=twice, S3=lambda racer: racer.register())


def _each_is_listed_once(course: Course) -> None:
    """As they registered; who registered again keeps its place, and has its mode."""
    assert course.iacp is not None
    (found,) = course.iacp.model.lists
    order = [entry.server for entry in found.servers]
    demand(len(order) == 3, "not everybody is listed", order)  # noqa: PLR2004 - above
    demand(all(each.mode == KInterface for each in found.servers), "another mode")
    first: dict[str, int] = {}
    for place, note in course.book.places(What.REGISTERED):
        first.setdefault(note.who, place)
    for place, note in reversed(course.book.places(What.REGISTERING)):
        for other, end in first.items():
            if end < place and first[note.who] > place:
                earlier = order.index(course.optrs[other])
                later = order.index(course.optrs[note.who])
                demand(earlier < later, "listed in another order", other, note)


# register/connect


def _registers_while_others_connect(course: Course) -> None:
    for name in ("S1", "S2", "C", "D"):
        course.racer(name)
    course.race(
        S1=lambda racer: racer.register(),
        S2=lambda racer: racer.register(),
        C=lambda racer: racer.connect(),
        D=lambda racer: racer.connect(IACPCF_FIRST_ONLY | KInterface),
    )


def _who_is_connected_was_notified(course: Course) -> None:
    """As many as the client was told, and those that died."""
    for note in course.book.of(What.CONNECTED):
        told = sum(
            new.connection == note.connection for new in course.book.of(What.NEW)
        )
        dead = len(course.dead)
        demand(told <= note.number <= told + dead, "connected and not notified", note)
    for note in course.book.of(What.REFUSED):
        demand(
            note.number in (IACPCE_NO_SERVER, IACPCE_SERVER_EXITED),
            "refused for another reason",
            note,
        )


# connect/unregister


def _unregisters_while_others_connect(course: Course) -> None:
    for name in ("S1", "S2", "C", "D"):
        course.racer(name)
    course.prepare(S1=lambda racer: racer.register(), S2=lambda racer: racer.register())

    def come_and_go(racer: Racer) -> None:
        racer.unregister()
        racer.register()
        racer.unregister()

    def talk(racer: Racer) -> None:
        made = racer.connect()
        if made is not None:
            racer.say(made.connection)
            racer.leave(made.connection)

    course.race(S1=lambda racer: racer.unregister(), S2=come_and_go, C=talk, D=talk)


def _nothing_new_comes_after_the_marker(course: Course) -> None:
    """Who has unregistered for good, and knows it, is notified no more."""
    _who_is_connected_was_notified(course)
    for name in ("S1", "S2"):
        notes = [note.what for note in course.book.notes if note.who == name]
        last = len(notes) - 1 - notes[::-1].index(What.MARKER)
        demand(What.NEW not in notes[last:], "notified after it unregistered", name)


# connect/connect


def _both_launch(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)

    def connect(racer: Racer) -> None:
        made = racer.connect(0, _block())
        assert made is not None, "it can be launched"
        racer.say(made.connection)
        racer.leave(made.connection)

    course.race(C=connect, D=connect, E=connect)


def _one_is_launched(course: Course) -> None:
    """One copy, and one notice that says so; everybody is connected."""
    _who_is_connected_was_notified(course)
    copies = [name for name in course.optrs if name.startswith(_KApplication)]
    demand(len(copies) == 1, "launched more than once", copies)
    new = course.book.of(What.NEW)
    demand(len(new) == len(course.book.of(What.CONNECTED)) == 3, "not all connected")  # noqa: PLR2004 - above
    demand(sum(note.number for note in new) == 1, "just launched, but once", new)


def _register(racer: Racer) -> None:
    pause(racer.course.random.randrange(6))
    racer.register()


# launch/unregister: the one that is launched goes again at once


def _some_launch_what_goes_again(course: Course) -> None:
    for name in ("C", "D"):
        course.racer(name)

    def connect(racer: Racer) -> None:
        made = racer.connect(IACPCF_FIRST_ONLY, _block(OPEN_APPLICATION))
        if made is not None:
            racer.say(made.connection)
            racer.leave(made.connection)

    course.race(C=connect, D=connect)


def _register_and_go(racer: Racer) -> None:
    racer.register()
    pause(racer.course.random.randrange(10))
    racer.unregister()
    pause(racer.course.random.randrange(10))
    racer.note(What.KILLING)
    geode_exit()


# launch/death


def _what_is_launched_is_killed(course: Course) -> None:
    for name in ("C", "D", "S"):
        course.racer(name)

    def connect(racer: Racer) -> None:
        made = racer.connect(0, _block())
        if made is not None:
            racer.say(made.connection)

    victims = [f"{_KApplication}1", course.random.choice(("C", f"{_KApplication}2"))]
    course.race(
        kill=victims,
        C=connect,
        D=connect,
        S=lambda racer: racer.register(token=type(T)(b"ELSE", 8)),
    )


def _exit_at_once(racer: Racer) -> None:
    pause(racer.course.random.randrange(6))
    racer.note(What.KILLING)
    geode_exit()


def _everybody_is_refused(course: Course) -> None:
    _who_is_connected_was_notified(course)
    demand(not course.book.of(What.CONNECTED), "connected to nobody")


# launch/death before it runs


def _what_is_launched_is_ambushed(course: Course) -> None:
    for name in ("C", "D"):
        course.racer(name)
    course.settle()
    course.start_ambush("geode1")

    def connect(racer: Racer) -> None:
        made = racer.connect(0, _block())
        if made is not None:
            racer.say(made.connection)

    course.race(C=connect, D=connect)


def _refused_only_for_the_dead(course: Course) -> None:
    """What was killed as it was launched did not register; nothing else went wrong."""
    _who_is_connected_was_notified(course)
    demand(len(course.book.of(What.REFUSED)) <= 1, "refused, and nobody has died")


# connect/time-out


def _some_wait_as_long_as_it_takes(course: Course) -> None:
    for name in ("C", "D"):
        course.racer(name)

    def connect(racer: Racer) -> None:
        made = racer.connect(0, _block(), timeout_us=_KStartUs)
        if made is not None:
            racer.say(made.connection)

    course.race(C=connect, D=connect)
    course.machine.advance(3 * _KStartUs)
    course.settle()


def _register_late(racer: Racer) -> None:
    User.after_high_res(_KStartUs)
    racer.register()


def _in_time_or_not(course: Course) -> None:
    """Each has one end or the other."""
    _who_is_connected_was_notified(course)
    ends = course.book.of(What.CONNECTED, What.TIMED_OUT)
    demand(sorted(note.who for note in ends) == ["C", "D"], "no end", ends)


# launch model/unregister


def _another_is_launched_while_one_goes(course: Course) -> None:
    for name in ("S", "C", "D"):
        course.racer(name)
    course.prepare(S=_register_many)

    def connect(racer: Racer) -> None:
        flags = IACPCF_OBEY_LAUNCH_MODEL | IACPCF_FIRST_ONLY | KInterface
        made = racer.connect(flags, _block(OPEN_APPLICATION))
        if made is not None:
            racer.say(made.connection)
            racer.leave(made.connection)

    kill = ["S"] if course.seed % 2 else []
    course.race(kill=kill, C=connect, D=connect, S=lambda racer: racer.unregister())


def _register_many(racer: Racer) -> None:
    racer.register(flags=IACPSF_MULTIPLE_INSTANCES)


def _everybody_is_connected_to_one(course: Course) -> None:
    """Whoever that is: there was always somebody, or somebody to launch."""
    _who_is_connected_was_notified(course)
    made = course.book.of(What.CONNECTED)
    demand([note.number for note in made] == [1, 1], "connected to another number")


# connect/death


def _client_or_server_is_killed(course: Course) -> None:
    for name in ("S1", "S2", "C", "D"):
        course.racer(name)
    course.prepare(S1=lambda racer: racer.register(), S2=lambda racer: racer.register())

    def talk(racer: Racer) -> None:
        made = racer.connect()
        if made is not None:
            racer.say(made.connection)

    course.race(kill=[course.random.choice(("S1", "C"))], C=talk, D=talk)


JOINING: Final = (
    Race("register/register", _all_register, _each_is_listed_once),
    Race(
        "register/connect",
        _registers_while_others_connect,
        _who_is_connected_was_notified,
    ),
    Race(
        "connect/unregister",
        _unregisters_while_others_connect,
        _nothing_new_comes_after_the_marker,
    ),
    Race("connect/connect", _both_launch, _one_is_launched, {_KApplication: _register}),
    Race(
        "launch/unregister",
        _some_launch_what_goes_again,
        _who_is_connected_was_notified,
        {_KApplication: _register_and_go},
    ),
    Race(
        "launch/death",
        _what_is_launched_is_killed,
        _who_is_connected_was_notified,
        {_KApplication: _register},
    ),
    Race(
        "launch/exit",
        _what_is_launched_is_killed,
        _everybody_is_refused,
        {_KApplication: _exit_at_once},
    ),
    Race(
        "launch/death before it runs",
        _what_is_launched_is_ambushed,
        _refused_only_for_the_dead,
        {_KApplication: _register},
    ),
    Race(
        "connect/time-out",
        _some_wait_as_long_as_it_takes,
        _in_time_or_not,
        {_KApplication: _register_late},
    ),
    Race(
        "launch model/unregister",
        _another_is_launched_while_one_goes,
        _everybody_is_connected_to_one,
        {_KApplication: _register_many},
        launch_model=UILM_GURU,
    ),
    Race("connect/death", _client_or_server_is_killed, _who_is_connected_was_notified),
)
