"""A bridge: an application of GEOS that is a client of the Symbian count server.

An application, that `bridge.py` has launched. What comes as a message is sent on as a
request; its result goes back as a message.
"""

from typing import Final

from servers.count.simple.client import RCountServSession
from userlib import Leave
from userlib.geos import (
    MANUFACTURER_ID_SDK,
    AppLaunchBlock,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    Optr,
    message,
    method,
    obj_message,
)

BRIDGE_TOKEN: Final = GeodeToken(b"CNTB", MANUFACTURER_ID_SDK)


class CountClientClass(GenProcessClass):
    """What the process objects of clients are derived from: it knows the answers."""

    MSG_COUNT_IS = message(value=int)
    MSG_COUNT_FAILED = message(code=int)


class BridgeProcessClass(GenProcessClass):
    """Has one session with the count server, on its process thread."""

    MSG_BRIDGE_SET = message(text=str, answer_to=Optr)
    MSG_BRIDGE_ADD = message(amount=int, answer_to=Optr)

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_ENGINE)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Connect to the Symbian server."""
        self.counter = RCountServSession().connect()

    @method(GenProcessClass.MSG_GEN_PROCESS_CLOSE_ENGINE)
    def close(self) -> None:
        """Disconnect."""
        self.counter.close()

    @method(MSG_BRIDGE_SET)
    def set_counter(self, text: str, answer_to: Optr) -> None:
        """Set the counter from a text; the server refuses what is no number."""
        try:
            self.counter.set_from_string(text)
        except Leave as leave:
            failed = CountClientClass.MSG_COUNT_FAILED
            obj_message(answer_to, failed, code=int(leave.code))
        else:
            self.answer(answer_to)

    @method(MSG_BRIDGE_ADD)
    def add(self, amount: int, answer_to: Optr) -> None:
        """Count."""
        self.counter.increase_by(amount)
        self.answer(answer_to)

    def answer(self, to: Optr) -> None:
        """Tell the client what the server says."""
        value = self.counter.counter_value()
        obj_message(to, CountClientClass.MSG_COUNT_IS, value=value)


GEODE: Final = Geode(
    "count bridge",
    BRIDGE_TOKEN,
    BridgeProcessClass,
    GenApplicationClass,
    ui_thread=True,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
