"""Shared chunks."""

from typing import Protocol


class ExecChunk(Protocol):
    """Memory that several processes see. Original: symbian-kernel 9.10.

    Offsets and sizes are bytes, rounded outwards to whole pages. A call that changes
    what is committed raises KErrAccessDenied from a process that may not, KErrGeneral
    for a chunk of the wrong kind, KErrArgument beyond the maximum.
    """

    def chunk_create(
        self,
        name: str | None,
        kind: int,
        extent: tuple[int, int, int],
        clear_byte: int,
        read_only: bool,
        owner: int,
    ) -> int:
        """*extent* is bottom, top and maximum size; *kind* a `TChunkKind`.

        *name* None is local, "" protected, else global. Memory that is *read_only* is
        so for every process but the caller's.

        Raises: KErrBadName, KErrAlreadyExists, KErrArgument, KErrNoMemory.
        """
        raise AssertionError

    def chunk_adjust(self, handle: int, size: int) -> None:
        """Commit a normal chunk up to *size*, and no further."""

    def chunk_adjust_double_ended(self, handle: int, bottom: int, top: int) -> None:
        """Commit a double-ended chunk from *bottom* to *top*, and no further."""

    def chunk_commit(self, handle: int, offset: int, size: int) -> None:
        """Commit pages of a disconnected chunk.

        Raises: KErrAlreadyExists if one of them is, with nothing changed.
        """

    def chunk_decommit(self, handle: int, offset: int, size: int) -> None:
        """Take pages of a disconnected chunk back; those not committed are ignored."""

    def chunk_allocate(self, handle: int, size: int) -> int:
        """Commit the first free run of pages that is large enough; its offset.

        Raises: KErrNoMemory if there is none.
        """

    def chunk_extent(self, handle: int) -> tuple[int, int, int, int]:
        """Bottom, top, committed size, maximum size."""

    def chunk_set_restrictions(self, handle: int, flags: int) -> None:
        """Set `TChunkRestrictions`. Raises: KErrAccessDenied but for the creator."""

    def chunk_view(self, handle: int, offset: int, size: int) -> memoryview | None:
        """The memory itself, shared, not copied; None if it isn't all committed."""
