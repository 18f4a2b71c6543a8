"""Raw events, and the hook that one program gets them by."""

from typing import Protocol

from kernel.abi.memory import ClientCell, ClientStatus


class ExecEventHook(Protocol):
    """Input of a user. Without the hook, what needs it panics KERN-EXEC 13."""

    def event_hook_capture(self) -> None:
        """Get all raw events from now on; captured already panics KERN-EXEC 12.

        A process other than the window server's panics KERN-EXEC 46.
        """

    def event_hook_release(self) -> None:
        """Let the hook go; an outstanding request completes with KErrCancel."""

    def event_hook_request(self, cell: ClientCell, status: ClientStatus) -> None:
        """Complete when there is an event: *cell* gets a `RawEvent`.

        A request that is outstanding already panics KERN-EXEC 20.
        """

    def event_hook_cancel(self) -> None:
        """Complete an outstanding request with KErrCancel."""

    def event_hook_add(self, kind: int, value0: int, value1: int) -> None:
        """Make an event up.

        Raises: KErrPermissionDenied for a switch or case event without PowerMgmt and
            SwEvent; KErrOverflow if too many wait; KErrArgument for an unknown kind.
        """
