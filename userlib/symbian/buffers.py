"""Descriptors that are written: data with a length and a maximum length.

Each keeps its data in a ClientBuffer, client memory that a server may write to: the
bytes at once, the length on completion of the message.
"""

from typing import Final

from kernel.abi.current import panic
from kernel.abi.ipc import IpcValue, TArgType
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import KERN_EXEC, TKernExec
from userlib.symbian.descriptors import TDesC8, TDesC16
from userlib.symbian.editing import TDesBase


class TDes16(TDesBase[str], TDesC16):
    """16-bit data that can be written. Original: TDes16, usually written TDes."""

    ipc_type = TArgType.EDes16

    __slots__ = ()

    def _store(self, position: int, data: str) -> None:
        kept: str = self.client.data[:position]  # type: ignore[assignment] # wide
        self.client.data = kept + data

    def _zeros(self, count: int) -> str:
        return "\0" * count

    def _text(self, text: str) -> str:
        return text

    def __setitem__(self, index: int, item: str) -> None:
        """One character; outside 0 to length - 1 panics USER 9."""
        self._check_index(index)
        if len(item) != 1:
            raise ValueError(f"{item!r} is not one character")
        data = self.client.data
        self.client.data = f"{data[:index]}{item}{data[index + 1 :]}"

    def as_const(self) -> "ConstRef16":
        """For a request whose server may only read it, yet sees its maximum.

        Original: none; passing it as `const TDesC16&`.
        """
        return ConstRef16(self)


class TDes8(TDesBase[bytes], TDesC8):
    """8-bit data that can be written. Original: TDes8."""

    ipc_type = TArgType.EDes8

    __slots__ = ()

    def contents(self) -> bytes:
        """The counted bytes, copied; from memory that is gone panics KERN-EXEC 3.

        Original: none; TDesC::Ptr and Length.
        """
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

    def _text(self, text: str) -> bytes:
        return text.encode("latin-1", "replace")

    def __setitem__(self, index: int, item: int) -> None:
        """One byte; outside 0 to length - 1 panics USER 21."""
        self._check_index(index)
        self._store(index, bytes((item,)))

    def as_const(self) -> "ConstRef8":
        """For a request whose server may only read it, yet sees its maximum.

        Original: none; passing it as `const TDesC8&`.
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

    def set(self, source: "TDes16 | TBufC16") -> None:
        """Look at something else. Original: TPtr16::Set."""
        self.client = source.client


class TPtr8(TDes8):
    """A writable view of another descriptor, or of a bytearray, filled in place.

    A bytearray offers as many bytes as it has, of which *length* count: a negative one
    panics USER 29, more than there are USER 20. Client memory is taken as it is:
    `RChunk.ptr8` makes such.
    Original: TPtr8.
    """

    __slots__ = ()

    def __init__(
        self, source: "TDes8 | TBufC8 | bytearray | ClientBuffer", length: int = 0
    ) -> None:
        super().__init__(self._memory(source, length))

    def set(
        self, source: "TDes8 | TBufC8 | bytearray | ClientBuffer", length: int = 0
    ) -> None:
        """Look at something else. Original: TPtr8::Set."""
        self.client = self._memory(source, length)

    def _memory(
        self, source: "TDes8 | TBufC8 | bytearray | ClientBuffer", length: int
    ) -> ClientBuffer:
        if isinstance(source, ClientBuffer):
            return source
        if not isinstance(source, bytearray):
            return source.client
        self._check_count(length)
        if length > len(source):
            self._panic(self.panics.length)
        memory = ClientBuffer(len(source), source)
        memory.length = length
        return memory


TPtr = TPtr16


class TBufC16(TDesC16):
    """A buffer that is constant, but for what `des` is used for.

    Original: TBufC16, usually written TBufC; HBufC16 is one on the heap.
    """

    __slots__ = ("client",)

    def __init__(self, max_length: int, text: str = "") -> None:
        self.client: Final = TBuf16(max_length, text).client

    def contents(self) -> str:
        """The text. Original: none; TDesC::Ptr and Length."""
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
        """The bytes. Original: none; TDesC::Ptr and Length."""
        return self.client.contents()  # type: ignore[return-value] # 8-bit

    def des(self) -> TPtr8:
        """A view to write it by. Original: TBufC8::Des."""
        return TPtr8(self)


TBufC = TBufC16
