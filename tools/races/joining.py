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
)
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE

if TYPE_CHECKING:
    from tools.races.course import Course
    from tools.races.racer import Racer

_KApplication: Final = "LAUNCHED"


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
        if made.connection:
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
        if made.connection:
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
        if made.connection:
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


# connect/death


def _client_or_server_is_killed(course: Course) -> None:
    for name in ("S1", "S2", "C", "D"):
        course.racer(name)
    course.prepare(S1=lambda racer: racer.register(), S2=lambda racer: racer.register())

    def talk(racer: Racer) -> None:
        made = racer.connect()
        if made.connection:
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
    Race("connect/death", _client_or_server_is_killed, _who_is_connected_was_notified),
)
