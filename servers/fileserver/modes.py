"""The bits and numbers that clients pass: open modes, attributes, masks, sort keys.

Original: f32file.h; fileserver specification 4, 9, 10 and 12.
"""

from enum import IntEnum
from typing import Final


class TFileMode(IntEnum):
    """How a file is opened: one share mode (0 to 3) and any of the other bits.

    Reading is always allowed and has no bit.
    """

    EFileShareExclusive = 0
    EFileShareReadersOnly = 1
    EFileShareAny = 2
    EFileShareReadersOrWriters = 3
    EFileStreamText = 0x100
    EFileWrite = 0x200
    EFileReadAsyncAll = 0x400
    EFileWriteBuffered = 0x800
    EFileWriteDirectIO = 0x1000
    EFileReadBuffered = 0x2000
    EFileReadDirectIO = 0x4000
    EFileReadAheadOn = 0x8000
    EFileReadAheadOff = 0x10000
    EDeleteOnClose = 0x20000
    EFileBigFile = 0x40000
    EFileSequential = 0x80000


EFileShareExclusive: Final = TFileMode.EFileShareExclusive
EFileShareReadersOnly: Final = TFileMode.EFileShareReadersOnly
EFileShareAny: Final = TFileMode.EFileShareAny
EFileShareReadersOrWriters: Final = TFileMode.EFileShareReadersOrWriters
EFileStream: Final = 0
EFileStreamText: Final = TFileMode.EFileStreamText
EFileRead: Final = 0
EFileWrite: Final = TFileMode.EFileWrite
EFileReadAsyncAll: Final = TFileMode.EFileReadAsyncAll
EFileWriteBuffered: Final = TFileMode.EFileWriteBuffered
EFileWriteDirectIO: Final = TFileMode.EFileWriteDirectIO
EFileReadBuffered: Final = TFileMode.EFileReadBuffered
EFileReadDirectIO: Final = TFileMode.EFileReadDirectIO
EFileReadAheadOn: Final = TFileMode.EFileReadAheadOn
EFileReadAheadOff: Final = TFileMode.EFileReadAheadOff
EDeleteOnClose: Final = TFileMode.EDeleteOnClose
EFileBigFile: Final = TFileMode.EFileBigFile
EFileSequential: Final = TFileMode.EFileSequential

KShareMask: Final = 0xFF


class TSeek(IntEnum):
    """What the offset of `RFile.seek` counts from."""

    ESeekAddress = 0
    ESeekStart = 1
    ESeekCurrent = 2
    ESeekEnd = 3


ESeekAddress: Final = TSeek.ESeekAddress
ESeekStart: Final = TSeek.ESeekStart
ESeekCurrent: Final = TSeek.ESeekCurrent
ESeekEnd: Final = TSeek.ESeekEnd

KEntryAttNormal: Final = 0
KEntryAttReadOnly: Final = 0x01
KEntryAttHidden: Final = 0x02
KEntryAttSystem: Final = 0x04
KEntryAttVolume: Final = 0x08
KEntryAttDir: Final = 0x10
KEntryAttArchive: Final = 0x20
KEntryAttXIP: Final = 0x80
KEntryAttRemote: Final = 0x100
# What a program may set or clear; other bits of a request are ignored in silence.
KEntryAttSettable: Final = (
    KEntryAttReadOnly | KEntryAttHidden | KEntryAttSystem | KEntryAttArchive
)

KEntryAttMatchMask: Final = 0x3F
KEntryAttMatchExclude: Final = 0x08000000
KEntryAttAllowUid: Final = 0x10000000
KEntryAttMatchExclusive: Final = 0x40000000
KEntryAttMaskSupported: Final = KEntryAttMatchMask

ESortNone: Final = 0
ESortByName: Final = 1
ESortByExt: Final = 2
ESortBySize: Final = 3
ESortByDate: Final = 4
ESortByUid: Final = 5
KSortKeyMask: Final = 0xFF
EDirsAnyOrder: Final = 0
EDirsFirst: Final = 0x100
EDirsLast: Final = 0x200
EAscending: Final = 0
EDescending: Final = 0x400
EDirDescending: Final = 0x800


class TDriveNumber(IntEnum):
    """The drives that usual configurations have; any of 0 to 25 is a drive."""

    EDriveA = 0
    EDriveC = 2
    EDriveD = 3
    EDriveE = 4
    EDriveZ = 25


EDriveA: Final = TDriveNumber.EDriveA
EDriveC: Final = TDriveNumber.EDriveC
EDriveD: Final = TDriveNumber.EDriveD
EDriveE: Final = TDriveNumber.EDriveE
EDriveZ: Final = TDriveNumber.EDriveZ
KMaxDrives: Final = 26
KDefaultDrive: Final = 0x7FFFFFFF  # the drive of the session path

KDriveAttLocal: Final = 0x01
KDriveAttRom: Final = 0x02
KDriveAttRedirected: Final = 0x04
KDriveAttSubsted: Final = 0x08
KDriveAttInternal: Final = 0x10
KDriveAttRemovable: Final = 0x20
KDriveAttRemote: Final = 0x40
KDriveAttTransaction: Final = 0x80
KDriveAttPageable: Final = 0x100
KDriveAttLogicallyRemovable: Final = 0x200
KDriveAttHidden: Final = 0x400
KDriveAttExternal: Final = 0x800
KDriveAttMask: Final = 0xFFF
KDriveAttExclude: Final = 0x40000
KDriveAttExclusive: Final = 0x80000
KDriveAttAll: Final = 0x100000
KMediaAttVariableSize: Final = 0x01
KMediaAttFormattable: Final = 0x04
KMediaAttWriteProtected: Final = 0x08


class TMediaType(IntEnum):
    """What a drive's media is."""

    EMediaNotPresent = 0
    EMediaUnknown = 1
    EMediaFloppy = 2
    EMediaHardDisk = 3
    EMediaCdRom = 4
    EMediaRam = 5
    EMediaFlash = 6
    EMediaRom = 7
    EMediaRemote = 8
    EMediaNANDFlash = 9
    EMediaRotatingMedia = 10
