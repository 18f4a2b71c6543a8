"""What an emulated executable says of itself.

Original: the E32 image header.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from kernel.abi.priorities import TProcessPriority
from kernel.abi.security import Identity

KDynamicLibraryUid: Final = 0x10000079  # the first UID of a DLL
KExecutableImageUid: Final = 0x1000007A  # and of a program
KDefaultVersion: Final = 0x000A0000  # 10.0: major in the upper half, minor in the lower

Uids: TypeAlias = tuple[int, int, int]
KNullUids: Final[Uids] = (0, 0, 0)  # as a demand: any will do


@dataclass(frozen=True, slots=True)
class Image:
    """The header of a program: a module's optional `IMAGE`.

    UIDs and ids are 32 bits; *stack_size* is in bytes and informative only; *version*
    has the major number in its upper half.
    """

    uid1: int = KExecutableImageUid
    uid2: int = 0
    uid3: int = 0
    secure_id: int | None = None  # None: the third UID
    vendor_id: int = 0
    capabilities: frozenset[int] = frozenset()
    priority: TProcessPriority = TProcessPriority.EPriorityForeground
    stack_size: int = 0x2000
    version: int = KDefaultVersion

    @property
    def uids(self) -> Uids:
        """All three."""
        return (self.uid1, self.uid2, self.uid3)

    @property
    def identity(self) -> Identity:
        """SID, VID and capabilities of a process made from this image."""
        sid = self.uid3 if self.secure_id is None else self.secure_id
        return Identity(sid, self.vendor_id, self.capabilities)


def is_compatible(version: int, wanted: int | None) -> bool:
    """Whether a module will do for who wants one: the same major, no lower minor."""
    return wanted is None or (version >> 16 == wanted >> 16 and version >= wanted)


def match_uids(uids: Uids, wanted: Uids) -> bool:
    """Whether *uids* are those *wanted*; 0 stands for any."""
    return all(want in (0, uid) for uid, want in zip(uids, wanted, strict=False))
