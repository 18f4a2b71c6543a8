# Made by eka idl from mapped_file_object.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from servers.l4fs.dataspace_client import client_Dataspace, client_iface_Dataspace
from servers.l4fs.file_client import client_File, client_iface_File
from servers.l4fs.flush_client import client_Flush, client_iface_Flush
from servers.l4fs.mapped_file_client import client_iface_MappedFile, client_MappedFile
from servers.l4fs.mapped_file_object_interface import (
    MappedFileObject,
    iface_MappedFileObject,
)
from servers.l4fs.notification_client import (
    client_iface_Notification,
    client_Notification,
)


class client_MappedFileObject(
    client_Dataspace,
    client_File,
    client_Flush,
    client_MappedFile,
    client_Notification,
    MappedFileObject,
):
    """A MappedFileObject in another program."""


client_iface_MappedFileObject = iface_MappedFileObject(
    to_Dataspace=client_iface_Dataspace,
    to_File=client_iface_File,
    to_Flush=client_iface_Flush,
    to_MappedFile=client_iface_MappedFile,
    to_Notification=client_iface_Notification,
)
