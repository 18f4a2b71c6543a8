"""The death of the IACP server itself, at every point of what its clients do.

Nobody waits for ever, nobody dies of it, and a server that is started again serves: it
knows nothing of what was before, and takes no number of that for one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.races.application import Application, applications, block_for_clients
from tools.races.judge import demand
from tools.races.leaving import leaves, quits, register, says, three_servers
from tools.races.notes import KIACP, What
from tools.races.race import Race
from tools.races.racer import KInterface, pause
from userlib.geos import iacp
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.races.course import Course
    from tools.races.racer import Racer

_KApplication: Final = "LAUNCHED"
_KStepsOfLaunch: Final = 250  # before it dies: such a race takes longer
_KStepsOfApplications: Final = 400


# register, unregister


def _all_register(course: Course) -> None:
    for name in ("S1", "S2", "C"):
        course.racer(name)

    def come_and_go(racer: Racer) -> None:
        racer.register(0)
        racer.register(KInterface)
        racer.unregister()
        racer.register()

    course.race(kill=[KIACP], S1=come_and_go, S2=come_and_go, C=_connect_and_say)


def _connect_and_say(racer: Racer) -> None:
    made = racer.connect()
    if made is not None:
        racer.say(made.connection)
        racer.leave(made.connection)


# connect, and launch


def _all_launch(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)

    def launch(racer: Racer) -> None:
        made = racer.connect(0, iacp.create_default_launch_block(OPEN_ENGINE))
        if made is not None:
            racer.say(made.connection)

    course.race(
        kill=[KIACP], within=_KStepsOfLaunch, C=launch, D=launch, E=_connect_and_say
    )


def _register_soon(racer: Racer) -> None:
    pause(racer.course.random.randrange(6))
    racer.register()


# send


def _all_send(course: Course) -> None:
    connection = three_servers(course, "D")

    def answer(racer: Racer) -> None:
        racer.say(connection, to_client=True)

    course.race(
        kill=[KIACP], C=says(connection, 3), D=says(connection, 3), S1=answer, S3=answer
    )


# send_and_wait


def _all_wait(course: Course) -> None:
    connection = three_servers(course, "D")
    other = course.connect("D")

    def wait(racer: Racer) -> None:
        for _ in range(3):
            racer.say_and_wait(connection if racer.name == "C" else other)

    course.race(kill=[KIACP], C=wait, D=wait, S2=quits(connection))


# finish


def _one_finishes(course: Course) -> None:
    for name in ("S", "C"):
        course.racer(name, finishes=False)
    course.prepare(S=lambda racer: racer.register(0))
    connection = course.connect("C", KInterface)

    def say_and_wait(racer: Racer) -> None:
        racer.say(connection)
        racer.say_and_wait(connection)

    course.race(kill=[KIACP], C=say_and_wait, S=lambda racer: racer.finish(connection))


# shutdown


def _all_leave(course: Course) -> None:
    connection = three_servers(course, "D")
    other = course.connect("D")
    course.race(
        kill=[KIACP],
        C=leaves(connection),
        D=lambda racer: racer.leave_all(),
        S1=quits(connection),
        S2=quits(other),
        S3=lambda racer: racer.unregister(),
    )


# applications


def _applications_come_and_go(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)
    course.race(
        kill=[KIACP],
        within=_KStepsOfApplications,
        C=_visits(OPEN_ENGINE, 0),
        D=_visits(OPEN_ENGINE, 0),
        E=_visits(OPEN_APPLICATION, KInterface),
    )


def _visits(mode: int, flags: int) -> Callable[[Racer], None]:
    """Something to do: connect to an application, say a word, and leave; twice."""

    def visit(racer: Racer) -> None:
        for _ in range(2):
            made = racer.connect(flags, block_for_clients(mode))
            if made is not None:
                racer.say(made.connection, word=Application.MSG_APPLICATION_WORD)
                racer.leave(made.connection)

    return visit


# What comes after it


def _another_serves(course: Course) -> None:
    """It knows nothing of what was, and serves who asks it."""
    before = set(course.clients)
    course.start_iacp_again()
    server, client = course.racers[:2]
    course.prepare(**dict.fromkeys((server, client), _ask_twice(before)))
    over = {(note.who, note.connection) for note in course.book.of(What.FATAL)}
    known = {(who, each) for who in (server, client) for each in before} - over
    demand(not known, "is known, and of another life", known)
    course.prepare(**{server: register})
    connection = course.connect(client, KInterface)
    demand(connection not in before, "the number of another one", connection)
    said = len(course.book.words)
    course.prepare(**{client: says(connection, 2)})
    _demand_was_served(course, set(range(said + 1, said + 3)))
    course.prepare(**{client: leaves(connection)})
    assert course.iacp is not None
    demand(not len(course.iacp.model.connections), "a connection is left")
    demand(not len(course.iacp.model.deliveries), "a delivery is left")


def _ask_twice(connections: set[int]) -> Callable[[Racer], None]:
    """Something to do: ask about connections; the first answer may be that it died."""

    def ask(racer: Racer) -> None:
        racer.unregister()
        for connection in connections:
            racer.number(connection)

    return ask


def _demand_was_served(course: Course, words: set[int]) -> None:
    for what in (What.WORD, What.COMPLETION):
        found = [note.number for note in course.book.of(what) if note.number in words]
        demand(sorted(found) == sorted(words), "not served again", what, found)


SERVER_DEATH: Final = (
    Race("IACP's death/register", _all_register, _another_serves, iacp_dies=True),
    Race(
        "IACP's death/connect",
        _all_launch,
        _another_serves,
        {_KApplication: _register_soon},
        iacp_dies=True,
    ),
    Race("IACP's death/send", _all_send, _another_serves, iacp_dies=True),
    Race("IACP's death/send_and_wait", _all_wait, _another_serves, iacp_dies=True),
    Race("IACP's death/finish", _one_finishes, _another_serves, iacp_dies=True),
    Race("IACP's death/shutdown", _all_leave, _another_serves, iacp_dies=True),
    Race(
        "IACP's death/applications",
        _applications_come_and_go,
        _another_serves,
        geodes=applications,
        iacp_dies=True,
    ),
)
