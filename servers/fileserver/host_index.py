"""Which names a host directory has, for a client to whom case does not count.

Only what an emulated name can say and what is an ordinary file or directory is there:
symbolic links, devices, and names with characters that are illegal here are left out,
never followed. Of names that differ in case only, the first by code points is the one.

An index is kept while the directory's time of change stands still. That time is coarse,
so it proves nothing while it is young: then the directory is read again.
"""

import os
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from servers.fileserver.names import fold, is_legal_component

_YOUNG_NS: Final = 3_000_000_000  # coarser than the clock of any file system
_KEPT: Final = 2048  # directories


@dataclass(frozen=True, slots=True)
class _Index:
    changed_ns: int
    names: dict[str, str]  # by folded name


class HostIndex:
    """The names of a drive's directories, read when needed."""

    def __init__(self) -> None:
        self._kept: Final[OrderedDict[tuple[int, int], _Index]] = OrderedDict()

    def names(self, directory_fd: int) -> dict[str, str]:
        """The stored names, by folded name."""
        status = os.fstat(directory_fd)
        key = (status.st_dev, status.st_ino)
        index = self._kept.get(key)
        if index is not None and index.changed_ns == status.st_mtime_ns:
            self._kept.move_to_end(key)
            return index.names
        names = read_names(directory_fd)
        # The time was taken before reading: a change in between shows next time.
        if time.time_ns() - status.st_mtime_ns > _YOUNG_NS:
            self._kept[key] = _Index(status.st_mtime_ns, names)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return names

    def find(self, directory_fd: int, component: str) -> str | None:
        """The stored name of *component*, None if the directory has none."""
        return self.names(directory_fd).get(fold(component))

    def forget(self, directory_fd: int) -> None:
        """The directory has just been changed by us."""
        status = os.fstat(directory_fd)
        self._kept.pop((status.st_dev, status.st_ino), None)


def read_names(directory_fd: int) -> dict[str, str]:
    """Read a host directory; the order of the host's answer does not matter."""
    names: dict[str, str] = {}
    with os.scandir(directory_fd) as found:
        for item in found:
            if _is_offered(item):
                key = fold(item.name)
                names[key] = min(item.name, names.get(key, item.name))
    return names


def _is_offered(item: "os.DirEntry[str]") -> bool:
    return is_legal_component(item.name) and (
        item.is_file(follow_symlinks=False) or item.is_dir(follow_symlinks=False)
    )
