"""Times for people; the machine counts microseconds since the start of the year 0."""

from datetime import UTC, datetime, timedelta
from typing import Final

from servers.fileserver.entry import KUnixEpochUs

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_datetime(since_year_0_us: int) -> datetime | None:
    """That moment; None if it is in no year that a date can have."""
    try:
        return _EPOCH + timedelta(microseconds=since_year_0_us - KUnixEpochUs)
    except OverflowError:
        return None


def minute_text(since_year_0_us: int) -> str:
    """As in `2001-09-09 01:46`."""
    when = to_datetime(since_year_0_us)
    return "(no date)       " if when is None else _text(when, "minutes")


def second_text(since_year_0_us: int) -> str:
    """As in `2001-09-09 01:46:40`."""
    when = to_datetime(since_year_0_us)
    return "(no date)" if when is None else _text(when, "seconds")


def _text(when: datetime, until: str) -> str:
    return when.replace(tzinfo=None).isoformat(" ", until)
