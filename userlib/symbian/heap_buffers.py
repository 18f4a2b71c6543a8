"""Buffers on the heap: HBufC, which is constant, and RBuf, which is written.

Each is one cell of the thread's heap from its making to `destroy` or `close`, so that a
test can let it fail, and sees it when it is forgotten.
"""

from types import TracebackType
from typing import Final, Self

from kernel.abi.memory import ClientBuffer
from userlib.symbian.buffers import TBufC8, TBufC16, TDes8, TDes16
from userlib.symbian.cleanup import cleanup_close_push
from userlib.symbian.descriptors import TDesC8, TDesC16, data_of
from userlib.symbian.heap import HeapCell


class HBufC16(TBufC16):
    """A constant text on the heap, written by `des` only.

    Raises: KErrNoMemory. Original: HBufC16, usually written HBufC.
    """

    __slots__ = ("cell",)

    def __init__(self, max_length: int, text: str = "") -> None:
        super().__init__(max_length, text)
        self.cell: Final = HeapCell("HBufC16", max_length)

    @classmethod
    def new(cls, max_length: int) -> Self:
        """An empty one; a negative maximum panics USER 18. Original: HBufC16::NewL."""
        return cls(max_length)

    @classmethod
    def new_max(cls, max_length: int) -> Self:
        """One whose length is its maximum already. Original: HBufC16::NewMaxL."""
        made = cls(max_length)
        made.des().set_max()
        return made

    @classmethod
    def copy_of(cls, text: str | TDesC16) -> Self:
        """One that *text* just fits into. Original: TDesC16::AllocL."""
        data = data_of(text)
        return cls(len(data), data)

    def re_alloc(self, max_length: int) -> Self:
        """Change the room; less than the length panics USER 14.

        Returns: itself, for the texts that ask for a new pointer.
        Raises: KErrNoMemory; the buffer is then as it was. Original: HBufC16::ReAllocL.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.cell.resize(max_length)
        self.client.data = self.contents()
        self.client.max_length = max_length
        return self

    def destroy(self) -> None:
        """Give the memory back. Original: none; C++ delete."""
        self.cell.free()


class HBufC8(TBufC8):
    """Constant bytes on the heap; else as HBufC16. Original: HBufC8."""

    __slots__ = ("cell",)

    def __init__(self, max_length: int, data: bytes = b"") -> None:
        super().__init__(max_length, data)
        self.cell: Final = HeapCell("HBufC8", max_length)

    @classmethod
    def new(cls, max_length: int) -> Self:
        """An empty one; a negative maximum panics USER 30. Original: HBufC8::NewL."""
        return cls(max_length)

    @classmethod
    def new_max(cls, max_length: int) -> Self:
        """One whose length is its maximum already. Original: HBufC8::NewMaxL."""
        made = cls(max_length)
        made.des().set_max()
        return made

    @classmethod
    def copy_of(cls, data: bytes | TDesC8) -> Self:
        """One that *data* just fits into. Original: TDesC8::AllocL."""
        items = data_of(data)
        return cls(len(items), items)

    def re_alloc(self, max_length: int) -> Self:
        """Change the room; less than the length panics USER 26.

        Returns and raises: as HBufC16.re_alloc. Original: HBufC8::ReAllocL.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.cell.resize(max_length)
        self.client.data = bytearray(self.contents())
        self.client.max_length = max_length
        return self

    def destroy(self) -> None:
        """Give the memory back. Original: none; C++ delete."""
        self.cell.free()


HBufC = HBufC16


class RBuf16(TDes16):
    """A buffer whose room can change. Original: RBuf16, usually written RBuf."""

    __slots__ = ("room",)

    def __init__(self) -> None:
        super().__init__(ClientBuffer(0, ""))
        self.room: Room = Room(self.client, "RBuf16")

    def create(self, max_length: int, text: str | TDesC16 = "") -> Self:
        """Make room for *max_length* characters, and give up what there was.

        A negative maximum panics USER 18.

        Raises: KErrNoMemory. Original: RBuf16::CreateL.
        """
        self.close()
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        self._check_fit(max_length, len(text))
        self.room.make(max_length)
        self.copy(text)
        return self

    def create_max(self, max_length: int) -> Self:
        """As create, with the length at its maximum. Original: RBuf16::CreateMaxL."""
        self.create(max_length)
        self.set_max()
        return self

    def assign(self, source: "HBufC16 | RBuf16") -> None:
        """Take over the memory of *source*, which is not to be used any more.

        An RBuf16 is then as if it were closed. Original: RBuf16::Assign.
        """
        text, max_length = source.contents(), source.client.max_length
        self.close()
        if isinstance(source, RBuf16):
            self.room.take(source.room.release(), max_length)
            source.close()
        else:
            self.room.take(source.cell, max_length)
        self.copy(text)

    def re_alloc(self, max_length: int) -> None:
        """Change the room; less than the length panics USER 14.

        Raises: KErrNoMemory; the buffer is then as it was. Original: RBuf16::ReAllocL.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.room.resize(max_length)
        self.client.data = self.contents()

    def close(self) -> None:
        """Give up contents and room. Original: RBuf16::Close."""
        self.client.data = ""
        self.room.give_up()

    def cleanup_close_push(self) -> None:
        """Have a leave close it. Original: RBuf16::CleanupClosePushL."""
        cleanup_close_push(self)

    def _check_fit(self, max_length: int, length: int) -> None:
        if length > max_length:
            self._panic(self.panics.overflow)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class RBuf8(TDes8):
    """A buffer whose room can change. Original: RBuf8."""

    __slots__ = ("room",)

    def __init__(self) -> None:
        super().__init__(ClientBuffer(0, bytearray()))
        self.room: Room = Room(self.client, "RBuf8")

    def create(self, max_length: int, data: bytes | TDesC8 = b"") -> Self:
        """Make room for *max_length* bytes, and give up what there was.

        A negative maximum panics USER 30.

        Raises: KErrNoMemory. Original: RBuf8::CreateL.
        """
        self.close()
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        self._check_fit(max_length, len(data))
        self.room.make(max_length)
        self.copy(data)
        return self

    def create_max(self, max_length: int) -> Self:
        """As create, with the length at its maximum. Original: RBuf8::CreateMaxL."""
        self.create(max_length)
        self.set_max()
        return self

    def assign(self, source: "HBufC8 | RBuf8") -> None:
        """Take over the memory of *source*, which is not to be used any more.

        An RBuf8 is then as if it were closed. Original: RBuf8::Assign.
        """
        data, max_length = source.contents(), source.client.max_length
        self.close()
        if isinstance(source, RBuf8):
            self.room.take(source.room.release(), max_length)
            source.close()
        else:
            self.room.take(source.cell, max_length)
        self.copy(data)

    def re_alloc(self, max_length: int) -> None:
        """Change the room; less than the length panics USER 26.

        Raises: KErrNoMemory; the buffer is then as it was. Original: RBuf8::ReAllocL.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.room.resize(max_length)
        self.client.data = bytearray(self.contents())

    def close(self) -> None:
        """Give up contents and room. Original: RBuf8::Close."""
        self.client.data = bytearray()
        self.room.give_up()

    def cleanup_close_push(self) -> None:
        """Have a leave close it. Original: RBuf8::CleanupClosePushL."""
        cleanup_close_push(self)

    def _check_fit(self, max_length: int, length: int) -> None:
        if length > max_length:
            self._panic(self.panics.overflow)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


RBuf = RBuf16


class Room:
    """The heap's part of an RBuf: a cell while there is a buffer."""

    __slots__ = ("_cell", "_client", "_tag")

    def __init__(self, client: ClientBuffer, tag: str) -> None:
        self._client: Final = client
        self._tag: Final = tag
        self._cell: HeapCell | None = None

    def make(self, max_length: int) -> None:
        """Allocate it. Raises: KErrNoMemory."""
        self._cell = HeapCell(self._tag, max_length)
        self._client.max_length = max_length

    def resize(self, max_length: int) -> None:
        """Change it; if there was none, make it. Raises: KErrNoMemory."""
        if self._cell is None:
            self.make(max_length)
            return
        self._cell.resize(max_length)
        self._client.max_length = max_length

    def take(self, cell: HeapCell | None, max_length: int) -> None:
        """Own what another buffer had."""
        self._cell = cell
        self._client.max_length = max_length

    def release(self) -> HeapCell | None:
        """Own it no more."""
        cell, self._cell = self._cell, None
        return cell

    def give_up(self) -> None:
        """Free it; if there is none, nothing."""
        cell = self.release()
        if cell is not None:
            cell.free()
        self._client.length = self._client.max_length = 0
