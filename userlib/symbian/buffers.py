"""Descriptors that are written: data with a length and a maximum length.

Each keeps its data in a ClientBuffer, client memory that a server may write to: the
bytes at once, the length on completion of the message.
"""

from types import TracebackType
from typing import Final, Self

from kernel.abi.current import panic
from kernel.abi.ipc import IpcValue, TArgType
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import KERN_EXEC, TKernExec
from userlib.symbian.descriptors import TData, TDesC8, TDesC16, TDesCBase


class TDesBase(TDesCBase[TData]):
    """What writable descriptors of both widths share.

    More than the maximum panics USER 11, or 23 for 8 bits.

    Original: TDes8 and TDes16.
    """

    __slots__ = ("client",)

    def __init__(self, client: ClientBuffer) -> None:
        self.client: Final = client

    def ipc_value(self) -> IpcValue:
        """A message carries the memory itself."""
        return self.client

    @property
    def length(self) -> int:
        """Items that count. Original: TDes::Length."""
        return self.client.length

    @property
    def max_length(self) -> int:
        """Items there is room for. Original: TDes::MaxLength."""
        return self.client.max_length

    def contents(self) -> TData:
        """The counted items, copied."""
        return self.client.contents()  # type: ignore[return-value] # of our width

    def set_length(self, length: int) -> None:
        """Count so many items; those never written are zeros.

        A negative one panics USER 17, or 29 for 8 bits. Original: TDes::SetLength.
        """
        if length < 0:
            self._panic(self.panics.length_negative)
        self._check_room(length)
        missing = length - len(self.client.data)
        if missing > 0:
            self._store(len(self.client.data), self._zeros(missing))
        self.client.length = length

    def set_max(self) -> None:
        """Count as many as there is room for. Original: TDes::SetMax."""
        self.set_length(self.client.max_length)

    def zero(self) -> None:
        """Count none. Original: TDes::Zero."""
        self.client.length = 0

    def copy(self, items: "TData | TDesCBase[TData]") -> None:
        """Replace the contents. Original: TDes::Copy."""
        self._put(0, items)

    def append(self, items: "TData | TDesCBase[TData]") -> None:
        """Add at the end. Original: TDes::Append."""
        self._put(self.client.length, items)

    def fill(self, item: TData, length: int | None = None) -> None:
        """*length* times *item*, or over the present length. Original: TDes::Fill."""
        count = self.client.length if length is None else length
        if count < 0:
            self._panic(self.panics.length_negative)
        self._put(0, item * count)

    def _put(self, position: int, items: "TData | TDesCBase[TData]") -> None:
        data = items.contents() if isinstance(items, TDesCBase) else items
        if isinstance(data, str) is not self.is_wide:
            raise TypeError(f"{type(self).__name__} does not take {items!r}")
        if self.client.bad:
            panic(KERN_EXEC, TKernExec.ECausedException)
        self._check_room(position + len(data))
        self._store(position, data)
        self.client.length = position + len(data)

    def _check_room(self, length: int) -> None:
        if length > self.client.max_length:
            self._panic(self.panics.overflow)

    def _store(self, position: int, data: TData) -> None:
        raise AssertionError

    def _zeros(self, count: int) -> TData:
        raise AssertionError


class TDes16(TDesBase[str], TDesC16):
    """16-bit data that can be written. Original: TDes16, usually written TDes."""

    ipc_type = TArgType.EDes16

    __slots__ = ()

    def _store(self, position: int, data: str) -> None:
        kept: str = self.client.data[:position]  # type: ignore[assignment] # wide
        self.client.data = kept + data

    def _zeros(self, count: int) -> str:
        return "\0" * count

    def as_const(self) -> "ConstRef16":
        """For a request whose server may only read it, yet sees its maximum.

        Original: passing it as `const TDesC16&`.
        """
        return ConstRef16(self)


class TDes8(TDesBase[bytes], TDesC8):
    """8-bit data that can be written. Original: TDes8."""

    ipc_type = TArgType.EDes8

    __slots__ = ()

    def contents(self) -> bytes:
        """The counted bytes, copied; from memory that is gone panics KERN-EXEC 3."""
        if self.client.bad:
            panic(KERN_EXEC, TKernExec.ECausedException)
        try:
            return self.client.contents()  # type: ignore[return-value] # 8-bit
        except ValueError:  # of a chunk: taken back
            panic(KERN_EXEC, TKernExec.ECausedException)

    def _store(self, position: int, data: bytes) -> None:
        # In place: a TPtr8 shares its bytearray with whoever it points at.
        storage: bytearray = self.client.data  # type: ignore[assignment] # 8-bit
        try:
            storage[position : position + len(data)] = data
        except (ValueError, TypeError):  # of a chunk: taken back, or read-only
            panic(KERN_EXEC, TKernExec.ECausedException)

    def _zeros(self, count: int) -> bytes:
        return bytes(count)

    def as_const(self) -> "ConstRef8":
        """For a request whose server may only read it, yet sees its maximum.

        Original: passing it as `const TDesC8&`.
        """
        return ConstRef8(self)


TDes = TDes16


class ConstRef16(TDesC16):
    """A writable descriptor, passed as a constant one."""

    __slots__ = ("_source",)

    def __init__(self, source: TDes16) -> None:
        self._source = source

    def contents(self) -> str:
        """The text."""
        return self._source.contents()

    def ipc_value(self) -> IpcValue:
        """The memory, which the argument's type protects."""
        return self._source.client


class ConstRef8(TDesC8):
    """A writable descriptor, passed as a constant one."""

    __slots__ = ("_source",)

    def __init__(self, source: TDes8) -> None:
        self._source = source

    def contents(self) -> bytes:
        """The bytes."""
        return self._source.contents()

    def ipc_value(self) -> IpcValue:
        """The memory, which the argument's type protects."""
        return self._source.client


class TBuf16(TDes16):
    """A buffer of its own for *max_length* characters.

    A negative maximum panics USER 18. Original: TBuf16, usually written TBuf.
    """

    __slots__ = ()

    def __init__(self, max_length: int, text: str | TDesC16 = "") -> None:
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        super().__init__(ClientBuffer(max_length, ""))
        if text:
            self.copy(text)


class TBuf8(TDes8):
    """A buffer of its own for *max_length* bytes.

    A negative maximum panics USER 30. Original: TBuf8.
    """

    __slots__ = ()

    def __init__(self, max_length: int, data: bytes | TDesC8 = b"") -> None:
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        super().__init__(ClientBuffer(max_length, bytearray()))
        if data:
            self.copy(data)


TBuf = TBuf16


class TPtr16(TDes16):
    """A writable view of another descriptor: both show one length and one text.

    Original: TPtr16, usually written TPtr.
    """

    __slots__ = ()

    def __init__(self, source: "TDes16 | TBufC16") -> None:
        super().__init__(source.client)


class TPtr8(TDes8):
    """A writable view of another descriptor, or of a bytearray, filled in place.

    A bytearray offers as many bytes as it has, of which *length* count. Client memory
    is taken as it is: `RChunk.ptr8` makes such.
    Original: TPtr8.
    """

    __slots__ = ()

    def __init__(
        self, source: "TDes8 | TBufC8 | bytearray | ClientBuffer", length: int = 0
    ) -> None:
        if isinstance(source, bytearray):
            super().__init__(ClientBuffer(len(source), source))
            self.set_length(length)
        elif isinstance(source, ClientBuffer):
            super().__init__(source)
        else:
            super().__init__(source.client)


TPtr = TPtr16


class TBufC16(TDesC16):
    """A buffer that is constant, but for what `des` is used for.

    Original: TBufC16, usually written TBufC; HBufC16 is one on the heap.
    """

    __slots__ = ("client",)

    def __init__(self, max_length: int, text: str = "") -> None:
        self.client: Final = TBuf16(max_length, text).client

    def contents(self) -> str:
        """The text."""
        return self.client.contents()  # type: ignore[return-value] # wide

    def des(self) -> TPtr16:
        """A view to write it by. Original: TBufC16::Des."""
        return TPtr16(self)


class TBufC8(TDesC8):
    """A buffer that is constant, but for what `des` is used for.

    Original: TBufC8; HBufC8 is one on the heap.
    """

    __slots__ = ("client",)

    def __init__(self, max_length: int, data: bytes = b"") -> None:
        self.client: Final = TBuf8(max_length, data).client

    def contents(self) -> bytes:
        """The bytes."""
        return self.client.contents()  # type: ignore[return-value] # 8-bit

    def des(self) -> TPtr8:
        """A view to write it by. Original: TBufC8::Des."""
        return TPtr8(self)


TBufC = TBufC16
HBufC = HBufC16 = TBufC16  # where a buffer lies makes no difference here
HBufC8 = TBufC8


class RBuf16(TDes16):
    """A buffer whose room can change. Original: RBuf16, usually written RBuf."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(ClientBuffer(0, ""))

    def create(self, max_length: int, text: str = "") -> Self:
        """Make room for *max_length* characters. Original: RBuf16::Create."""
        self.close()
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        self.client.max_length = max_length
        self.copy(text)
        return self

    def re_alloc(self, max_length: int) -> None:
        """Change the room; less than the length panics USER 14.

        Original: RBuf16::ReAlloc.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.client.data = self.contents()
        self.client.max_length = max_length

    def close(self) -> None:
        """Give up contents and room. Original: RBuf16::Close."""
        self.client.data = ""
        self.client.length = self.client.max_length = 0

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

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(ClientBuffer(0, bytearray()))

    def create(self, max_length: int, data: bytes = b"") -> Self:
        """Make room for *max_length* bytes. Original: RBuf8::Create."""
        self.close()
        if max_length < 0:
            self._panic(self.panics.max_length_negative)
        self.client.max_length = max_length
        self.copy(data)
        return self

    def re_alloc(self, max_length: int) -> None:
        """Change the room; less than the length panics USER 26.

        Original: RBuf8::ReAlloc.
        """
        if max_length < self.client.length:
            self._panic(self.panics.re_alloc)
        self.client.data = bytearray(self.contents())
        self.client.max_length = max_length

    def close(self) -> None:
        """Give up contents and room. Original: RBuf8::Close."""
        self.client.data = bytearray()
        self.client.length = self.client.max_length = 0

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
