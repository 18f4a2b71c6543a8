"""Servers."""

from typing import Protocol

from kernel.abi.ipc import MessageData
from kernel.abi.memory import ClientCell, ClientStatus


class ExecServer(Protocol):
    """Create a server and receive its messages. Original: symbian-kernel 6.1-6.3."""

    def server_create(self, name: str, mode: int, role: int) -> int:
        """An empty *name* makes an anonymous server, its handle process-owned.

        Raises: KErrBadName, KErrArgument, KErrAlreadyExists.
        """

    def server_receive(self, handle: int) -> MessageData:
        """Accept the oldest message. Blocks: until there is one.

        Raises: KErrCancel if the receive is cancelled.
        """
        raise AssertionError

    def server_request_receive(
        self, handle: int, cell: ClientCell, status: ClientStatus
    ) -> None:
        """Accept a message when there is one: *cell* gets a `MessageData`.

        A receive outstanding already panics KERN-EXEC 19.
        """

    def server_transfer_session(self, slave: int, message: int) -> None:
        """Hand the session of an accepted connect message to the server *slave*.

        What is queued on it moves along, and the connect completes with KErrNone. No
        cookie panics KERN-EXEC 58; anything but a connect message, from a master to a
        slave of the caller's process, 60.
        """

    def server_receive_cancel(self, handle: int) -> None:
        """Complete an outstanding receive with KErrCancel."""
