"""The time of day: who sets it, who waits for it, and timers in step with it."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Executable, Kernel
from tools.pytest_plugin import Run
from userlib import (
    ALL_CAPABILITIES,
    CActive,
    CActiveScheduler,
    CHeartbeat,
    CTimer,
    ECapabilityPowerMgmt,
    ECapabilitySwEvent,
    ECapabilityWriteDeviceData,
    EExitPanic,
    ExitInfo,
    Image,
    KErrAbort,
    KErrArgument,
    KErrCancel,
    KErrGeneral,
    KErrNone,
    KErrOverflow,
    KErrPermissionDenied,
    KErrUnderflow,
    RChangeNotifier,
    RThread,
    RTimer,
    TChanges,
    TRawEvent,
    TRawEventType,
    TRequestStatus,
    TTimerLockSpec,
    User,
    UserSvr,
    capability_set,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
RunAs: TypeAlias = Callable[[Callable[[], None], Image], None]

SECOND = 1_000_000
TRUSTED = Image(capabilities=capability_set(ECapabilityWriteDeviceData))
WINDOW_SERVER = Image(secure_id=0x10003B20)
Six, Twelve = TTimerLockSpec.ESixOClock, TTimerLockSpec.ETwelveOClock


@pytest.fixture
def run_as(machine: Kernel) -> RunAs:
    """Runs a program of another image."""

    def run_program(program: Callable[[], None], image: Image) -> None:
        machine.register("program", Executable(program, image))
        info = machine.run("program")
        assert (info.category, info.reason) == ("Kill", KErrNone), info

    return run_program


def end(info: ExitInfo) -> tuple[int, str, int]:
    return (info.type, info.category, info.reason)


def done(status: TRequestStatus) -> int:
    User.wait_for_request(status)
    return status.value


# Setting the time.


@pytest.mark.case("SK-174")
def test_at_and_lock_requests_know_the_time(run_as: RunAs) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.at(status, User.home_time_us() - SECOND)
            assert done(status) == KErrUnderflow
            timer.at(status, User.home_time_us() + 10 * SECOND)
            User.set_home_time(User.home_time_us() + 1)
            assert status == KErrAbort
            assert done(status) == KErrAbort
            timer.lock(status, Six)
            assert done(status) == KErrGeneral
            timer.lock(status, Six)
            assert done(status) == KErrNone

    run_as(program, TRUSTED)


@pytest.mark.case("SU-54")
def test_setting_the_time_aborts_locked_timers_only(run_as: RunAs) -> None:
    def program() -> None:
        locked, at, after = (RTimer().create_local() for _ in range(3))
        statuses = [TRequestStatus() for _ in range(3)]
        for back in (-100 * SECOND, 100 * SECOND):
            locked.lock(statuses[0], Six)
            at.at_utc(statuses[1], User.universal_time_us() + 500 * SECOND)
            if back < 0:
                after.after(statuses[2], 2 * SECOND)
                begun = User.uptime_us()
            User.set_utc_time(User.universal_time_us() + back)
            assert done(statuses[0]) == KErrAbort
            assert done(statuses[1]) == KErrAbort
            assert statuses[2].is_pending
        assert done(statuses[2]) == KErrNone
        assert 2 * SECOND <= User.uptime_us() - begun <= 2 * SECOND + 15_625

    run_as(program, TRUSTED)


def test_the_time_is_what_it_was_set_to(run_as: RunAs) -> None:
    def program() -> None:
        assert User.utc_offset() == 0
        User.set_utc_time(5_000 * SECOND)
        User.set_utc_offset(3600)
        User.after_high_res(SECOND)
        assert 5_001 * SECOND <= User.universal_time_us() <= 5_002 * SECOND
        assert User.home_time_us() - User.universal_time_us() >= 3600 * SECOND
        User.set_home_time(3600 * SECOND)
        assert User.universal_time_us() < SECOND
        assert User.utc_offset() == 3600

    run_as(program, TRUSTED)


def test_an_offset_moves_home_times_alone(run_as: RunAs) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.at(status, User.home_time_us() + 2 * SECOND)
            User.set_utc_offset(-7200)
            assert status.is_pending
            assert done(status) == KErrNone
            timer.at(status, User.universal_time_us() - 7199 * SECOND)
            assert done(status) == KErrNone

    run_as(program, TRUSTED)


def test_change_notifiers_hear_of_it(run_as: RunAs) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RChangeNotifier().create() as notifier:
            notifier.logon(status)
            User.wait_for_request(status)  # what a new one tells of
            changes: list[Callable[[], None]] = [
                lambda: User.set_utc_time(User.universal_time_us()),
                lambda: User.set_utc_offset(60),
            ]
            for change in changes:
                notifier.logon(status)
                assert status.is_pending
                change()
                assert done(status) & TChanges.EChangesSystemTime

    run_as(program, TRUSTED)


# Timers at and in step with the time of day.


def test_times_too_far_ahead_overflow(run: Run) -> None:
    def program() -> None:
        far_us = User.universal_time_us() + (1 << 31) * 15_625 + SECOND
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.at_utc(status, far_us)
            assert done(status) == KErrOverflow
        assert trap(User.at_utc, far_us) == KErrOverflow

    run(program)


def test_sleeping_until_a_time(run_as: RunAs) -> None:
    def program() -> None:
        assert trap(User.at, User.home_time_us()) == KErrUnderflow
        wanted = User.universal_time_us() + 1
        User.at_utc(wanted)
        assert wanted <= User.universal_time_us() <= wanted + SECOND
        assert User.universal_time_us() % SECOND < 1_000

        def sleep() -> int:
            return trap(User.at_utc, User.universal_time_us() + 100 * SECOND)

        with RThread().create("sleeper", sleep) as sleeper:
            over = TRequestStatus()
            sleeper.logon(over)
            sleeper.resume()
            User.after(SECOND)
            User.set_utc_time(0)
            assert done(over) == KErrAbort
        assert RThread().request_count() == 0

    run_as(program, TRUSTED)


def test_locks_keep_in_step_until_a_beat_is_missed(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:

            def lock(twelfth: int) -> tuple[int, int]:
                timer.lock(status, twelfth)
                code = done(status)
                return code, User.universal_time_us() % SECOND // 1_000

            User.at_utc(User.universal_time_us() + 1)
            User.after_high_res(300_000)
            assert lock(Six) == (KErrGeneral, 0)
            assert lock(Six) == (KErrNone, 500)
            assert lock(Six) == (KErrNone, 500)
            assert lock(Twelve) == (KErrNone, 0)
            assert lock(TTimerLockSpec.EOneOClock) == (KErrNone, 83)
            assert lock(Six) == (KErrNone, 500)
            User.after_high_res(1_100_000)
            assert lock(Six) == (KErrGeneral, 0)
            assert lock(12)[0] == KErrArgument
            assert lock(-1)[0] == KErrArgument

    run(program)


@pytest.mark.case("SU-55")
def test_again_counts_from_when_the_last_was_due(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.again_high_res(status, 0)
            assert done(status) == KErrArgument
            timer.high_res(status, 2_000)
            due_us = User.uptime_us() + 2_000
            assert done(status) == KErrNone
            User.after_high_res(5_000)
            timer.again_high_res(status, 0)
            assert done(status) == KErrArgument
            timer.again_high_res(status, 10_000)
            assert done(status) == KErrNone
            assert due_us + 10_000 <= User.uptime_us() <= due_us + 11_000
            timer.again_high_res(status, 10_000)
            assert done(status) == KErrNone
            assert due_us + 20_000 <= User.uptime_us() <= due_us + 21_000
            timer.high_res(status, 10_000)
            timer.cancel()
            assert done(status) == KErrCancel
            timer.again_high_res(status, -5_000)
            assert done(status) == KErrNone

    run(program)


class Beats:
    """Writes down when it is called, in milliseconds of the time of day."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    def beat(self) -> None:
        self._note("beat")

    def synchronize(self) -> None:
        self._note("synchronize")

    def _note(self, what: str) -> None:
        self.calls.append((what, User.universal_time_us() // 1_000))
        if len(self.calls) == 5:
            CActiveScheduler.stop()


@pytest.mark.case("SU-58")
def test_a_heartbeat_synchronizes_and_then_beats_every_second(run: Run) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        beats = Beats()
        heart = CHeartbeat(CActive.EPriorityStandard)
        heart.start(Six, beats)
        CActiveScheduler.start()
        heart.destroy()
        names = [name for name, _ in beats.calls]
        assert names == ["synchronize"] + ["beat"] * 4
        times = [time - beats.calls[0][1] for _, time in beats.calls]
        assert times == [0, 500, 1500, 2500, 3500]

    run(program)


def test_active_timers_have_all_kinds_of_requests(run: Run, exit_of: ExitOf) -> None:
    codes: list[int] = []

    class Timer(CTimer):
        def run(self) -> None:
            codes.append(self.status.value)
            CActiveScheduler.stop()

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        timer = Timer(0).construct()
        for request in (timer.at, timer.lock, timer.inactivity):
            info = exit_of(lambda request=request: request(1))
            assert end(info) == (EExitPanic, "E32USER-CBase", 51)
        CActiveScheduler.add(timer)
        starts: list[Callable[[], None]] = [
            lambda: timer.at(User.home_time_us() + SECOND),
            lambda: timer.at(0),
            lambda: timer.lock(0),
            lambda: timer.inactivity(100),
        ]
        for start in starts:
            start()
            CActiveScheduler.start()
        timer.destroy()
        assert codes == [KErrNone, KErrUnderflow, KErrGeneral, KErrNone]

    run(program)


# Users, and what they do.


def test_inactivity_is_counted_from_the_last_event(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.inactivity(status, -1)
            assert done(status) == KErrArgument
            User.reset_inactivity_time()
            begun = User.uptime_us()
            timer.inactivity(status, 10)
            User.after_high_res(6 * SECOND)
            assert User.inactivity_time() == 6
            UserSvr.add_event(TRawEvent(TRawEventType.EKeyDown, 65))
            assert User.inactivity_time() == 0
            assert done(status) == KErrNone
            assert 16 * SECOND <= User.uptime_us() - begun <= 17 * SECOND
            timer.inactivity(status, 10)
            assert status == KErrNone
            User.wait_for_request(status)
            UserSvr.add_event(TRawEvent(TRawEventType.ERedraw))
            assert User.inactivity_time() == 10

    run(program)


@pytest.mark.case("SK-179")
def test_setting_the_time_and_switching_off_take_capabilities(
    run: Run, run_as: RunAs, exit_of: ExitOf
) -> None:
    def refused() -> None:
        for change in (User.set_home_time, User.set_utc_offset, User.set_utc_time):
            info = exit_of(change, 0)
            assert end(info) == (EExitPanic, "KERN-EXEC", 46)

    def switch_off() -> int:
        return trap(UserSvr.add_event, TRawEvent(TRawEventType.ESwitchOff))

    def cannot() -> None:
        assert switch_off() == KErrPermissionDenied

    def can() -> None:
        assert switch_off() == KErrNone

    run(refused)
    both = (ECapabilityPowerMgmt, ECapabilitySwEvent)
    for capabilities in ((), both[:1], both[1:]):
        run_as(cannot, Image(capabilities=capability_set(*capabilities)))
    run_as(can, Image(capabilities=capability_set(*both)))


@pytest.mark.case("SK-180")
def test_the_event_hook_is_the_window_servers(run_as: RunAs, exit_of: ExitOf) -> None:
    def program() -> None:
        status = TRequestStatus()
        info = exit_of(UserSvr.capture_event_hook)
        assert end(info) == (EExitPanic, "KERN-EXEC", 46)
        for call in (
            UserSvr.release_event_hook,
            lambda: UserSvr.request_event(TRawEvent(), status),
            UserSvr.request_event_cancel,
        ):
            assert end(exit_of(call)) == (EExitPanic, "KERN-EXEC", 13)

    run_as(program, Image(capabilities=ALL_CAPABILITIES))


def test_events_reach_whoever_has_the_hook(run_as: RunAs, exit_of: ExitOf) -> None:
    def program() -> None:
        event, status = TRawEvent(), TRequestStatus()
        UserSvr.add_event(TRawEvent(TRawEventType.EKeyDown, 1))
        UserSvr.capture_event_hook()
        info = exit_of(UserSvr.capture_event_hook)
        assert end(info) == (EExitPanic, "KERN-EXEC", 12)
        UserSvr.request_event(event, status)
        assert done(status) == KErrNone
        assert (event.type, event.values) == (TRawEventType.EKeyDown, (1, 0))
        UserSvr.request_event(event, status)
        info = exit_of(lambda: UserSvr.request_event(TRawEvent(), TRequestStatus()))
        assert end(info) == (EExitPanic, "KERN-EXEC", 20)
        UserSvr.request_event_cancel()
        assert done(status) == KErrCancel
        UserSvr.request_event(event, status)
        UserSvr.add_event(TRawEvent(TRawEventType.EPointerMove, 10, 20))
        assert done(status) == KErrNone
        assert event.values == (10, 20)
        UserSvr.request_event(event, status)
        UserSvr.release_event_hook()
        assert done(status) == KErrCancel
        codes = [trap(UserSvr.add_event, event) for _ in range(33)]
        assert codes == [KErrNone] * 32 + [KErrOverflow]
        UserSvr.capture_event_hook()

    run_as(program, WINDOW_SERVER)
