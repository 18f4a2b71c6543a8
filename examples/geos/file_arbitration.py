r"""Whoever needs a file that an application has open asks the application for it.

    eka run --geos examples/geos examples/geos/file_arbitration.py

prints

    the viewer has the file, others get: KErrInUse
    the viewer lets go, and the file can be changed
    the viewer has the file again, others get: KErrInUse
    the viewer prints LETTER: dear writer

This program is a geode itself. It launches `viewer.py` for a letter, as a user would.
Then it does not know who has the letter open: IACP does, for documents are registered.
"""

from dataclasses import replace
from typing import Final

from viewer import VIEWER_TOKEN, ViewerDocumentClass

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareExclusive, EFileWrite
from userlib import TErr, trap
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_DUMMY,
    MSG_META_IACP_ALLOW_FILE_ACCESS,
    MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED,
    MSG_META_QUIT,
    OPEN_APPLICATION,
    TO_MODEL,
    TO_SELF,
    AppLaunchBlock,
    Event,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    Message,
    geode_get_app_object,
    iacp,
    method,
    obj_message,
    record,
)
from userlib.geos.iacp_constants import (
    IACPCF_FIRST_ONLY,
    IACPS_CLIENT,
    IACPSM_USER_INTERACTIBLE,
)
from userlib.geos.paths import SP_DOCUMENT

FLAGS: Final = IACPCF_FIRST_ONLY | IACPSM_USER_INTERACTIBLE
LETTER: Final = "C:\\DOCUMENT\\LETTER"


def write_letter() -> None:
    """Put a document where documents are."""
    with RFs().connect() as fs:
        fs.mk_dir_all("C:\\DOCUMENT\\")
        with RFile().replace(fs, LETTER) as file:
            file.write(b"dear reader")


def change_letter() -> int:
    """Change it. Returns: what the file server says to that."""
    with RFs().connect() as fs, RFile() as file:
        code = trap(file.open, fs, LETTER, EFileShareExclusive | EFileWrite)
        if not code:
            file.write(b"dear writer")
    return code


class ArbiterProcessClass(GenProcessClass):
    """Needs a file as soon as it is open."""

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Try to have the file, ask for it, use it, and give it back."""
        self.callsuper()
        write_letter()
        self.open_viewer()
        print(f"the viewer has the file, others get: {TErr(change_letter()).name}")

        made = iacp.connect_to_document_server("", "LETTER", SP_DOCUMENT)
        self.ask(made.connection, self.about(MSG_META_IACP_ALLOW_FILE_ACCESS, made))
        assert change_letter() == 0
        print("the viewer lets go, and the file can be changed")
        self.ask(
            made.connection,
            self.about(MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED, made),
        )
        again = TErr(change_letter()).name
        print(f"the viewer has the file again, others get: {again}")
        show = record(
            ViewerDocumentClass, ViewerDocumentClass.MSG_VIEWER_DOCUMENT_PRINT
        )
        iacp.send_message_and_wait(made.connection, show, TO_MODEL, IACPS_CLIENT)
        iacp.shutdown(made.connection)
        obj_message(geode_get_app_object(), MSG_META_QUIT, MF_FORCE_QUEUE)

    def open_viewer(self) -> None:
        """As a launcher does it; and wait until the document is open."""
        block = replace(
            iacp.create_default_launch_block(OPEN_APPLICATION), data_file="LETTER"
        )
        made = iacp.connect(VIEWER_TOKEN, FLAGS, block)
        self.ask(made.connection, record(None, MSG_META_DUMMY))
        iacp.shutdown(made.connection)

    def about(self, what: Message, made: iacp.ConnectResult) -> Event:
        """A message about the connection it travels over."""
        return record(None, what, connection=made.connection)

    def ask(self, connection: int, event: Event) -> None:
        """Send to the application object, and wait until it has handled that."""
        iacp.send_message_and_wait(connection, event, TO_SELF, IACPS_CLIENT)


GEODE: Final = Geode(
    "arbiter", None, ArbiterProcessClass, GenApplicationClass, ui_thread=True
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
