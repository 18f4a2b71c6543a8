"""Testing the kernel by allocations that fail, and looking into it."""

from typing import Protocol


class ExecDebug(Protocol):
    """The kernel's heap as its tests see it (symbian-userlib 12), and its insides."""

    def debug_fail_alloc(self, kind: int, rate: int, burst: int) -> None:
        """Let allocations fail that the calling thread's kernel calls make.

        *kind* is a `TAllocFail`; other threads' calls neither fail nor count. Raises:
            KErrArgument for a kind that cannot be set.
        """

    def debug_alloc_failures(self) -> int:
        """How many have failed since the kind was set."""
        raise AssertionError

    def debug_heap_cells(self) -> int:
        """What the kernel holds for all programs together.

        Counted are objects, handles, messages in use, and outstanding requests.
        """
        raise AssertionError

    def debug_print(self, text: str) -> None:
        """Write a line to the debug port, with the thread and the time. Never fails.

        Half of a surrogate pair, which no log can hold, becomes a question mark.
        """

    def debug_raw_print(self, text: str) -> None:
        """The same, as it is: it ends no line but its own. Never fails."""

    def debug_publish(self, name: str, text: str) -> None:
        """Show *text* under *name* to whoever looks at the machine; "" takes it back.

        It stands in snapshots and dumps until the process is gone, or publishes
        another one: what a server knows, and the kernel does not.

        Raises: KErrArgument for an empty name or one of more than KMaxName characters;
            KErrTooBig for a text of more than KMaxPublishedText; KErrNoMemory.
        """

    def debug_handles(self, process: int) -> tuple[tuple[int, int, str, int, int], ...]:
        """The open handles of a process and its threads, those of the process first.

        Each is the handle, the kind of the object, its full name, how often it is open
        in all, and the id of the thread that owns the handle, 0 for the process.

        Raises: KErrPermissionDenied for another process without PowerMgmt.
        """
        raise AssertionError

    def debug_events(
        self, most: int
    ) -> tuple[tuple[int, int, str, int, int, str], ...]:
        """The latest *most* events of the flight recorder, oldest first.

        Each is its number, the time in us since boot, its name, the ids of process and
        thread (0: the host, or the clock), and its fields as a text.

        Raises: KErrPermissionDenied without PowerMgmt; KErrArgument if *most* is
            negative.
        """
        raise AssertionError
