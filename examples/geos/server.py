"""The samples' server: it says when its message comes, and quits when it is told to.

An application, that `dismiss.py`, `launch_and_wait.py` and `launcher.py` start, or have
started. Registering, connections and leaving are its application object's, all by
default.
"""

from typing import Final

from status_text import StatusApplicationClass, set_up, status_text

from userlib.geos import (
    MANUFACTURER_ID_SDK,
    MF_CALL,
    GenProcessClass,
    GenTextClass,
    Geode,
    GeodeToken,
    message,
    method,
    obj_message,
)

SERVER_TOKEN: Final = GeodeToken(b"SRVR", MANUFACTURER_ID_SDK)


class ServerProcessClass(GenProcessClass):
    """Its first own message has the number that the first one of any client has."""

    MSG_SERVER_SHOW_MESSAGE = message()

    @method(MSG_SERVER_SHOW_MESSAGE)
    def show_message(self) -> None:
        """Say that it came, and do not return before that is seen."""
        append = GenTextClass.MSG_VIS_TEXT_APPEND
        obj_message(status_text(), append, MF_CALL, text="message received\n")


GEODE: Final = Geode(
    "server",
    SERVER_TOKEN,
    ServerProcessClass,
    StatusApplicationClass,
    ui_thread=True,
    set_up=set_up,
    multi_launchable=False,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
