"""Processes."""

from typing import Protocol

from kernel.abi.image import Uids
from kernel.abi.memory import ClientStatus


class ExecProcess(Protocol):
    """Create, end, watch and identify. Original: symbian-kernel 5."""

    def process_create(
        self,
        file_name: str,
        command_line: str,
        owner: int,
        uids: Uids,
        stack_size: int,
    ) -> int:
        """A new process with its Main thread suspended.

        Returns: a handle; null on a machine with a loader, which is to be asked.
        Raises: KErrNotFound if there is no such program, KErrBadName; KErrNotSupported
            if it is none, its version or UIDs are others; KErrCorrupt; KErrArgument for
            a negative stack.
        """

    def process_resume(self, handle: int) -> None:
        """Let Main run; not the creator, or a second time, panics KERN-EXEC 46."""

    def process_end(
        self, handle: int, exit_type: int, category: str, reason: int
    ) -> None:
        """Kill, terminate or panic; without the right to, panics KERN-EXEC 46.

        Raises: KErrArgument for no such type of exit.
        """

    def process_exit_info(self, handle: int) -> tuple[int, int, str]:
        """Exit type, reason, category."""

    def process_logon(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* with the exit reason when the process dies."""

    def process_logon_cancel(self, handle: int, status: ClientStatus) -> None:
        """Complete a logon with KErrNone. Raises: KErrGeneral if there is none."""

    def process_rendezvous_logon(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* at the process's rendezvous, or its death."""

    def process_rendezvous_cancel(self, handle: int, status: ClientStatus) -> None:
        """As process_logon_cancel."""

    def process_rendezvous(self, reason: int) -> None:
        """Complete the rendezvous requests on the caller's own process."""

    def process_id(self, handle: int) -> int:
        """The id, unique in this machine."""

    def process_open(self, process_id: int, owner: int) -> int:
        """Open by id. Raises: KErrNotFound, KErrPermissionDenied."""

    def process_command_line(self, handle: int) -> str:
        """The command line; of another process panics KERN-EXEC 46."""

    def process_file_name(self, handle: int) -> str:
        """The program's file name."""

    def process_rename(self, name: str) -> None:
        """Give the caller's process a new root name. Raises: KErrBadName."""

    def process_identity(self, handle: int) -> tuple[int, int, frozenset[int]]:
        """Secure id, vendor id, capabilities."""

    def process_uids(self, handle: int) -> tuple[int, int, int]:
        """The three UIDs."""

    def process_creator_identity(self) -> tuple[int, int, frozenset[int]]:
        """Identity of the creator of the caller's process, as it was then."""

    def process_priority(self, handle: int) -> int:
        """Priority of the process."""

    def process_set_priority(self, handle: int, priority: int) -> None:
        """Raises: KErrPermissionDenied; a bad value panics KERN-EXEC 14."""

    def process_set_priority_control(self, handle: int, enable: bool) -> None:
        """Whether others may set the priority; of another process panics 46."""

    def process_set_just_in_time(self, handle: int, enable: bool) -> None:
        """Whether a debugger may look into it; of another process panics 46."""

    def process_set_critical(self, level: int) -> None:
        """Set flags of the caller's process (`TCritical`). Raises: KErrArgument."""

    def process_critical(self) -> int:
        """What process_set_critical set."""
