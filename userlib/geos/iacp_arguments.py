"""What is passed to IACP's routines, looked at before anything happens.

The server refuses what it cannot use too, but by a code. What a program gets wrong is
said here in its own words.
"""

from typing import TypeAlias

from userlib.geos.errors import GeosFatalError
from userlib.geos.event import Event, pack_value
from userlib.geos.flat import Plain
from userlib.geos.iacp_constants import IACPServerMode, IACPSide
from userlib.geos.object_class import GeosClass
from userlib.geos.values import NULL_OPTR, AppLaunchBlock, GeodeToken, Optr

Object: TypeAlias = Optr | GeosClass  # an object stands for its optr


def optr_of(obj: Object | None) -> Optr:
    """The optr meant; null for None. Raises: TypeError. Original: none."""
    if obj is None:
        return NULL_OPTR
    if isinstance(obj, GeosClass):
        return obj.optr
    if isinstance(obj, Optr):
        return obj
    raise TypeError(f"an object, or its optr, is wanted, and not {obj!r}")


def packed_server(server: Object) -> Plain:
    """An object that is to serve. Raises: GeosFatalError if it is null; as optr_of.

    Original: none; part of ECCheckOD.
    """
    optr = optr_of(server)
    if not optr:
        raise GeosFatalError("ILLEGAL_HANDLE", "no object is to be the server")
    return pack_value(optr)


def packed_token(token: GeodeToken) -> Plain:
    """Raises: TypeError. Original: none."""
    if not isinstance(token, GeodeToken):
        raise TypeError(f"a token is a GeodeToken, and not {token!r}")
    return pack_value(token)


def packed_block(block: AppLaunchBlock | None) -> Plain:
    """A launch block, which is given away. Raises: TypeError. Original: none."""
    if block is None:
        return None
    if not isinstance(block, AppLaunchBlock):
        raise TypeError(f"a launch block is an AppLaunchBlock, and not {block!r}")
    block.consume()
    return pack_value(block)


def checked_connection(connection: int) -> int:
    """Raises: TypeError. Original: none."""
    if isinstance(connection, int):
        return int(connection)
    if hasattr(connection, "connection"):
        raise TypeError("a connection is the number in a ConnectResult: .connection")
    raise TypeError(f"a connection is a number, and not {connection!r}")


def checked_event(event: Event) -> Event:
    """Raises: TypeError; GeosFatalError if it is consumed. Original: none."""
    if not isinstance(event, Event):
        raise TypeError(f"an event is what record(…) makes, and not {event!r}")
    event.demand()
    return event


def checked_number(number: int, what: str) -> int:
    """Raises: TypeError. Original: none."""
    if not isinstance(number, int):
        raise TypeError(f"{what} is a number, and not {number!r}")
    return int(number)


def checked_text(text: str, what: str) -> str:
    """Raises: TypeError. Original: none."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is a text, and not {text!r}")
    return text


def checked_side(side: int) -> IACPSide:
    """Raises: ValueError. Original: none."""
    if side not in IACPSide.__members__.values():
        raise ValueError(f"a side is IACPS_CLIENT or IACPS_SERVER, and not {side!r}")
    return IACPSide(side)


def checked_mode(mode: int) -> IACPServerMode:
    """Raises: ValueError. Original: none."""
    if mode not in IACPServerMode.__members__.values():
        raise ValueError(f"a server's mode is an IACPServerMode, and not {mode!r}")
    return IACPServerMode(mode)


def demand_time(timeout_us: int | None) -> None:
    """Raises: ValueError for a negative one. Original: none."""
    if timeout_us is not None and timeout_us < 0:
        raise ValueError(f"a time-out of {timeout_us} us")
