"""RUndertaker: a handle to an undertaker."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.handles import KNullHandle, TObjectType
from kernel.abi.memory import ClientCell
from userlib.symbian.handle import RHandleBase
from userlib.symbian.status import TRequestStatus, started
from userlib.symbian.thread import RThread


class RUndertaker(RHandleBase):
    """A handle through which a thread is told that any thread in the system has died.

    Original: RUndertaker (e32std.h).
    """

    object_type = TObjectType.EUndertaker

    __slots__ = ("_died",)

    def __init__(self, handle: int = KNullHandle) -> None:
        super().__init__(handle)
        self._died = ClientCell()  # where logon gets its handle

    def create(self) -> Self:
        """An undertaker of the process. Original: RUndertaker::Create."""
        self.handle = current_exec.get().undertaker_create()
        return self

    def logon(self, status: TRequestStatus) -> None:
        """Complete *status* with KErrDied at the next death; `died` then tells whose.

        Raises: KErrInUse while one is outstanding; KErrNoMemory.
        Original: RUndertaker::Logon.
        """
        current_exec.get().undertaker_logon(self.handle, started(status), self._died)

    def died(self) -> RThread:
        """The dead thread, by a handle of the calling thread that it has to close.

        Null if no logon has told of one since this was asked last.
        Original: none; the variable given to Logon.
        """
        handle, self._died.value = self._died.value, None
        return RThread(handle if isinstance(handle, int) else KNullHandle)

    def logon_cancel(self) -> None:
        """Complete the outstanding status with KErrCancel.

        Raises: KErrGeneral if none is outstanding.
        Original: RUndertaker::LogonCancel.
        """
        current_exec.get().undertaker_logon_cancel(self.handle)
