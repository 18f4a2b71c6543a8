"""Calls on handles of any kind, and on names."""

from typing import Protocol

from kernel.abi.memory import ClientStatus


class ExecHandle(Protocol):
    """Close, duplicate, name, inspect, find and open."""

    def handle_close(self, handle: int) -> None:
        """Close *handle*; null, special and no-close handles are left alone."""

    def handle_duplicate(self, thread: int, handle: int, owner: int) -> int:
        """A new handle for what *handle* names in *thread*'s context.

        Raises: KErrPermissionDenied if the object may not be held here.
        """

    def handle_name(self, handle: int, max_length: int) -> str:
        """The short name; longer than *max_length* panics KERN-EXEC 35."""

    def handle_full_name(self, handle: int, max_length: int) -> str:
        """Owners' names and the short name, joined by `::`; else as handle_name."""

    def handle_info(self, handle: int) -> tuple[int, int, int, int]:
        """Opens in thread, opens in process, threads, processes; zeros if bad."""

    def handle_count(self, thread: int) -> tuple[int, int]:
        """Open handles in the table of *thread*'s process and in its own."""

    def handle_notify_destruction(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* with KErrNone when the object is destroyed."""

    def handle_notify_destruction_cancel(self, status: ClientStatus) -> None:
        """Complete the notification with KErrCancel; nothing if there is none."""

    def handle_find_next(self, kind: int, cursor: int, pattern: str) -> tuple[int, str]:
        """Number and full name of the next match after object number *cursor*.

        Raises: KErrNotFound when there is none. A bad kind panics KERN-EXEC 25.
        """

    def handle_open_found(self, kind: int, cursor: int, owner: int) -> int:
        """Open the object with that number.

        Raises: KErrNotFound if it is gone, KErrPermissionDenied if it is not Global.
        """

    def handle_open_global(self, kind: int, full_name: str, owner: int) -> int:
        """Open by full name, case folded; an illegal name panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        """
