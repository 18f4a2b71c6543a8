"""What an emulated executable says of itself.

Original: the E32 image header.
"""

from dataclasses import dataclass

from kernel.abi.priorities import TProcessPriority
from kernel.abi.security import Identity


@dataclass(frozen=True, slots=True)
class Image:
    """The header of a program: a module's optional `IMAGE`.

    UIDs and ids are 32 bits; *stack_size* is in bytes and informative only.
    """

    uid1: int = 0x1000007A  # KExecutableImageUid
    uid2: int = 0
    uid3: int = 0
    secure_id: int | None = None  # None: the third UID
    vendor_id: int = 0
    capabilities: frozenset[int] = frozenset()
    priority: TProcessPriority = TProcessPriority.EPriorityForeground
    stack_size: int = 0x2000

    @property
    def identity(self) -> Identity:
        """SID, VID and capabilities of a process made from this image."""
        sid = self.uid3 if self.secure_id is None else self.secure_id
        return Identity(sid, self.vendor_id, self.capabilities)
