"""What an application object knows of its own life, and what follows from it.

    ┌── engine mode ◄──────────────── its UI is closed, somebody is connected ──┐
    │       │ an application connection                                         │
    ▼       ▼                                                                   │
    leaves  attaching ──OPEN_COMPLETE──► usable ──MSG_META_QUIT──► quitting ────┤
                                           ▲                          │         ▼
                                           └──── aborted by a client ─┘       leaves

No message is sent here, so that every step can be looked at by itself.
Original: GAI_states, GAI_launchFlags and the vardata of GenApplicationClass
(gAppC.def); geos-iacp 4.2 and 4.6.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from userlib.geos.event import Event
from userlib.geos.values import AppLaunchBlock


class TNextStep(Enum):
    """What MSG_GEN_APPLICATION_APP_MODE_COMPLETE comes to. Original: none."""

    EStay = auto()  # somebody wants it as it is
    EQuit = auto()  # nobody needs its UI any more
    ESwitch = auto()  # back to application mode, with the block that was kept
    EWait = auto()  # without UI, for those who are connected
    ELeave = auto()


@dataclass(slots=True)
class ApplicationState:
    """The state of one application object; its own thread's.

    *is_quitting* is set from the start: an application without UI has nothing to save,
    so it ignores being told to quit.
    """

    is_usable: bool = False  # its UI is up
    is_attaching: bool = False  # its UI comes up
    is_quitting: bool = True
    is_quit_detaching: bool = False  # its UI closes because it quits
    is_detaching: bool = False  # its UI closes, and nothing stops that
    is_for_iacp_only: bool = False  # nobody opened it for the user
    abort_quit: bool = False  # a client came while it was quitting
    saved_block: AppLaunchBlock | None = None  # to come back to life with
    file_completions: list[Event] = field(default_factory=list)  # until it is closed
    connects: dict[int, bool] | None = field(
        default_factory=dict
    )  # → app mode; in order

    # The connections.

    @property
    def number_of_connections(self) -> int:
        """How many are recorded."""
        return len(self.connects or ())

    @property
    def number_of_app_mode_connections(self) -> int:
        """How many of them want the application's UI."""
        return sum((self.connects or {}).values())

    def record(self, connection: int, *, app_mode: bool) -> None:
        """There is a new connection. It is too late for those who come last of all."""
        if self.connects is not None:
            self.connects[connection] = app_mode

    def forget(self, connection: int) -> bool:
        """It is over. Returns: whether anything depends on that any more."""
        if self.connects is None:
            return False
        self.connects.pop(connection, None)
        return True

    def lose_connections(self) -> None:
        """The IACP server has ended, and all connections with it."""
        if self.connects is not None:
            self.connects.clear()

    # The steps of its life.

    @property
    def is_closing(self) -> bool:
        """Whether its UI is being closed."""
        return self.is_quit_detaching or self.is_detaching

    @property
    def is_open(self) -> bool:
        """Whether its UI is up, or coming."""
        return self.is_usable or self.is_attaching

    @property
    def is_served(self) -> bool:
        """Whether the block it was launched with is being seen to, or was."""
        return self.is_open and not self.is_closing

    @property
    def is_complete(self) -> bool:
        """Whether its UI is up and stays so for now."""
        return self.is_usable and not self.is_attaching and not self.is_closing

    def begin(self, *, with_ui: bool, for_iacp_only: bool) -> None:
        """It has been launched."""
        self.is_quitting = True
        self.is_attaching = with_ui
        self.is_for_iacp_only = for_iacp_only

    def attach(self) -> None:
        """Its UI comes up."""
        self.is_usable = self.is_attaching = True
        self.is_quitting = self.abort_quit = False

    def open_for_user(self) -> None:
        """Somebody wants it as a user does: it outlives the wish."""
        self.is_for_iacp_only = False
        if self.is_quitting:
            self.abort_quit = True

    def begin_quit(self) -> bool:
        """Quit from now on. Returns: False if it does already."""
        if self.is_quitting or self.is_closing or not self.is_open:
            return False
        self.is_quitting = True
        self.abort_quit = False
        return True

    def abort(self) -> None:
        """Go on as before."""
        self.is_quitting = self.abort_quit = False

    @property
    def must_abort(self) -> bool:
        """Whether somebody needs the UI, now that it would be closed."""
        wanted = self.abort_quit or self.saved_block is not None
        return wanted or self.number_of_app_mode_connections > 0

    def closed(self) -> None:
        """Its UI is gone, or was never there."""
        self.is_usable = self.is_attaching = False
        self.is_quit_detaching = self.is_detaching = False

    def app_mode_complete(self) -> TNextStep:
        """Something has ended: is there a reason left to go on?

        While its UI closes that is not the question yet, and when it leaves not any
        more: going back or leaving a second time would cross what is under way.
        """
        if self.is_closing or self.connects is None:
            return TNextStep.EStay
        if self.is_open:
            if not self.is_for_iacp_only or self.number_of_app_mode_connections:
                return TNextStep.EStay
            return TNextStep.EQuit
        if self.saved_block is not None:
            return TNextStep.ESwitch
        return TNextStep.EWait if self.connects else TNextStep.ELeave
