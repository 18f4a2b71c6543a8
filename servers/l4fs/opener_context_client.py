# Made by eka idl from opener_context.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Cap, Client, CStub, Stub
from servers.l4fs.opener_context_interface import (
    OpenerContext,
    OpenerContext_open_result,
    iface_OpenerContext,
)

_OpenerContext_mount = Stub[None](OpenerContext.INFO, "mount")
_OpenerContext_getfs = Stub[Cap](OpenerContext.INFO, "getfs")
_OpenerContext_mkdir = Stub[None](OpenerContext.INFO, "mkdir")
_OpenerContext_open = Stub(OpenerContext.INFO, "open", OpenerContext_open_result)
_OpenerContext_remove = Stub[None](OpenerContext.INFO, "remove")
_OpenerContext_rename = Stub[None](OpenerContext.INFO, "rename")
_OpenerContext_stat = Stub[None](OpenerContext.INFO, "stat")


class client_OpenerContext(Client, OpenerContext):
    """A OpenerContext in another program."""

    def mount(self, fs: Cap) -> None:
        """Opcode 0."""
        _OpenerContext_mount(self, fs)

    def getfs(self) -> Cap:
        """Opcode 1."""
        return _OpenerContext_getfs(self)

    def mkdir(self, mode: int) -> None:
        """Opcode 18."""
        _OpenerContext_mkdir(self, mode)

    def open(self, flags: int) -> OpenerContext_open_result:
        """Opcode 12."""
        return _OpenerContext_open(self, flags)

    def remove(self) -> None:
        """Opcode 14."""
        _OpenerContext_remove(self)

    def rename(self) -> None:
        """Opcode 15."""
        _OpenerContext_rename(self)

    def stat(self) -> None:
        """Opcode 11."""
        _OpenerContext_stat(self)


client_iface_OpenerContext = iface_OpenerContext(
    mount=CStub(OpenerContext.INFO, "mount"),
    getfs=CStub(OpenerContext.INFO, "getfs"),
    mkdir=CStub(OpenerContext.INFO, "mkdir"),
    open=CStub(OpenerContext.INFO, "open"),
    remove=CStub(OpenerContext.INFO, "remove"),
    rename=CStub(OpenerContext.INFO, "rename"),
    stat=CStub(OpenerContext.INFO, "stat"),
)
