"""RMsgQueueBase and RMsgQueue: handles to a queue of bytes, or of structures."""

import struct
from typing import Any, Final, Self, TypeAlias

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNone, KErrOverflow, KErrUnderflow, Leave
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from kernel.abi.limits import KMaxMsgQueueMessage, KMinMsgQueueMessage, KMsgQueueGrain
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.buffers import TDes8
from userlib.symbian.descriptors import TDesC8
from userlib.symbian.handle import RHandleBase
from userlib.symbian.names import kernel_name
from userlib.symbian.status import TRequestStatus, started

Field: TypeAlias = int | float | bytes

_KTInt: Final = "<i"


class RMsgQueueBase(RHandleBase):
    """A handle to a queue of messages of one size, in bytes.

    Of each kind, data and space, one notification may be outstanding: a second, while
    the thread of the first lives, panics KERN-EXEC 47.

    Original: RMsgQueueBase (e32msgqueue.h).
    """

    object_type = TObjectType.EMsgQueue

    __slots__ = ()

    def create_local(
        self, slots: int, size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """A queue of *slots* messages that other processes cannot open.

        A *size* outside 4 to 256, or no multiple of 4, panics KERN-EXEC 48, less than
        one slot 49.

        Raises: KErrNoMemory if it is too large altogether.
        Original: RMsgQueueBase::CreateLocal.
        """
        self.handle = current_exec.get().message_queue_create(None, slots, size, owner)
        return self

    def create_global(
        self, name: str, slots: int, size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """One that others open by *name*, or are given if that is empty.

        Raises: KErrBadName, KErrAlreadyExists; else as create_local.
        Original: RMsgQueueBase::CreateGlobal.
        """
        self.handle = current_exec.get().message_queue_create(
            kernel_name(name), slots, size, owner
        )
        return self

    def open_global(self, full_name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open by full name, letter case aside; an illegal one panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RMsgQueueBase::OpenGlobal.
        """
        self.handle = current_exec.get().handle_open_global(
            self.object_type, full_name, owner
        )
        return self

    def send(self, data: bytes | TDesC8) -> None:
        """Append a message; a shorter one than the size is filled up.

        Nothing, or more than the size, panics KERN-EXEC 48.

        Raises: KErrOverflow if no slot is free.
        Original: RMsgQueueBase::Send.
        """
        current_exec.get().message_queue_send(self.handle, _memory(data))

    def send_blocking(self, data: bytes | TDesC8) -> None:
        """As send, but waits for a free slot.

        Original: RMsgQueueBase::SendBlocking.
        """
        memory = _memory(data)
        exec_ = current_exec.get()
        while True:
            try:
                exec_.message_queue_send(self.handle, memory)
                return
            except Leave as leave:
                if leave.code != KErrOverflow:
                    raise
            status = TRequestStatus()
            self.notify_space_available(status)
            exec_.request_wait(status.client)

    def receive(self, des: TDes8 | None = None) -> bytes:
        """Take the oldest message, also into *des* if that is given.

        A descriptor whose maximum is not the message size panics KERN-EXEC 48.

        Raises: KErrUnderflow if there is none.
        Original: RMsgQueueBase::Receive.
        """
        length = self.message_size() if des is None else des.max_length
        data = current_exec.get().message_queue_receive(self.handle, length)
        if des is not None:
            des.copy(data)
        return data

    def receive_blocking(self, des: TDes8 | None = None) -> bytes:
        """As receive, but waits for a message.

        Original: RMsgQueueBase::ReceiveBlocking.
        """
        while True:
            try:
                return RMsgQueueBase.receive(self, des)  # RMsgQueue hides it
            except Leave as leave:
                if leave.code != KErrUnderflow:
                    raise
            status = TRequestStatus()
            self.notify_data_available(status)
            current_exec.get().request_wait(status.client)

    def try_send(self, data: bytes | TDesC8) -> int:
        """As send; the code instead of a leave. Original: RMsgQueueBase::Send."""
        try:
            self.send(data)
        except Leave as leave:
            return leave.code
        return KErrNone

    def try_receive(self, des: TDes8) -> int:
        """As receive; the code instead of a leave. Original: RMsgQueueBase::Receive."""
        try:
            self.receive(des)
        except Leave as leave:
            return leave.code
        return KErrNone

    def notify_data_available(self, status: TRequestStatus) -> None:
        """Complete *status* as soon as there is a message.

        Original: RMsgQueueBase::NotifyDataAvailable.
        """
        current_exec.get().message_queue_notify_data(self.handle, started(status))

    def cancel_data_available(self) -> None:
        """Complete it with KErrCancel, whoever asked; if nobody did, nothing.

        Original: RMsgQueueBase::CancelDataAvailable.
        """
        current_exec.get().message_queue_notify_data_cancel(self.handle)

    def notify_space_available(self, status: TRequestStatus) -> None:
        """Complete *status* as soon as a slot is free.

        Original: RMsgQueueBase::NotifySpaceAvailable.
        """
        current_exec.get().message_queue_notify_space(self.handle, started(status))

    def cancel_space_available(self) -> None:
        """As cancel_data_available. Original: RMsgQueueBase::CancelSpaceAvailable."""
        current_exec.get().message_queue_notify_space_cancel(self.handle)

    def message_size(self) -> int:
        """Bytes of a message. Original: RMsgQueueBase::MessageSize."""
        return current_exec.get().message_queue_size(self.handle)


def _memory(data: bytes | TDesC8) -> bytes | ClientBuffer:
    if isinstance(data, TDesC8):
        return data.ipc_value()  # type: ignore[return-value] # 8-bit
    return data


class RMsgQueue(RMsgQueueBase):
    """A queue of structures: `RMsgQueue("<ii").create_local(10)`.

    The structure is a format of the `struct` module, a TInt unless told. One of another
    size than a queue takes panics USER 180.

    Original: RMsgQueue<T> (e32msgqueue.h).
    """

    __slots__ = ("_layout",)

    def __init__(self, layout: str = _KTInt) -> None:
        super().__init__()
        self._layout = struct.Struct(layout)
        size = self._layout.size
        if (
            not KMinMsgQueueMessage <= size <= KMaxMsgQueueMessage
            or size % KMsgQueueGrain
        ):
            panic(USER, TUserPanic.EMsgQueueItemSize)

    def create_local(  # type: ignore[override] # hides it, as in the original
        self, slots: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """As create_local, for messages of the structure's size.

        Original: RMsgQueue<T>::CreateLocal.
        """
        return super().create_local(slots, self._layout.size, owner)

    def create_global(  # type: ignore[override] # as above
        self, name: str, slots: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """As create_global. Original: RMsgQueue<T>::CreateGlobal."""
        return super().create_global(name, slots, self._layout.size, owner)

    def send(self, *fields: Field) -> None:  # type: ignore[override] # as above
        """Append a structure. Raises: KErrOverflow. Original: RMsgQueue<T>::Send."""
        super().send(self._layout.pack(*fields))

    def send_blocking(  # type: ignore[override] # as above
        self, *fields: Field
    ) -> None:
        """As send, but waits. Original: RMsgQueue<T>::SendBlocking."""
        super().send_blocking(self._layout.pack(*fields))

    def receive(self) -> Any:  # type: ignore[override]  # noqa: ANN401 - the format decides
        """The oldest structure: its field, or the tuple of several.

        Raises: KErrUnderflow.
        Original: RMsgQueue<T>::Receive.
        """
        return self._unpacked(super().receive())

    def receive_blocking(self) -> Any:  # type: ignore[override]  # noqa: ANN401 - as above
        """As receive, but waits. Original: RMsgQueue<T>::ReceiveBlocking."""
        return self._unpacked(super().receive_blocking())

    def _unpacked(self, data: bytes) -> Any:  # noqa: ANN401 - the format decides
        fields = self._layout.unpack(data)
        return fields[0] if len(fields) == 1 else fields
