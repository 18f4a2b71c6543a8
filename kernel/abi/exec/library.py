"""Libraries: DLLs that a process has loaded."""

from collections.abc import Callable
from typing import Protocol

from kernel.abi.config import Exports
from kernel.abi.image import Uids


class ExecLibrary(Protocol):
    """Load, initialise, look up. Original: symbian-userlib 13.1."""

    def library_load(self, file_name: str, uids: Uids, owner: int) -> int:
        """Load a DLL of the machine's own; it is not initialised.

        Returns: a handle; null on a machine with a loader, which is to be asked.
        Raises: KErrBadName; KErrNotFound if there is no such DLL; KErrNotSupported if
            it is none, its version or UIDs are others; KErrPermissionDenied if it lacks
            a capability that the caller has; KErrCorrupt.
        """

    def library_attach(self, handle: int) -> Callable[[], Exports] | None:
        """Begin to initialise.

        Returns: the entry point, which the caller has to call, and to say what came of
            it; None if that is done.
        Blocks: while another thread initialises.
        Raises: KErrGeneral if the library goes meanwhile.
        """

    def library_attached(self, handle: int, exports: Exports | None) -> None:
        """End what library_attach began; None if the entry point failed.

        By another thread than the one that began, it panics KERN-EXEC 1.
        """

    def library_lookup(self, handle: int, ordinal: int) -> Callable[..., object] | None:
        """The export; None if there is none of that ordinal."""

    def library_file_name(self, handle: int) -> str:
        """Where the DLL was found."""

    def library_uids(self, handle: int) -> Uids:
        """The three UIDs."""
