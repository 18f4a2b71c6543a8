"""RProcess: a handle to a process."""

from typing import (
    TYPE_CHECKING,
    Any,
    NamedTuple,
    Protocol,
    Self,
    TypeAlias,
    overload,
    runtime_checkable,
)

from kernel.abi.current import current_exec
from kernel.abi.exit import ExitInfo, TExitType
from kernel.abi.handles import (
    EOwnerProcess,
    KCurrentProcessHandle,
    KNullHandle,
    TObjectType,
    TOwnerType,
)
from kernel.abi.image import KNullUids, Uids
from kernel.abi.memory import ClientBuffer
from kernel.abi.security import Identity
from userlib.symbian.descriptors import TDesCBase
from userlib.symbian.exit_info import exit_info_of
from userlib.symbian.find import TFindHandleBase
from userlib.symbian.handle import RHandleBase
from userlib.symbian.launch import launch
from userlib.symbian.loading import load_process
from userlib.symbian.status import TRequestStatus, started
from userlib.symbian.word import KTIntParameter, signed_word

if TYPE_CHECKING:
    from userlib.symbian.message import RMessagePtr2


@runtime_checkable
class MSubSession(Protocol):
    """What set_parameter needs of an RSubSessionBase."""

    @property
    def sub_session_handle(self) -> int:
        """What the server knows it by."""


class TOpenHandle(NamedTuple):
    """One handle that somebody has open.

    Original: none; what a debugger is told of a handle.
    """

    handle: int
    kind: int  # TObjectType
    name: str  # the object's full name
    access_count: int  # how often the object is open in all
    thread_id: int  # of the thread that owns the handle, 0: the process


# Any: of either width.
Parameter: TypeAlias = RHandleBase | MSubSession | TDesCBase[Any] | bytes | str | int


class RProcess(RHandleBase):
    """A handle to a process; a new RProcess stands for the calling thread's process.

    Original: RProcess (e32std.h).
    """

    object_type = TObjectType.EProcess

    __slots__ = ()

    def __init__(self, handle: int = KCurrentProcessHandle) -> None:
        super().__init__(handle)

    # Coming to be.

    def create(
        self,
        file_name: str,
        command_line: str = "",
        owner: TOwnerType = EOwnerProcess,
        *,
        uids: Uids = KNullUids,
        min_stack_size: int = 0,
    ) -> Self:
        r"""A process of the program *file_name*, its Main thread suspended.

        Without a drive and a path it is looked for in `\sys\bin` of all drives, Y: to
        A:, then Z:, where the machine's own programs are; `.EXE` is added to a name
        without a dot. *uids* are those it has to have, 0 for any.

        Raises: KErrNotFound if there is no such program, KErrBadName; KErrNotSupported
            if it is no program, or has other UIDs; KErrCorrupt; KErrPermissionDenied on
            a removable drive; KErrArgument for a negative stack.
        Original: RProcess::Create, in all its forms.
        """
        self.handle = load_process(file_name, command_line, owner, uids, min_stack_size)
        return self

    def launch(self, file_name: str, command_line: str = "") -> Self:
        """Create and resume a process, and wait for its rendezvous.

        Raises: what create raises; KErrGeneral if the process panicked first; its
            rendezvous' or its exit's code, if that is a failure. The variable is then
            zero.
        Original: none; the customary steps of a server's starter.
        """
        self.create(file_name, command_line)
        launch(self)
        return self

    @overload
    def open(self, source: TFindHandleBase, /, *, owner: TOwnerType = ...) -> Self: ...

    @overload
    def open(
        self, source: "RMessagePtr2", index: int, /, *, owner: TOwnerType = ...
    ) -> Self: ...

    @overload
    def open(self, source: int | str, /, *, owner: TOwnerType = ...) -> Self: ...

    def open(
        self,
        source: "TFindHandleBase | RMessagePtr2 | int | str",
        index: int = 0,
        /,
        *,
        owner: TOwnerType = EOwnerProcess,
    ) -> Self:
        """Open a process by its id or full name, or as `RHandleBase.open` does.

        An illegal full name panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RProcess::Open.
        """
        exec_ = current_exec.get()
        if isinstance(source, int):
            self.handle = KNullHandle
            self.handle = exec_.process_open(source, owner)
        elif isinstance(source, str):
            self.handle = KNullHandle
            self.handle = exec_.handle_open_global(self.object_type, source, owner)
        elif isinstance(source, TFindHandleBase):
            super().open(source, owner=owner)
        else:
            super().open(source, index, owner=owner)
        return self

    def set_parameter(self, slot: int, value: Parameter) -> None:
        """Leave something for the new process: an object, data or a number.

        Slots are 1 to 15, else KERN-EXEC 51; one in use, as slot 0 is, panics 52. Only
        the creator may, before it resumes the process, else 46; so does an object that
        other processes may not be given. A number, or a sub-session's handle, is data
        of four bytes.

        Raises: KErrDied if the process was killed, KErrNoMemory.
        Original: RProcess::SetParameter.
        """
        exec_ = current_exec.get()
        if isinstance(value, RHandleBase):
            exec_.parameter_set_handle(self.handle, slot, value.handle)
            return
        exec_.parameter_set_data(self.handle, slot, _parameter_data(value))

    def resume(self) -> None:
        """Let Main run: its creator, once. Else KERN-EXEC 46.

        Original: RProcess::Resume.
        """
        current_exec.get().process_resume(self.handle)

    # Ending.

    def kill(self, reason: int) -> None:
        """End all its threads with type Kill; of a dead process, nothing.

        Only the process itself, its creator before it is resumed, or with PowerMgmt:
        else KERN-EXEC 46. Original: RProcess::Kill.
        """
        self._end(TExitType.EExitKill, "", reason)

    def terminate(self, reason: int) -> None:
        """As kill, with type Terminate. Original: RProcess::Terminate."""
        self._end(TExitType.EExitTerminate, "", reason)

    def panic(self, category: str, reason: int) -> None:
        """As kill, with type Panic; *category* is cut to 16 characters.

        Original: RProcess::Panic.
        """
        self._end(TExitType.EExitPanic, category, reason)

    def _end(self, exit_type: TExitType, category: str, reason: int) -> None:
        current_exec.get().process_end(
            self.handle, exit_type, category, signed_word(reason)
        )

    def exit_info(self) -> ExitInfo:
        """Type, reason and category of its exit; type EExitPending while alive.

        Original: none; RProcess::ExitType, ExitReason and ExitCategory at once.
        """
        return exit_info_of(current_exec.get().process_exit_info(self.handle))

    def exit_type(self) -> TExitType:
        """How it ended. Original: RProcess::ExitType."""
        return self.exit_info().type

    def exit_reason(self) -> int:
        """0 while alive. Original: RProcess::ExitReason."""
        return self.exit_info().reason

    def exit_category(self) -> str:
        """The panic's category, Kill or Terminate; empty while alive.

        Original: RProcess::ExitCategory.
        """
        return self.exit_info().category

    # Watching.

    def logon(self, status: TRequestStatus) -> None:
        """Complete *status* with the exit reason when the process is dead.

        Original: RProcess::Logon.
        """
        current_exec.get().process_logon(self.handle, started(status))

    def logon_cancel(self, status: TRequestStatus) -> None:
        """Complete that logon with KErrNone.

        Raises: KErrGeneral if there is none, because it has completed for instance.
        Original: RProcess::LogonCancel.
        """
        current_exec.get().process_logon_cancel(self.handle, status.client)

    def request_rendezvous(self, status: TRequestStatus) -> None:
        """Complete *status* at the process's rendezvous, or its death if that is first.

        Original: RProcess::Rendezvous(TRequestStatus&).
        """
        current_exec.get().process_rendezvous_logon(self.handle, started(status))

    def rendezvous_cancel(self, status: TRequestStatus) -> None:
        """As logon_cancel. Original: RProcess::RendezvousCancel."""
        current_exec.get().process_rendezvous_cancel(self.handle, status.client)

    @staticmethod
    def rendezvous(reason: int) -> None:
        """Complete all rendezvous requests on the caller's process with *reason*.

        Any thread of it may do so. Original: RProcess::Rendezvous(TInt).
        """
        current_exec.get().process_rendezvous(signed_word(reason))

    # Priority.

    def priority(self) -> int:
        """Its `TProcessPriority`. Original: RProcess::Priority."""
        return current_exec.get().process_priority(self.handle)

    def set_priority(self, priority: int) -> None:
        """Set it: Low, Background, Foreground or High; else panics KERN-EXEC 14.

        Raises: KErrPermissionDenied for another process, unless the caller created it
            and has not resumed it, or that process allows it and both values are
            Background or above.
        Original: RProcess::SetPriority.
        """
        current_exec.get().process_set_priority(self.handle, priority)

    def set_priority_control(self, *, enable: bool) -> None:
        """Whether others may set the priority; of another process KERN-EXEC 46.

        Original: RProcess::SetPriorityControl.
        """
        current_exec.get().process_set_priority_control(self.handle, enable)

    def set_just_in_time(self, *, enable: bool) -> None:
        """Whether a debugger may look into it; of another process KERN-EXEC 46.

        Servers see it in `RMessagePtr2.client_process_flags`.
        Original: RProcess::SetJustInTime.
        """
        current_exec.get().process_set_just_in_time(self.handle, enable)

    def open_handles(self) -> list[TOpenHandle]:
        """The handles that it and its threads have open.

        Raises: KErrPermissionDenied for another process without PowerMgmt.
        Original: none; the debug monitor shows them.
        """
        listed = current_exec.get().debug_handles(self.handle)
        return [TOpenHandle(*one) for one in listed]

    # Identity.

    def id(self) -> int:
        """Its id, unique in this machine. Original: RProcess::Id."""
        return current_exec.get().process_id(self.handle)

    def command_line(self) -> str:
        """The caller's own only; else panics KERN-EXEC 46.

        Original: RProcess::CommandLine.
        """
        return current_exec.get().process_command_line(self.handle)

    def file_name(self) -> str:
        """The name of its program's file. Original: RProcess::FileName."""
        return current_exec.get().process_file_name(self.handle)

    def uids(self) -> tuple[int, int, int]:
        """The three UIDs of its program. Original: RProcess::Type."""
        return current_exec.get().process_uids(self.handle)

    def identity(self) -> Identity:
        """Secure id, vendor id and capabilities, fixed when it was created.

        Original: none; RProcess::SecureId, VendorId and HasCapability at once.
        """
        return Identity(*current_exec.get().process_identity(self.handle))

    def secure_id(self) -> int:
        """Its secure id. Original: RProcess::SecureId."""
        return self.identity().secure_id

    def vendor_id(self) -> int:
        """Its vendor id. Original: RProcess::VendorId."""
        return self.identity().vendor_id

    def has_capability(self, *capabilities: int) -> bool:
        """Whether it has all of them. Original: RProcess::HasCapability."""
        return self.identity().has(*capabilities)


def _parameter_data(
    value: MSubSession | TDesCBase[Any] | bytes | str | int,
) -> bytes | str | ClientBuffer:
    if isinstance(value, TDesCBase):
        return value.ipc_value()  # type: ignore[return-value] # a descriptor's is no int
    if isinstance(value, MSubSession):
        value = value.sub_session_handle
    if isinstance(value, int):
        return KTIntParameter.pack(signed_word(value))
    return value
