"""The order of a directory listing.

Original: CDir::Sort. Descending also swaps which group stands first, while the order
inside the directories' group is governed only by EDirDescending.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kernel.abi.current import panic
from servers.fileserver.entry import TEntry
from servers.fileserver.modes import (
    EDescending,
    EDirDescending,
    EDirsFirst,
    EDirsLast,
    ESortByDate,
    ESortByExt,
    ESortByName,
    ESortBySize,
    ESortByUid,
    ESortNone,
    KSortKeyMask,
)
from servers.fileserver.names import fold
from servers.fileserver.protocol import FSCLIENT, TFsClientPanic


def _by_name(entry: TEntry) -> tuple[str, str]:
    return fold(entry.name), entry.name


def _by_extension(entry: TEntry) -> tuple[str, tuple[str, str]]:
    _, dot, extension = entry.name.rpartition(".")
    return fold(extension) if dot else "", _by_name(entry)


# Any: keys of different orders have different types; each order uses one of them.
_KEYS: Final[Mapping[int, Callable[[TEntry], Any]]] = MappingProxyType(
    {
        ESortByName: _by_name,
        ESortByExt: _by_extension,
        ESortBySize: lambda entry: (entry.size, _by_name(entry)),
        ESortByDate: lambda entry: (entry.modified, _by_name(entry)),
        ESortByUid: lambda entry: (entry.uids, _by_name(entry)),
    }
)


def sorted_entries(entries: Iterable[TEntry], key: int) -> list[TEntry]:
    """*entries* in the order of a sort key; an unknown key panics FSCLIENT 23."""
    kind = key & KSortKeyMask
    if kind == ESortNone:
        return list(entries)
    if kind not in _KEYS:
        panic(FSCLIENT, TFsClientPanic.ESortTypeUnknown)
    order = _KEYS[kind]
    descending = bool(key & EDescending)
    if not key & (EDirsFirst | EDirsLast):
        return sorted(entries, key=order, reverse=descending)
    every = list(entries)
    files = [entry for entry in every if not entry.is_dir]
    directories = [entry for entry in every if entry.is_dir]
    files.sort(key=order, reverse=descending)
    directories.sort(key=order, reverse=bool(key & EDirDescending))
    directories_first = bool(key & EDirsFirst) != descending
    return directories + files if directories_first else files + directories
