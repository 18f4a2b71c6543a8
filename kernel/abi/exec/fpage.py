"""Memory that was received in a message."""

from typing import Protocol


class ExecFpage(Protocol):
    """Parts of chunks. Original: flexpages (l4re-idl 1.3, 7.1)."""

    def fpage_view(self, handle: int, offset: int, size: int) -> memoryview | None:
        """The memory itself, read-only without W; None if it isn't all committed.

        Offsets count from the beginning of the part, in bytes.
        """
