"""Change notifiers."""

from typing import Protocol

from kernel.abi.memory import ClientStatus


class ExecChangeNotifier(Protocol):
    """Being told of changes in the system. Original: symbian-kernel 4.9."""

    def change_notifier_create(self) -> int:
        """A notifier, process-owned."""

    def change_notifier_logon(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* with the `TChanges` since the last logon, once any came.

        Raises: KErrInUse while a live thread's request is outstanding.
        """

    def change_notifier_logon_cancel(self, handle: int) -> None:
        """Complete the request with KErrCancel. Raises: KErrGeneral without one."""
