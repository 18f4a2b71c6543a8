"""TIpcArgs: the up to four arguments of a message."""

from typing import Any, Final, TypeAlias, cast

from kernel.abi.ipc import IpcArgs, IpcValue, KArgTypeBits, KArgTypeMask, TArgType
from kernel.abi.limits import KMaxMessageArguments, KMaxTInt, KMinTInt
from userlib.symbian.descriptors import TDesCBase
from userlib.symbian.handle import RHandleBase
from userlib.symbian.word import signed_word

# Any: of either width.
Argument: TypeAlias = int | str | bytes | TDesCBase[Any] | RHandleBase | None


class TIpcArgs:
    """Arguments by position: `TIpcArgs(7, "text", buffer)`.

    An int is passed as itself; str and bytes are constant descriptors, 16 and 8 bits
    wide; a descriptor goes as what it is; a handle may be opened by the server; None,
    and what is absent, reads as 0. A descriptor's length is taken when the message is
    sent.

    Raises: OverflowError for an int outside -2^31 to 2^32 - 1 (the upper half reads
        back as negative), TypeError for anything else; both before anything is sent.
    Original: TIpcArgs (e32std.h).
    """

    __slots__ = ("types", "values")

    def __init__(self, *values: Argument) -> None:
        # Most requests carry small integers or nothing: passed on as they are.
        for value in values:
            if type(value) is not int or not KMinTInt <= value <= KMaxTInt:
                self._encode(values)
                return
        if len(values) > KMaxMessageArguments:
            _refuse_count(values)
        self.values = cast("IpcArgs", values)  # the loop saw nothing but ints
        self.types = 0

    def _encode(self, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) > KMaxMessageArguments:
            _refuse_count(arguments)
        values: list[IpcValue] = []
        types = 0
        shift = 0
        for argument in arguments:
            value, kind = encode(argument)
            values.append(value)
            types |= kind << shift
            shift += KArgTypeBits
        self.values = tuple(values)
        self.types = types

    def set(self, index: int, argument: Argument) -> None:
        """Replace argument *index*, from 0 to 3. Original: TIpcArgs::Set."""
        if not 0 <= index < KMaxMessageArguments:
            raise IndexError(f"a message has no argument {index}")
        value, kind = encode(argument)
        self.values, self.types = replace(self.values, self.types, index, value, kind)

    def __repr__(self) -> str:
        return f"TIpcArgs{self.values!r}"


def encode(argument: Argument) -> tuple[IpcValue, int]:
    """What goes to the kernel for *argument*, and its `TArgType`."""
    if argument is None:
        return 0, TArgType.EUnspecified
    if isinstance(argument, int):
        return signed_word(argument), TArgType.EUnspecified
    if isinstance(argument, str):
        return argument, TArgType.EDesC16
    if isinstance(argument, bytes):
        return argument, TArgType.EDesC8
    if isinstance(argument, TDesCBase):
        return argument.ipc_value(), argument.ipc_type
    if isinstance(argument, RHandleBase):
        return argument.handle, TArgType.EHandle
    raise TypeError(
        f"a message carries int, str, bytes, descriptors and handles, not {argument!r}"
    )


def replace(
    values: IpcArgs, types: int, index: int, value: IpcValue, kind: int
) -> tuple[IpcArgs, int]:
    """*values* and *types* with another argument *index*."""
    padded = (*values, 0, 0, 0, 0)
    length = max(len(values), index + 1)
    shift = index * KArgTypeBits
    return (
        (*padded[:index], value, *padded[index + 1 : length]),
        types & ~(KArgTypeMask << shift) | kind << shift,
    )


def _refuse_count(values: tuple[object, ...]) -> None:
    raise TypeError(f"a message has at most 4 arguments, not {len(values)}")


NO_ARGS: Final = TIpcArgs()  # what a request without arguments sends
