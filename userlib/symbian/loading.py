"""How a process or a library comes to be: by the kernel alone, or through the loader.

The kernel makes them of the machine's own executables. Where a loader serves, it says
so, and the loader is asked, which looks at the drives too. A machine without one sends
nobody a message. Below the handle classes, so it makes its kernel calls itself.
"""

from collections.abc import Sequence

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrArgument, KErrBadName, KErrNone, Leave
from kernel.abi.executable_name import KLoaderName
from kernel.abi.handles import TOwnerType
from kernel.abi.image import Uids
from kernel.abi.ipc import EIpcSession_Unsharable, KMessageConnect
from kernel.abi.limits import KMaxFullName
from userlib.symbian.buffers import TBuf8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.loader_protocol import LOAD, KLoaderVersion, TLoaderMsg
from userlib.symbian.version import TVersion
from userlib.symbian.word import signed_word


def load_process(
    file_name: str,
    command_line: str,
    owner: TOwnerType,
    uids: Uids,
    min_stack_size: int,
) -> int:
    """A handle to a new process.

    Raises: what `RProcess.create` raises.
    Original: none; what RProcess::Create does.
    """
    if signed_word(min_stack_size) < 0:
        raise Leave(KErrArgument)
    name = check_length(file_name)
    handle = current_exec.get().process_create(
        name, command_line, owner, _words(uids), signed_word(min_stack_size)
    )
    package = load_package(uids, min_stack_size, owner)
    return handle or _ask(TLoaderMsg.ELoadProcess, package, name, command_line)


def load_library(file_name: str, path: str, uids: Uids, owner: TOwnerType) -> int:
    """A handle to a library, in the same way.

    Raises: what `RLibrary.load` raises.
    Original: none; what RLibrary::Load does.
    """
    name = check_length(file_name)
    handle = current_exec.get().library_load(name, _words(uids), owner)
    package = load_package(uids, 0, owner)
    return handle or _ask(TLoaderMsg.ELoadLibrary, package, name, path)


def _ask(function: TLoaderMsg, package: TBuf8, file_name: str, text: str) -> int:
    """As a session of RLoader's would."""
    exec_ = current_exec.get()
    session = exec_.session_create(KLoaderName, 0, EIpcSession_Unsharable, None)
    try:
        version = (TVersion(*KLoaderVersion).packed(),)
        args = TIpcArgs(package, file_name, text)
        code = exec_.session_send_receive(session, KMessageConnect, version, 0)
        if code == KErrNone:
            code = exec_.session_send_receive(
                session, function, args.values, args.types
            )
    finally:
        exec_.handle_close(session)
    if code < 0:
        raise Leave(code, f"{file_name!r} cannot be loaded")
    return handle_in(package)


def check_length(file_name: str) -> str:
    """A name that fits what carries it. Raises: KErrBadName. Original: none."""
    if len(file_name) > KMaxFullName:
        raise Leave(KErrBadName)
    return file_name


def load_package(uids: Uids, stack_size: int, owner: TOwnerType) -> TBuf8:
    """What a load request says, with room for the handle. Original: TLdrInfo."""
    package = TBuf8(LOAD.size)
    package.copy(LOAD.pack(*_words(uids), stack_size, owner, 0))
    return package


def handle_in(package: TBuf8) -> int:
    """What the loader put there. Original: TLdrInfo::iHandle."""
    handle: int = LOAD.unpack(bytes(package))[-1]
    return handle


def _words(uids: Sequence[int]) -> Uids:
    """The three UIDs, each of 32 bits."""
    uid1, uid2, uid3 = (signed_word(uid) & 0xFFFFFFFF for uid in uids)
    return (uid1, uid2, uid3)
