r"""A print service: an application opens a document for this job, and closes after it.

    eka run --geos examples/geos examples/geos/print_service.py

prints

    connected to 1 server, which opens the document
    the viewer prints LETTER: dear reader
    printed; the viewer is gone

This program is a geode itself; who prints is `viewer.py`. The launch block names the
document and says that nobody else is to see it. The first message does nothing: it is
a barrier, handled when all of the user interface is up.
"""

from dataclasses import replace
from typing import Final

from viewer import VIEWER_TOKEN, ViewerDocumentClass

from servers.fileserver.client import RFile, RFs
from userlib import TRequestStatus, User
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_DUMMY,
    MSG_META_QUIT,
    OPEN_APPLICATION,
    TO_MODEL,
    AppLaunchBlock,
    AppLaunchFlags,
    GenApplicationClass,
    GenDocumentClass,
    GenProcessClass,
    Geode,
    Message,
    geode_get_app_object,
    geode_open_process,
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

FLAGS: Final = IACPCF_FIRST_ONLY | IACPSM_USER_INTERACTIBLE


def write_letter() -> None:
    """Put a document where documents are."""
    with RFs().connect() as fs:
        fs.mk_dir_all("C:\\DOCUMENT\\")
        with RFile().replace(fs, "C:\\DOCUMENT\\LETTER") as file:
            file.write(b"dear reader")


class JobProcessClass(GenProcessClass):
    """Has a letter printed as soon as it is open."""

    connection: int = 0

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Print, step by step."""
        self.callsuper()
        write_letter()
        block = replace(
            iacp.create_default_launch_block(OPEN_APPLICATION),
            data_file="LETTER",
            launch_flags=AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY,
        )
        made = iacp.connect(VIEWER_TOKEN, FLAGS, block)
        print(f"connected to {made.num_servers} server, which opens the document")
        self.connection = made.connection
        gone = TRequestStatus()
        with geode_open_process(made.first_owner) as viewer:
            viewer.logon(gone)
            self.tell_document(MSG_META_DUMMY)
            self.tell_document(ViewerDocumentClass.MSG_VIEWER_DOCUMENT_PRINT)
            self.tell_document(
                GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE_IF_OPEN_FOR_IACP_ONLY
            )
            iacp.shutdown(made.connection)
            User.wait_for_request(gone)
        print("printed; the viewer is gone")
        obj_message(geode_get_app_object(), MSG_META_QUIT, MF_FORCE_QUEUE)

    def tell_document(self, what: Message) -> None:
        """Send to the viewer's document, and wait until it has done that."""
        event = record(ViewerDocumentClass, what)
        iacp.send_message_and_wait(self.connection, event, TO_MODEL, IACPS_CLIENT)


GEODE: Final = Geode(
    "print job", None, JobProcessClass, GenApplicationClass, ui_thread=True
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
