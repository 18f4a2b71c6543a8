"""RLibrary: a handle to a DLL.

A DLL is a Python module with `EXPORTS`, a tuple of functions that are known by their
ordinals: the first is 1. Each process that loads it executes the module afresh, in the
thread that loads it first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import Leave
from kernel.abi.handles import EOwnerThread, TObjectType, TOwnerType
from kernel.abi.image import KNullUids, Uids
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.handle import RHandleBase
from userlib.symbian.loader import RLoader
from userlib.symbian.loader_protocol import TLibraryInfo
from userlib.symbian.loading import load_library
from userlib.symbian.word import signed_word

if TYPE_CHECKING:
    from kernel.abi.config import Exports


class RLibrary(RHandleBase):
    """A handle to a DLL that is loaded in the calling process; of the thread's own.

    The code stays until the last handle of the process is closed, and is then
    forgotten: loaded again, the module begins anew.

    Original: RLibrary (e32std.h).
    """

    object_type = TObjectType.ELibrary

    __slots__ = ()

    def load(
        self,
        file_name: str,
        path: str = "",
        *,
        uids: Uids = KNullUids,
        owner: TOwnerType = EOwnerThread,
    ) -> Self:
        r"""Load a DLL and initialise it; `.DLL` is added to a name without a dot.

        It is looked for in the directories of *path*, which semicolons separate, then
        in `\sys\bin`, each on all drives unless it names one. *uids* are those it has
        to have, 0 for any. A leave out of its module panics USER 194.

        Raises: KErrNotFound, KErrBadName; KErrNotSupported if it is none, or has other
            UIDs or another version; KErrPermissionDenied if it lacks a capability that
            the process has; KErrCorrupt; KErrAlreadyExists if the process has another
            of the same name, version and third UID. What the module raises.
        Original: RLibrary::Load.
        """
        self.handle = load_library(file_name, path, uids, owner)
        self.init()
        return self

    def init(self) -> None:
        """Initialise a library that was loaded by other means; once is enough.

        Blocks: while another thread initialises it.
        Raises: what the module raises; the variable is then zero.
        Original: RLibrary::Init.
        """
        exec_ = current_exec.get()
        entry_point = exec_.library_attach(self.handle)
        if entry_point is None:
            return
        exports: Exports | None = None
        try:
            exports = entry_point()
        except (Leave, MemoryError):
            panic(USER, TUserPanic.EUnexpectedLeave)
        finally:
            exec_.library_attached(self.handle, exports)
            if exports is None:
                self.close()

    def lookup(self, ordinal: int) -> Callable[..., Any] | None:
        """The function of that ordinal; None if there is none.

        A negative one panics USER 116. Ordinals begin at 1.

        Original: RLibrary::Lookup.
        """
        if signed_word(ordinal) < 0:
            panic(USER, TUserPanic.EBadLibraryOrdinal)
        return current_exec.get().library_lookup(self.handle, signed_word(ordinal))

    def file_name(self) -> str:
        """Where it was found. Original: RLibrary::FileName."""
        return current_exec.get().library_file_name(self.handle)

    def uids(self) -> Uids:
        """The three UIDs. Original: RLibrary::Type."""
        return current_exec.get().library_uids(self.handle)

    @staticmethod
    def info(file_name: str) -> TLibraryInfo:
        """What a file says of itself, without loading it.

        Raises: KErrNotFound if there is no such file, or no loader to ask.
        Original: RLibrary::GetInfo.
        """
        with RLoader().connect() as loader:
            return loader.info(file_name)
