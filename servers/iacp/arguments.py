"""The arguments of a request, one after the other, each of the type it has to be."""

from dataclasses import fields
from typing import Final, TypeVar

from kernel.abi.errors import KErrArgument, Leave
from kernel.abi.event_queue import EventData
from servers.iacp.letters import Completion
from userlib.geos.event import Event, unpack_value
from userlib.geos.flat import Plain, unflatten
from userlib.geos.iacp_constants import IACPSide
from userlib.geos.values import (
    NULL_OPTR,
    AppInstanceReference,
    AppLaunchBlock,
    ClassRef,
    GeodeToken,
    Optr,
)

T = TypeVar("T")

# What unpacking raises for what was never packed.
_KMalformed: Final = (TypeError, ValueError, LookupError)


class Arguments:
    """A reader of a request's tuple. Raises: any method KErrArgument."""

    def __init__(self, data: bytes) -> None:
        request = unflatten(data)
        if not isinstance(request, tuple):
            raise Leave(KErrArgument)
        self._left: Final = iter(request)

    def number(self) -> int:
        """A number."""
        return _of_type(self._next(), int)

    def side(self) -> IACPSide:
        """The side that sends."""
        number = self.number()
        if number not in IACPSide.__members__.values():
            raise Leave(KErrArgument)
        return IACPSide(number)

    def text(self) -> str:
        """A text."""
        return _of_type(self._next(), str)

    def token(self) -> GeodeToken:
        """A token."""
        token = _of_type(self._value(), GeodeToken)
        _check_types((token.chars, token.manuf_id), (bytes, int))
        return token

    def optr(self) -> Optr:
        """An object, which may be null."""
        optr = self.optr_or_none()
        return NULL_OPTR if optr is None else optr

    def optr_or_none(self) -> Optr | None:
        """An object, or None."""
        return _checked_optr(_of_type_or_none(self._value(), Optr))

    def block(self) -> AppLaunchBlock | None:
        """A launch block, or None."""
        block = _of_type_or_none(self._value(), AppLaunchBlock)
        if block is not None:
            _check_fields(block)
            _check_fields(block.app_ref)
        return block

    def event(self) -> EventData:
        """A packed event, in which everything can be unpacked."""
        event = self.event_or_none()
        if event is None:
            raise Leave(KErrArgument)
        return event

    def event_or_none(self) -> EventData | None:
        """A packed event, or None."""
        packed = _of_type_or_none(self._next(), tuple)
        if packed is not None:
            event = _of_type(_unpacked(packed), Event)
            _check_types((event.message, event.owner), (int, int))
            _demand_unpackable(event)
        return packed

    def completion(self, owner: int) -> Completion | None:
        """A packed event of *owner*'s that can be dispatched, or None."""
        packed = self.event_or_none()
        if packed is None:
            return None
        if isinstance(Event.unpack(packed).destination, ClassRef):
            raise Leave(KErrArgument)
        return Completion(packed, owner)

    def _value(self) -> object:
        return _unpacked(self._next())

    def _next(self) -> Plain:
        for value in self._left:
            return value
        raise Leave(KErrArgument)


def _of_type(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise Leave(KErrArgument)
    return value


def _of_type_or_none(value: object, kind: type[T]) -> T | None:
    return None if value is None else _of_type(value, kind)


def _unpacked(packed: Plain) -> object:
    try:
        return unpack_value(packed)
    except _KMalformed as error:
        raise Leave(KErrArgument) from error


def _demand_unpackable(event: Event) -> None:
    """The server needs the destination, and looks for tickets among the values."""
    try:
        destination, values = event.destination, event.values
    except _KMalformed as error:
        raise Leave(KErrArgument) from error
    for value in values:
        if isinstance(value, Event):
            _demand_unpackable(value)
    if isinstance(destination, Optr):
        _checked_optr(destination)
    elif not isinstance(destination, int | ClassRef | None):
        raise Leave(KErrArgument)


def _checked_optr(optr: Optr | None) -> Optr | None:
    if optr is not None:
        _check_types((optr.geode, optr.chunk, optr.thread), (int, int, int))
    return optr


def _check_fields(value: AppLaunchBlock | AppInstanceReference) -> None:
    """Each is of the type that its default has."""
    pristine = type(value)()
    for each in fields(value):
        if each.init:
            default = getattr(pristine, each.name)
            kind = int if isinstance(default, int) else type(default)
            found = _of_type(getattr(value, each.name), kind)
            if isinstance(found, Optr):
                _checked_optr(found)


def _check_types(values: tuple[object, ...], kinds: tuple[type, ...]) -> None:
    for value, kind in zip(values, kinds, strict=True):
        _of_type(value, kind)
