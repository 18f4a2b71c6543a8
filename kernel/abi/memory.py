"""Client memory: the only objects of a program that the kernel touches.

Three final classes. The kernel reads and writes their fields and calls no method of
any other object it is handed, so that another `Exec` may carry the calls elsewhere.

Original: the client's address space, as RMessagePtr2 reaches into it.
"""

from typing import final


@final
class ClientStatus:
    """The word that a request's completion code goes to: TRequestStatus::iStatus."""

    __slots__ = ("value",)

    def __init__(self, value: int = 0) -> None:
        self.value = value


@final
class ClientCell:
    """One plain value that the kernel fills in later, before it signals."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: object = None


@final
class ClientBuffer:
    """A descriptor's storage and header: contents, length, fixed capacity.

    8-bit contents are a bytearray that grows up to *max_length* as it is filled, or a
    view of *max_length* bytes of a chunk; 16-bit contents are a str. Only the first
    *length* items count, yet a server's write lands in *data* at once and shows in
    *length* when its message is completed. *bad* stands for a pointer to memory that is
    not there; a view that was released, because its memory was taken back, is another.
    """

    __slots__ = ("bad", "data", "length", "max_length", "modifiable", "wide")

    def __init__(
        self,
        max_length: int,
        data: bytearray | memoryview | str = "",
        *,
        modifiable: bool = True,
    ) -> None:
        self.data = data
        self.wide = isinstance(data, str)
        self.length = len(data)
        self.max_length = max_length
        self.modifiable = modifiable
        self.bad = False

    def contents(self) -> bytes | str:
        """The counted items, copied."""
        if self.wide:
            return self.data[: self.length]  # type: ignore[return-value] # wide: str
        return bytes(memoryview(self.data)[: self.length])  # type: ignore[arg-type] # 8-bit: bytearray
