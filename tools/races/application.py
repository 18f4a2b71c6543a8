"""Applications that come and go with their clients, as real ones do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.races.judge import demand
from tools.races.notes import What
from tools.races.race import Race
from tools.races.racer import KInterface, T, pause
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    MSG_META_QUIT,
    AppLaunchBlock,
    AppLaunchFlags,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    message,
    method,
    obj_message,
)
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE

if TYPE_CHECKING:
    from tools.races.course import Course
    from tools.races.racer import Racer
    from userlib.geos.object_class import GeosClass

_KPath: Final = "APPLICATION"


class Application(GenApplicationClass):
    """Does what any does, and notes what it hears."""

    course: Course
    name: str = ""

    MSG_APPLICATION_WORD = message(number=int, connection=int)

    def note(self, what: What, connection: int = 0, number: int = 0) -> None:
        """Note it under the application's name."""
        self.course.book.note(self.name, what, connection, number)

    @method(MSG_APPLICATION_WORD)
    def word(self, number: int, connection: int) -> None:
        """Hear a word."""
        self.note(What.WORD, connection, number)

    @method(MSG_META_IACP_NEW_CONNECTION)
    def iacp_new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        """A client has come."""
        self.note(What.NEW, connection, int(just_launched))
        self.callsuper()

    @method(MSG_META_IACP_LOST_CONNECTION)
    def iacp_lost_connection(self, connection: int, server_num: int) -> None:
        """It has left."""
        self.note(What.LOST, connection, server_num)
        self.callsuper()

    @method(MSG_META_IACP_SHUTDOWN_CONNECTION)
    def iacp_shutdown_connection(self, connection: int) -> None:
        """All that it sent was heard."""
        self.note(What.SHUTDOWN, connection)
        self.note(What.QUITTING, connection)
        self.callsuper()
        self.note(What.QUIT, connection)

    @method(GenApplicationClass.MSG_GEN_APPLICATION_IACP_SHUTDOWN_ALL_CONNECTIONS)
    def shutdown_all_connections(self) -> None:
        """It ends."""
        self.note(What.KILLING)
        self.callsuper()


def applications(course: Course) -> dict[str, Geode]:
    def set_up(app: GeosClass) -> None:
        assert isinstance(app, Application)
        app.course, app.name = course, f"{_KPath}{len(course.optrs)}"
        course.join(app.name, app)

    geode = Geode(
        _KPath, T, GenProcessClass, Application, ui_thread=True, set_up=set_up
    )
    return {_KPath: geode}


def block_for_clients(mode: int) -> AppLaunchBlock:
    """No user is to keep the application."""
    only = AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY
    return AppLaunchBlock(app_mode=mode, launch_flags=only)


def _visits(racer: Racer, block: AppLaunchBlock, flags: int) -> None:
    """Connect, say two words, and leave; the application may go then."""
    made = racer.connect(flags, block)
    assert made is not None, "there is always a copy, or another one"
    for _ in range(2):
        racer.say(made.connection, word=Application.MSG_APPLICATION_WORD)
    racer.leave(made.connection)


def _as_engine(racer: Racer) -> None:
    for _ in range(2):
        _visits(racer, block_for_clients(OPEN_ENGINE), 0)
        pause(racer.course.random.randrange(30))


def _with_interface(racer: Racer) -> None:
    _visits(racer, block_for_clients(OPEN_APPLICATION), KInterface)


def _clients_come_and_go(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)
    course.race(C=_as_engine, D=_as_engine, E=_with_interface)


def _clients_are_killed(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)
    course.race(kill=["C", "E"], C=_as_engine, D=_as_engine, E=_with_interface)


def _a_user_quits_meanwhile(course: Course) -> None:
    for name in ("C", "D", "E"):
        course.racer(name)
    user = AppLaunchBlock(app_mode=OPEN_APPLICATION)
    course.prepare(C=lambda racer: _visits(racer, user, KInterface))
    (app,) = [optr for name, optr in course.optrs.items() if name.startswith(_KPath)]

    def quit_it(_: Racer) -> None:
        obj_message(app, MSG_META_QUIT, MF_FORCE_QUEUE)

    course.race(C=quit_it, D=_as_engine, E=_with_interface)


def _the_client_leaves_twice(course: Course) -> None:
    for name in ("C", "D"):
        course.racer(name)
    first = course.connect("C", 0, block_for_clients(OPEN_ENGINE))
    course.prepare(D=lambda racer: racer.connect(0, block_for_clients(OPEN_ENGINE)))

    def leave(racer: Racer) -> None:
        racer.leave(first)

    course.race(C=leave, D=leave)


def _one_is_left(course: Course) -> None:
    """The application serves the client that has stayed."""
    assert course.iacp is not None
    (left,) = course.iacp.model.connections
    demand(course.clients[left.number] == "D", "another client is there", left)
    demand(len(left.occupied) == 1, "nobody serves the one that stayed", left)


def _nobody_is_left(course: Course) -> None:
    """Applications that were opened for clients only have left with the last one."""
    assert course.iacp is not None
    demand(not list(course.iacp.model.lists), "an application is left")
    _every_word_was_heard(course)


def _every_word_was_heard(course: Course) -> None:
    """Whoever connected, whatever the application was about to do."""
    words = [word for word in course.book.words.values() if word.reached]
    heard = {note.number for note in course.book.of(What.WORD)}
    demand(heard >= {word.number for word in words}, "a word was not heard")


APPLICATION: Final = (
    Race(
        "application/clients",
        _clients_come_and_go,
        _nobody_is_left,
        geodes=applications,
    ),
    Race(
        "application/death of clients",
        _clients_are_killed,
        _nobody_is_left,
        geodes=applications,
    ),
    Race(
        "application/quit",
        _a_user_quits_meanwhile,
        _every_word_was_heard,
        geodes=applications,
    ),
    Race(
        "application/shutdown by two",
        _the_client_leaves_twice,
        _one_is_left,
        geodes=applications,
    ),
)
