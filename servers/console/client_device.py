"""RConsoleDevice: the terminal's end of the console server.

A terminal opens the device, then asks for orders, one after the other: what it was
ordered to print is printed when it asks again. Keys and lines may come from the same
session or from others; all need the capability SwEvent.

Original: none. There the server reads the keyboard and writes the screen by itself.
"""

from dataclasses import dataclass
from typing import Final, Self

from servers.console.keys import TEventModifier, TKeyEvent
from servers.console.protocol import (
    LINE_NUMBER,
    LOOK,
    ORDER,
    SCREEN,
    START,
    KConsoleServerName,
    KConsoleVersion,
    KFieldSeparator,
    KMaxConsSize,
    KMaxLine,
    KMaxOrder,
    KScreenHeight,
    KScreenWidth,
    KSeparator,
    TAbility,
    TicketT,
    TOrder,
    TPlace,
    TScreenState,
    TWsMessage,
)
from userlib import (
    KErrNone,
    KErrOverflow,
    Leave,
    RSessionBase,
    TBuf,
    TBuf8,
    TIpcArgs,
    TRequestStatus,
)

_KMaxCandidates: Final = KMaxOrder  # characters of all candidates for one text


@dataclass(frozen=True, slots=True)
class TDeviceOrder:
    """What a terminal is to do.

    Original: none; a terminal takes the place of screen and keyboard.
    """

    kind: TOrder
    text: str
    ticket: TicketT
    number: int

    @property
    def prompt(self) -> str:
        """What stands before the line to be edited."""
        return self._field(0)

    @property
    def line(self) -> str:
        """What the line is to begin with."""
        return self._field(1)

    @property
    def history(self) -> list[str]:
        """Earlier lines, oldest first."""
        text = self._field(2)
        return text.split(KSeparator) if text else []

    def _field(self, index: int) -> str:
        return (*self.text.split(KFieldSeparator, 2), "", "", "")[index]


class TOrderBuf:
    """Where a request for an order puts it.

    Original: none; a terminal takes the place of screen and keyboard.
    """

    def __init__(self) -> None:
        self.text: Final = TBuf(KMaxOrder)
        self.package: Final = TBuf8(ORDER.size)

    def order(self, code: int) -> TDeviceOrder:
        """The order that the request completed with."""
        ticket, number = ORDER.unpack(bytes(self.package))
        return TDeviceOrder(TOrder(code), str(self.text), TicketT(ticket), number)


class TScreenBuf:
    """A terminal's copy of the screen, and where requests put what has changed.

    Original: none; a terminal takes the place of screen and keyboard.
    """

    def __init__(self) -> None:
        self.state = TScreenState()
        self._make_room(KScreenWidth, KScreenHeight)

    def args(self) -> TIpcArgs:
        """The arguments of a request."""
        return TIpcArgs(self._texts, self._looks, self._head)

    def apply(self) -> None:
        """A request is complete: bring the copy up to date."""
        head = bytes(self._head)
        width, height, x, y, cursor_height, bells, count = SCREEN.unpack_from(head)
        numbers = LINE_NUMBER.iter_unpack(head[SCREEN.size :][: count * 4])
        rows, looks = [""] * height, [b""] * height
        rows[: len(self.state.rows)] = self.state.rows[:height]
        looks[: len(self.state.looks)] = self.state.looks[:height]
        texts, cells = str(self._texts), bytes(self._looks)
        length = width * LOOK.size
        for index, (number,) in enumerate(numbers):
            rows[number] = texts[index * width :][:width]
            looks[number] = cells[index * length :][:length]
        self.state = TScreenState(
            tuple(rows), tuple(looks), TPlace(x, y), cursor_height, bells
        )

    def grow(self) -> None:
        """The buffers were too small for the screen."""
        width, height, *_ = SCREEN.unpack_from(bytes(self._head))
        self._make_room(width, height)

    def _make_room(self, width: int, height: int) -> None:
        self._texts = TBuf(width * height)
        self._looks = TBuf8(width * height * LOOK.size)
        self._head = TBuf8(SCREEN.size + LINE_NUMBER.size * KMaxConsSize)


class RConsoleDevice(RSessionBase):
    """A terminal's session; without SwEvent all it asks is KErrPermissionDenied.

    Original: none; a terminal takes the place of screen and keyboard.
    """

    __slots__ = ()

    def connect(self) -> Self:
        """Connect; enough to send keys, lines and the like."""
        return self.create_session(KConsoleServerName, KConsoleVersion)

    def open_device(
        self,
        abilities: TAbility,
        width: int = KScreenWidth,
        height: int = KScreenHeight,
    ) -> None:
        """Take the orders from now on. Raises: KErrInUse if another does."""
        args = TIpcArgs(abilities, width, height)
        self.send_receive(TWsMessage.EDeviceOpen, args)

    # Orders.

    def next_order(self) -> TDeviceOrder:
        """Say that the last order is carried out, and wait for the next."""
        buffer = TOrderBuf()
        args = TIpcArgs(buffer.text, buffer.package)
        code = self.send_receive(TWsMessage.EDeviceNext, args)
        return buffer.order(code)

    def request_order(self, buffer: TOrderBuf, status: TRequestStatus) -> None:
        """The same with a status, which is the argument for `buffer.order`."""
        args = TIpcArgs(buffer.text, buffer.package)
        self.request(TWsMessage.EDeviceNext, args, status)

    def order_cancel(self) -> None:
        """Complete an outstanding request for an order with KErrCancel."""
        self.send_receive(TWsMessage.EDeviceNextCancel)

    # Input.

    def send_key(
        self, code: int, modifiers: TEventModifier = TEventModifier.ENone
    ) -> bool:
        """A key was pressed; as send_event."""
        return self.send_event(TKeyEvent(code, modifiers))

    def send_text(self, text: str) -> None:
        """The keys that make *text*, one after the other."""
        for character in text:
            self.send_key(ord(character))

    def send_event(self, event: TKeyEvent) -> bool:
        """Something was pressed or pointed at.

        Returns: whether a program was waiting for it; else it waits for one.
        """
        args = TIpcArgs(event.pack())
        return bool(self.send_receive(TWsMessage.EDeviceEvent, args))

    def end_input(self) -> None:
        """No key will come any more: who waits for one is told KErrEof."""
        self.send_receive(TWsMessage.EDeviceEndOfInput)

    def send_line(self, ticket: TicketT, code: int, text: str = "") -> None:
        """A line is done: KErrNone, KErrEof, KErrAbort; KErrCancel gives it back.

        KErrOverflow says that it was too long, and is not there.

        Raises: KErrOverflow for more than 4096 characters; it is then still awaited.
        """
        args = TIpcArgs(ticket, code, text)
        self.send_receive(TWsMessage.EDeviceLine, args)

    def complete(self, ticket: TicketT, text: str) -> tuple[int, list[str]]:
        """Candidates for a line that so far is *text*, and where in it they begin.

        Raises: KErrNotFound if nobody waits for that line any more.
        """
        found, start = TBuf(_KMaxCandidates), TBuf8(START.size, bytes(START.size))
        args = TIpcArgs(ticket, text[:KMaxLine], found, start)
        self.send_receive(TWsMessage.EDeviceComplete, args)
        (first,) = START.unpack(bytes(start))
        return first, str(found).split(KSeparator) if found.length else []

    # The screen.

    def resize(self, width: int, height: int) -> None:
        """The screen has another size now. Raises: KErrArgument."""
        args = TIpcArgs(width, height)
        self.send_receive(TWsMessage.EDeviceResize, args)

    def read_screen(self, screen: TScreenBuf) -> TScreenState:
        """What is to be seen now."""
        code = self.try_send_receive(TWsMessage.EDeviceScreen, screen.args())
        while code == KErrOverflow:
            screen.grow()
            code = self.try_send_receive(TWsMessage.EDeviceScreen, screen.args())
        if code != KErrNone:
            raise Leave(code)
        screen.apply()
        return screen.state

    def screen_text(self) -> list[str]:
        """The lines of the whole screen, without blanks at their ends."""
        return [row.rstrip() for row in self.read_screen(TScreenBuf()).rows]

    def request_update(self, screen: TScreenBuf, status: TRequestStatus) -> None:
        """Complete when the screen differs from what this session read last.

        Then `screen.apply` brings the copy up to date; KErrOverflow: the screen has
        grown, and `read_screen` reads it.
        """
        self.request(TWsMessage.EDeviceUpdate, screen.args(), status)

    def update_cancel(self) -> None:
        """Complete an outstanding `request_update` with KErrCancel."""
        self.send_receive(TWsMessage.EDeviceUpdateCancel)
