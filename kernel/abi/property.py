"""Types and limits of properties.

Original: e32property.h, e32const.h; symbian-kernel 9.7.
"""

from enum import IntEnum
from typing import Final, TypeAlias


class TPropertyType(IntEnum):
    """What a property's value is. Original: RProperty::TType."""

    EInt = 0
    EByteArray = 1
    ELargeByteArray = 2


EText: Final = TPropertyType.EByteArray  # one number for both, as in the original

KMaxPropertySize: Final = 512  # bytes of an EByteArray
KMaxLargePropertySize: Final = 65_535  # bytes of an ELargeByteArray
KUidSecurityThresholdCategoryValue: Final = 0x10273357  # below: the system's categories

# A property handle, or category and key.
PropertyPlace: TypeAlias = int | tuple[int, int]
