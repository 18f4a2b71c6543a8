r"""A viewer of documents, which are text files in C:\DOCUMENT.

An application, that `print_service.py` and `file_arbitration.py` have launched. A
document keeps its file open, and keeps others out of it.
"""

from typing import Final

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareExclusive, EFileWrite
from userlib import Leave, TBuf8
from userlib.geos import (
    MANUFACTURER_ID_SDK,
    GenApplicationClass,
    GenDocumentClass,
    GenDocumentGroupClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    message,
    method,
)
from userlib.geos.paths import FileError

VIEWER_TOKEN: Final = GeodeToken(b"VIEW", MANUFACTURER_ID_SDK)
KMaxText: Final = 256


class ViewerDocumentClass(GenDocumentClass):
    """A text file, open as long as the document is."""

    MSG_VIEWER_DOCUMENT_PRINT = message()

    @method(GenDocumentClass.MSG_GEN_DOCUMENT_PHYSICAL_OPEN)
    def physical_open(self) -> int:
        """Have the file for itself."""
        self.fs = RFs().connect()
        self.file = RFile()
        name = f"C:\\DOCUMENT\\{self.file_name}"
        try:
            self.file.open(self.fs, name, EFileShareExclusive | EFileWrite)
        except Leave:
            self.fs.close()
            return FileError.ERROR_SHARING_VIOLATION
        return 0

    @method(GenDocumentClass.MSG_GEN_DOCUMENT_PHYSICAL_CLOSE)
    def physical_close(self) -> None:
        """Let others have it."""
        self.file.close()
        self.fs.close()

    @method(MSG_VIEWER_DOCUMENT_PRINT)
    def print_it(self) -> None:
        """Print what is in the file."""
        text = TBuf8(KMaxText)
        self.file.read_at(0, text)
        print(f"the viewer prints {self.file_name}: {text.contents().decode()}")


class ViewerDocumentGroupClass(GenDocumentGroupClass):
    """Makes documents of that class."""

    document_class = ViewerDocumentClass


def set_up(application: GenApplicationClass) -> None:
    """Give the application its documents."""
    application.document_group = ViewerDocumentGroupClass().optr
    application.model = application.document_group


GEODE: Final = Geode(
    "viewer",
    VIEWER_TOKEN,
    GenProcessClass,
    GenApplicationClass,
    ui_thread=True,
    set_up=set_up,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
