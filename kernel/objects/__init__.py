"""Reference-counted objects, their containers and handle tables: the user-side ones.

Servers use them for their sub-sessions. The kernel derives its own from them, and
overrides each point where symbian-kernel section 2 differs from section 3.
"""

from kernel.objects.base import CBase
from kernel.objects.object import CObject
from kernel.objects.object_con import CObjectCon, TFound
from kernel.objects.object_con_ix import CObjectConIx
from kernel.objects.object_ix import CObjectIx, TSlot

__all__ = [
    "CBase",
    "CObject",
    "CObjectCon",
    "CObjectConIx",
    "CObjectIx",
    "TFound",
    "TSlot",
]
