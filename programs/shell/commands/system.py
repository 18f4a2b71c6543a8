"""SYSINFO, TIME, TRACE: the machine."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from programs.shell.command import Command, Completes
from programs.shell.errors import CommandError
from programs.shell.line import Call, number
from programs.shell.times import second_text
from servers.fileserver.entry import KUnixEpochUs
from userlib import (
    TFindProcess,
    TFindServer,
    TFindThread,
    User,
    UserSvr,
)

if TYPE_CHECKING:
    from programs.shell.shell import Shell

KUsualEvents: Final = 20  # that TRACE shows
_SECOND_US: Final = 1_000_000


def _sysinfo(shell: "Shell", call: Call) -> None:
    letters = [
        f"{chr(ord('A') + place)}:"
        for place, there in enumerate(shell.fs.drive_list())
        if there
    ]
    for what, value in (
        ("Time", _now_text()),
        ("Up for", f"{User.uptime_us() / _SECOND_US:.3f} s"),
        ("Drives", " ".join(letters)),
        ("Processes", str(len(list(TFindProcess())))),
        ("Threads", f"{len(list(TFindThread()))} with a name"),
        ("Servers", str(len(list(TFindServer())))),
    ):
        shell.print(f"{what:10} {value}")


# TIME


def _time(shell: "Shell", call: Call) -> None:
    if call.words:
        try:
            wanted = datetime.fromisoformat(" ".join(call.words))
        except ValueError as error:
            raise CommandError(
                f"Parameter format not correct - {call.text}; as in 2026-01-31 12:30"
            ) from error
        User.set_home_time(round(wanted.replace(tzinfo=UTC).timestamp() * _SECOND_US))
    shell.print(_now_text())


def _now_text() -> str:
    return second_text(KUnixEpochUs + User.home_time_us())


# TRACE


def _trace(shell: "Shell", call: Call) -> None:
    most = KUsualEvents
    if call.words:
        most = max(number(call.words[0]), 0)
    for event in UserSvr.latest_events(most):
        shell.print(event)


COMMANDS: Final = (
    Command(
        "SYSINFO", "Shows what the machine has", _sysinfo, completes=Completes.NOTHING
    ),
    Command(
        "TIME",
        "Shows or sets the time",
        _time,
        "[date [time]]",
        most=2,
        completes=Completes.NOTHING,
    ),
    Command(
        "TRACE",
        "Shows the latest events of the kernel",
        _trace,
        "[how many]",
        most=1,
        completes=Completes.NOTHING,
    ),
)
