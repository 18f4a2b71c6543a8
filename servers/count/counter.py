"""A counter of 32 bits, as both count servers keep them."""

from typing import Final

from userlib import KErrOverflow, KMaxTInt, KMinTInt, Leave

ENonNumericString: Final = 99  # what setting from other than digits leaves with

_KMaxDigits: Final = len(str(KMaxTInt))
_KWords: Final = 1 << 32


class Counter:
    """A TInt: past either end it goes on at the other."""

    def __init__(self) -> None:
        self.value = 0

    def increase(self, amount: int = 1) -> None:
        """Add *amount*."""
        self.value = (self.value + amount - KMinTInt) % _KWords + KMinTInt

    def set_from_string(self, text: str) -> None:
        """Take the value of a string of decimal digits.

        Raises: Leave(ENonNumericString) for an empty string or another character,
            Leave(KErrOverflow) beyond 32 bits; the value is then unchanged.
        """
        if not (text.isascii() and text.isdigit()):
            raise Leave(ENonNumericString)
        digits = text.lstrip("0") or "0"
        if len(digits) > _KMaxDigits or int(digits) > KMaxTInt:
            raise Leave(KErrOverflow)
        self.value = int(digits)
