"""What the loader and its clients agree on: functions, packages, kinds of files.

It stands here, not with the server, since creating a process asks the loader.

Original: e32ldr_private.h; symbian-userlib 13.2.
"""

import struct
from enum import IntEnum
from typing import Final, NamedTuple, Self

from kernel.abi.image import Image, Uids
from kernel.abi.security import ECapability_Limit

KLoaderVersion: Final = (1, 0, 0)


class TLoaderMsg(IntEnum):
    """The functions of a session; all other numbers are KErrNotSupported."""

    ELoadProcess = 1
    ELoadLibrary = 2
    ELoadLogicalDevice = 3
    ELoadPhysicalDevice = 4
    ELoadLocale = 5
    ELoadFileSystem = 6
    EGetInfo = 7
    ELdrDebug = 8
    ELoadFSExtension = 9
    EGetInfoFromHeader = 10
    ELoadFSPlugin = 11
    ECancelLazyDllUnload = 12
    ELdrDelete = 13
    ECheckLibraryHash = 14
    ELoadFSProxyDrive = 15
    ELoadCodePage = 16
    ERunReaper = 17


# What a load request says beside the names, and gets back: the three UIDs, the least
# stack, who owns the handle, the handle.
LOAD: Final = struct.Struct("<IIIiiI")
HANDLE_OFFSET: Final = 20  # of the handle in it

_INFO: Final = struct.Struct("<IIIIIIQ")
KLibraryInfoSize: Final = _INFO.size  # bytes


class TLibraryInfo(NamedTuple):
    """What an executable's file says of itself. Original: RLibrary::TInfo."""

    module_version: int  # the major number in the upper half
    uids: Uids
    secure_id: int
    vendor_id: int
    capabilities: frozenset[int]

    @classmethod
    def of(cls, image: Image) -> Self:
        """The same, from the header itself. Original: none; the loader fills it."""
        identity = image.identity
        return cls(
            image.version,
            image.uids,
            identity.secure_id,
            identity.vendor_id,
            frozenset(identity.capabilities),
        )

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """What `pack` packed. Original: none; it travels as it is."""
        version, uid1, uid2, uid3, secure_id, vendor_id, bits = _INFO.unpack(data)
        held = frozenset(n for n in range(ECapability_Limit) if bits >> n & 1)
        return cls(version, (uid1, uid2, uid3), secure_id, vendor_id, held)

    def pack(self) -> bytes:
        """As it travels. Original: none; it travels as it is."""
        bits = sum(1 << n for n in self.capabilities if 0 <= n < ECapability_Limit)
        return _INFO.pack(
            self.module_version, *self.uids, self.secure_id, self.vendor_id, bits
        )
