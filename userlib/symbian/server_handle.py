"""RServer2: the handle through which a thread serves.

`CServer2`, in server.py, does on top of it what most servers want.
"""

from typing import Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KernelError
from kernel.abi.handles import KNullHandle, TObjectType
from kernel.abi.ipc import (
    EIpcSession_Sharable,
    MessageData,
    TIpcSessionType,
    TServerRole,
)
from kernel.abi.memory import ClientCell
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.handle import RHandleBase
from userlib.symbian.message import RMessage2
from userlib.symbian.names import kernel_name
from userlib.symbian.status import TRequestStatus, started


class RServer2(RHandleBase):
    """A handle to a server.

    The creating thread owns the server: requests are delivered to it, and a named
    server ends with it. Any thread of the process may work on accepted messages.

    Original: RServer2 (e32std.h).
    """

    object_type = TObjectType.EServer

    __slots__ = ("_received",)

    def __init__(self, handle: int = KNullHandle) -> None:
        super().__init__(handle)
        self._received = ClientCell()  # where request_receive gets its message

    def create_global(
        self,
        name: str,
        mode: TIpcSessionType = EIpcSession_Sharable,
        role: TServerRole = TServerRole.EServerRole_Standalone,
    ) -> Self:
        """A server that clients find by *name*; an empty one makes it anonymous.

        *mode* is how far its sessions may be shared. A name that starts with `!` panics
        the caller KERN-EXEC 46 if it lacks ProtServ.

        Raises: KErrBadName, KErrArgument, KErrAlreadyExists.
        Original: RServer2::CreateGlobal.
        """
        self.handle = current_exec.get().server_create(kernel_name(name), mode, role)
        return self

    def receive(self) -> RMessage2:
        """Wait for a message; if that fails, by cancellation, panics USER 73.

        A receive that is outstanding already panics KERN-EXEC 19.
        Original: RServer2::Receive(RMessage2&).
        """
        try:
            return RMessage2(current_exec.get().server_receive(self.handle))
        except KernelError:
            panic(USER, TUserPanic.EServReceiveError)

    def request_receive(self, status: TRequestStatus) -> None:
        """Complete *status* when a message is accepted; `received` then gives it.

        A receive that is outstanding already panics KERN-EXEC 19.
        Original: RServer2::Receive(RMessage2&, TRequestStatus&).
        """
        current_exec.get().server_request_receive(
            self.handle, self._received, started(status)
        )

    def received(self) -> RMessage2:
        """The message that the last request_receive accepted; null if it got none.

        Original: none; the message variable given to Receive.
        """
        data, self._received.value = self._received.value, None
        if data is None:
            return RMessage2()
        message: MessageData = data  # type: ignore[assignment] # the kernel fills it so
        return RMessage2(message)

    def cancel(self) -> None:
        """Complete an outstanding receive with KErrCancel; without one, nothing.

        Original: RServer2::Cancel.
        """
        current_exec.get().server_receive_cancel(self.handle)
