"""The 32-bit word that crosses to the kernel."""

import struct
from typing import Final

from kernel.abi.limits import KMaxTInt, KMinTInt

_KWordLimit: Final = 1 << 32

KTIntParameter: Final = struct.Struct("<i")  # a TInt in a process parameter


def signed_word(value: int) -> int:
    """*value* as the kernel and the other side read it back.

    Raises: OverflowError outside -2^31 to 2^32 - 1; nothing has been sent by then.
    Original: a TInt; the refusal is ours (symbian-kernel 6.9).
    """
    if KMinTInt <= value <= KMaxTInt:
        return int(value)
    if KMaxTInt < value < _KWordLimit:
        return int(value) - _KWordLimit
    raise OverflowError(f"{value} does not fit in 32 bits")
