"""User: what a thread asks for itself."""

from collections.abc import Iterable
from typing import Final, NoReturn, TypeVar, overload

from kernel.abi.current import current_exec, panic, unwind_dead
from kernel.abi.errors import KErrNoMemory, KRequestPending, Leave
from kernel.abi.handles import KCurrentProcessHandle, KCurrentThreadHandle
from kernel.abi.limits import KMaxTInt, KMillisecondUs, KTickPeriodUs
from kernel.abi.panics import KERN_EXEC, USER, TKernExec, TUserPanic
from kernel.abi.security import Identity
from userlib.symbian.buffers import TDes8, TDes16
from userlib.symbian.exception import (
    ExceptionHandler,
    TExcType,
    handling,
    raise_exception,
    set_handling,
)
from userlib.symbian.status import TRequestStatus, client_of, started
from userlib.symbian.version import TVersion
from userlib.symbian.word import KTIntParameter, signed_word

T = TypeVar("T")

_KSecondUs: Final = 1_000_000
_KTicks: Final = False
_KHighRes: Final = True
_KWideItem: Final = 2  # bytes


class User:
    """Static functions only, of the calling thread and its process.

    Original: User (e32std.h).
    """

    # Ending, leaving.

    @staticmethod
    def exit(reason: int) -> NoReturn:
        """End the calling thread, with type Kill. Original: User::Exit."""
        current_exec.get().thread_exit(signed_word(reason))
        unwind_dead()

    @staticmethod
    def panic(category: str, reason: int) -> NoReturn:
        """End the calling thread, with type Panic. Original: User::Panic."""
        panic(category, signed_word(reason))

    @staticmethod
    def leave(code: int) -> NoReturn:
        """Unwind to the innermost trap; without one the thread panics USER 175.

        Original: User::Leave.
        """
        raise Leave(signed_word(code))

    @staticmethod
    def leave_if_error(code: int) -> int:
        """Leave if *code* is negative, else give it back.

        Original: User::LeaveIfError.
        """
        if code < 0:
            raise Leave(code)
        return code

    @staticmethod
    def leave_if_null(pointer: T | None) -> T:
        """Leave with KErrNoMemory if *pointer* is None, else give it back.

        Original: User::LeaveIfNull.
        """
        if pointer is None:
            raise Leave(KErrNoMemory)
        return pointer

    @staticmethod
    def leave_no_memory() -> NoReturn:
        """Leave with KErrNoMemory. Original: User::LeaveNoMemory."""
        raise Leave(KErrNoMemory)

    # Requests.

    @staticmethod
    def wait_for_any_request() -> None:
        """Take one signal of the request semaphore, or wait for it.

        Original: User::WaitForAnyRequest.
        """
        current_exec.get().request_wait_any()

    @staticmethod
    def wait_for_request(status: TRequestStatus, *others: TRequestStatus) -> None:
        """Wait until one of the statuses is complete, and take one signal.

        Signals of other requests are kept. A status that is complete, but whose signal
        somebody took, still waits for one.

        Original: User::WaitForRequest.
        """
        current_exec.get().request_wait(*map(client_of, (status, *others)))

    @staticmethod
    def wait_for_n_request(statuses: Iterable[TRequestStatus | None]) -> None:
        """As wait_for_request, for those that aren't None; for ever, if all are.

        Original: User::WaitForNRequest.
        """
        waited = [client_of(status) for status in statuses if status is not None]
        if not waited:  # none of them will ever be complete
            waited = [TRequestStatus(KRequestPending).client]
        current_exec.get().request_wait(*waited)

    @staticmethod
    def request_complete(status: TRequestStatus | None, code: int) -> None:
        """Complete a request of the calling thread.

        None, a null pointer, panics KERN-EXEC 3: it is written to before it is looked
        at.

        Original: User::RequestComplete.
        """
        if status is None:
            panic(KERN_EXEC, TKernExec.ECausedException)
        code = signed_word(code)
        current_exec.get().request_complete(KCurrentThreadHandle, started(status), code)

    # Exceptions.

    @staticmethod
    def set_exception_handler(handler: ExceptionHandler | None, mask: int) -> None:
        """Call *handler* for the calling thread's exceptions of the kinds in *mask*.

        The mask is made of KExceptionAbort, KExceptionFpe and so on.
        Original: User::SetExceptionHandler.
        """
        set_handling(handler, mask)

    @staticmethod
    def exception_handler() -> ExceptionHandler | None:
        """The handler set. Original: User::ExceptionHandler."""
        return handling().handler

    @staticmethod
    def modify_exception_mask(clear_mask: int, set_mask: int) -> None:
        """Take kinds out of the mask, then add others.

        Original: User::ModifyExceptionMask.
        """
        now = handling()
        set_handling(now.handler, now.mask & ~clear_mask | set_mask)

    @staticmethod
    def is_exception_handled(kind: TExcType) -> bool:
        """Whether raising it would call the handler.

        Original: User::IsExceptionHandled.
        """
        return handling().handles(kind)

    @staticmethod
    def raise_exception(kind: TExcType) -> None:
        """Raise an exception in the calling thread: its handler is called.

        Unhandled, also because the handler runs already, it panics USER-EXEC 3.
        Original: User::RaiseException.
        """
        raise_exception(kind)

    # Time.

    @staticmethod
    def after(delay_us: int) -> None:
        """Sleep at least *delay_us*, in ticks of 1/64 s; negative panics USER 86.

        Original: User::After.
        """
        if delay_us < 0:
            panic(USER, TUserPanic.EAfterTimeNegative)
        current_exec.get().time_sleep(delay_us, _KTicks)

    @staticmethod
    def after_high_res(delay_us: int) -> None:
        """As after, in milliseconds. Original: User::AfterHighRes."""
        if delay_us < 0:
            panic(USER, TUserPanic.EAfterTimeNegative)
        current_exec.get().time_sleep(delay_us, _KHighRes)

    @staticmethod
    def universal_time_us() -> int:
        """UTC, in microseconds since 1970-01-01.

        Original: TTime::UniversalTime, which counts from the year 0.
        """
        return current_exec.get().time_now()

    @staticmethod
    def home_time_us() -> int:
        """The home time, which is UTC and the offset. Original: TTime::HomeTime."""
        exec_ = current_exec.get()
        return exec_.time_now() + exec_.time_offset() * _KSecondUs

    @staticmethod
    def at_utc(time_us: int) -> None:
        """Sleep until a UTC time, on a whole second.

        Raises: KErrUnderflow if it is past, KErrOverflow if it is too far ahead,
            KErrAbort if the time is set meanwhile.
        Original: User::At, which takes a home time.
        """
        current_exec.get().time_sleep_until(time_us)

    @staticmethod
    def at(home_time_us: int) -> None:
        """As at_utc, until a home time. Original: User::At."""
        offset_us = current_exec.get().time_offset() * _KSecondUs
        User.at_utc(home_time_us - offset_us)

    @staticmethod
    def set_utc_time(time_us: int) -> None:
        """Set the system's time; without WriteDeviceData panics KERN-EXEC 46.

        Whoever waits for a time of day is told KErrAbort. Original: User::SetUTCTime.
        """
        current_exec.get().time_set_utc(time_us)

    @staticmethod
    def set_home_time(time_us: int) -> None:
        """As set_utc_time, by the home time. Original: User::SetHomeTime."""
        exec_ = current_exec.get()
        exec_.time_set_utc(time_us - exec_.time_offset() * _KSecondUs)

    @staticmethod
    def set_utc_offset(offset_s: int) -> None:
        """Set how far the home time is ahead of UTC, in seconds; UTC stays.

        Without WriteDeviceData panics KERN-EXEC 46. Original: User::SetUTCOffset.
        """
        current_exec.get().time_set_offset(offset_s)

    @staticmethod
    def utc_offset() -> int:
        """Seconds that the home time is ahead of UTC. Original: User::UTCOffset."""
        return current_exec.get().time_offset()

    @staticmethod
    def inactivity_time() -> int:
        """Seconds since a user did something. Original: User::InactivityTime."""
        return current_exec.get().time_inactivity()

    @staticmethod
    def reset_inactivity_time() -> None:
        """As if a user had done something. Original: User::ResetInactivityTime."""
        current_exec.get().time_reset_inactivity()

    @staticmethod
    def tick_count() -> int:
        """System ticks (1/64 s) since the machine booted. Original: User::TickCount."""
        return current_exec.get().time_uptime() // KTickPeriodUs

    @staticmethod
    def n_tick_count() -> int:
        """Milliseconds since the machine booted. Original: User::NTickCount."""
        return current_exec.get().time_uptime() // KMillisecondUs

    @staticmethod
    def uptime_us() -> int:
        """Microseconds since the machine booted. Original: User::FastCounter."""
        return current_exec.get().time_uptime()

    # The process.

    @staticmethod
    def command_line() -> str:
        """The command line, without the program's name. Original: User::CommandLine."""
        return current_exec.get().process_command_line(KCurrentProcessHandle)

    @staticmethod
    def command_line_length() -> int:
        """Its length in characters. Original: User::CommandLineLength."""
        return len(User.command_line())

    @overload
    @staticmethod
    def get_des_parameter(slot: int, des: None = None) -> bytes: ...

    @overload
    @staticmethod
    def get_des_parameter(slot: int, des: TDes8) -> bytes: ...

    @overload
    @staticmethod
    def get_des_parameter(slot: int, des: TDes16) -> str: ...

    @staticmethod
    def get_des_parameter(slot: int, des: TDes8 | TDes16 | None = None) -> bytes | str:
        """The data its creator left for the process in a slot, which is empty then.

        Into *des*, text if that is 16-bit; without one, the bytes. A slot outside 0 to
        15 panics KERN-EXEC 51.

        Raises: KErrNotFound if the slot is empty; KErrArgument if it holds an object,
            or more than *des* has room for.
        Original: User::GetDesParameter.
        """
        exec_ = current_exec.get()
        if des is None:
            return exec_.parameter_read(slot, KMaxTInt)
        if isinstance(des, TDes8):
            data = exec_.parameter_read(slot, des.max_length)
            des.copy(data)
            return data
        data = exec_.parameter_read(slot, des.max_length * _KWideItem)
        whole = len(data) // _KWideItem * _KWideItem
        text = data[:whole].decode("utf-16-le", "surrogatepass")
        des.copy(text)
        return text

    @staticmethod
    def get_tint_parameter(slot: int) -> int:
        """The number in a slot; else as get_des_parameter.

        Original: User::GetTIntParameter.
        """
        data = current_exec.get().parameter_read(slot, KTIntParameter.size)
        number: int = KTIntParameter.unpack(data.ljust(KTIntParameter.size, b"\0"))[0]
        return number

    @staticmethod
    def parameter_length(slot: int) -> int:
        """Bytes of data in a slot; else as get_des_parameter.

        Original: User::ParameterLength.
        """
        return current_exec.get().parameter_length(slot)

    @staticmethod
    def rename_thread(name: str) -> None:
        """Rename the calling thread; its present name does nothing.

        Raises: KErrBadName.
        Original: User::RenameThread.
        """
        current_exec.get().thread_rename(name)

    @staticmethod
    def rename_process(name: str) -> None:
        """Give the process a new root name; its present one does nothing.

        Raises: KErrBadName if it is illegal or too long.
        Original: User::RenameProcess.
        """
        current_exec.get().process_rename(name)

    @staticmethod
    def set_realtime_state(state: int) -> None:
        """Say whether the calling thread promises to be quick (`TRealtimeState`).

        Servers may look; the kernel does not enforce it. Another value panics KERN-EXEC
        62. Original: User::SetRealtimeState.
        """
        current_exec.get().thread_set_realtime_state(state)

    @staticmethod
    def set_critical(level: int) -> None:
        """Say what the calling thread's death does to its process (`TCritical`).

        A system level without ProtServ panics KERN-EXEC 46.

        Raises: KErrArgument for a level that is not a thread's.
        Original: User::SetCritical.
        """
        current_exec.get().thread_set_critical(level)

    @staticmethod
    def critical() -> int:
        """What set_critical set. Original: User::Critical."""
        return current_exec.get().thread_critical()

    @staticmethod
    def set_process_critical(level: int) -> None:
        """As set_critical, for the process.

        EAllThreadsCritical makes threads created from now on process critical.
        Original: User::SetProcessCritical.
        """
        current_exec.get().process_set_critical(level)

    @staticmethod
    def process_critical() -> int:
        """What set_process_critical set. Original: User::ProcessCritical."""
        return current_exec.get().process_critical()

    @staticmethod
    def creator_identity() -> Identity:
        """Who created the calling process, as it was then.

        Original: none; User::CreatorSecureId, CreatorVendorId and CreatorHasCapability
        at once.
        """
        return Identity(*current_exec.get().process_creator_identity())

    @staticmethod
    def creator_secure_id() -> int:
        """The creator's secure id. Original: User::CreatorSecureId."""
        return User.creator_identity().secure_id

    @staticmethod
    def creator_vendor_id() -> int:
        """The creator's vendor id. Original: User::CreatorVendorId."""
        return User.creator_identity().vendor_id

    @staticmethod
    def creator_has_capability(*capabilities: int) -> bool:
        """Whether the creator had all of them. Original: User::CreatorHasCapability."""
        return User.creator_identity().has(*capabilities)

    @staticmethod
    def query_version_supported(current: TVersion, requested: TVersion) -> bool:
        """Whether a server of version *current* can serve a client of *requested*.

        The build number does not count. Original: User::QueryVersionSupported.
        """
        return (requested.major, requested.minor) <= (current.major, current.minor)
