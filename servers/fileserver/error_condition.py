"""An error that a test has every request fail with, sooner or later.

Original: RFs::SetErrorCondition; fileserver specification 18.
"""

from typing import Final

from kernel.abi.errors import KErrNone
from servers.fileserver.protocol import TFsMessage

# What always works, so that a client that met an error can clean up.
ENDINGS: Final = frozenset(
    (
        TFsMessage.EFileClose,
        TFsMessage.EDirClose,
        TFsMessage.EFormatClose,
        TFsMessage.EFileReadCancel,
    )
)
_EXEMPT: Final = ENDINGS | {TFsMessage.ESetErrorCondition}


class ErrorCondition:
    """The server's, for the requests of all sessions. Owned by Main."""

    def __init__(self) -> None:
        self._code: int = KErrNone
        self._good = 0  # requests that are yet to be served

    def set(self, code: int, good: int) -> None:
        """Fail all requests with *code* after *good* more; KErrNone: none."""
        self._code = code
        self._good = good

    def of(self, function: int) -> int:
        """What a request is to fail with, which counts it; else KErrNone."""
        if self._code == KErrNone or function in _EXEMPT:
            return KErrNone
        if self._good > 0:
            self._good -= 1
            return KErrNone
        return self._code
