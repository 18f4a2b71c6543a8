# Made by eka idl from opener_context_object.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""OpenerContextObject, as described."""

from userlib.l4re.runtime import Cap, InterfaceInfo, Reference, dataclass
from servers.l4fs.dataspace_interface import Dataspace, iface_Dataspace, ref_Dataspace
from servers.l4fs.opener_context_interface import (
    OpenerContext,
    iface_OpenerContext,
    ref_OpenerContext,
)


class OpenerContextObject(OpenerContext, Dataspace):
    """Composed of OpenerContext, Dataspace."""

    INFO = InterfaceInfo(
        "OpenerContextObject",
        components=(OpenerContext.INFO, Dataspace.INFO),
    )


class ref_OpenerContextObject(Reference):
    """Where a OpenerContextObject is, and where its components are."""

    def __init__(
        self,
        ptr: object = None,
        cap: Cap | None = None,
        as_OpenerContext: ref_OpenerContext | None = None,
        as_Dataspace: ref_Dataspace | None = None,
    ) -> None:
        super().__init__(ptr, cap)
        if as_OpenerContext is None:
            as_OpenerContext = ref_OpenerContext(cap=cap)
        self.as_OpenerContext = as_OpenerContext
        if as_Dataspace is None:
            as_Dataspace = ref_Dataspace(cap=cap)
        self.as_Dataspace = as_Dataspace


@dataclass(frozen=True, kw_only=True)
class iface_OpenerContextObject:
    """The functions of a OpenerContextObject, component by component."""

    to_OpenerContext: iface_OpenerContext
    to_Dataspace: iface_Dataspace
