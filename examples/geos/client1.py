"""The first sample client: it dismisses the server.

An application, that `dismiss.py` starts.
"""

from typing import Final

from server import SERVER_TOKEN
from status_text import StatusApplicationClass, set_up, show, status_text

from userlib.geos import (
    MANUFACTURER_ID_SDK,
    MSG_META_QUIT,
    TO_MODEL,
    GenApplicationClass,
    GenProcessClass,
    GenTextClass,
    Geode,
    GeodeToken,
    iacp,
    message,
    method,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT


class Client1ProcessClass(GenProcessClass):
    """Does on its process thread what its user asks for."""

    MSG_CLIENT1_SEND = message()

    @method(MSG_CLIENT1_SEND)
    def send(self) -> None:
        """Connect, tell the server to quit, and leave without waiting for that."""
        made = iacp.connect(SERVER_TOKEN)
        if not made.connection:
            show("cannot connect, is it launched?")
            return
        quit_it = record(GenApplicationClass, MSG_META_QUIT)
        completion = record(
            status_text(),
            GenTextClass.MSG_VIS_TEXT_APPEND,
            text="completion received\n",
        )
        iacp.send_message(made.connection, quit_it, TO_MODEL, completion, IACPS_CLIENT)
        show("sent")
        iacp.shutdown(made.connection)


GEODE: Final = Geode(
    "client1",
    GeodeToken(b"CLN1", MANUFACTURER_ID_SDK),
    Client1ProcessClass,
    StatusApplicationClass,
    ui_thread=True,
    set_up=set_up,
    multi_launchable=False,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
