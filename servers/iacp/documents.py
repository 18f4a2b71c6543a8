"""Which server has which document open.

Original: IACPRegisterDocument; geos-iacp 3.11.
"""

from typing import Final, NamedTuple

from userlib.geos.iacp_documents import DocumentId
from userlib.geos.values import Optr


class DocumentEntry(NamedTuple):
    """*server* has the file open."""

    document: DocumentId
    server: Optr


class Documents:
    """The registry; several servers may have one file."""

    def __init__(self) -> None:
        self._entries: Final[dict[DocumentEntry, None]] = {}  # as they registered

    def entries(self) -> tuple[DocumentEntry, ...]:
        """All, oldest first."""
        return tuple(self._entries)

    def register(self, server: Optr, document: DocumentId) -> None:
        """Add an entry; an identical one is not added twice."""
        self._entries[DocumentEntry(document, server)] = None

    def unregister(self, server: Optr, document: DocumentId) -> bool:
        """Remove it. Returns: whether there was one."""
        entry = DocumentEntry(document, server)
        is_known = entry in self._entries
        self._entries.pop(entry, None)
        return is_known

    def find(self, document: DocumentId) -> Optr | None:
        """The first that registered the file, of those that still have."""
        for entry in self._entries:
            if entry.document == document:
                return entry.server
        return None

    def drop_geode(self, geode: int) -> None:
        """Forget what the objects of *geode* had open."""
        for entry in self.entries():
            if entry.server.geode == geode:
                del self._entries[entry]
