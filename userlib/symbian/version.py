"""TVersion: what a client asks of a server when it connects."""

import struct
from dataclasses import dataclass
from typing import Final, Self

from userlib.symbian.word import signed_word

_KLayout: Final = struct.Struct("<bbh")
_KWord: Final = struct.Struct("<i")


@dataclass(frozen=True, slots=True)
class TVersion:
    """Major and minor number (8 bits each, signed) and build (16 bits).

    Original: TVersion (e32cmn.h).
    """

    major: int = 0
    minor: int = 0
    build: int = 0

    def packed(self) -> int:
        """The word that a connect message carries as its argument 0.

        Raises: OverflowError if a number does not fit its bits.
        Original: none; its bytes.
        """
        try:
            image = _KLayout.pack(self.major, self.minor, self.build)
        except struct.error as error:
            raise OverflowError(f"{self}: {error}") from None
        word: int = _KWord.unpack(image)[0]
        return word

    @classmethod
    def unpack(cls, word: int) -> Self:
        """The version that *word* stands for. Original: none; its bytes."""
        return cls(*_KLayout.unpack(_KWord.pack(signed_word(word))))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor:02}({self.build})"
