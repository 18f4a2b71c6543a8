"""Recorded messages, and how values travel between threads.

What travels is plain data: a value of GEOS' own becomes a tuple that begins with a
letter for what it is. An event is kept in that form, so a copy of it is independent,
and what does not travel is refused when the event is recorded.
"""

from dataclasses import fields
from typing import Any, Final, Self, TypeAlias

from kernel.abi.event_queue import EventData
from userlib.geos.errors import GeosFatalError
from userlib.geos.values import (
    AppInstanceReference,
    AppLaunchBlock,
    ClassRef,
    GeodeToken,
    Optr,
)

# To whom an event goes: an object, a geode, thread or queue, any of a class, anybody.
Destination: TypeAlias = Optr | int | ClassRef | None

KDispatchIfUndeliverable: Final = 0xADEB  # marks an event that must not just be dropped

_KTuple: Final = "t"
_KOptr: Final = "o"
_KToken: Final = "g"
_KClass: Final = "c"
_KReference: Final = "r"
_KBlock: Final = "b"
_KEvent: Final = "e"
_SCALARS: Final = (bool, int, float, str, bytes)  # bool before int


class Event:
    """A recorded message: number, parameters, destination, owner.

    One party has it: a use that hands it over consumes it here, and any further use is
    fatal. Passing it as a parameter of a queued or recorded message is such a use.
    Original: an event handle, as ObjMessage with MF_RECORD returns it.
    """

    __slots__ = ("_destination", "_is_consumed", "_message", "_owner", "_values")

    def __init__(
        self, message: int, values: tuple[object, ...], destination: object, owner: int
    ) -> None:
        """Of plain data; `record` is for programs."""
        self._message: Final = message
        self._values: Final = values
        self._destination = destination
        self._owner = owner
        self._is_consumed = False

    @classmethod
    def make(
        cls,
        message: int,
        values: tuple[object, ...],
        destination: Destination,
        owner: int,
    ) -> Self:
        """Of values; events among them are handed over. Original: none."""
        return cls(
            message,
            tuple(pack_value(value) for value in values),
            pack_value(destination),
            owner,
        )

    def __repr__(self) -> str:
        if self._is_consumed:
            return f"<event {self._message}: consumed>"
        return f"<event {self._message} for {self.destination!r}>"

    @property
    def is_consumed(self) -> bool:
        """Whether it was handed over. Original: none."""
        return self._is_consumed

    @property
    def message(self) -> int:
        """Its number. Original: none; part of ObjGetMessageInfo."""
        self.demand()
        return self._message

    @property
    def values(self) -> tuple[Any, ...]:  # Any: what the message declares
        """The parameters by position; events among them are copies. Original: none."""
        self.demand()
        return tuple(unpack_value(value) for value in self._values)

    @property
    def destination(self) -> Destination:
        """To whom it goes. Original: none; part of ObjGetMessageInfo."""
        self.demand()
        return unpack_value(self._destination)  # type: ignore[no-any-return] # make

    @property
    def owner(self) -> int:
        """The geode that recorded it; 0 if none did. Original: none; HandleOwner."""
        return self._owner

    def set_destination(self, destination: Destination) -> None:
        """Retarget it. Original: none; MessageSetDestination does."""
        self.demand()
        self._destination = pack_value(destination)

    def demand(self) -> None:
        """Fatal if it is consumed. Original: none; part of CheckEventHandle."""
        if self._is_consumed:
            raise GeosFatalError("ILLEGAL_HANDLE", repr(self))

    def consume(self) -> None:
        """It is somebody else's, or nobody's, from now on. Original: none."""
        self.demand()
        self._is_consumed = True

    def pack(self, *, keep: bool = False) -> EventData:
        """Plain data to keep or to send; hands it over unless told. Original: none."""
        self.demand()
        self._is_consumed = not keep
        return (_KEvent, self._message, self._values, self._destination, self._owner)

    @classmethod
    def unpack(cls, packed: EventData) -> Self:
        """An event of its own from plain data. Original: none."""
        _, message, values, destination, owner = packed
        return cls(message, values, destination, owner)  # type: ignore[arg-type] # pack


def pack_value(value: object) -> object:
    """Plain data for a value; an event is handed over.

    Raises: TypeError for what cannot travel. Original: none.
    """
    plain = _plain(value)
    if plain is not None or value is None:
        return plain
    match value:
        case tuple():
            return (_KTuple, *map(pack_value, value))
        case Optr():
            return (_KOptr, value.geode, value.chunk, value.thread)
        case GeodeToken():
            return (_KToken, value.chars, int(value.manuf_id))
        case ClassRef():
            return (_KClass, value.name)
        case AppInstanceReference() | AppLaunchBlock():
            return _pack_fields(value)
        case Event():
            return value.pack()
    optr = getattr(value, "optr", None)
    if isinstance(optr, Optr):  # an object stands for its optr
        return pack_value(optr)
    raise TypeError(
        f"{value!r} cannot travel: numbers, strings, bytes, None, tuples, optrs, "
        "tokens, launch blocks, classes and events can"
    )


def _plain(value: object) -> object:
    """Without what a subclass would add; None if it is no scalar."""
    for kind in _SCALARS:
        if isinstance(value, kind):
            make: Any = kind  # of its own kind, so that always fits
            return make(value)
    return None


def _pack_fields(value: AppInstanceReference | AppLaunchBlock) -> EventData:
    tag = _KBlock if isinstance(value, AppLaunchBlock) else _KReference
    values = (getattr(value, each.name) for each in fields(value) if each.init)
    return (tag, *map(pack_value, values))


def unpack_value(value: object) -> Any:  # noqa: ANN401 - whatever was packed
    """The value that the plain data stand for. Original: none."""
    if not isinstance(value, tuple):
        return value
    tag, *items = value
    if tag == _KEvent:
        return Event.unpack(value)
    parts = tuple(map(unpack_value, items))
    match tag:
        case "t":
            return parts
        case "o":
            return Optr(*parts)
        case "g":
            return GeodeToken(*parts)
        case "c":
            return ClassRef(*parts)
        case "r":
            return AppInstanceReference(*parts)
        case "b":
            return AppLaunchBlock(*parts)
    raise TypeError(f"{value!r} is no packed value")
