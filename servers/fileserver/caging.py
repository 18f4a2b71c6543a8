r"""Data caging: what of `\private`, `\sys` and `\resource` a client may touch.

Specification 15; asked before existence, and of the kernel only where it matters.
"""

from string import hexdigits
from typing import Final

from kernel.abi.errors import KErrPermissionDenied
from kernel.abi.security import Identity, TCapability
from servers.fileserver.failure import Refused
from servers.fileserver.modes import (
    EFileShareExclusive,
    EFileShareReadersOnly,
    EFileShareReadersOrWriters,
    EFileWrite,
)
from servers.fileserver.names import FileName, fold
from userlib.symbian.message import RMessage2

_CAGED: Final = frozenset(("private", "sys", "resource"))
_RESOURCE_READ_MODES: Final = frozenset(
    (EFileShareExclusive, EFileShareReadersOnly, EFileShareReadersOrWriters)
)
_SID_DIGITS: Final = 8
_HEX_DIGITS: Final = frozenset(hexdigits)


def check_read(message: RMessage2, name: FileName) -> None:
    """Raises: Refused(KErrPermissionDenied) if the client may not read there."""
    area = _area(name)
    if area in ("", "resource"):
        return
    client = message.identity()
    if area == "private" and _is_own(name, client):
        return
    demand(client, TCapability.ECapabilityAllFiles)


def check_write(message: RMessage2, name: FileName) -> None:
    """Raises: Refused(KErrPermissionDenied) if the client may not write there."""
    area = _area(name)
    if not area:
        return
    client = message.identity()
    if area != "private":
        demand(client, TCapability.ECapabilityTCB)
    elif not _is_own(name, client):
        demand(client, TCapability.ECapabilityAllFiles)


def check_open(message: RMessage2, name: FileName, mode: int) -> None:
    r"""As check_write for any mode that could write, else as check_read.

    In `\resource` Any counts as writing, and so does every further bit.
    """
    area = _area(name)
    if (area == "resource" and mode not in _RESOURCE_READ_MODES) or mode & EFileWrite:
        check_write(message, name)
    else:
        check_read(message, name)


def _area(name: FileName) -> str:
    """Which caged area *name* is below, or lists; "" if none."""
    if not name.directory:
        return ""
    # As `FileName.check` will drop what a stored name cannot end in.
    top = fold(name.directory[0].rstrip(" ."))
    return top if top in _CAGED else ""


def _is_own(name: FileName, client: Identity) -> bool:
    r"""Whether it is, or is below, `\private\<the client's secure id>`."""
    path = name.path
    if len(path) < 2:  # noqa: PLR2004 - private, and the id
        return False
    digits = path[1].rstrip(" .")
    if len(digits) != _SID_DIGITS or not set(digits) <= _HEX_DIGITS:
        return False
    return int(digits, 16) == client.secure_id


def demand(client: Identity, capability: TCapability) -> None:
    """Raises: Refused(KErrPermissionDenied) without the capability."""
    if not client.has(capability):
        raise Refused(KErrPermissionDenied)
