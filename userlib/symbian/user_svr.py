"""UserSvr: raw events, for the window server and for those who make them up."""

from kernel.abi.current import current_exec
from kernel.abi.memory import ClientCell
from kernel.abi.raw_event import RawEvent, TRawEventType
from userlib.symbian.status import TRequestStatus, started


class TRawEvent:
    """Something that happened at the outside of the device.

    *value0* and *value1* are a position, or a key's code. Original: TRawEvent.
    """

    __slots__ = ("client",)

    def __init__(
        self,
        kind: TRawEventType = TRawEventType.ENone,
        value0: int = 0,
        value1: int = 0,
    ) -> None:
        self.client = ClientCell()  # the kernel puts an event here
        self.client.value = (kind, value0, value1, 0)

    @property
    def type(self) -> TRawEventType:
        """What has happened. Original: TRawEvent::Type."""
        return TRawEventType(self._fields()[0])

    @property
    def values(self) -> tuple[int, int]:
        """The position, or the code and 0. Original: none; its fields."""
        return self._fields()[1:3]

    @property
    def time_us(self) -> int:
        """When, in microseconds since boot. Original: TRawEvent::Ticks."""
        return self._fields()[3]

    def _fields(self) -> RawEvent:
        event: RawEvent = self.client.value  # type: ignore[assignment] # filled so
        return event


class UserSvr:
    """Static functions only. Original: UserSvr (e32svr.h)."""

    @staticmethod
    def add_event(event: TRawEvent) -> None:
        """Make an event up; one of a user's ends inactivity.

        Raises: KErrPermissionDenied for a switch-off or case event without PowerMgmt
            and SwEvent; KErrOverflow while 32 events wait.
        Original: UserSvr::AddEvent.
        """
        current_exec.get().event_hook_add(event.type, *event.values)

    @staticmethod
    def latest_events(most: int) -> list[str]:
        """The latest events of the kernel, oldest first, a line each.

        Its number, the time in seconds since boot, the event's name, process and thread
        by their ids, and its fields.

        Raises: KErrPermissionDenied without PowerMgmt; KErrArgument for a negative
            number.
        Original: none; a trace of the kernel goes to the debug port.
        """
        return [
            f"{number} {time_us / 1_000_000:.6f} {name} {process}:{thread} {fields}"
            for number, time_us, name, process, thread, fields in (
                current_exec.get().debug_events(most)
            )
        ]

    @staticmethod
    def capture_event_hook() -> None:
        """Get all events from now on.

        Any process but the window server's panics KERN-EXEC 46; a second time panics
        12. Original: UserSvr::CaptureEventHook.
        """
        current_exec.get().event_hook_capture()

    @staticmethod
    def release_event_hook() -> None:
        """Let others have it; not having it panics KERN-EXEC 13, here and below.

        Original: UserSvr::ReleaseEventHook.
        """
        current_exec.get().event_hook_release()

    @staticmethod
    def request_event(event: TRawEvent, status: TRequestStatus) -> None:
        """Complete *status* when *event* holds one; outstanding already panics 20.

        Original: UserSvr::RequestEvent.
        """
        current_exec.get().event_hook_request(event.client, started(status))

    @staticmethod
    def request_event_cancel() -> None:
        """Complete that request with KErrCancel.

        Original: UserSvr::RequestEventCancel.
        """
        current_exec.get().event_hook_cancel()
