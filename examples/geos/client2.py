"""The second sample client: it has the server launched, sends, and waits.

An application, that `launch_and_wait.py` starts.
"""

from typing import Final

from server import SERVER_TOKEN
from status_text import StatusApplicationClass, set_up, show

from userlib.geos import (
    MANUFACTURER_ID_SDK,
    MSG_META_DUMMY,
    OPEN_APPLICATION,
    TO_PROCESS,
    GenProcessClass,
    Geode,
    GeodeToken,
    geode_alloc_queue,
    geode_free_queue,
    iacp,
    message,
    method,
    obj_free_message,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPSM_USER_INTERACTIBLE


class Client2ProcessClass(GenProcessClass):
    """Knows no class of the server's: what counts is the number of a message.

    The first message of this class has the same number as the first of the server's
    process class, for both are derived from GenProcessClass.
    """

    MSG_CLIENT2_SHOW_MESSAGE = message()
    MSG_CLIENT2_SEND = message()

    @method(MSG_CLIENT2_SEND)
    def send(self) -> None:
        """Connect, launching the server if there is none; send; wait; leave."""
        block = iacp.create_default_launch_block(OPEN_APPLICATION)
        made = iacp.connect(SERVER_TOKEN, IACPSM_USER_INTERACTIBLE, block)
        if not made.connection:
            show("cannot connect")
            return
        queue = geode_alloc_queue()
        event = record(Client2ProcessClass, self.MSG_CLIENT2_SHOW_MESSAGE)
        completion = record(queue, MSG_META_DUMMY)
        count = iacp.send_message(
            made.connection, event, TO_PROCESS, completion, IACPS_CLIENT
        )
        show("sent")
        for _ in range(count):
            obj_free_message(queue_get_message(queue))
        geode_free_queue(queue)
        show("completion received")
        iacp.shutdown(made.connection)


GEODE: Final = Geode(
    "client2",
    GeodeToken(b"CLN2", MANUFACTURER_ID_SDK),
    Client2ProcessClass,
    StatusApplicationClass,
    ui_thread=True,
    set_up=set_up,
    multi_launchable=False,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
