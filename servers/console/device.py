"""What the server has for a terminal to do: its orders, and whom they keep waiting.

A write is complete when the terminal has printed it, which it says by asking for the
next order. So what programs print elsewhere comes in the right order, and nobody
writes faster than a terminal can print.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from servers.console.protocol import (
    ORDER,
    KMaxOrder,
    TAbility,
    TicketT,
    TOrder,
)
from userlib import KErrCancel, KErrNone, Leave, RMessage2

KNoTicket: Final = TicketT(0)


@dataclass(slots=True)
class Order:
    """One thing to do, and the messages that are complete when it is done."""

    kind: TOrder
    text: str = ""
    ticket: TicketT = KNoTicket
    number: int = 0
    messages: list[RMessage2] = field(default_factory=list)


class Device:
    """The terminal that takes orders.

    Threads: the server's.
    """

    def __init__(self, abilities: TAbility) -> None:
        # Fixed for life:
        self.abilities: Final = abilities

        self._orders: Final[deque[Order]] = deque()
        self._next: RMessage2 | None = None  # its request for an order
        self._under_way: list[RMessage2] = []  # of the order that it works on
        self._reader: object = None  # who waits for keys, as it is to be told
        self._knows_reader = False  # it was told that somebody does

    @property
    def streams(self) -> bool:
        """Whether it prints what is written."""
        return bool(self.abilities & TAbility.EStream)

    @property
    def edits_lines(self) -> bool:
        """Whether it has lines edited."""
        return bool(self.abilities & TAbility.EEditLine)

    def print(self, text: str, message: RMessage2 | None) -> None:
        """Have *text* printed; then *message* is complete."""
        while text:
            room = self._printing_order()
            part = text[: KMaxOrder - len(room.text)]
            room.text += part
            text = text[len(part) :]
        if message is not None:
            self._orders[-1].messages.append(message)
        self._hand_out()

    def order(self, order: Order) -> None:
        """Have something done, after what was ordered before."""
        self._orders.append(order)
        self._hand_out()

    def want_keys(self, reader: object) -> None:
        """*reader*, a read or a line, waits for keys now; or nobody does, None.

        Told for each anew, so that a device may send one key at a time. What it has not
        been told yet and is no longer so, it never hears.
        """
        if reader is self._reader:
            return
        self._reader = reader
        for order in [one for one in self._orders if one.kind == TOrder.EWantKeys]:
            self._orders.remove(order)
        if reader is not None or self._knows_reader:
            self.order(Order(TOrder.EWantKeys, number=int(reader is not None)))

    # Its requests.

    def ask(self, message: RMessage2) -> bool:
        """It wants an order, and has done the last; False if it asked already."""
        if self._next is not None:
            return False
        self._finish()
        self._next = message
        self._hand_out()
        return True

    def ask_cancel(self) -> None:
        """It wants none any more."""
        message, self._next = self._next, None
        if message is not None:
            message.complete(KErrCancel)

    # Ends.

    def forget(self, messages: list[RMessage2]) -> None:
        """Their session ends: complete them now."""
        for order in self._orders:
            order.messages = _without(order.messages, messages)
        self._under_way = _without(self._under_way, messages)
        _complete(messages)

    def close(self) -> None:
        """It is gone: nobody waits for it."""
        self._next = None
        self._finish()
        while self._orders:
            _complete(self._orders.popleft().messages)

    def _printing_order(self) -> Order:
        """The last order, if it has room for more to print; else a new one."""
        last = self._orders[-1] if self._orders else None
        if last is None or last.kind != TOrder.EPrint or len(last.text) == KMaxOrder:
            last = Order(TOrder.EPrint)
            self._orders.append(last)
        return last

    def _hand_out(self) -> None:
        if self._next is None or not self._orders:
            return
        message, self._next = self._next, None
        order = self._orders[0]
        try:
            message.write(0, order.text)
            message.write(1, ORDER.pack(order.ticket, order.number))
        except Leave as leave:  # its buffers are bad; the order waits for better ones
            message.complete(leave.code)
            return
        self._orders.popleft()
        self._under_way = order.messages
        if order.kind == TOrder.EWantKeys:
            self._knows_reader = bool(order.number)
        message.complete(order.kind)

    def _finish(self) -> None:
        done, self._under_way = self._under_way, []
        _complete(done)


def _complete(messages: list[RMessage2]) -> None:
    for message in messages:
        message.complete(KErrNone)


def _without(messages: list[RMessage2], gone: list[RMessage2]) -> list[RMessage2]:
    return [message for message in messages if message not in gone]
