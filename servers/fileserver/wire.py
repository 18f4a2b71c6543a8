"""Numbers that cross inside descriptors."""

from struct import Struct
from typing import Final

HANDLE: Final = Struct("<i")  # of a new sub-session
POSITION: Final = Struct("<q")  # a position or size that may exceed 31 bits
SET_ENTRY: Final = Struct("<qII")  # time (0: keep), attributes to set, to clear
