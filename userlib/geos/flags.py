"""Which message flags go together: what the error-checking kernel looks at."""

from typing import Final

from userlib.geos.constants import (
    MF_CALL,
    MF_CHECK_DUPLICATE,
    MF_CHECK_LAST_ONLY,
    MF_CUSTOM,
    MF_DISCARD_IF_NO_MATCH,
    MF_FIXUP_DS,
    MF_FIXUP_ES,
    MF_FORCE_QUEUE,
    MF_INSERT_AT_FRONT,
    MF_MATCH_ALL,
    MF_RECORD,
    MF_REPLACE,
    MF_STACK,
    MessageFlags,
)
from userlib.geos.errors import GeosFatalError

_KAll: Final = sum(int(flag) for flag in MessageFlags)
_KWithCheck: Final = (
    MF_CHECK_LAST_ONLY | MF_REPLACE | MF_DISCARD_IF_NO_MATCH | MF_CUSTOM | MF_MATCH_ALL
)
# With MF_CHECK_DUPLICATE, the first of these that is set is the mistake.
_KNotWithCheck: Final = (
    (MF_STACK, "BAD_FLAGS_CANNOT_STACK_AND_CHECK"),
    (MF_CALL, "BAD_FLAGS_CANNOT_CALL_AND_CHECK"),
    (MF_INSERT_AT_FRONT, "BAD_FLAGS_CANNOT_INSERT_AT_FRONT_AND_CHECK"),
)


def check_flags(flags: int) -> MessageFlags:
    """The flags, as such. Raises: GeosFatalError as the original's EC kernel."""
    if flags & ~_KAll:
        raise GeosFatalError("BAD_FLAGS_RESERVED_MUST_BE_0", hex(flags))
    asked = MessageFlags(flags)
    mistake = _mistake(asked)
    if mistake:
        raise GeosFatalError(mistake, repr(asked))
    return asked


def _mistake(flags: MessageFlags) -> str:
    if flags & MF_RECORD and flags & ~(MF_RECORD | MF_STACK):
        return "BAD_FLAGS_CANNOT_BE_USED_WITH_MF_RECORD"
    if not flags & MF_CHECK_DUPLICATE:
        if flags & _KWithCheck:
            return "BAD_FLAGS_REQUIRES_MF_CHECK_DUPLICATE"
    elif not flags & MF_FORCE_QUEUE:
        return "BAD_FLAGS_REQUIRES_MF_FORCE_QUEUE"
    else:
        for flag, name in _KNotWithCheck:
            if flags & flag:
                return name
    if flags & MF_FORCE_QUEUE and flags & MF_CALL:
        return "CANNOT_HAVE_BOTH_MF_FORCE_QUEUE_AND_MF_CALL"
    if flags & MF_INSERT_AT_FRONT and not flags & MF_FORCE_QUEUE:
        return "INSERT_AT_FRONT_REQUIRES_FORCE_QUEUE"
    if flags & MF_FIXUP_ES and not flags & MF_FIXUP_DS:
        return "BAD_FLAGS_CANNOT_FIXUP_ES_ONLY"
    return ""
