"""The steps of an application's life, without any message. geos-iacp 4.2, 4.6."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from userlib.geos import AppLaunchBlock
from userlib.geos.application_state import ApplicationState, TNextStep


def usable(*, for_iacp_only: bool = False) -> ApplicationState:
    state = ApplicationState()
    state.begin(with_ui=True, for_iacp_only=for_iacp_only)
    state.attach()
    state.is_attaching = False
    return state


def test_it_has_nothing_to_quit_until_it_is_attached() -> None:
    state = ApplicationState()
    state.begin(with_ui=True, for_iacp_only=False)
    assert not state.begin_quit()
    state.attach()
    assert state.begin_quit()
    assert not state.begin_quit()


def test_an_application_of_the_user_stays_whoever_leaves() -> None:
    state = usable()
    assert state.app_mode_complete() is TNextStep.EStay


def test_one_for_iacp_only_stays_as_long_as_its_ui_is_needed() -> None:
    state = usable(for_iacp_only=True)
    state.record(1, app_mode=True)
    state.record(2, app_mode=False)
    assert state.app_mode_complete() is TNextStep.EStay
    assert state.forget(1)
    assert state.app_mode_complete() is TNextStep.EQuit


def test_without_ui_it_waits_for_those_who_are_left() -> None:
    state = usable()
    state.closed()
    state.record(1, app_mode=False)
    assert state.app_mode_complete() is TNextStep.EWait
    state.forget(1)
    assert state.app_mode_complete() is TNextStep.ELeave


def test_a_block_that_was_kept_goes_before_all_else() -> None:
    state = usable()
    state.saved_block = AppLaunchBlock()
    assert state.must_abort
    state.closed()
    assert state.app_mode_complete() is TNextStep.ESwitch


def test_while_its_ui_closes_it_neither_goes_back_nor_leaves() -> None:
    state = usable()
    state.closed()
    state.is_detaching = True
    assert state.app_mode_complete() is TNextStep.EStay
    state.saved_block = AppLaunchBlock()
    assert state.app_mode_complete() is TNextStep.EStay
    state.closed()
    assert state.app_mode_complete() is TNextStep.ESwitch


def test_it_leaves_only_once() -> None:
    state = usable()
    state.closed()
    assert state.app_mode_complete() is TNextStep.ELeave
    state.connects = None
    assert state.app_mode_complete() is TNextStep.EStay


def test_a_client_of_the_ui_aborts_a_quit() -> None:
    state = usable()
    assert state.begin_quit()
    assert not state.must_abort
    state.open_for_user()
    assert state.must_abort
    state.abort()
    assert not state.must_abort
    state.record(1, app_mode=True)
    assert state.must_abort


def test_a_block_is_being_seen_to_while_the_ui_is_up_or_comes() -> None:
    """A client announced late, or to an application that has closed, is not."""
    state = ApplicationState()
    state.begin(with_ui=True, for_iacp_only=False)
    assert state.is_served
    assert not state.is_complete
    state.attach()
    assert not state.is_complete
    state.is_attaching = False
    assert state.is_served
    assert state.is_complete
    state.is_quit_detaching = True
    assert not state.is_served
    assert not state.is_complete
    state.closed()
    assert not state.is_served


def test_connections_of_the_past_are_nobodys_business() -> None:
    state = usable()
    state.connects = None
    state.record(1, app_mode=True)
    assert state.number_of_connections == state.number_of_app_mode_connections == 0
    assert not state.forget(1)


class Life(RuleBasedStateMachine):
    """Any order of clients, quits and UIs: who is needed never leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.state = usable()
        self.clients: dict[int, bool] = {}

    @rule(app_mode=st.booleans())
    def come(self, app_mode: bool) -> None:
        number = len(self.clients) + 1
        self.clients[number] = app_mode
        self.state.record(number, app_mode=app_mode)

    @precondition(lambda self: self.clients)
    @rule()
    def leave(self) -> None:
        number, _ = self.clients.popitem()
        assert self.state.forget(number)

    @rule()
    def quit(self) -> None:
        if self.state.begin_quit() and not self.state.must_abort:
            self.state.is_quit_detaching = True
            self.state.closed()
        elif self.state.is_usable:
            self.state.abort()

    @precondition(lambda self: not self.state.is_open)
    @rule()
    def come_back(self) -> None:
        self.state.attach()
        self.state.is_attaching = False

    @invariant()
    def nobody_is_left_alone(self) -> None:
        state = self.state
        assert state.number_of_connections == len(self.clients)
        assert state.number_of_app_mode_connections == sum(self.clients.values())
        step = state.app_mode_complete()
        if self.clients:
            assert step is not TNextStep.ELeave
        if state.is_usable:
            assert step is TNextStep.EStay


TestLife = Life.TestCase
