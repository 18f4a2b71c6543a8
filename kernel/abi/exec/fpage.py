"""Memory that was received in a message."""

from typing import Protocol


class ExecFpage(Protocol):
    """Parts of chunks. Original: flexpages (l4re-idl 1.3, 7.1)."""

    def fpage_view(self, handle: int, offset: int, size: int) -> memoryview | None:
        """The memory itself, read-only without W; None if it isn't all committed.

        Offsets count from the beginning of the part, in bytes.
        """

    def fpage_unmap(self, chunk: int, offset: int, size: int) -> None:
        """Take pages of a chunk from everybody who received them in a message.

        The memory stays, and who has a handle to the chunk itself keeps it. Views that
        receivers hold are released, as those of memory that is taken back.

        Raises: KErrAccessDenied from a process that may not adjust the chunk,
            KErrArgument beyond its maximum.
        """
