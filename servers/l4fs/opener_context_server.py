# Made by eka idl from opener_context.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    Any,
    Cap,
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Message,
    Reply,
    ServerConfig,
)
from servers.l4fs.opener_context_interface import (
    OpenerContext,
    OpenerContext_open_result,
    iface_OpenerContext,
    ref_OpenerContext,
)

_dispatch_OpenerContext = Dispatcher[OpenerContext](OpenerContext.INFO)


def handle_OpenerContext(obj: OpenerContext, message: Message) -> Reply:
    """Answer a message to a OpenerContext."""
    return _dispatch_OpenerContext(obj, message)


OpenerContext_expected_items: Final = ExpectedItems(caps=1, fpages=0)
config_OpenerContext: Final = ServerConfig(
    OpenerContext,
    handle_OpenerContext,
    OpenerContext_expected_items,
)
_OpenerContext_mount = CFunction[Any](OpenerContext.INFO, "mount")
_OpenerContext_getfs = CFunction[Cap](OpenerContext.INFO, "getfs")
_OpenerContext_mkdir = CFunction[Any](OpenerContext.INFO, "mkdir")
_OpenerContext_open = CFunction(OpenerContext.INFO, "open", OpenerContext_open_result)
_OpenerContext_remove = CFunction[Any](OpenerContext.INFO, "remove")
_OpenerContext_rename = CFunction[Any](OpenerContext.INFO, "rename")
_OpenerContext_stat = CFunction[Any](OpenerContext.INFO, "stat")


class object_OpenerContext(OpenerContext):
    """A OpenerContext made of a reference and a table of functions."""

    def __init__(self, ref: ref_OpenerContext, iface: iface_OpenerContext) -> None:
        self._ref = ref
        self._iface = iface

    def mount(self, fs: Cap) -> None:
        """Opcode 0."""
        _answer: None = _OpenerContext_mount(self._iface.mount(self._ref, fs))
        return _answer

    def getfs(self) -> Cap:
        """Opcode 1."""
        return _OpenerContext_getfs(self._iface.getfs(self._ref))

    def mkdir(self, mode: int) -> None:
        """Opcode 18."""
        _answer: None = _OpenerContext_mkdir(self._iface.mkdir(self._ref, mode))
        return _answer

    def open(self, flags: int) -> OpenerContext_open_result:
        """Opcode 12."""
        return _OpenerContext_open(self._iface.open(self._ref, flags))

    def remove(self) -> None:
        """Opcode 14."""
        _answer: None = _OpenerContext_remove(self._iface.remove(self._ref))
        return _answer

    def rename(self) -> None:
        """Opcode 15."""
        _answer: None = _OpenerContext_rename(self._iface.rename(self._ref))
        return _answer

    def stat(self) -> None:
        """Opcode 11."""
        _answer: None = _OpenerContext_stat(self._iface.stat(self._ref))
        return _answer
