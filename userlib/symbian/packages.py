"""TPckgBuf and its like: a structure carried as an 8-bit descriptor.

The structure is a format of the `struct` module; say `<` for the originals' layout.
"""

import struct
from typing import Any, Final, TypeAlias

from kernel.abi.memory import ClientBuffer
from userlib.symbian.buffers import TDes8
from userlib.symbian.descriptors import TDesC8

Field: TypeAlias = int | float | bytes

_KTInt: Final = "<i"


class _Structure:
    """A layout and its image in bytes, from a package's arguments."""

    __slots__ = ("image", "layout")

    def __init__(self, values: tuple[str | Field, ...]) -> None:
        with_format = bool(values) and isinstance(values[0], str)
        self.layout = struct.Struct(str(values[0]) if with_format else _KTInt)
        fields = values[1:] if with_format else values
        self.image = self.layout.pack(*fields) if fields else bytes(self.layout.size)


def _value(layout: struct.Struct, data: bytes | bytearray) -> Any:  # noqa: ANN401
    """The field, or the tuple of them if there are several: the format decides."""
    fields = layout.unpack(bytes(data[: layout.size]))
    return fields[0] if len(fields) == 1 else fields


class TPckgBuf(TDes8):
    """A structure of its own, as a descriptor of exactly its size.

    `TPckgBuf(5)` holds a TInt; `TPckgBuf("<iq", 5, 6)` what the format says, zeros if
    no value is given. Calling it gives the value, or the tuple of several.

    Original: TPckgBuf<T> (e32std.h).
    """

    __slots__ = ("_layout",)

    def __init__(self, *values: str | Field) -> None:
        structure = _Structure(values)
        self._layout = structure.layout
        storage = bytearray(structure.image)
        super().__init__(ClientBuffer(len(storage), storage))

    def __call__(self) -> Any:  # noqa: ANN401 - the format decides
        """The value now. Original: TPckgBuf::operator()."""
        return _value(self._layout, self.client.data)  # type: ignore[arg-type] # 8-bit

    def set(self, *fields: Field) -> None:
        """Store another value.

        Original: none; assigning to what operator() refers to.
        """
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

    __slots__ = ("_structure",)

    def __init__(self, *values: str | Field) -> None:
        self._structure = _Structure(values)

    def contents(self) -> bytes:
        """The structure's bytes. Original: none; TDesC::Ptr and Length."""
        return self._structure.image

    def __call__(self) -> Any:  # noqa: ANN401 - the format decides
        """The value. Original: TPckgC::operator()."""
        return _value(self._structure.layout, self._structure.image)
