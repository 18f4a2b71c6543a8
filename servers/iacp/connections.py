"""All connections, by their numbers.

Original: the connection tokens of iacpMain.asm; geos-iacp 2.1, 6.1.
"""

from collections.abc import Callable, Iterator
from typing import Final

from servers.iacp.connection import Connection
from servers.iacp.faults import Fatal
from userlib.geos.iacp_protocol import IACPFault

KMaxConnections: Final = 0xFFFF  # a token has sixteen bits, and none is 0


class Connections:
    """Numbers move upward, and begin again when they are used up.

    So one that is over is noticed, unless sixteen bits of others came after it. They
    begin after *last*; *on_number* is told of each before it is given.
    """

    def __init__(
        self, last: int = 0, on_number: Callable[[int], None] = lambda _: None
    ) -> None:
        self._on_number: Final = on_number
        self._open: Final[dict[int, Connection]] = {}
        self._last = last

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def next_number(self) -> int | None:
        """A number that is free; None if none is."""
        if len(self._open) == KMaxConnections:
            return None
        number = self._last
        while True:
            number = number % KMaxConnections + 1
            if number not in self._open:
                self._on_number(number)
                self._last = number
                return number

    def add(self, connection: Connection) -> None:
        """It is open from now on."""
        self._open[connection.number] = connection

    def remove(self, connection: Connection) -> None:
        """It is over."""
        del self._open[connection.number]

    def get(self, number: int) -> Connection:
        """Raises: Fatal if there is no such connection, or no longer."""
        try:
            return self._open[number]
        except KeyError:
            raise Fatal(IACPFault.IACP_INVALID_CONNECTION) from None
