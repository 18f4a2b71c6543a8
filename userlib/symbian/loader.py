"""RLoader: a session with the loader, which finds executables on the drives.

Programs need it seldom: `RProcess.create` and `RLibrary.load` ask the loader where
there is one (loading.py).
"""

from typing import Self

from kernel.abi.executable_name import KLoaderName
from kernel.abi.handles import EOwnerProcess, EOwnerThread, TOwnerType
from kernel.abi.image import KNullUids, Uids
from userlib.symbian.buffers import TBuf8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.loader_protocol import (
    KLibraryInfoSize,
    KLoaderVersion,
    TLibraryInfo,
    TLoaderMsg,
)
from userlib.symbian.loading import check_length, handle_in, load_package
from userlib.symbian.session import RSessionBase
from userlib.symbian.version import TVersion


class RLoader(RSessionBase):
    """A session with the loader.

    Raises: any call with a name KErrBadName if it can be none, KErrNotFound if there is
        no such file; the order of other failures is in docs/servers/loader.md.
    Original: RLoader (e32ldr.h).
    """

    __slots__ = ()

    def connect(self) -> Self:
        """Raises: KErrNotFound on a machine without a loader.

        Original: RLoader::Connect.
        """
        return self.create_session(KLoaderName, TVersion(*KLoaderVersion), 0)

    # Loading.

    def load_process(
        self,
        file_name: str,
        command_line: str = "",
        owner: TOwnerType = EOwnerProcess,
        uids: Uids = KNullUids,
        min_stack_size: int = 0,
    ) -> int:
        """A new process, and a handle to it: what `RProcess.create` comes to.

        Original: RLoader::LoadProcess.
        """
        package = load_package(uids, min_stack_size, owner)
        args = TIpcArgs(package, check_length(file_name), command_line)
        self.send_receive(TLoaderMsg.ELoadProcess, args)
        return handle_in(package)

    def load_library(
        self,
        file_name: str,
        path: str = "",
        uids: Uids = KNullUids,
        owner: TOwnerType = EOwnerThread,
    ) -> int:
        """A handle to a library that is not initialised, for `RLibrary`.

        Original: RLoader::LoadLibrary.
        """
        package = load_package(uids, 0, owner)
        args = TIpcArgs(package, check_length(file_name), path)
        self.send_receive(TLoaderMsg.ELoadLibrary, args)
        return handle_in(package)

    def load(self, function: TLoaderMsg, file_name: str) -> None:
        """Ask for something that the emulator has no use for, drivers and the like.

        Raises: KErrNotFound, as there is none; KErrNotSupported if there is such a file
            all the same; KErrPermissionDenied without DiskAdmin where that is needed.
        Original: RLoader::LoadDeviceDriver, LoadLocale, LoadFileSystem and others.
        """
        self.send_receive(function, TIpcArgs(None, check_length(file_name)))

    # Looking.

    def info(self, file_name: str) -> TLibraryInfo:
        """What the file says of itself; a name without a dot gets `.DLL`.

        Original: RLoader::GetInfo.
        """
        found = TBuf8(KLibraryInfoSize)
        args = TIpcArgs(None, check_length(file_name), found)
        self.send_receive(TLoaderMsg.EGetInfo, args)
        return TLibraryInfo.unpack(bytes(found))

    def info_from_header(self, header: bytes) -> TLibraryInfo:
        """The same of an executable's contents. Raises: KErrCorrupt, KErrNotSupported.

        Original: RLoader::GetInfoFromHeader.
        """
        found = TBuf8(KLibraryInfoSize)
        args = TIpcArgs(header, None, found)
        self.send_receive(TLoaderMsg.EGetInfoFromHeader, args)
        return TLibraryInfo.unpack(bytes(found))

    def check_library_hash(self, file_name: str) -> None:
        """See whether a file on a removable drive is the one that was installed.

        Raises: KErrPermissionDenied if it is not; KErrBadName without a drive.
        Original: RLoader::CheckLibraryHash.
        """
        args = TIpcArgs(None, check_length(file_name))
        self.send_receive(TLoaderMsg.ECheckLibraryHash, args)

    # Removing.

    def delete(self, file_name: str) -> None:
        r"""Remove an executable; one in use, in `\sys\bin`, goes when it no longer is.

        Needs TCB and AllFiles.

        Raises: KErrPermissionDenied; KErrBadName without drive and path;
            KErrAccessDenied for one of the machine's own.
        Original: RLoader::Delete.
        """
        self.send_receive(
            TLoaderMsg.ELdrDelete, TIpcArgs(None, check_length(file_name))
        )

    def run_reaper(self) -> None:
        """Remove for good what was deleted while in use, and no longer is.

        Original: none; the loader's request ERunReaper.
        """
        self.send_receive(TLoaderMsg.ERunReaper)

    def cancel_lazy_dll_unload(self) -> None:
        """Nothing happens: no DLL stays longer than its handles.

        Original: RLoader::CancelLazyDllUnload.
        """
        self.send_receive(TLoaderMsg.ECancelLazyDllUnload)
