"""Sessions, seen from the client."""

from typing import Protocol

from kernel.abi.ipc import IpcArgs
from kernel.abi.memory import ClientStatus
from kernel.abi.security import SecurityPolicy


class ExecSession(Protocol):
    """Create, share and send. Original: symbian-kernel 6.4-6.6.

    *types* holds three bits of `TArgType` for each of *args*, first argument lowest.
    """

    def session_create(
        self, server: str | int, slots: int, mode: int, policy: SecurityPolicy | None
    ) -> int:
        """A session with a server by name or handle; no connect message is sent.

        Raises: KErrBadName, KErrArgument, KErrNotFound, KErrServerTerminated,
            KErrPermissionDenied. More than an unsharable server offers panics
            KERN-EXEC 23.
        """

    def session_share(self, handle: int, mode: int) -> int:
        """Share as far as *mode*; returns the handle to use from now on.

        Raises: KErrPermissionDenied. An unsharable server panics KERN-EXEC 23.
        """

    def session_server_identity(self, handle: int) -> tuple[int, int, frozenset[int]]:
        """Secure id, vendor id and capabilities of the server's process.

        Raises: KErrServerTerminated if the server is gone.
        """

    def session_send_receive(
        self, handle: int, function: int, args: IpcArgs, types: int
    ) -> int:
        """Send and wait: the server's code. Blocks: until completed.

        Raises: KErrOverflow, KErrServerTerminated, KErrArgument (function -2).
        """

    def session_request(
        self,
        handle: int,
        function: int,
        args: IpcArgs,
        types: int,
        status: ClientStatus,
    ) -> None:
        """Send; *status* gets the server's code, or why it could not be sent."""

    def session_send(
        self, handle: int, function: int, args: IpcArgs, types: int
    ) -> None:
        """Send and never learn of its completion.

        Raises: KErrServerBusy, KErrOverflow, KErrServerTerminated.
        """
