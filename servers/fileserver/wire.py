"""Numbers that cross inside descriptors."""

from struct import Struct
from typing import Any, Final

from kernel.abi.errors import KErrArgument
from servers.fileserver.failure import Refused

HANDLE: Final = Struct("<i")  # of a new sub-session
POSITION: Final = Struct("<q")  # a position or size that may exceed 31 bits
READ: Final = Struct("<qQ")  # position, and what stands for the status
STATUS: Final = Struct("<Q")  # 0: all
SET_ENTRY: Final = Struct("<qII")  # time (0: keep), attributes to set, to clear


def unpacked(layout: Struct, data: bytes) -> tuple[Any, ...]:
    """The fields of what a client sent.

    Any: the layout decides. Raises: Refused(KErrArgument) if it has another size.
    """
    if len(data) != layout.size:
        raise Refused(KErrArgument)
    return layout.unpack(data)
