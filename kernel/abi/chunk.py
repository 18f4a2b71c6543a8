"""Kinds of chunks, what restricts them, and the grain of memory.

Original: e32cmn.h, TChunkCreateInfo, RChunk::TRestrictions; symbian-kernel 9.10.
"""

from enum import IntEnum, IntFlag
from typing import Final


class TChunkKind(IntEnum):
    """Which of a chunk's pages can be committed."""

    ENormal = 0  # from 0 to its size
    EDoubleEnded = 1  # from its bottom to its top
    EDisconnected = 2  # any


class TChunkRestrictions(IntFlag):
    """What others than the creator's process may not do."""

    EPreventAdjust = 1


EPreventAdjust: Final = TChunkRestrictions.EPreventAdjust

KPageSize: Final = 0x1000  # bytes, the grain of commitment
KChunkGranularity: Final = 0x10_0000  # bytes, the grain of maximum sizes
KChunkSpace: Final = 0x4000_0000  # bytes that all chunks of a machine may reserve
KDefaultClearByte: Final = 0x03  # what new memory is filled with


def round_to_page(size: int) -> int:
    """*size* in whole pages."""
    return -(-size // KPageSize) * KPageSize
