"""The arguments of a request, one after the other, each of the type it has to be."""

from typing import Final, TypeVar

from kernel.abi.errors import KErrArgument, Leave
from kernel.abi.event_queue import EventData
from servers.iacp.letters import Completion
from userlib.geos.event import unpack_value
from userlib.geos.flat import Plain, unflatten
from userlib.geos.iacp_constants import IACPSide
from userlib.geos.values import AppLaunchBlock, GeodeToken, Optr

T = TypeVar("T")


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
        return _of_type(self._value(), GeodeToken)

    def optr(self) -> Optr:
        """An object, which may be null."""
        return _of_type(self._value(), Optr)

    def optr_or_none(self) -> Optr | None:
        """An object, or None."""
        return _of_type_or_none(self._value(), Optr)

    def block(self) -> AppLaunchBlock | None:
        """A launch block, or None."""
        return _of_type_or_none(self._value(), AppLaunchBlock)

    def event(self) -> EventData:
        """A packed event."""
        return _of_type(self._next(), tuple)

    def completion(self, owner: int) -> Completion | None:
        """A packed event of *owner*'s, or None."""
        event = _of_type_or_none(self._next(), tuple)
        return None if event is None else Completion(event, owner)

    def _value(self) -> object:
        try:
            return unpack_value(self._next())
        except (TypeError, ValueError, LookupError) as error:
            raise Leave(KErrArgument) from error

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
