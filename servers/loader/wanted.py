"""What a request wants of an executable, and which of several candidates gets it.

    candidate ──► misfits: none ──► the highest version; of equals, the first
                      └──► why not ──► of all there are, the first of `MISFITS`

Original: RImageFinder (ldr, sf_lepoc.cpp); symbian-userlib 13.2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from kernel.abi.compiled import CompiledModule
from kernel.abi.errors import (
    KErrCorrupt,
    KErrInUse,
    KErrNotFound,
    KErrNotSupported,
    KErrPermissionDenied,
    Leave,
)
from kernel.abi.image import Image, KNullUids, Uids, is_compatible, match_uids


class Misfit(Enum):
    """Why a candidate of the right name will not do."""

    IMPORT = auto()  # its header needs something that is not there
    VERSION = auto()
    CAPABILITY = auto()
    HASH = auto()  # nobody has installed it where it is
    UID = auto()
    CORRUPT = auto()
    BUSY = auto()  # somebody has it open, and lets nobody in


# The code for each, in the order in which they answer for all candidates.
_CODES: Final = MappingProxyType(
    {
        Misfit.IMPORT: KErrNotSupported,
        Misfit.VERSION: KErrNotSupported,
        Misfit.CAPABILITY: KErrPermissionDenied,
        Misfit.HASH: KErrPermissionDenied,
        Misfit.UID: KErrNotSupported,
        Misfit.CORRUPT: KErrCorrupt,
        Misfit.BUSY: KErrInUse,
    }
)

_NO_IMAGE: Final = Image()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An executable of the right name; what could not be read says why instead.

    Without a *module* it is one of the machine's own.
    """

    file_name: str
    image: Image = _NO_IMAGE
    module: CompiledModule | None = None
    misfit: Misfit | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an executable has to be; *kind* is its first UID, 0 for any."""

    kind: int = 0
    uids: Uids = KNullUids
    version: int | None = None
    capabilities: frozenset[int] = frozenset()

    def misfits(self, candidate: Candidate) -> Iterator[Misfit]:
        """All that speaks against *candidate*."""
        if candidate.misfit is not None:
            yield candidate.misfit
            return
        image = candidate.image
        if not is_compatible(image.version, self.version):
            yield Misfit.VERSION
        if not self.capabilities <= image.capabilities:
            yield Misfit.CAPABILITY
        is_kind = match_uids(image.uids, (self.kind, *KNullUids[1:]))
        if not is_kind or not match_uids(image.uids, self.uids):
            yield Misfit.UID


def choose(wanted: Wanted, candidates: Iterable[Candidate]) -> Candidate:
    """The one that is loaded. Raises: KErrNotFound, or why none of them will do."""
    best: Candidate | None = None
    seen: set[Misfit] = set()
    for candidate in candidates:
        misfits = set(wanted.misfits(candidate))
        seen |= misfits
        if not misfits and (
            best is None or candidate.image.version > best.image.version
        ):
            best = candidate
    if best is None:
        raise Leave(next((c for m, c in _CODES.items() if m in seen), KErrNotFound))
    return best
