"""RChangeNotifier: a handle to a change notifier."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.handles import TObjectType
from userlib.symbian.handle import RHandleBase
from userlib.symbian.status import TRequestStatus, started


class RChangeNotifier(RHandleBase):
    """A handle through which a thread is told of changes in the system (`TChanges`).

    A status completes with the set of what has changed since it was told last, a
    positive number; the first one at once, with 0x17F.

    Original: RChangeNotifier (e32std.h).
    """

    object_type = TObjectType.EChangeNotifier

    __slots__ = ()

    def create(self) -> Self:
        """A notifier of the process. Original: RChangeNotifier::Create."""
        self.handle = current_exec.get().change_notifier_create()
        return self

    def logon(self, status: TRequestStatus) -> None:
        """Complete *status* when something changes, or has since the last time.

        Raises: KErrInUse while one is outstanding.
        Original: RChangeNotifier::Logon.
        """
        current_exec.get().change_notifier_logon(self.handle, started(status))

    def logon_cancel(self) -> None:
        """Complete it with KErrCancel.

        Raises: KErrGeneral if none is outstanding.
        Original: RChangeNotifier::LogonCancel.
        """
        current_exec.get().change_notifier_logon_cancel(self.handle)
