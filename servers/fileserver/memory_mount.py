"""Media in memory: a tree of nodes. Drive D, and the ROM's drive where it is empty."""

from dataclasses import dataclass, field
from typing import Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrDiskFull,
    KErrInUse,
    KErrNotFound,
    KErrPathNotFound,
)
from servers.fileserver.entry import TDriveInfo, TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.modes import (
    KDriveAttInternal,
    KDriveAttLocal,
    KDriveAttRom,
    KEntryAttArchive,
    KEntryAttDir,
    KMediaAttFormattable,
    KMediaAttVariableSize,
    KMediaAttWriteProtected,
    TMediaType,
)
from servers.fileserver.mount import Space
from servers.fileserver.names import Components, fold

KBlock: Final = 512  # bytes; what is in use is counted in these


def blocks(size: int) -> int:
    """The blocks that *size* bytes take."""
    return -(-size // KBlock)


@dataclass(slots=True)
class Node:
    """A file, or a directory if it has the attribute."""

    name: str
    att: int
    modified: int
    data: bytearray = field(default_factory=bytearray)
    children: "dict[str, Node]" = field(default_factory=dict)  # by folded name

    @property
    def is_dir(self) -> bool:
        return bool(self.att & KEntryAttDir)

    def entry(self) -> TEntry:
        return TEntry(self.att, len(self.data), self.modified, self.name)

    def set_entry(self, modified: int | None, set_mask: int, clear_mask: int) -> None:
        self.att = (self.att | set_mask) & ~clear_mask
        if modified is not None:
            self.modified = modified


class MemoryMount:
    """A tree of nodes and its room. Promises what `MMount` does."""

    def __init__(self, capacity: int, *, rom: bool = False) -> None:
        self.writable = not rom
        self.rom: Final = rom
        self._capacity_blocks: Final = capacity // KBlock
        self._used_blocks = 0
        self._root: Final = Node("", KEntryAttDir, 0)

    def drive_info(self) -> TDriveInfo:
        if self.rom:
            return TDriveInfo(
                TMediaType.EMediaRom,
                KDriveAttRom | KDriveAttInternal,
                KMediaAttWriteProtected,
            )
        return TDriveInfo(
            TMediaType.EMediaRam,
            KDriveAttLocal | KDriveAttInternal,
            KMediaAttVariableSize | KMediaAttFormattable,
        )

    def space(self) -> Space:
        free = self._capacity_blocks - self._used_blocks
        return Space(self._capacity_blocks * KBlock, free * KBlock)

    def entry(self, path: Components) -> TEntry:
        return self._node(path).entry()

    def entries(self, directory: Components) -> list[TEntry]:
        children = self._directory(directory).children
        return [children[key].entry() for key in sorted(children)]

    def open(self, path: Components, *, write: bool) -> "MemoryFile":
        node = self._node(path)
        if node.is_dir:
            raise Refused(KErrAccessDenied)
        return MemoryFile(self, node)

    def create(self, path: Components, now_us: int) -> "MemoryFile":
        return MemoryFile(self, self._add(path, KEntryAttArchive, now_us))

    def make_dir(self, path: Components, now_us: int) -> None:
        self._add(path, KEntryAttDir, now_us)

    def remove_dir(self, path: Components) -> None:
        if self._node(path).children:
            raise Refused(KErrInUse)
        self._drop(path)

    def delete(self, path: Components) -> None:
        self._drop(path)

    def rename(self, old: Components, new: Components, *, replace: bool) -> None:
        node = self._node(old)
        target = self._directory(new[:-1])
        found = target.children.get(fold(new[-1]))
        assert found is None or found is node or replace
        if found is not None and found is not node:
            self._used_blocks -= blocks(len(found.data)) + 1
        del self._directory(old[:-1]).children[fold(old[-1])]
        node.name = new[-1]
        target.children[fold(new[-1])] = node

    def set_entry(
        self, path: Components, modified: int | None, set_mask: int, clear_mask: int
    ) -> None:
        self._node(path).set_entry(modified, set_mask, clear_mask)

    def clear(self) -> None:
        """Empty the volume; nothing is open."""
        self._root.children.clear()
        self._used_blocks = 0

    def take_blocks(self, count: int) -> None:
        """Use *count* blocks more, or fewer. Raises: Refused(KErrDiskFull)."""
        if count > self._capacity_blocks - self._used_blocks:
            raise Refused(KErrDiskFull)
        self._used_blocks += count

    def check(self) -> None:
        """Assert what always holds: keys, kinds, and the count of blocks."""
        assert self._used_blocks == _check_below(self._root) <= self._capacity_blocks

    def _node(self, path: Components) -> Node:
        if not path:
            return self._root
        node = self._directory(path[:-1]).children.get(fold(path[-1]))
        if node is None:
            raise Refused(KErrNotFound)
        return node

    def _directory(self, path: Components) -> Node:
        node: Node | None = self._root
        for component in path:
            node = node.children.get(fold(component)) if node is not None else None
        if node is None or not node.is_dir:
            raise Refused(KErrPathNotFound)
        return node

    def _add(self, path: Components, att: int, now_us: int) -> Node:
        children = self._directory(path[:-1]).children
        found = children.get(fold(path[-1]))
        if found is not None:
            same_kind = found.is_dir == bool(att & KEntryAttDir)
            raise Refused(KErrAlreadyExists if same_kind else KErrAccessDenied)
        self.take_blocks(1)  # an entry takes room of its own
        node = children[fold(path[-1])] = Node(path[-1], att, now_us)
        return node

    def _drop(self, path: Components) -> None:
        node = self._directory(path[:-1]).children.pop(fold(path[-1]))
        self.take_blocks(-1 - blocks(len(node.data)))


def _check_below(directory: Node) -> int:
    used = 0
    for key, node in directory.children.items():
        assert key == fold(node.name)
        assert not (node.is_dir and node.data)
        assert not (node.children and not node.is_dir)
        used += 1 + blocks(len(node.data)) + _check_below(node)
    return used


class MemoryFile:
    """The open file of a node. Promises what `MFile` does."""

    def __init__(self, mount: MemoryMount, node: Node) -> None:
        self._mount: Final = mount
        self._node: Final = node

    def entry(self) -> TEntry:
        return self._node.entry()

    def size(self) -> int:
        return len(self._node.data)

    def read(self, position: int, length: int) -> bytes:
        view = memoryview(self._node.data)[position : position + length]
        try:
            return bytes(view)
        finally:
            view.release()  # a bytearray with a view cannot grow

    def write(self, position: int, data: bytes, now_us: int) -> None:
        assert position <= len(self._node.data)
        self._reserve(max(len(self._node.data), position + len(data)))
        self._node.data[position : position + len(data)] = data
        self._changed(now_us)

    def set_size(self, size: int, now_us: int) -> None:
        self._reserve(size)
        stored = self._node.data
        if size < len(stored):
            del stored[size:]
        else:
            stored.extend(bytes(size - len(stored)))
        self._changed(now_us)

    def set_entry(self, modified: int | None, set_mask: int, clear_mask: int) -> None:
        self._node.set_entry(modified, set_mask, clear_mask)

    def flush(self) -> None:
        """Memory keeps what it is given."""

    def ensure_writable(self) -> None:
        """Memory always is."""

    def close(self) -> None:
        """Nothing was taken."""

    def _reserve(self, size: int) -> None:
        self._mount.take_blocks(blocks(size) - blocks(len(self._node.data)))

    def _changed(self, now_us: int) -> None:
        self._node.att |= KEntryAttArchive
        self._node.modified = now_us
