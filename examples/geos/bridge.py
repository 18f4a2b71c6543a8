"""A GEOS client reaches a Symbian server, and its answer comes back as a message.

    eka run --geos examples/geos examples/geos/bridge.py

prints

    the bridge is there
    the counter is 40
    the counter is 42
    the count server refuses forty: 99
    the bridge is gone

    this geode ──IACP──► count_bridge.py ──RCountServSession──► the count server
        ▲                      │
        └── MSG_COUNT_IS ──────┘

This program is a geode itself. It knows the bridge by its token only, and nothing of
sessions; `count_bridge.py` knows both sides.
"""

from typing import Final

from count_bridge import BRIDGE_TOKEN, BridgeProcessClass, CountClientClass

from servers.count.simple.protocol import KCountServerName
from userlib import RProcess, TRequestStatus, User
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_QUIT,
    OPEN_ENGINE,
    TO_PROCESS,
    AppLaunchBlock,
    Event,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    geode_get_app_object,
    geode_open_process,
    iacp,
    message,
    method,
    obj_message,
    record,
)
from userlib.geos.iacp_constants import IACPCF_FIRST_ONLY, IACPS_CLIENT


class CounterProcessClass(CountClientClass):
    """Counts as soon as it is open."""

    MSG_COUNTER_END = message()

    connection: int = 0
    bridge: int = 0

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Ask for three things; the answers are handled later, in that order."""
        self.callsuper()
        RProcess().launch(KCountServerName).close()
        block = iacp.create_default_launch_block(OPEN_ENGINE)
        made = iacp.connect(BRIDGE_TOKEN, IACPCF_FIRST_ONLY, block)
        print("the bridge is there")
        self.connection, self.bridge = made.connection, made.first_owner
        cls = BridgeProcessClass
        self.send(record(cls, cls.MSG_BRIDGE_SET, text="40", answer_to=self))
        self.send(record(cls, cls.MSG_BRIDGE_ADD, amount=2, answer_to=self))
        self.send(
            record(cls, cls.MSG_BRIDGE_SET, text="forty", answer_to=self),
            completion=record(self, self.MSG_COUNTER_END),
        )

    @method(CountClientClass.MSG_COUNT_IS)
    def on_value(self, value: int) -> None:
        """The server's counter."""
        print(f"the counter is {value}")

    @method(CountClientClass.MSG_COUNT_FAILED)
    def on_failure(self, code: int) -> None:
        """The server's refusal."""
        print(f"the count server refuses forty: {code}")

    @method(MSG_COUNTER_END)
    def end(self) -> None:
        """All is answered: leave, and see the bridge close."""
        gone = TRequestStatus()
        with geode_open_process(self.bridge) as bridge:
            bridge.logon(gone)
            iacp.shutdown(self.connection)
            User.wait_for_request(gone)
        print("the bridge is gone")
        obj_message(geode_get_app_object(), MSG_META_QUIT, MF_FORCE_QUEUE)

    def send(self, event: Event, completion: Event | None = None) -> None:
        """Send to the bridge's process object."""
        iacp.send_message(self.connection, event, TO_PROCESS, completion, IACPS_CLIENT)


GEODE: Final = Geode(
    "counter", None, CounterProcessClass, GenApplicationClass, ui_thread=True
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
