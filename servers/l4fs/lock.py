"""Lock and LockPool: what guards state that objects on several threads share."""

from collections import deque
from types import TracebackType
from typing import Final, Self

from userlib.symbian.mutex import RMutex


class Lock:
    """A mutex of this program, held inside `with`; its holder may enter again.

    They are nested in one order only: a resource's, a provider's, then one of those
    that no other is taken inside of: the registry's, the page collection's.
    """

    def __init__(self) -> None:
        self._mutex: Final = RMutex().create_local()

    def __enter__(self) -> Self:
        self._mutex.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._mutex.signal()


class LockPool:
    """Locks for what comes and goes.

    They are used again, never closed: somebody may still be on his way to a lock
    whose object is gone, and finds that out when he holds it.
    """

    def __init__(self) -> None:
        self._free: Final[deque[Lock]] = deque()

    def take(self) -> Lock:
        """One that is nobody's. Raises: KErrNoMemory."""
        try:
            return self._free.pop()
        except IndexError:
            return Lock()

    def give_back(self, lock: Lock) -> None:
        """Its object is gone."""
        self._free.append(lock)
