"""TPckgBuf and its like: a structure carried as an 8-bit descriptor.

The structure is a format of the `struct` module; say `<` for the originals' layout.
"""

import struct
from typing import Any, Final

from kernel.abi.memory import ClientBuffer
from userlib.symbian.buffers import TDes8
from userlib.symbian.descriptors import TDesC8

_KTInt: Final = "<i"


def _layout(values: tuple[Any, ...]) -> tuple[struct.Struct, tuple[Any, ...]]:
    """Format and fields from a package's arguments; without a format, one TInt."""
    if values and isinstance(values[0], str):
        layout = struct.Struct(values[0])
        fields = values[1:]
    else:
        layout = struct.Struct(_KTInt)
        fields = values
    if not fields:
        return layout, layout.unpack(bytes(layout.size))
    return layout, fields


def _value(layout: struct.Struct, data: bytes | bytearray) -> Any:  # noqa: ANN401 - the format decides
    """The field, or the tuple of them if the structure has several."""
    fields = layout.unpack(bytes(data[: layout.size]).ljust(layout.size, b"\0"))
    return fields[0] if len(fields) == 1 else fields


class TPckgBuf(TDes8):
    """A structure of its own, as a descriptor of exactly its size.

    `TPckgBuf(5)` holds a TInt; `TPckgBuf("<iq", 5, 6)` what the format says, zeros if no
    value is given. Calling it gives the value, or the tuple of several.

    Original: TPckgBuf<T> (e32std.h).
    """

    __slots__ = ("_layout",)

    def __init__(self, *values: Any) -> None:  # noqa: ANN401 - the format decides
        self._layout, fields = _layout(values)
        image = bytearray(self._layout.pack(*fields))
        super().__init__(ClientBuffer(len(image), image))

    def __call__(self) -> Any:  # noqa: ANN401 - the format decides
        """The value now. Original: TPckgBuf::operator()."""
        return _value(self._layout, self.client.data)  # type: ignore[arg-type] # 8-bit

    def set(self, *fields: Any) -> None:  # noqa: ANN401 - the format decides
        """Store another value. Original: assigning to what operator() refers to."""
        self.copy(self._layout.pack(*fields))


class TPckg(TPckgBuf):
    """A structure in the caller's bytearray: what a server writes shows there at once.

    Original: TPckg<T>.
    """

    __slots__ = ()

    def __init__(self, layout: str, storage: bytearray) -> None:
        self._layout = struct.Struct(layout)
        if len(storage) != self._layout.size:
            raise ValueError(
                f"{layout!r} takes {self._layout.size} bytes, not {len(storage)}"
            )
        TDes8.__init__(self, ClientBuffer(len(storage), storage))


class TPckgC(TDesC8):
    """A constant structure as a descriptor. Original: TPckgC<T>."""

    __slots__ = ("_image", "_layout")

    def __init__(self, *values: Any) -> None:  # noqa: ANN401 - the format decides
        self._layout, fields = _layout(values)
        self._image = self._layout.pack(*fields)

    def contents(self) -> bytes:
        """The structure's bytes."""
        return self._image

    def __call__(self) -> Any:  # noqa: ANN401 - the format decides
        """The value. Original: TPckgC::operator()."""
        return _value(self._layout, self._image)
