"""RThread: a handle to a thread."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Self, overload

from kernel.abi.current import current_exec, panic
from kernel.abi.exit import ExitInfo, TExitType
from kernel.abi.handles import (
    EOwnerProcess,
    KCurrentThreadHandle,
    KNullHandle,
    TObjectType,
    TOwnerType,
)
from kernel.abi.panics import USER, TUserPanic
from kernel.abi.priorities import TThreadPriority
from kernel.abi.security import Identity
from userlib.symbian.exit_info import exit_info_of
from userlib.symbian.find import TFindHandleBase
from userlib.symbian.handle import RHandleBase
from userlib.symbian.launch import launch
from userlib.symbian.names import kernel_name
from userlib.symbian.process import RProcess
from userlib.symbian.status import TRequestStatus, started
from userlib.symbian.word import signed_word

if TYPE_CHECKING:
    from userlib.symbian.message import RMessagePtr2

KDefaultStackSize: Final = 0x2000  # bytes
KMinHeapSize: Final = 0x100  # bytes
KMaxHeapSize: Final = 0x100000  # bytes


class RThread(RHandleBase):
    """A handle to a thread; a new RThread stands for the calling thread.

    What would change a thread of another process panics the caller KERN-EXEC 46.

    Original: RThread (e32std.h).
    """

    object_type = TObjectType.EThread

    __slots__ = ()

    def __init__(self, handle: int = KCurrentThreadHandle) -> None:
        super().__init__(handle)

    # Coming to be.

    def create(
        self,
        name: str,
        function: Callable[..., int | None],
        stack_size: int = KDefaultStackSize,
        heap_min: int = KMinHeapSize,
        heap_max: int = KMaxHeapSize,
        *,
        args: tuple[object, ...] = (),
        owner: TOwnerType = EOwnerProcess,
    ) -> Self:
        """A suspended thread that will call *function* with *args*.

        Its result is the exit reason, None counting as KErrNone. Sizes are bytes. A
        negative stack size panics USER 109, a heap minimum below 256 USER 110, a
        maximum below the minimum USER 111, a name of more than 80 characters USER 23.
        An empty name makes an unnamed thread, which other processes cannot open.

        Raises: KErrBadName; KErrAlreadyExists if a thread of this process has the name;
            KErrArgument for a stack under 512 bytes.
        Original: RThread::Create.
        """
        if stack_size < 0:
            panic(USER, TUserPanic.EThrdStackSizeNegative)
        if heap_min < KMinHeapSize:
            panic(USER, TUserPanic.EThrdHeapMinTooSmall)
        if heap_max < heap_min:
            panic(USER, TUserPanic.EThrdHeapMaxLessThanMin)
        entry = partial(function, *args) if args else function
        self.handle = current_exec.get().thread_create(
            kernel_name(name), entry, stack_size, owner
        )
        return self

    def launch(
        self, name: str, function: Callable[..., int | None], *args: object
    ) -> Self:
        """Create and resume a thread, and wait for its rendezvous.

        Raises: what create raises; KErrGeneral if the thread panicked first; its
            rendezvous' or its exit's code, if that is a failure. The variable is then
            zero.
        Original: none; the customary steps of a server's starter.
        """
        self.create(name, function, args=args)
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
        """Open a thread by its id or full name, or as `RHandleBase.open` does.

        An illegal full name panics KERN-EXEC 2.

        Raises: KErrNotFound; KErrPermissionDenied for an unnamed thread of another
            process.
        Original: RThread::Open.
        """
        exec_ = current_exec.get()
        if isinstance(source, int):
            self.handle = KNullHandle
            self.handle = exec_.thread_open(source, owner)
        elif isinstance(source, str):
            self.handle = KNullHandle
            self.handle = exec_.handle_open_global(self.object_type, source, owner)
        elif isinstance(source, TFindHandleBase):
            super().open(source, owner=owner)
        else:
            super().open(source, index, owner=owner)
        return self

    # Running.

    def resume(self) -> None:
        """Undo one suspension; a new thread has one. Original: RThread::Resume."""
        current_exec.get().thread_resume(self.handle)

    def suspend(self) -> None:
        """Stop it until a matching resume. Original: RThread::Suspend."""
        current_exec.get().thread_suspend(self.handle)

    def priority(self) -> TThreadPriority:
        """The priority last set. Original: RThread::Priority."""
        return TThreadPriority(current_exec.get().thread_priority(self.handle))

    def set_priority(self, priority: int) -> None:
        """Set it; a value that isn't a settable `TThreadPriority` panics KERN-EXEC 14.

        Original: RThread::SetPriority.
        """
        current_exec.get().thread_set_priority(self.handle, priority)

    def process_priority(self) -> int:
        """The priority of the thread's process. Original: RThread::ProcessPriority."""
        with self.process() as process:
            return process.priority()

    def set_process_priority(self, priority: int) -> None:
        """Set its process's priority, as `RProcess.set_priority` does.

        Original: RThread::SetProcessPriority.
        """
        with self.process() as process:
            process.set_priority(priority)

    # Ending.

    def kill(self, reason: int) -> None:
        """End it with type Kill; of a dead thread, nothing. Original: RThread::Kill."""
        self._end(TExitType.EExitKill, "", reason)

    def terminate(self, reason: int) -> None:
        """End it with type Terminate. Original: RThread::Terminate."""
        self._end(TExitType.EExitTerminate, "", reason)

    def panic(self, category: str, reason: int) -> None:
        """End it with type Panic; *category* is cut to 16 characters.

        Original: RThread::Panic.
        """
        self._end(TExitType.EExitPanic, category, reason)

    def _end(self, exit_type: TExitType, category: str, reason: int) -> None:
        current_exec.get().thread_end(
            self.handle, exit_type, category, signed_word(reason)
        )

    def exit_info(self) -> ExitInfo:
        """Type, reason and category of its exit; type EExitPending while alive.

        Original: none; RThread::ExitType, ExitReason and ExitCategory at once.
        """
        return exit_info_of(current_exec.get().thread_exit_info(self.handle))

    def exit_type(self) -> TExitType:
        """How it ended. Original: RThread::ExitType."""
        return self.exit_info().type

    def exit_reason(self) -> int:
        """0 while alive. Original: RThread::ExitReason."""
        return self.exit_info().reason

    def exit_category(self) -> str:
        """The panic's category, Kill or Terminate; empty while alive.

        Original: RThread::ExitCategory.
        """
        return self.exit_info().category

    # Watching.

    def logon(self, status: TRequestStatus) -> None:
        """Complete *status* with the exit reason when the thread is dead.

        Original: RThread::Logon.
        """
        current_exec.get().thread_logon(self.handle, started(status))

    def logon_cancel(self, status: TRequestStatus) -> None:
        """Complete that logon with KErrNone.

        Raises: KErrGeneral if there is none, because it has completed for instance.
        Original: RThread::LogonCancel.
        """
        current_exec.get().thread_logon_cancel(self.handle, status.client)

    def request_rendezvous(self, status: TRequestStatus) -> None:
        """Complete *status* at the thread's rendezvous, or its death if that is first.

        Original: RThread::Rendezvous(TRequestStatus&).
        """
        current_exec.get().thread_rendezvous_logon(self.handle, started(status))

    def rendezvous_cancel(self, status: TRequestStatus) -> None:
        """As logon_cancel. Original: RThread::RendezvousCancel."""
        current_exec.get().thread_rendezvous_cancel(self.handle, status.client)

    @staticmethod
    def rendezvous(reason: int) -> None:
        """Complete all rendezvous requests on the calling thread with *reason*.

        Original: RThread::Rendezvous(TInt).
        """
        current_exec.get().thread_rendezvous(signed_word(reason))

    # Requests.

    def request_complete(self, status: TRequestStatus | None, code: int) -> None:
        """Complete a request of that thread: status and signal; None does nothing.

        Original: RThread::RequestComplete.
        """
        code = signed_word(code)
        client = None if status is None else started(status)
        current_exec.get().request_complete(self.handle, client, code)

    def request_signal(self, count: int = 1) -> None:
        """Add *count* signals and touch no status. Original: RThread::RequestSignal."""
        current_exec.get().request_signal(self.handle, count)

    def request_count(self) -> int:
        """Signals that wait to be taken. Original: RThread::RequestCount."""
        return current_exec.get().request_count(self.handle)

    # Identity.

    def id(self) -> int:
        """Its id, unique in this machine. Original: RThread::Id."""
        return current_exec.get().thread_id(self.handle)

    def process(self, owner: TOwnerType = EOwnerProcess) -> RProcess:
        """A new handle to its process. Original: RThread::Process."""
        return RProcess(current_exec.get().thread_process(self.handle, owner))

    def handle_count(self) -> tuple[int, int]:
        """Open handles of its process and its own. Original: RThread::HandleCount."""
        return current_exec.get().handle_count(self.handle)

    def identity(self) -> Identity:
        """Secure id, vendor id and capabilities of its process.

        Original: none; RThread::SecureId, VendorId and HasCapability at once.
        """
        with self.process() as process:
            return process.identity()

    def secure_id(self) -> int:
        """The secure id of its process. Original: RThread::SecureId."""
        with self.process() as process:
            return process.secure_id()

    def vendor_id(self) -> int:
        """The vendor id of its process. Original: RThread::VendorId."""
        with self.process() as process:
            return process.vendor_id()

    def has_capability(self, *capabilities: int) -> bool:
        """Whether its process has all of them. Original: RThread::HasCapability."""
        with self.process() as process:
            return process.has_capability(*capabilities)
