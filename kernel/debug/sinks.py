"""Sinks: where events go as they happen.

A sink is any callable that takes an event. Sinks run in the calling carrier, outside
the kernel lock, masked, one at a time and in order.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from kernel.events import DEBUG, WARNINGS, TEvent, event_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.events import Event

LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def event_level(kind: object) -> int:
    """The log level of an event's kind."""
    if kind in WARNINGS:
        return logging.WARNING
    return logging.DEBUG if kind in DEBUG else logging.INFO


class ConsoleSink:
    """Events for people, on standard error or any text stream."""

    def __init__(self, level: str = "info", stream: TextIO | None = None) -> None:
        import structlog  # noqa: PLC0415 - slow to import, and few machines have one

        self._threshold: Final = LEVELS[level]
        self._log: Final = structlog.wrap_logger(
            structlog.PrintLogger(stream or sys.stderr),
            processors=[
                structlog.dev.ConsoleRenderer(
                    colors=(stream or sys.stderr).isatty(), sort_keys=False
                )
            ],
        )

    def __call__(self, event: Event) -> None:
        """Write one line, if the event is important enough."""
        level = event_level(event[2])
        if level >= self._threshold:
            record = event_dict(event)
            name = str(record.pop("event"))
            record["level"] = logging.getLevelName(level).lower()
            self._log.info(name, **record)


class DebugPort:
    """What programs print by RDebug, on standard error; it is a sink of its own.

    Each line begins with the seconds since boot and the ids of process and thread.
    """

    def __init__(self) -> None:
        self._is_at_line_start = True

    def __call__(self, event: Event) -> None:
        """Write the event's text, if it has one; of other events, nothing."""
        _, time_us, kind, process_id, thread_id, *fields = event
        if kind is TEvent.EDebugPrint:
            head = "" if self._is_at_line_start else "\n"
            place = f"{process_id}.{thread_id}"
            self._write(f"{head}{_seconds(time_us)} {place:<7} {fields[0]}\n")
        elif kind is TEvent.EDebugRawPrint:
            self._write(str(fields[0]))

    def _write(self, text: str) -> None:
        sys.stderr.write(text)  # looked up now: it may be another one by now
        sys.stderr.flush()
        if text:
            self._is_at_line_start = text.endswith("\n")


def _seconds(time_us: int) -> str:
    seconds, rest = divmod(time_us, 1_000_000)
    return f"{seconds:>5}.{rest:06}"


class JsonLinesSink:
    """Every event as one line of JSON; the same run gives the same bytes."""

    def __init__(self, path: Path | str, level: str = "debug") -> None:
        self._threshold: Final = LEVELS[level]
        self._file: Final = Path(path).open("wb")  # noqa: SIM115 - closed by close()
        self._write: Final = self._file.write
        self._dumps: Final = _fast_dumps()

    def __call__(self, event: Event) -> None:
        """Write one line; buffered, `close` flushes."""
        if event_level(event[2]) >= self._threshold:
            self._write(self._dumps(event_dict(event)) + b"\n")

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()


def _fast_dumps() -> Callable[[dict[str, object]], bytes]:
    try:
        import orjson  # noqa: PLC0415 - an extra
    except ImportError:
        return _plain_dumps
    return orjson.dumps


def _plain_dumps(record: dict[str, object]) -> bytes:
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
