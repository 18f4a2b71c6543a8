"""Fpage: a range of memory that is offered, or was mapped."""

from typing import TYPE_CHECKING, Final, Self

from kernel.abi.current import current_exec
from kernel.abi.l4_ipc import SentItem, TIpcItem
from userlib.l4re.consts import L4_EINVAL, L4_PAGESHIFT, L4MemoryRight
from userlib.l4re.errors import L4Error

if TYPE_CHECKING:
    from types import TracebackType

    from userlib.symbian.chunk import RChunk

__all__ = ["Fpage"]

RW: Final = int(L4MemoryRight.R | L4MemoryRight.W)


class Fpage:
    """Two to the power of *order* bytes of a chunk.

    One that was received owns its slot, and shows the memory itself (`view`). One made
    to be sent (`of_chunk`, `part`) is a description.

    Original: l4_fpage_t; l4re-idl 1.3.
    """

    __slots__ = (
        "_handle",
        "_is_granted",
        "_is_of_chunk",
        "_is_owned",
        "offset",
        "order",
        "rights",
    )

    def __init__(
        self,
        handle: int,
        offset: int,
        order: int,
        rights: int,
        *,
        is_owned: bool = True,
        is_granted: bool = False,
        is_of_chunk: bool = False,
    ) -> None:
        self._handle = handle
        self._is_of_chunk: Final = is_of_chunk  # the handle is that of a chunk
        self._is_owned = is_owned
        self._is_granted = is_granted
        self.offset: Final = offset  # in the chunk, or in what was received
        self.order: Final = order
        self.rights: Final = rights  # L4MemoryRight

    @classmethod
    def of_chunk(
        cls, chunk: "RChunk", offset: int, order: int, rights: int = RW
    ) -> Self:
        """Memory of *chunk* to be sent: *offset* a multiple of the page, in bytes.

        Raises: L4Error(L4_EINVAL) for less than a page.
        """
        if order < L4_PAGESHIFT or offset % (1 << L4_PAGESHIFT):
            raise L4Error(L4_EINVAL)
        handle = chunk.handle
        return cls(handle, offset, order, rights, is_owned=False, is_of_chunk=True)

    @classmethod
    def mapped(cls, chunk: "RChunk", offset: int, order: int, rights: int = RW) -> Self:
        """As of_chunk, but a mapping of one's own, which moves when it is sent.

        What is unmapped before it arrives does not arrive: a server that may take
        pages back at any moment answers with one. It is closed if it is not sent.

        Raises: L4Error(L4_EINVAL) for less than a page; KErrArgument outside the
            chunk; KErrNoMemory.
        Original: l4_task_map within one task, and L4_MAP_ITEM_GRANT.
        """
        described = cls.of_chunk(chunk, offset, order, rights)
        create = current_exec.get().fpage_create
        handle = create(described.handle, offset, order, rights)
        return cls(handle, 0, order, rights, is_granted=True)

    def part(self, offset: int, order: int, rights: int = RW) -> "Fpage":
        """A range of this one, to be sent on with no more rights.

        Raises: L4Error(L4_EINVAL) for less than a page, or what lies outside.
        """
        is_inside = offset >= 0 and offset + (1 << order) <= self.size
        if order < L4_PAGESHIFT or offset % (1 << L4_PAGESHIFT) or not is_inside:
            raise L4Error(L4_EINVAL)
        return Fpage(
            self._handle,
            self.offset + offset,
            order,
            rights,
            is_owned=False,
            is_of_chunk=self._is_of_chunk,
        )

    def __bool__(self) -> bool:
        return self._handle != 0

    def __repr__(self) -> str:
        return f"Fpage({self._handle:#x}, {self.offset:#x}, order {self.order})"

    @property
    def size(self) -> int:
        """In bytes."""
        return 1 << self.order

    @property
    def handle(self) -> int:
        """The handle; 0 if it was closed."""
        return self._handle

    @property
    def is_granted(self) -> bool:
        """Whether it moves when it is sent."""
        return self._is_granted

    def as_item(self) -> SentItem:
        """As an item of a message."""
        return SentItem(
            TIpcItem.EMemory,
            self._handle,
            self.rights,
            self._is_granted,
            self.offset,
            self.order,
        )

    def view(self, offset: int = 0, size: int | None = None) -> memoryview:
        """The memory: what one writes the others see.

        Of one that was received, with its rights; of one made to be sent as the sender
        has the memory, whatever rights are offered.

        Raises: L4Error(L4_EINVAL) where there is no memory.
        """
        length = self.size - offset if size is None else size
        is_inside = 0 <= offset <= offset + length <= self.size
        if not self._handle or not is_inside:
            raise L4Error(L4_EINVAL)
        exec_ = current_exec.get()
        view_of = exec_.chunk_view if self._is_of_chunk else exec_.fpage_view
        seen = view_of(self._handle, self.offset + offset, length)
        if seen is None:
            raise L4Error(L4_EINVAL)
        return seen

    def keep(self) -> Self:
        """Let one that an operation was given last after its end."""
        self._is_owned = False
        return self

    def unmap(self) -> None:
        """Take a range of a chunk of one's own from all who received any of it.

        The memory stays; what they had mapped shows nothing any more, now or later.

        Raises: KErrAccessDenied if the chunk may not be adjusted by the caller.
        Original: l4_task_unmap with L4_FP_OTHER_SPACES.
        """
        current_exec.get().fpage_unmap(self._handle, self.offset, self.size)

    def close(self) -> None:
        """Unmap it; harmless when that is done. Original: l4_task_unmap."""
        handle, self._handle = self._handle, 0
        if handle:
            current_exec.get().cap_release(handle)

    def release_unless_kept(self) -> None:
        """The end of the operation that it was given to."""
        if self._is_owned:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self.close()
