"""An editor without letters: it has its text checked by the spell-check service.

An application, that `spell_check.py` starts twice.
"""

from typing import Final

from speller import SPELLER_TOKEN, SpellerClientClass, SpellerProcessClass

from userlib import KErrGeneral
from userlib.geos import (
    MANUFACTURER_ID_SDK,
    OPEN_ENGINE,
    TO_PROCESS,
    Event,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    geode_exit,
    iacp,
    message,
    method,
    record,
)
from userlib.geos.iacp_constants import IACPCF_FIRST_ONLY, IACPS_CLIENT


class EditorProcessClass(SpellerClientClass):
    """Connects when it first needs the service, and stays connected."""

    MSG_EDITOR_CHECK = message(text=str)
    MSG_EDITOR_CHECK_AND_CRASH = message(text=str)
    MSG_EDITOR_GET_UNKNOWN = message()

    connection: int = 0
    unknown: str = ""

    @method(MSG_EDITOR_CHECK)
    def check(self, text: str) -> None:
        """Have a text checked; the answer is a message, and queued by the end."""
        self.connect()
        event = self.question(text)
        iacp.send_message_and_wait(self.connection, event, TO_PROCESS, IACPS_CLIENT)

    @method(MSG_EDITOR_CHECK_AND_CRASH)
    def check_and_crash(self, text: str) -> None:
        """The same, but this editor does not live to see the answer."""
        self.connect()
        event = self.question(text)
        iacp.send_message(self.connection, event, TO_PROCESS, None, IACPS_CLIENT)
        geode_exit(KErrGeneral)

    @method(SpellerClientClass.MSG_SPELLER_ANSWER)
    def on_answer(self, unknown: str) -> None:
        """The service has looked."""
        self.unknown = unknown

    @method(MSG_EDITOR_GET_UNKNOWN)
    def get_unknown(self) -> str:
        """What the last answer said."""
        return self.unknown

    @method(GenProcessClass.MSG_GEN_PROCESS_CLOSE_APPLICATION)
    def close(self) -> None:
        """Let the service go."""
        if self.connection:
            iacp.shutdown(self.connection)

    def connect(self) -> None:
        """Connect to the one service there is, which is launched if there is none."""
        if not self.connection:
            block = iacp.create_default_launch_block(OPEN_ENGINE)
            made = iacp.connect(SPELLER_TOKEN, IACPCF_FIRST_ONLY, block)
            self.connection = made.connection

    def question(self, text: str) -> Event:
        """The message to send."""
        return record(
            SpellerProcessClass,
            SpellerProcessClass.MSG_SPELLER_CHECK,
            text=text,
            answer_to=self.optr,
        )


GEODE: Final = Geode(
    "editor",
    GeodeToken(b"EDIT", MANUFACTURER_ID_SDK),
    EditorProcessClass,
    GenApplicationClass,
    ui_thread=True,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
