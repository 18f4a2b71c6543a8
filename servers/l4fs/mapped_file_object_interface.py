# Made by eka idl from mapped_file_object.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""MappedFileObject, as described."""

from userlib.l4re.runtime import Cap, InterfaceInfo, Reference, dataclass
from servers.l4fs.dataspace_interface import Dataspace, iface_Dataspace, ref_Dataspace
from servers.l4fs.file_interface import File, iface_File, ref_File
from servers.l4fs.flush_interface import Flush, iface_Flush, ref_Flush
from servers.l4fs.mapped_file_interface import (
    MappedFile,
    iface_MappedFile,
    ref_MappedFile,
)
from servers.l4fs.notification_interface import (
    Notification,
    iface_Notification,
    ref_Notification,
)


class MappedFileObject(Dataspace, File, Flush, MappedFile, Notification):
    """Composed of Dataspace, File, Flush, MappedFile, Notification."""

    INFO = InterfaceInfo(
        "MappedFileObject",
        components=(
            Dataspace.INFO,
            File.INFO,
            Flush.INFO,
            MappedFile.INFO,
            Notification.INFO,
        ),
    )


class ref_MappedFileObject(Reference):
    """Where a MappedFileObject is, and where its components are."""

    def __init__(
        self,
        ptr: object = None,
        cap: Cap | None = None,
        as_Dataspace: ref_Dataspace | None = None,
        as_File: ref_File | None = None,
        as_Flush: ref_Flush | None = None,
        as_MappedFile: ref_MappedFile | None = None,
        as_Notification: ref_Notification | None = None,
    ) -> None:
        super().__init__(ptr, cap)
        if as_Dataspace is None:
            as_Dataspace = ref_Dataspace(cap=cap)
        self.as_Dataspace = as_Dataspace
        if as_File is None:
            as_File = ref_File(cap=cap)
        self.as_File = as_File
        if as_Flush is None:
            as_Flush = ref_Flush(cap=cap)
        self.as_Flush = as_Flush
        if as_MappedFile is None:
            as_MappedFile = ref_MappedFile(cap=cap)
        self.as_MappedFile = as_MappedFile
        if as_Notification is None:
            as_Notification = ref_Notification(cap=cap)
        self.as_Notification = as_Notification


@dataclass(frozen=True, kw_only=True)
class iface_MappedFileObject:
    """The functions of a MappedFileObject, component by component."""

    to_Dataspace: iface_Dataspace
    to_File: iface_File
    to_Flush: iface_Flush
    to_MappedFile: iface_MappedFile
    to_Notification: iface_Notification
