"""Deaths, while others send and wait."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from servers.fileserver.client import RFile, RFs
from tools.boot import machine_config
from tools.races.judge import demand
from tools.races.leaving import leaves, register, says, three_servers
from tools.races.notes import What
from tools.races.race import Race
from tools.races.racer import KInterface
from userlib.geos import iacp
from userlib.geos.iacp_constants import IACPCE_NO_SERVER, IACPCF_FIRST_ONLY
from userlib.geos.paths import SP_DOCUMENT
from userlib.geos.process import OPEN_APPLICATION

if TYPE_CHECKING:
    from kernel.abi.config import MachineConfig
    from tools.races.course import Course
    from tools.races.racer import Racer

_KFile: Final = "LETTER"
_KTravelToDestination: Final = -1


# send/death


def _a_server_is_killed(course: Course) -> None:
    connection = three_servers(course, "D")
    course.race(
        kill=[course.random.choice(("S2", "S3"))],
        C=says(connection, 3),
        D=says(connection, 2),
    )


# send/death of the client


def _the_client_is_killed(course: Course) -> None:
    connection = three_servers(course, "D")

    def answer(racer: Racer) -> None:
        racer.say(connection, to_client=True)

    course.race(
        kill=["C"], C=says(connection, 3), D=says(connection, 2), S1=answer, S2=answer
    )


# send/death of a third, who is to hear what servers are sent


def _a_third_is_killed(course: Course) -> None:
    course.racer("X")
    connection = three_servers(course)
    third = course.optrs["X"]

    def say(racer: Racer) -> None:
        for _ in range(3):
            racer.say(connection, travel=_KTravelToDestination, to=third)

    course.race(kill=["X"], C=say)


# shutdown/death


def _a_server_is_killed_as_the_client_leaves(course: Course) -> None:
    connection = three_servers(course)
    course.race(
        kill=["S1", "S2"],
        C=leaves(connection),
        S3=lambda racer: racer.quit(connection),
    )


# death/death


def _many_are_killed(course: Course) -> None:
    connection = three_servers(course, "D")
    other = course.connect("D")
    course.race(
        kill=["C", "S1", course.random.choice(("S2", "D"))],
        C=says(connection, 2),
        D=says(other, 2),
        S2=lambda racer: racer.connect(),
    )


# finish/death


def _a_server_is_killed_before_it_finishes(course: Course) -> None:
    course.racer("S", finishes=False)
    course.racer("C")
    course.prepare(S=lambda racer: racer.register(0))
    connection = course.connect("C", KInterface)
    course.race(
        kill=[course.random.choice("SC")],
        C=says(connection, 3),
        S=lambda racer: racer.finish(connection),
    )


# send_and_wait/death


def _somebody_waits_for_the_dead(course: Course) -> None:
    connection = three_servers(course, "D")

    def wait(racer: Racer) -> None:
        racer.say_and_wait(connection)
        racer.say_and_wait(connection)

    course.race(
        kill=["S1", "S2", "S3"] if course.seed % 2 else ["S1", "C"],
        C=wait,
        D=wait,
    )


# register document/connect


def _documents_are_opened_and_closed(course: Course) -> None:
    for name in ("S1", "S2", "C", "D"):
        course.racer(name)

    def write() -> None:
        with RFs().connect() as fs:
            fs.mk_dir_all("C:\\DOCUMENT\\")
            RFile().replace(fs, f"C:\\DOCUMENT\\{_KFile}").close()

    course.machine.run(write)
    course.prepare(S1=register, S2=lambda racer: racer.register(0))

    def open_and_close(racer: Racer) -> None:
        found = iacp.get_document_id("", _KFile, SP_DOCUMENT)
        assert isinstance(found, iacp.DocumentId)
        iacp.register_document(racer, *found)
        demand(iacp.unregister_document(racer, *found), "was not registered")
        iacp.register_document(racer, *found)

    def connect(racer: Racer) -> None:
        made = racer.connect_to_document(_KFile, SP_DOCUMENT)
        if made is not None:
            racer.say(made.connection)

    def launch(racer: Racer) -> None:
        block = iacp.create_default_launch_block(OPEN_APPLICATION)
        named = replace(block, data_file=_KFile)
        made = racer.connect(IACPCF_FIRST_ONLY | KInterface, named)
        if made is not None:
            racer.say(made.connection)

    course.race(
        kill=["S2"] if course.seed % 2 else [],
        S1=open_and_close,
        S2=open_and_close,
        C=connect,
        D=launch,
    )


def _one_was_notified(course: Course) -> None:
    """Either somebody has the document open, or nobody; never two."""
    for note in course.book.of(What.CONNECTED):
        demand(note.number == 1, "connected to more than one", note)
    for note in course.book.of(What.REFUSED):
        demand(note.number == IACPCE_NO_SERVER, "refused for another reason", note)


def _with_files() -> MachineConfig:
    return machine_config(services=("fileserver",), loader=None)


DYING: Final = (
    Race("send/death", _a_server_is_killed),
    Race("send/death of the client", _the_client_is_killed),
    Race("send/death of a third", _a_third_is_killed),
    Race("shutdown/death", _a_server_is_killed_as_the_client_leaves),
    Race("death/death", _many_are_killed),
    Race("finish/death", _a_server_is_killed_before_it_finishes),
    Race("send_and_wait/death", _somebody_waits_for_the_dead),
    Race(
        "register document/connect",
        _documents_are_opened_and_closed,
        _one_was_notified,
        config=_with_files,
    ),
)
