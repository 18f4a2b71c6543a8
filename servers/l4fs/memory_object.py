"""MemoryObject: what all dataspaces of this server have in common."""

from abc import abstractmethod
from typing import Final, Protocol

from kernel.abi.chunk import KPageSize
from servers.l4fs.dataspace_interface import (
    Dataspace,
    Dataspace_info_result,
    Dataspace_map_info_result,
)
from servers.l4fs.lock import Lock
from servers.l4fs.protocol import round_up
from userlib.l4re.cap import Cap
from userlib.l4re.consts import (
    L4_EACCESS,
    L4_EINVAL,
    L4_EPERM,
    L4_ERANGE,
    L4MemoryRight,
    Rights,
)
from userlib.l4re.dispatch import current_call
from userlib.l4re.errors import L4Error

KStepBytes: Final = 16 * KPageSize  # copied at a time
READ: Final = int(L4MemoryRight.R)
WRITE: Final = int(L4MemoryRight.W)


class MObjects(Protocol):
    """The dataspaces that this server has, by the gate they stand behind."""

    def memory_behind(self, gate: int) -> "MemoryObject | None":
        """None if it is none of ours."""


class MemoryObject(Dataspace):
    """A dataspace, but for `map`: its memory is read and written by the bytes.

    Original: L4Re::Util::Dataspace_svr.
    """

    def __init__(self, objects: MObjects, lock: Lock) -> None:
        self._objects: Final = objects
        self.gate = 0  # that it is served behind
        self.lock: Final = lock  # of what it consists of

    # What it is made of.

    @abstractmethod
    def length(self) -> int:
        """Of the dataspace."""

    @abstractmethod
    def may_write(self) -> bool:
        """Whether anybody may write to it."""

    @abstractmethod
    def read_bytes(self, offset: int, length: int) -> bytes:
        """From any thread. Raises: L4Error."""

    @abstractmethod
    def write_bytes(self, offset: int, data: bytes) -> None:
        """Raises: L4Error."""

    @abstractmethod
    def populate(self, offset: int, size: int) -> None:
        """Have memory for that range now. Raises: L4Error."""

    # The operations.

    def clear(self, offset: int, size: int) -> None:
        """Zeros from *offset* on, as far as the dataspace goes."""
        self._demand_write()
        for start, step in steps(self.clipped(offset, size)):
            self.write_bytes(start, bytes(step))

    def info(self) -> Dataspace_info_result:
        """Length, and the memory rights that a client may have."""
        flags = READ | (WRITE if self._is_writable_here() else 0)
        return Dataspace_info_result(self.length(), flags)

    def copy_in(
        self, destination: int, source: Cap, source_offset: int, size: int
    ) -> None:
        """Copy from another dataspace of this server, as far as both go."""
        self._demand_write()
        if not size:
            return
        # Served by another loop, it is known by its gate.
        other = self._objects.memory_behind(source.handle)
        if other is None:
            raise L4Error(L4_EINVAL)
        target = self.clipped(destination, size)
        origin = other.clipped(source_offset, len(target))
        parts = list(steps(range(destination, destination + len(origin))))
        if source_offset < destination:  # it may be the same memory: last things first
            parts.reverse()
        for start, step in parts:
            place = source_offset + start - destination
            self.write_bytes(start, other.read_bytes(place, step))

    def allocate(self, offset: int, size: int) -> None:
        """Have the memory there now, not when it is mapped."""
        if offset + size > round_up(self.length()):
            raise L4Error(L4_ERANGE)
        if size:
            self.populate(offset, size)

    def map_info(self) -> Dataspace_map_info_result:
        """Any address will do."""
        return Dataspace_map_info_result(0, 0)

    # Checks.

    def rights_to_map(self, flags: int) -> int:
        """The asked rights, as far as the dataspace allows them.

        Raises: L4Error with L4_EPERM if writing is asked for without W.
        """
        if flags & WRITE and not has_w():
            raise L4Error(L4_EPERM)
        return READ | (flags & WRITE if self.may_write() else 0)

    def _demand_write(self) -> None:
        if not self._is_writable_here():
            raise L4Error(L4_EACCESS)

    def _is_writable_here(self) -> bool:
        return self.may_write() and has_w()

    def clipped(self, offset: int, size: int) -> range:
        """A range, as far as the dataspace goes. Raises: L4Error with L4_ERANGE."""
        length = self.length()
        if offset > length:
            raise L4Error(L4_ERANGE)
        return range(offset, min(offset + size, length))


def has_w() -> bool:
    """Whether the capability that is used has W; who calls directly may do all."""
    try:
        return bool(current_call().rights & Rights.W)
    except LookupError:
        return True


def steps(whole: range) -> list[tuple[int, int]]:
    """A range in parts: where each begins, and how long it is."""
    return [
        (start, min(KStepBytes, whole.stop - start))
        for start in range(whole.start, whole.stop, KStepBytes)
    ]
