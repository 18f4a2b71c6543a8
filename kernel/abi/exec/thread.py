"""Threads."""

from collections.abc import Callable
from typing import Protocol

from kernel.abi.memory import ClientStatus


class ExecThread(Protocol):
    """Create, end, watch and schedule. Original: symbian-kernel 4.

    What would change a thread of another process panics KERN-EXEC 46.
    """

    def thread_create(
        self,
        name: str,
        entry: Callable[[], int | None],
        stack_size: int,
        owner: int,
    ) -> int:
        """A suspended thread that will call *entry*; an empty name is allowed.

        Raises: KErrBadName, KErrAlreadyExists, KErrArgument (stack under 512 bytes).
        """

    def thread_resume(self, handle: int) -> None:
        """Undo one suspension; of a thread not suspended, nothing."""

    def thread_suspend(self, handle: int) -> None:
        """Suspensions are counted."""

    def thread_end(
        self, handle: int, exit_type: int, category: str, reason: int
    ) -> None:
        """Kill, terminate or panic; of a dead thread, nothing.

        Raises: KErrArgument for no such type of exit.
        """

    def thread_exit(self, reason: int) -> None:
        """End the calling thread with type Kill. Original: User::Exit."""

    def thread_exit_info(self, handle: int) -> tuple[int, int, str]:
        """Exit type, reason, category."""

    def thread_id(self, handle: int) -> int:
        """The id, unique in this machine."""

    def thread_open(self, thread_id: int, owner: int) -> int:
        """Open by id. Raises: KErrNotFound, KErrPermissionDenied."""

    def thread_process(self, handle: int, owner: int) -> int:
        """A handle to the process that the thread belongs to."""

    def thread_logon(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* with the exit reason when the thread dies."""

    def thread_logon_cancel(self, handle: int, status: ClientStatus) -> None:
        """Complete a logon with KErrNone. Raises: KErrGeneral if there is none."""

    def thread_rendezvous_logon(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* at the thread's rendezvous, or its death."""

    def thread_rendezvous_cancel(self, handle: int, status: ClientStatus) -> None:
        """As thread_logon_cancel."""

    def thread_rendezvous(self, reason: int) -> None:
        """Complete the rendezvous requests on the calling thread."""

    def thread_priority(self, handle: int) -> int:
        """The priority last set."""

    def thread_set_priority(self, handle: int, priority: int) -> None:
        """A value not in `TThreadPriority`, or EPriorityNull, panics KERN-EXEC 14."""

    def thread_rename(self, name: str) -> None:
        """Rename the calling thread. Raises: KErrBadName."""

    def thread_set_critical(self, level: int) -> None:
        """What the calling thread's death does (`TCritical`). Raises: KErrArgument."""

    def thread_set_realtime_state(self, state: int) -> None:
        """The calling thread's `TRealtimeState`; another value panics KERN-EXEC 62."""

    def thread_critical(self) -> int:
        """What thread_set_critical set."""
