"""The filesystem component: files of the file server, as memory.

    Filesystem ──open_for_user──► Opener ──context──► OpenerContext, Dataspace
                                                             │ open
      Resource ◄──── one a client, on its own thread ────────┘
         │
      Provider ◄──── one a file, found by the Registry
         │
      PageMapper ──► AccessMap (chunks), Accessor (RFile), PageCollection (all files')

Original: Departure's filesystem servers; l4re-idl 6.3.
"""

from contextlib import ExitStack
from typing import Final

from kernel.abi.errors import KErrArgument
from servers.fileserver.client import RFs
from servers.l4fs.codes import l4_errors
from servers.l4fs.context import Context
from servers.l4fs.files import Files
from servers.l4fs.filesystem_interface import Filesystem
from servers.l4fs.opener_context_object_interface import OpenerContextObject
from servers.l4fs.opener_interface import Opener
from servers.l4fs.protocol import KDefaultPages, KDefaultRoot, KL4FsGate
from userlib.l4re.cap import Cap
from userlib.l4re.env import Env
from userlib.l4re.exposing import ipc_server_loop_for, ipc_server_new_for
from userlib.symbian.user import User

KMinPages: Final = 64
PAGES: Final = "pages="


class FilesystemObject(Filesystem):
    """Where everybody begins."""

    def __init__(self, files: Files, own: Cap) -> None:
        self._files: Final = files
        self._own: Final = own

    def open_for_user(self, user: int) -> Cap:
        """An opener of one's own. Any user will do: files have no owners."""
        with l4_errors():
            return ipc_server_new_for(
                Opener, OpenerObject(self._files, self._own, user)
            )


class OpenerObject(Opener):
    """What a user's programs open files through."""

    def __init__(self, files: Files, own: Cap, user: int) -> None:
        self._files: Final = files
        self._own: Final = own
        self._user: Final = user

    def context(self) -> Cap:
        """A new context: for a thread, for its paths are memory."""
        context = Context(self._files, self._own, self._user)
        with ExitStack() as undo:
            undo.callback(context.gate_deleted)
            cap = self._files.serve(OpenerContextObject, context)
            undo.pop_all()
        return cap.with_rights("rw")


def serve(root: str = KDefaultRoot, pages: int = KDefaultPages) -> int:
    """Serve the gate `server`, until the loop is stopped; a code if it cannot be.

    *root* is the directory that all paths begin in; *pages* of all files together are
    in memory at a time, 4096 bytes each.
    """
    with RFs().connect() as fs:
        fs.share_auto()
        files = Files(fs, root, pages)
        own = Env.current().get_cap(KL4FsGate)
        code = ipc_server_loop_for(Filesystem, FilesystemObject(files, own), KL4FsGate)
        files.registry.end_all()
        return code


def e32main() -> int:
    r"""The command line is `[pages=N] [ROOT]`; ROOT is `C:\` if it is not there."""
    first, _, rest = User.command_line().strip().partition(" ")
    pages, root = KDefaultPages, f"{first} {rest}".strip()
    if first.startswith(PAGES):
        digits, root = first.removeprefix(PAGES), rest.strip()
        if not digits.isdecimal() or int(digits) < KMinPages:
            return KErrArgument
        pages = int(digits)
    return serve(root or KDefaultRoot, pages)
