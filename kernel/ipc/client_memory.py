"""Reading and writing a client's buffers.

Only the three classes of kernel/abi/memory.py are touched, by type. A buffer's header
is read once, when it is sent; the kernel then keeps lengths of its own and gives the
client the new ones at completion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadDescriptor,
    KErrOverflow,
)
from kernel.abi.ipc import (
    KArgConstFlag,
    KArgDesFlag,
    KArgTypeBits,
    KArgTypeMask,
    KArgWideFlag,
)
from kernel.abi.limits import KMaxMessageArguments
from kernel.abi.memory import ClientBuffer

if TYPE_CHECKING:
    from kernel.abi.ipc import IpcArgs, IpcValue

KPseudoAddress: Final = 0x00400000  # what Ptr gives for a descriptor: no address at all


class Descriptor:
    """One descriptor argument of a message, as it was when the message was sent."""

    __slots__ = ("arg_type", "length", "value")

    def __init__(self, value: bytes | str | ClientBuffer, arg_type: int) -> None:
        self.value = value
        self.arg_type = arg_type
        self.length = value.length if isinstance(value, ClientBuffer) else len(value)

    @property
    def wide(self) -> bool:
        """Whether items are characters, not bytes."""
        return bool(self.arg_type & KArgWideFlag)

    def max_length(self) -> int:
        """Capacity. Raises: KErrBadDescriptor if it has none."""
        if isinstance(self.value, ClientBuffer) and self.value.modifiable:
            return self.value.max_length
        raise KernelError(KErrBadDescriptor)

    def demand_wide(self, wide: bool | None) -> None:
        """Raises: KErrBadDescriptor if the width is another."""
        if wide is not None and wide != self.wide:
            raise KernelError(KErrBadDescriptor)

    def demand_memory(self) -> None:
        """Raises: KErrBadDescriptor if the client's pointer leads nowhere."""
        if isinstance(self.value, ClientBuffer) and (
            self.value.bad or is_released(self.value.data)
        ):
            raise KernelError(KErrBadDescriptor)

    def read(self, offset: int, count: int) -> bytes | str:
        """Up to *count* items from *offset*, which is not negative."""
        end = min(self.length, offset + count)
        value = self.value
        if not isinstance(value, ClientBuffer):
            if offset == 0 and end == len(value):
                return value
            return value[offset:end]
        if isinstance(value.data, str):
            return value.data[offset:end]
        try:
            return bytes(memoryview(value.data)[offset:end])
        except ValueError:  # between two pieces its memory was taken back
            raise KernelError(KErrBadDescriptor) from None

    def demand_writable(self, data: bytes | str, offset: int) -> None:
        """The checks of a write, in the order of symbian-kernel 6.9."""
        if self.arg_type & KArgConstFlag:
            raise KernelError(KErrBadDescriptor)
        self.demand_wide(isinstance(data, str))
        if offset < 0:
            raise KernelError(KErrArgument)
        if offset + len(data) > self.max_length():
            raise KernelError(KErrOverflow)
        self.demand_memory()

    def write(self, data: bytes | str, offset: int) -> None:
        """Put checked *data* at *offset*; the client sees bytes now, length later."""
        buffer = self.value
        assert isinstance(buffer, ClientBuffer)
        end = offset + len(data)
        if isinstance(data, str):
            assert isinstance(buffer.data, str)
            head = buffer.data[:offset].ljust(offset, "\0")
            buffer.data = head + data + buffer.data[end:]
        elif isinstance(buffer.data, bytearray):
            if offset > len(buffer.data):
                buffer.data.extend(bytes(offset - len(buffer.data)))
            buffer.data[offset:end] = data
        else:
            _write_view(buffer.data, offset, data)


def _write_view(data: object, offset: int, written: bytes) -> None:
    assert isinstance(data, memoryview)
    try:
        data[offset : offset + len(written)] = written
    except ValueError:  # as in read
        raise KernelError(KErrBadDescriptor) from None


def is_released(data: bytearray | memoryview | str) -> bool:
    """Whether it showed memory of a chunk that was taken back since."""
    if data.__class__ is not memoryview:
        return False
    try:
        len(data)
    except ValueError:
        return True
    return False


def arg_type(types: int, index: int) -> int:
    """The three bits of one argument."""
    return types >> index * KArgTypeBits & KArgTypeMask


def snapshot(args: IpcArgs, types: int) -> list[Descriptor | None]:
    """Descriptors by argument; None for what is none, or is not consistent."""
    found: list[Descriptor | None] = [None] * KMaxMessageArguments
    for index, value in enumerate(args):
        kind = arg_type(types, index)
        if kind & KArgDesFlag and is_consistent(value, kind):
            assert not isinstance(value, int)
            found[index] = Descriptor(value, kind)
    return found


def is_consistent(value: IpcValue, kind: int) -> bool:
    """Whether a descriptor's header makes sense; else it counts as unspecified."""
    wide = bool(kind & KArgWideFlag)
    if isinstance(value, ClientBuffer):
        return value.wide == wide and 0 <= value.length <= value.max_length
    if isinstance(value, int):
        return False
    if not isinstance(value, str | bytes):
        raise TypeError(f"a message carries no {value!r}")
    return isinstance(value, str) == wide and bool(kind & KArgConstFlag)


def raw_value(value: IpcValue, index: int) -> int:
    """What Int and Ptr give: integers and handles as they are."""
    if isinstance(value, int):
        return value
    return KPseudoAddress + (index << 4)


def raw_values(args: IpcArgs) -> tuple[int, int, int, int]:
    """All four; absent ones are 0."""
    raw = [raw_value(value, index) for index, value in enumerate(args)]
    raw += [0] * (KMaxMessageArguments - len(raw))
    return (raw[0], raw[1], raw[2], raw[3])
