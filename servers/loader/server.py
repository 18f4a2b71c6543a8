r"""The loader: a second server thread of the file server's process.

    client ──► CLoader ──► Finder ──► Drives ──► file server
                  │           └─────► the machine's own executables
                  └──► the kernel makes the process, for the client

It serves one request after the other, whoever sent it.

Original: the loader (ldr/sf_ldr.cpp, sf_lepoc.cpp); symbian-userlib 13.2.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KErrArgument,
    KErrBadName,
    KErrCorrupt,
    KErrNone,
    KErrNotSupported,
    KErrPermissionDenied,
    Leave,
)
from kernel.abi.executable_name import (
    ExecutableName,
    KDllSuffix,
    KExeSuffix,
    parse_executable_name,
)
from kernel.abi.exit import TCritical
from kernel.abi.image import KDynamicLibraryUid, KExecutableImageUid, Uids
from kernel.abi.limits import KMaxFullName
from kernel.abi.security import ALL_CAPABILITIES, TCapability
from servers.loader.drives import Drives
from servers.loader.finder import Finder
from servers.loader.foreign import CorruptFile, compile_foreign
from servers.loader.protocol import (
    HANDLE_OFFSET,
    LOAD,
    KLoaderName,
    KLoaderVersion,
    LoaderSpec,
    TLibraryInfo,
    TLoaderMsg,
)
from servers.loader.removal import Reaper
from servers.loader.wanted import Wanted
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CServer2, CSession2, ESharableSessions
from userlib.symbian.thread import RThread
from userlib.symbian.user import User
from userlib.symbian.version import TVersion

# What the emulator has no use for: the extension, and whether it takes DiskAdmin, and
# as many capabilities as the file server has.
_UNUSED: Final[Mapping[int, tuple[str, bool]]] = MappingProxyType(
    {
        TLoaderMsg.ELoadLogicalDevice: (".ldd", False),
        TLoaderMsg.ELoadPhysicalDevice: (".pdd", False),
        TLoaderMsg.ELoadLocale: (KDllSuffix, False),
        TLoaderMsg.ELoadFileSystem: (".fsy", True),
        TLoaderMsg.ELoadFSExtension: (".fxt", True),
        TLoaderMsg.ELoadFSPlugin: (".pxt", True),
        TLoaderMsg.ELoadFSProxyDrive: (".pxy", True),
        TLoaderMsg.ELoadCodePage: (KDllSuffix, True),
    }
)


class CLoader(CServer2):
    """The server, and what its sessions share."""

    def __init__(self, spec: LoaderSpec) -> None:
        super().__init__(session_type=ESharableSessions)

        # Fixed for life:
        self.drives: Final = Drives()
        self.finder: Final = Finder(spec, self.drives)
        self.reaper: Final = Reaper(self.drives)

    def new_session(self, version: TVersion, message: RMessage2) -> "CLoaderSession":
        ours = TVersion(*KLoaderVersion)
        if (version.major, version.minor) > (ours.major, ours.minor):
            raise Leave(KErrNotSupported)
        return CLoaderSession(self)


class CLoaderSession(CSession2):
    """One RLoader. A leave answers the request."""

    def __init__(self, loader: CLoader) -> None:
        # Fixed for life:
        self._finder: Final = loader.finder
        self._drives: Final = loader.drives
        self._reaper: Final = loader.reaper
        self._operations: Final[Mapping[int, Callable[[RMessage2], None]]] = {
            TLoaderMsg.ELoadProcess: self._load_process,
            TLoaderMsg.ELoadLibrary: self._load_library,
            TLoaderMsg.EGetInfo: self._get_info,
            TLoaderMsg.EGetInfoFromHeader: self._get_info_from_header,
            TLoaderMsg.ECancelLazyDllUnload: lambda _: None,
            TLoaderMsg.ELdrDelete: self._delete,
            TLoaderMsg.ECheckLibraryHash: self._check_hash,
            TLoaderMsg.ERunReaper: lambda _: self._reaper.sweep(),
        }

    def service(self, message: RMessage2) -> None:
        self._reaper.reap()
        operation = self._operations.get(message.function)
        if operation is not None:
            operation(message)
        elif message.function in _UNUSED:
            self._load_unused(message, *_UNUSED[message.function])
        else:
            raise Leave(KErrNotSupported)
        message.complete(KErrNone)

    # Loading.

    def _load_process(self, message: RMessage2) -> None:
        uids, stack_size, owner = _load_arguments(message)
        if stack_size < 0:
            raise Leave(KErrArgument)
        name = _name(message, KExeSuffix)
        found = self._finder.find(name, Wanted(KExecutableImageUid, uids))
        handle = current_exec.get().loader_create_process(
            message.handle,
            found.file_name,
            found.module,
            message.read16(2),
            owner,
            stack_size,
        )
        message.write(0, handle.to_bytes(4, "little"), HANDLE_OFFSET)

    def _load_library(self, message: RMessage2) -> None:
        uids, _, owner = _load_arguments(message)
        name = _name(message, KDllSuffix)
        held = frozenset(message.identity().capabilities)
        wanted = Wanted(KDynamicLibraryUid, uids, capabilities=held)
        found = self._finder.find(name, wanted, message.read16(2))
        handle = current_exec.get().loader_load_library(
            message.handle, found.file_name, found.module, owner
        )
        message.write(0, handle.to_bytes(4, "little"), HANDLE_OFFSET)

    def _load_unused(
        self, message: RMessage2, extension: str, is_for_file_server: bool
    ) -> None:
        """There is no such thing, unless somebody has put it there to no purpose."""
        held: frozenset[int] = frozenset()
        if is_for_file_server:
            _demand(message, TCapability.ECapabilityDiskAdmin)
            held = frozenset(ALL_CAPABILITIES)
        wanted = Wanted(KDynamicLibraryUid, capabilities=held)
        self._finder.find(_name(message, extension), wanted)
        raise Leave(KErrNotSupported)

    # Looking.

    def _get_info(self, message: RMessage2) -> None:
        found = self._finder.find(_name(message, KDllSuffix), Wanted())
        message.write(2, TLibraryInfo.of(found.image).pack())

    def _get_info_from_header(self, message: RMessage2) -> None:
        header = message.read8(0)
        try:
            module = compile_foreign(header, "header")
        except ImportError as error:
            raise Leave(KErrNotSupported) from error
        except CorruptFile as error:
            raise Leave(KErrCorrupt) from error
        message.write(2, TLibraryInfo.of(module.image).pack())

    def _check_hash(self, message: RMessage2) -> None:
        name = _name(message, KDllSuffix)
        if not name.drive or not name.path:
            raise Leave(KErrBadName)
        file_name = f"{name.drive}:{name.path}{name.root}"
        if not self._finder.is_installed(file_name, self._drives.read(file_name)):
            raise Leave(KErrPermissionDenied)

    # Removing.

    def _delete(self, message: RMessage2) -> None:
        _demand(message, TCapability.ECapabilityTCB, TCapability.ECapabilityAllFiles)
        self._reaper.delete(_text(message))


def _load_arguments(message: RMessage2) -> tuple[Uids, int, int]:
    """UIDs, stack, owner."""
    package = message.read8(0)
    if len(package) != LOAD.size:
        raise Leave(KErrArgument)
    uid1, uid2, uid3, stack_size, owner, _ = LOAD.unpack(package)
    return (uid1, uid2, uid3), stack_size, owner


def _name(message: RMessage2, extension: str) -> ExecutableName:
    return parse_executable_name(_text(message), extension)


def _text(message: RMessage2) -> str:
    """The name in argument 1; one character too many is enough to refuse it."""
    return message.read16(1, max_length=KMaxFullName + 1)


def _demand(message: RMessage2, *capabilities: TCapability) -> None:
    if not message.has_capability(*capabilities):
        raise Leave(KErrPermissionDenied)


def start_loader(spec: LoaderSpec) -> None:
    """Start the loader's thread in this process, and wait until it serves.

    Raises: KErrAlreadyExists if there is one; whatever else keeps it from starting.
    """
    RThread().launch("Loader", lambda: _serve(spec)).close()


def _serve(spec: LoaderSpec) -> int:
    # Clients must learn of it if we should ever fail here: the process goes too.
    User.set_critical(TCritical.EProcessCritical)
    return CLoader(spec).run(KLoaderName)
