"""Calls that a server makes on a message it has accepted.

A handle that is no message accepted by the caller's process panics KERN-EXEC 44; so
does every call but message_complete on a disconnect message.
"""

from typing import Protocol

from kernel.abi.ipc import MessageData
from kernel.abi.memory import ClientStatus


class ExecMessage(Protocol):
    """Read, write, complete, and what concerns the client."""

    def message_complete(self, message: int, code: int) -> None:
        """Give the client its answer. Original: ExecHandler::MessageComplete."""

    def message_complete_handle(self, message: int, handle: int) -> None:
        """Complete with a thread-owned handle in the client for *handle*'s object."""

    def message_read(
        self,
        message: int,
        index: int,
        offset: int,
        max_length: int,
        wide: bool | None,
    ) -> bytes | str:
        """Items of a descriptor argument; *wide* None takes either width.

        Raises: KErrArgument, KErrBadDescriptor, KErrDied in the order of
            symbian-kernel 6.9.
        """
        raise AssertionError

    def message_write(
        self, message: int, index: int, data: bytes | str, offset: int
    ) -> None:
        """Put *data* into a descriptor argument.

        Raises: as message_read, and KErrOverflow, with nothing written.
        """

    def message_des_length(self, message: int, index: int) -> int:
        """Length at the time of sending, in items. Raises: as message_read."""

    def message_des_max_length(self, message: int, index: int) -> int:
        """Capacity in items; constant descriptors have none: KErrBadDescriptor."""

    def message_des_wide(self, message: int, index: int) -> bool:
        """Whether the descriptor argument is 16-bit. Raises: as message_read."""

    def message_set_session_ptr(self, message: int, cookie: int) -> None:
        """Set the session's cookie from its connect message.

        Zero panics KERN-EXEC 58, another message 60, a second time 59.
        """

    def message_client(self, message: int, owner: int) -> int:
        """A handle to the client thread, dead or alive."""

    def message_end_client(
        self, message: int, exit_type: int, category: str, reason: int
    ) -> None:
        """Kill, terminate or panic the client thread, then complete the message.

        Raises: KErrArgument for no such type of exit.
        """

    def message_open_handle(
        self, message: int, index: int, kind: int, owner: int
    ) -> int:
        """Open an object the client passed.

        Raises: KErrArgument, KErrBadHandle.
        """

    def message_identity(self, message: int) -> tuple[int, int, frozenset[int]]:
        """Secure id, vendor id and capabilities of the client's process."""

    def message_data(self, message: int) -> MessageData:
        """What the server's receive returned for it."""
        raise AssertionError

    def message_client_status(self, message: int) -> ClientStatus | None:
        """The client's status; None for a synchronous request."""

    def message_client_process_flags(self, message: int) -> int:
        """Of the client's process: bit 31 just-in-time, bit 30 priority control."""

    def message_client_is_realtime(self, message: int) -> bool:
        """Whether the client's real-time state is another than off."""

    def message_set_process_priority(self, message: int, priority: int) -> None:
        """Set the client process's priority. Raises: KErrPermissionDenied."""
