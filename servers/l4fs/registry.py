"""Registry: which files are open, by name."""

from contextlib import ExitStack
from typing import Final

from servers.fileserver.client import RFs
from servers.fileserver.names import fold
from servers.l4fs.lock import Lock, LockPool
from servers.l4fs.page_collection import PageCollection
from servers.l4fs.provider import Provider


class Registry:
    """Finds the provider of a file, and makes or ends it.

    Threads: any of the server's.
    Original: Departure's registries of providers (l4re-idl 6.3).
    """

    def __init__(self, fs: RFs, collection: PageCollection, locks: LockPool) -> None:
        # Fixed for life:
        self._fs: Final = fs
        self._collection: Final = collection
        self._locks: Final = locks

        self._lock: Final = Lock()
        # Guarded by self._lock:
        self._providers: dict[str, Provider] = {}  # by folded name

    def join(self, name: str, flags: int, *, writing: bool) -> Provider:
        """The provider of a file, with one user more. Raises: L4Error.

        The registry is not held while the file is opened: a slow drive holds up nobody
        but those who want the same file.
        """
        key = fold(name)
        with self._lock:
            provider = self._providers.get(key)
            if provider is None:
                lock = self._locks.take()
                provider = Provider(self._fs, name, self._collection, lock)
                self._providers[key] = provider
            provider.users += 1
        with ExitStack() as undo:
            undo.callback(self.leave, provider)
            provider.open(flags, writing=writing)
            undo.pop_all()
        return provider

    def leave(self, provider: Provider) -> None:
        """One user less; with the last one it ends.

        Who joins while it ends, waits for that, and opens it again.

        Raises: L4Error if changes could not be stored.
        """
        with provider.lock:
            with self._lock:
                provider.users -= 1
                if provider.users:
                    return
            try:
                provider.end()
            finally:
                is_gone = self._remove_unused(provider)
        if is_gone:
            self._locks.give_back(provider.lock)

    def _remove_unused(self, provider: Provider) -> bool:
        with self._lock:
            if provider.users:
                return False
            del self._providers[fold(provider.name)]
            return True

    def end_all(self) -> None:
        """The server stops: store everything. Raises: L4Error, the first one."""
        with self._lock:
            providers = list(self._providers.values())
        for provider in providers:
            with provider.lock:
                provider.end()

    def count(self) -> int:
        """Files that are open."""
        with self._lock:
            return len(self._providers)
