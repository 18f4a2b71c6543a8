"""Memory that was received in a message."""

from typing import Protocol


class ExecFpage(Protocol):
    """Parts of chunks. Original: flexpages (l4re-idl 1.3, 7.1)."""

    def fpage_create(self, chunk: int, offset: int, order: int, rights: int) -> int:
        """A handle to a part of a chunk, as if it had been received in a message.

        Whatever is unmapped before it is sent on does not arrive. Raises: KErrArgument
            for less than a page, or what lies outside the chunk; KErrNoMemory.
        """

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
