# Made by eka idl from opener_context_object.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from servers.l4fs.dataspace_client import client_Dataspace, client_iface_Dataspace
from servers.l4fs.opener_context_client import (
    client_iface_OpenerContext,
    client_OpenerContext,
)
from servers.l4fs.opener_context_object_interface import (
    OpenerContextObject,
    iface_OpenerContextObject,
)


class client_OpenerContextObject(
    client_OpenerContext,
    client_Dataspace,
    OpenerContextObject,
):
    """A OpenerContextObject in another program."""


client_iface_OpenerContextObject = iface_OpenerContextObject(
    to_OpenerContext=client_iface_OpenerContext,
    to_Dataspace=client_iface_Dataspace,
)
