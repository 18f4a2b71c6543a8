"""Thread-local storage."""

from typing import Protocol


class ExecTls(Protocol):
    """Words of the calling thread, by module handle and UID.

    Original: symbian-kernel 4.8.
    """

    def tls_set(self, module: int, uid: int, value: int) -> None:
        """Store a word. Raises: KErrNoMemory."""

    def tls_get(self, module: int, uid: int) -> int:
        """The word; 0 if there is none."""

    def tls_free(self, module: int, uid: int) -> None:
        """Forget the word."""
