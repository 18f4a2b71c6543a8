"""RMessagePtr2 and RMessage2: a server's access to one client request."""

from typing import Final, Self, overload

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNone, Leave
from kernel.abi.exit import TExitType
from kernel.abi.handles import EOwnerProcess, KNullHandle, TOwnerType
from kernel.abi.ipc import MessageData
from kernel.abi.limits import KMaxTInt, KMinTInt
from kernel.abi.memory import ClientStatus
from kernel.abi.panics import USER, TUserPanic
from kernel.abi.security import Identity
from userlib.symbian.buffers import TDes8, TDes16
from userlib.symbian.descriptors import TDesC8, TDesC16
from userlib.symbian.handle import RHandleBase
from userlib.symbian.thread import RThread
from userlib.symbian.word import signed_word

_K8Bit: Final = False
_K16Bit: Final = True

# What a message not (yet) received reads as.
_KNoMessage: Final[MessageData] = (KNullHandle, 0, (0, 0, 0, 0), 0)


class RMessagePtr2:
    """The right to work on an accepted message and to complete it, once.

    Every variable is a copy of its own: completing one makes that one null, and the
    others stale. A stale one panics KERN-EXEC 44 in whatever it is used for; so does a
    disconnect message in all but `complete`.

    Original: RMessagePtr2 (e32std.h).
    """

    __slots__ = ("handle",)

    def __init__(self, message: "RMessagePtr2 | None" = None) -> None:
        self.handle: int = KNullHandle if message is None else message.handle

    @property
    def is_null(self) -> bool:
        """Whether it is completed, or never was a message.

        Original: RMessagePtr2::IsNull.
        """
        return not self.handle

    # Completing.

    def complete(self, code: int) -> None:
        """Give the client its answer and let go of the message.

        A null message panics USER 70.

        Raises: OverflowError for a code outside -2^31 to 2^32 - 1.
        Original: RMessagePtr2::Complete(TInt).
        """
        handle = self.handle
        if not handle:
            panic(USER, TUserPanic.ETMesCompletion)
        if not KMinTInt <= code <= KMaxTInt:
            code = signed_word(code)
        self.handle = KNullHandle
        current_exec.get().message_complete(handle, code)

    def complete_handle(self, obj: RHandleBase) -> None:
        """Answer with a new handle, in the client, for what *obj* has open.

        The client adopts the code by `set_returned_handle`.
        Original: RMessagePtr2::Complete(RHandleBase).
        """
        handle = self.handle
        if not handle:
            panic(USER, TUserPanic.ETMesCompletion)
        self.handle = KNullHandle
        current_exec.get().message_complete_handle(handle, obj.handle)

    # The client's descriptors.

    @overload
    def read(self, index: int, des: None = None, offset: int = 0) -> str | bytes: ...

    @overload
    def read(self, index: int, des: TDes16, offset: int = 0) -> str: ...

    @overload
    def read(self, index: int, des: TDes8, offset: int = 0) -> bytes: ...

    def read(
        self, index: int, des: TDes8 | TDes16 | None = None, offset: int = 0
    ) -> str | bytes:
        """The contents of a descriptor argument from *offset* on.

        Into *des*, which must be of the same width and takes as much as it has room
        for; without one, all of it, of either width.

        Raises: KErrArgument for a bad index or offset; KErrBadDescriptor if it is none,
            of the other width, or gone; KErrDied with its thread.
        Original: RMessagePtr2::ReadL.
        """
        exec_ = current_exec.get()
        if des is None:
            return exec_.message_read(self.handle, index, offset, KMaxTInt, None)
        data = exec_.message_read(
            self.handle, index, offset, des.max_length, des.is_wide
        )
        des.copy(data)  # type: ignore[arg-type] # the kernel saw to the width
        return data

    def read8(self, index: int, offset: int = 0, max_length: int = KMaxTInt) -> bytes:
        """Up to *max_length* bytes of an 8-bit argument; else as read.

        Original: RMessagePtr2::ReadL.
        """
        return current_exec.get().message_read(  # type: ignore[return-value] # 8-bit
            self.handle, index, offset, max_length, _K8Bit
        )

    def read16(self, index: int, offset: int = 0, max_length: int = KMaxTInt) -> str:
        """Up to *max_length* characters of a 16-bit argument; else as read.

        Original: RMessagePtr2::ReadL.
        """
        return current_exec.get().message_read(  # type: ignore[return-value] # 16-bit
            self.handle, index, offset, max_length, _K16Bit
        )

    def try_read(self, index: int, des: TDes8 | TDes16, offset: int = 0) -> int:
        """As read into *des*; the code instead of a leave.

        Original: RMessagePtr2::Read.
        """
        try:
            self.read(index, des, offset)
        except Leave as leave:
            return leave.code
        return KErrNone

    def write(
        self,
        index: int,
        data: str | bytes | TDesC8 | TDesC16,
        offset: int = 0,
    ) -> None:
        """Put *data* into a descriptor argument at *offset*.

        The client sees the new length, offset + length of *data*, on completion.

        Raises: as read; KErrBadDescriptor for a constant one; KErrOverflow beyond its
            maximum, with nothing written.
        Original: RMessagePtr2::WriteL.
        """
        if not isinstance(data, str | bytes):
            data = data.contents()
        current_exec.get().message_write(self.handle, index, data, offset)

    def try_write(
        self,
        index: int,
        data: str | bytes | TDesC8 | TDesC16,
        offset: int = 0,
    ) -> int:
        """As write; the code instead of a leave. Original: RMessagePtr2::Write."""
        try:
            self.write(index, data, offset)
        except Leave as leave:
            return leave.code
        return KErrNone

    def get_des_length(self, index: int) -> int:
        """Length of a descriptor argument, in items of its width, when it was sent.

        Raises: KErrArgument for a bad index, KErrBadDescriptor.
        Original: RMessagePtr2::GetDesLengthL.
        """
        return current_exec.get().message_des_length(self.handle, index)

    def try_get_des_length(self, index: int) -> int:
        """As get_des_length, or the code. Original: RMessagePtr2::GetDesLength."""
        try:
            return self.get_des_length(index)
        except Leave as leave:
            return leave.code

    def get_des_max_length(self, index: int) -> int:
        """Capacity of a descriptor argument; a constant one has none.

        Raises: as get_des_length.
        Original: RMessagePtr2::GetDesMaxLengthL.
        """
        return current_exec.get().message_des_max_length(self.handle, index)

    def try_get_des_max_length(self, index: int) -> int:
        """As get_des_max_length, or the code.

        Original: RMessagePtr2::GetDesMaxLength.
        """
        try:
            return self.get_des_max_length(index)
        except Leave as leave:
            return leave.code

    # The client.

    def kill(self, reason: int) -> None:
        """End the client thread with type Kill, and complete the message.

        Original: RMessagePtr2::Kill.
        """
        self._end_client(TExitType.EExitKill, "", reason)

    def terminate(self, reason: int) -> None:
        """As kill, with type Terminate. Original: RMessagePtr2::Terminate."""
        self._end_client(TExitType.EExitTerminate, "", reason)

    def panic(self, category: str, reason: int) -> None:
        """As kill, with type Panic; *category* is cut to 16 characters.

        Original: RMessagePtr2::Panic.
        """
        self._end_client(TExitType.EExitPanic, category, reason)

    def _end_client(self, exit_type: TExitType, category: str, reason: int) -> None:
        reason = signed_word(reason)
        handle, self.handle = self.handle, KNullHandle
        current_exec.get().message_end_client(handle, exit_type, category, reason)

    def client(self, owner: TOwnerType = EOwnerProcess) -> RThread:
        """A new handle to the client thread, dead or alive.

        Original: RMessagePtr2::Client.
        """
        return RThread(current_exec.get().message_client(self.handle, owner))

    def identity(self) -> Identity:
        """Secure id, vendor id and capabilities of the client's process.

        Original: none; RMessagePtr2::SecureId, VendorId and HasCapability at once.
        """
        return Identity(*current_exec.get().message_identity(self.handle))

    def secure_id(self) -> int:
        """The client's secure id. Original: RMessagePtr2::SecureId."""
        return self.identity().secure_id

    def vendor_id(self) -> int:
        """The client's vendor id. Original: RMessagePtr2::VendorId."""
        return self.identity().vendor_id

    def has_capability(self, *capabilities: int) -> bool:
        """Whether the client has all of them. Original: RMessagePtr2::HasCapability."""
        return self.identity().has(*capabilities)

    def client_status(self) -> ClientStatus | None:
        """The client's status as the kernel knows it; None for a synchronous request.

        Good for telling requests apart: it is the *client* of a TRequestStatus.
        Original: RMessagePtr2::ClientStatus.
        """
        return current_exec.get().message_client_status(self.handle)

    def client_process_flags(self) -> int:
        """Of the client's process: bit 31 just-in-time, bit 30 priority control.

        Original: RMessagePtr2::ClientProcessFlags.
        """
        return current_exec.get().message_client_process_flags(self.handle)

    def client_is_realtime(self) -> bool:
        """Whether the client's real-time state is another than off.

        Original: RMessagePtr2::ClientIsRealtime.
        """
        return current_exec.get().message_client_is_realtime(self.handle)

    def set_process_priority(self, priority: int) -> None:
        """Set the client process's priority, to Background or Foreground.

        Raises: KErrPermissionDenied for another value, or if that process has not
            allowed it.
        Original: RMessagePtr2::SetProcessPriority.
        """
        current_exec.get().message_set_process_priority(self.handle, priority)

    # The session.

    def set_session_ptr(self, session_ptr: int) -> None:
        """Say what the session's later messages carry as `session_ptr`.

        From its connect message, once: zero panics KERN-EXEC 58, a second time 59,
        another message 60. Original: none; the SetSessionPtr call below CServer2.
        """
        current_exec.get().message_set_session_ptr(self.handle, session_ptr)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(handle={self.handle:#x})"


class RMessage2(RMessagePtr2):
    """A message with what came along: function, integers, session pointer.

    These are plain values: reading them makes no kernel call. `copy` keeps a message
    for later while its variable is used for the next. Made of an RMessagePtr2 it asks
    the kernel for these values once more.

    Original: RMessage2 (e32std.h).
    """

    authorised: bool  # set, to True, by a CPolicyServer once the message may be served

    __slots__ = ("args", "authorised", "function", "session_ptr")

    def __init__(self, data: MessageData | RMessagePtr2 = _KNoMessage) -> None:
        # A round trip is three kernel calls and this: plain stores, no super(), and no
        # question that is answered the same every time.
        try:
            self.handle, self.function, self.args, self.session_ptr = data  # type: ignore[misc] # a pointer is asked below
        except TypeError:
            if not isinstance(data, RMessagePtr2):
                raise
            self.__init__(_rebuilt(data))  # type: ignore[misc] # the plain case

    def copy(self) -> Self:
        """Another variable for the same message.

        Original: RMessage2::RMessage2(RMessage2&).
        """
        return type(self)((self.handle, self.function, self.args, self.session_ptr))

    @property
    def int0(self) -> int:
        """Argument 0 as an integer, whatever it is. Original: RMessage2::Int0."""
        return self.args[0]

    @property
    def int1(self) -> int:
        """Argument 1 as an integer. Original: RMessage2::Int1."""
        return self.args[1]

    @property
    def int2(self) -> int:
        """Argument 2 as an integer. Original: RMessage2::Int2."""
        return self.args[2]

    @property
    def int3(self) -> int:
        """Argument 3 as an integer. Original: RMessage2::Int3."""
        return self.args[3]

    def __repr__(self) -> str:
        return f"RMessage2(function={self.function}, handle={self.handle:#x})"


def _rebuilt(message: RMessagePtr2) -> MessageData:
    if message.is_null:
        return _KNoMessage
    return current_exec.get().message_data(message.handle)
