"""Sending, finishing, unregistering and leaving, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.races.judge import demand
from tools.races.notes import What
from tools.races.race import Race
from tools.races.racer import KInterface

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.races.course import Course
    from tools.races.racer import Racer


def three_servers(course: Course, *others: str, leaves: bool = True) -> int:
    """S1 to S3, with C as their client. Returns: the connection."""
    for name in ("S1", "S2", "S3"):
        course.racer(name, leaves=leaves, ui_thread=name == "S3")
    for name in ("C", *others):
        course.racer(name)
    course.prepare(**dict.fromkeys(("S1", "S2", "S3"), register))
    return course.connect("C")


def register(racer: Racer) -> None:
    """As any server does."""
    racer.register()


def says(connection: int, times: int) -> Callable[[Racer], None]:
    """Something to do: say some words to all servers."""

    def say(racer: Racer) -> None:
        for _ in range(times):
            racer.say(connection)

    return say


def quits(connection: int) -> Callable[[Racer], None]:
    """Something to do: leave as a server."""
    return lambda racer: racer.quit(connection)


def leaves(connection: int) -> Callable[[Racer], None]:
    """Something to do: leave as the client, or let it leave."""
    return lambda racer: racer.leave(connection)


# shutdown/shutdown


def _everybody_leaves(course: Course) -> None:
    connection = three_servers(course, leaves=course.seed % 2 == 0)
    course.race(
        C=leaves(connection),
        S1=quits(connection),
        S2=quits(connection),
        S3=quits(connection),
    )


def _the_connection_is_over(course: Course) -> None:
    assert course.iacp is not None
    demand(not len(course.iacp.model.connections), "a connection outlives its parties")


# shutdown/shutdown of the client, by two


def _the_client_leaves_twice(course: Course) -> None:
    connection = three_servers(course, "D", "E")
    course.race(C=leaves(connection), D=leaves(connection), E=says(connection, 2))


# shutdown/send


def _some_leave_while_others_send(course: Course) -> None:
    connection = three_servers(course)

    def say(racer: Racer) -> None:
        says(connection, 2)(racer)
        racer.say(connection, server=2)
        racer.leave(connection)
        racer.say(connection)

    def answer_and_quit(racer: Racer) -> None:
        racer.say(connection, to_client=True)
        racer.quit(connection)
        racer.say(connection, to_client=True)

    course.race(
        C=say,
        S1=answer_and_quit,
        S2=quits(connection),
        S3=lambda racer: racer.say(connection, to_client=True),
    )


# send/unregister


def _some_unregister_while_others_send(course: Course) -> None:
    connection = three_servers(course)

    def come_back(racer: Racer) -> None:
        racer.unregister()
        racer.register()

    course.race(
        C=says(connection, 3),
        S1=lambda racer: racer.unregister(),
        S2=lambda racer: racer.unregister(),
        S3=come_back,
    )


def _everybody_hears_everything(course: Course) -> None:
    """Who has unregistered still serves its connections."""
    heard = [(note.who, note.number) for note in course.book.of(What.WORD)]
    words = sorted(course.book.words)
    expected = [(name, word) for name in ("S1", "S2", "S3") for word in words]
    demand(sorted(heard) == expected, "not heard by all", heard)


# finish/send


def _one_finishes_while_others_send(course: Course) -> None:
    course.racer("S", finishes=False)
    course.racer("C")
    course.racer("D")
    course.prepare(S=lambda racer: racer.register(0))
    connection = course.connect("C", KInterface)

    def say_and_leave(racer: Racer) -> None:
        says(connection, 4)(racer)
        if course.seed % 2:
            racer.leave(connection)

    def finish(racer: Racer) -> None:
        racer.register()
        racer.finish(connection)
        racer.say(connection, to_client=True)
        racer.finish(connection)

    course.race(C=say_and_leave, D=says(connection, 3), S=finish)


def _nothing_is_held(course: Course) -> None:
    """It was, until the server began to finish; nothing is for ever."""
    first = min(place for place, _ in course.book.places(What.WORD))
    begun = min(place for place, _ in course.book.places(What.FINISHING))
    demand(begun < first, "heard while it was held")
    heard = {note.number for note in course.book.of(What.WORD)}
    sent = {word.number for word in course.book.words.values() if word.reached}
    demand(sent == heard, "held for ever", sent - heard)


# shutdown_all/send


def _everybody_leaves_everything(course: Course) -> None:
    first = three_servers(course, "D")
    second = course.connect("C")
    third = course.connect("D")

    def say(racer: Racer) -> None:
        for connection in (first, second, third):
            racer.say(connection)

    course.race(
        C=lambda racer: racer.leave_all(),
        S1=lambda racer: racer.leave_all(),
        D=say,
    )


# get_server_number/shutdown


def _some_ask_their_number(course: Course) -> None:
    connection = three_servers(course)

    def ask(racer: Racer) -> None:
        expected = int(racer.name[1:])
        demand(racer.number(connection) in (expected, None), "another number")
        racer.quit(connection)
        demand(not racer.number(connection), "a number, and it has left")

    course.race(C=leaves(connection), S1=ask, S2=ask, S3=ask)


LEAVING: Final = (
    Race("shutdown/shutdown", _everybody_leaves, _the_connection_is_over),
    Race("shutdown/shutdown by two", _the_client_leaves_twice),
    Race("shutdown/send", _some_leave_while_others_send),
    Race(
        "send/unregister",
        _some_unregister_while_others_send,
        _everybody_hears_everything,
    ),
    Race("finish/send", _one_finishes_while_others_send, _nothing_is_held),
    Race("shutdown_all/send", _everybody_leaves_everything),
    Race("get_server_number/shutdown", _some_ask_their_number, _the_connection_is_over),
)
