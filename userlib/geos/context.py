"""What a thread of a geode is: its queue, the objects it runs, and its geode.

It stands in a context variable, so that each emulated thread has its own. A thread that
no geode has made, a server's for instance, has none: it sends, and runs no objects.
"""

from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Final

from userlib.geos.values import (
    NULL_OPTR,
    AppLaunchBlock,
    GeodeHandle,
    GeodeToken,
    Optr,
    ThreadHandle,
)

if TYPE_CHECKING:
    from userlib.geos.object_class import GeosClass


class GeodeState:
    """What the threads of one geode share; complete before a second one starts."""

    def __init__(self, name: str, token: GeodeToken | None) -> None:
        # Fixed for life:
        self.name: Final = name
        self.token: Final = token
        self.handle = GeodeHandle(0)  # once its process thread has a queue

        # Written by the process thread, as the geode starts:
        self.app_object = NULL_OPTR
        self.launch_block: AppLaunchBlock | None = None


class GeosThread:
    """One event-driven thread: whoever runs objects.

    Threads: the thread itself.
    """

    def __init__(self, geode: GeodeState, handle: ThreadHandle) -> None:
        # Fixed for life:
        self.geode: Final = geode
        self.handle: Final = handle  # the id of its queue
        self._next_chunk: Final = count().__next__

        # Owned by the thread itself:
        self.objects: Final[dict[int, GeosClass]] = {}  # by chunk
        self.is_running = True  # its event loop

    def add(self, obj: "GeosClass") -> Optr:
        """Let the thread run an object; the first one is its process object."""
        chunk = self._next_chunk()
        self.objects[chunk] = obj
        return Optr(self.geode.handle, chunk, self.handle)


current_thread: Final[ContextVar[GeosThread | None]] = ContextVar(
    "current_geos_thread", default=None
)
# The geode of a thread, also of one that has no queue.
current_geode: Final[ContextVar[GeodeState | None]] = ContextVar(
    "current_geode", default=None
)


def event_thread() -> GeosThread:
    """The calling thread, which runs objects. Raises: RuntimeError if it does not."""
    thread = current_thread.get()
    if thread is None:
        raise RuntimeError(
            "only an event-driven thread runs objects: Geode.run and "
            "geode_create_thread make such threads"
        )
    return thread
