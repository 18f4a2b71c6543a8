"""How far the numbers of connections have got, for the IACP server that comes next.

A connection's number says nothing of the server that made it, and clients keep theirs
when the server dies. So the next one goes on where this one has stopped: what is left
of an earlier life is noticed as any connection that is over. The mark is in a property,
which outlives who has defined it, and is some numbers ahead, to be moved seldom.

Original: none; there the state does not die.
"""

from typing import Final

from kernel.abi.errors import KErrAlreadyExists, Leave
from kernel.abi.property import TPropertyType
from kernel.abi.security import SecurityPolicy, TSecurityPolicyType
from userlib.symbian.property import RProperty

KIACPSecureId: Final = 0x49414350  # whose property it is
KNumbersAhead: Final = 256
_KKey: Final = 1


class ConnectionMark:
    """The mark: no number was given that comes after it."""

    def __init__(self) -> None:
        own = SecurityPolicy(TSecurityPolicyType.ETypeS3, id=KIACPSecureId)
        try:
            RProperty.define(_KKey, TPropertyType.EInt, own, own)
        except Leave as leave:
            if leave.code != KErrAlreadyExists:
                raise

        # Owned by the server's thread:
        self._last = RProperty.get_at(KIACPSecureId, _KKey)

    @property
    def last(self) -> int:
        """The last number that was, or could have been, given; 0 if none was."""
        return self._last

    def pass_by(self, number: int) -> None:
        """Let *number*, which is about to be given, not come after the mark.

        Numbers that follow may be smaller: they begin again when they are used up.
        """
        if not 0 <= self._last - number < KNumbersAhead:
            self._last = number + KNumbersAhead - 1
            RProperty.set_at(KIACPSecureId, _KKey, self._last)
