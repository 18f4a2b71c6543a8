"""Ready-made active objects: symbian-userlib 7 and 8.2."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from eka import Kernel
from userlib import (
    CActive,
    CActiveScheduler,
    CAsyncCallBack,
    CAsyncOneShot,
    CDeltaTimer,
    CHeartbeat,
    CIdle,
    CPeriodic,
    CTimer,
    KErrNoMemory,
    KErrNone,
    KErrOverflow,
    KHeap,
    KMaxTInt,
    RThread,
    TDeltaTimerEntry,
    User,
    trap,
)

FINE = "exited with KErrNone"
TICK_US = 15_625


def end_of(machine: Kernel, body: Callable[[], object]) -> str:
    """How a process ends that installs a scheduler and calls *body*."""

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        body()

    return str(machine.run(program))


def cbase(reason: int) -> str:
    return f"panicked E32USER-CBase {reason}"


class Stopper(CTimer):
    """Stops the loop after a time."""

    def run(self) -> None:
        CActiveScheduler.stop()


def serve_for(delay_us: int) -> None:
    """Run the scheduler's loop for *delay_us*."""
    stopper = Stopper(-1000).construct()
    CActiveScheduler.add(stopper)
    stopper.after(delay_us)
    CActiveScheduler.start()
    stopper.destroy()


@pytest.mark.case("SU-44")
def test_idle_callback_is_called_until_it_returns_false(machine: Kernel) -> None:
    calls: list[bool] = []

    def body() -> None:
        def callback() -> bool:
            calls.append(len(calls) < 3)
            return calls[-1]

        idle = CIdle()
        idle.start(callback)
        serve_for(100_000)
        assert not idle.is_active

    assert end_of(machine, body) == FINE
    assert calls == [True, True, True, False]


def test_idle_object_can_be_cancelled(machine: Kernel) -> None:
    calls: list[int] = []

    def body() -> None:
        idle = CIdle()
        idle.start(lambda: calls.append(1))
        idle.cancel()
        assert RThread().request_count() == 0
        serve_for(100_000)

    assert end_of(machine, body) == FINE
    assert calls == []


@pytest.mark.case("SU-45")
def test_idle_object_behind_a_timer_does_not_starve_it(machine: Kernel) -> None:
    ticks: list[int] = []

    class Ticking(CTimer):
        def run(self) -> None:
            ticks.append(len(ticks))
            if len(ticks) == 5:
                idles[0].cancel()
            if len(ticks) == 10:
                CActiveScheduler.stop()
            else:
                self.after(100_000)

    def spin() -> bool:
        # Virtual time stands still while a thread runs: an idle callback takes some.
        User.after(1)
        return True

    def body() -> None:
        timer = Ticking(1000).construct()
        CActiveScheduler.add(timer)
        idles.append(CIdle(1000))
        idles[0].start(spin)
        timer.after(100_000)
        CActiveScheduler.start()
        timer.destroy()

    idles: list[CIdle] = []
    assert end_of(machine, body) == FINE
    assert ticks == list(range(10))


@pytest.mark.case("SU-46")
def test_several_calls_before_the_loop_make_one_callback(machine: Kernel) -> None:
    calls: list[int] = []

    def body() -> None:
        once = CAsyncCallBack(lambda: calls.append(1))
        for _ in range(3):
            once.call_back()
        serve_for(100_000)
        once.destroy()

    assert end_of(machine, body) == FINE
    assert calls == [1]


@pytest.mark.case("SU-47")
def test_set_while_active_panics_1(machine: Kernel) -> None:
    def body() -> None:
        once = CAsyncCallBack()
        once.call_back()
        once.set(lambda: None)

    assert end_of(machine, body) == cbase(1)


def test_set_before_the_call_names_the_function(machine: Kernel) -> None:
    calls: list[str] = []

    def body() -> None:
        once = CAsyncCallBack(lambda: calls.append("old"))
        once.set(lambda: calls.append("new"))
        once.call_back()
        serve_for(100_000)
        once.destroy()

    assert end_of(machine, body) == FINE
    assert calls == ["new"]


def test_callback_of_the_least_priority_waits_for_ever_if_the_loop_ends(
    machine: Kernel,
) -> None:
    calls: list[str] = []

    def body() -> None:
        last = CAsyncCallBack(lambda: calls.append("never"), -0x80000000)
        stopper = CAsyncCallBack(CActiveScheduler.stop, 800)
        last.call_back()
        stopper.call_back()
        CActiveScheduler.start()
        for one in (last, stopper):
            one.destroy()
        assert RThread().request_count() == 0

    assert end_of(machine, body) == FINE
    assert calls == []


def test_another_thread_can_call_a_one_shot(machine: Kernel) -> None:
    ran_in: list[str] = []

    class Once(CAsyncOneShot):
        def run(self) -> None:
            ran_in.append(RThread().name())
            CActiveScheduler.stop()

    def body() -> None:
        once = Once()
        helper = RThread().create("helper", once.call)
        helper.resume()
        CActiveScheduler.start()
        helper.close()
        once.destroy()

    assert end_of(machine, body) == FINE
    assert ran_in == ["Main"]


def test_one_shot_off_the_scheduler_panics_2(machine: Kernel) -> None:
    def body() -> None:
        once = CAsyncCallBack()
        once.deque()
        once.call()

    assert end_of(machine, body) == cbase(2)


@pytest.mark.case("SU-48")
def test_timer_not_added_panics_51(machine: Kernel) -> None:
    assert end_of(machine, lambda: Stopper(0).construct().after(1)) == cbase(51)


@pytest.mark.case("SU-49")
def test_negative_interval_and_delay_panic_52_and_53(machine: Kernel) -> None:
    def start(delay_us: int, interval_us: int) -> Callable[[], None]:
        return lambda: CPeriodic(0).start(delay_us, interval_us, lambda: None)

    assert end_of(machine, start(0, -1)) == cbase(52)
    assert end_of(machine, start(-1, 1)) == cbase(53)


@pytest.mark.case("SK-144")
def test_expired_timers_run_by_priority_and_equals_in_order(machine: Kernel) -> None:
    log: list[str] = []

    class Expired(CTimer):
        def __init__(self, name: str, priority: int) -> None:
            super().__init__(priority)
            self.name = name

        def run(self) -> None:
            log.append(self.name)
            if len(log) == 5:
                CActiveScheduler.stop()

    def run_all(priorities: list[int]) -> list[str]:
        log.clear()
        timers = [Expired(f"{i}", p).construct() for i, p in enumerate(priorities)]
        for i, timer in enumerate(timers):
            CActiveScheduler.add(timer)
            timer.after((5 - i) * 50_000)  # the last added expires first
        User.after(1_000_000)
        CActiveScheduler.start()
        for timer in timers:
            timer.destroy()
        return list(log)

    def body() -> None:
        different = run_all([-10, 0, 30, 20, 10])
        equal = run_all([0, 7, 7, 7, 9])
        assert different == ["2", "3", "4", "1", "0"]
        assert equal == ["4", "1", "2", "3", "0"]

    assert end_of(machine, body) == FINE


def test_periodic_callback_comes_at_each_interval(machine: Kernel) -> None:
    calls: list[int] = []

    def body() -> None:
        periodic = CPeriodic(0)
        periodic.start(0, 10 * TICK_US, lambda: calls.append(User.uptime_us()))
        serve_for(45 * TICK_US)
        periodic.destroy()

    assert end_of(machine, body) == FINE
    steps = {late - early for early, late in pairwise(calls)}
    assert len(calls) >= 4
    assert all(10 * TICK_US <= step <= 11 * TICK_US for step in steps)


@pytest.mark.case("SU-57")
def test_periodic_callback_can_cancel_its_timer(machine: Kernel) -> None:
    calls: list[int] = []

    def body() -> None:
        periodic = CPeriodic(0)

        def callback() -> None:
            calls.append(1)
            periodic.cancel()

        periodic.start(0, TICK_US, callback)
        serve_for(6 * TICK_US)
        assert not periodic.is_active
        periodic.destroy()

    assert end_of(machine, body) == FINE
    assert calls == [1]


@pytest.mark.case("SU-59")
def test_equal_delays_of_a_delta_timer_keep_their_order(machine: Kernel) -> None:
    calls: list[str] = []

    def body() -> None:
        timer = CDeltaTimer(0)
        for name in ("later", "e1", "e2", "sooner"):
            delay = {"later": 9, "sooner": 1}.get(name, 5)
            entry = TDeltaTimerEntry(lambda name=name: calls.append(name))
            timer.queue(delay * TICK_US, entry)
        serve_for(12 * TICK_US)
        timer.destroy()

    assert end_of(machine, body) == FINE
    assert calls == ["sooner", "e1", "e2", "later"]


@pytest.mark.case("SU-60")
def test_delta_timer_callback_may_remove_and_queue(machine: Kernel) -> None:
    calls: list[str] = []

    def body() -> None:
        timer = CDeltaTimer(0)

        def first() -> None:
            calls.append("e1")
            timer.remove(e2)
            if len(calls) < 3:
                timer.queue(TICK_US, e1)

        e1 = TDeltaTimerEntry(first)
        e2 = TDeltaTimerEntry(lambda: calls.append("e2"))
        timer.queue(2 * TICK_US, e1)
        timer.queue(4 * TICK_US, e2)
        serve_for(20 * TICK_US)
        timer.remove(e2)  # not queued: nothing
        assert not timer.is_active
        timer.destroy()

    assert end_of(machine, body) == FINE
    assert calls == ["e1", "e1", "e1"]


def test_delta_timer_refuses_what_it_cannot_count(machine: Kernel) -> None:
    def body() -> None:
        timer = CDeltaTimer(0, 1_000)
        entry = TDeltaTimerEntry(lambda: None)
        assert timer.queue_long(-1, entry) == KErrOverflow
        assert timer.queue_long(KMaxTInt * 1_000 + 1, entry) == KErrOverflow
        assert not timer.is_active
        assert timer.queue_long(KMaxTInt * 1_000, entry) == KErrNone
        timer.destroy()

    assert end_of(machine, body) == FINE


# What goes wrong, and what a callback may do to its own object.


def test_one_shot_that_gets_no_handle_panics_93(machine: Kernel) -> None:
    def body() -> None:
        KHeap.fail_next(1)
        CAsyncCallBack()

    assert end_of(machine, body) == cbase(93)


def test_idle_object_that_runs_cannot_be_started_again(machine: Kernel) -> None:
    def body() -> None:
        idle = CIdle()
        idle.start(lambda: False)
        idle.start(lambda: False)

    assert end_of(machine, body) == cbase(42)


def test_call_without_a_function_runs_nothing(machine: Kernel) -> None:
    def body() -> None:
        nothing = CAsyncCallBack(None, CActive.EPriorityHigh)
        nothing.call_back()
        CAsyncCallBack(CActiveScheduler.stop).call_back()
        CActiveScheduler.start()
        assert not nothing.is_active

    assert end_of(machine, body) == FINE


def test_timer_that_gets_no_memory_is_left_empty(machine: Kernel) -> None:
    def body() -> None:
        timer = Stopper(0)
        KHeap.fail_next(1)
        assert trap(timer.construct) == KErrNoMemory
        KHeap.reset()
        timer.destroy()

    assert end_of(machine, body) == FINE


@pytest.mark.parametrize("request_of", ["high_res", "at_utc"])
def test_no_request_of_a_timer_goes_without_a_scheduler(
    machine: Kernel, request_of: str
) -> None:
    def body() -> None:
        getattr(Stopper(0).construct(), request_of)(1)

    assert end_of(machine, body) == cbase(51)


def test_result_of_a_periodic_callback_does_not_matter(machine: Kernel) -> None:
    calls: list[bool] = []

    def body() -> None:
        def callback() -> bool:
            calls.append(len(calls) > 1)
            return calls[-1]

        periodic = CPeriodic(0)
        periodic.start(0, TICK_US, callback)
        serve_for(6 * TICK_US)
        periodic.destroy()

    assert end_of(machine, body) == FINE
    assert len(calls) > 3


def test_periodic_callback_may_destroy_its_timer(machine: Kernel) -> None:
    calls: list[int] = []

    def body() -> None:
        periodic = CPeriodic(0)

        def callback() -> None:
            calls.append(1)
            periodic.destroy()

        periodic.start(0, TICK_US, callback)
        serve_for(6 * TICK_US)
        assert not periodic.is_added

    assert end_of(machine, body) == FINE
    assert calls == [1]


def test_heartbeat_may_be_cancelled_by_its_observer(machine: Kernel) -> None:
    calls: list[str] = []

    class Observer:
        def beat(self) -> None:
            calls.append("beat")
            heart[0].cancel()

        def synchronize(self) -> None:
            calls.append("synchronize")

    heart: list[CHeartbeat] = []

    def body() -> None:
        heart.append(CHeartbeat(0))
        heart[0].start(0, Observer())
        serve_for(5_000_000)
        assert not heart[0].is_active
        heart[0].destroy()

    assert end_of(machine, body) == FINE
    assert calls == ["synchronize", "beat"]


def test_entries_that_become_due_during_a_callback_are_called_in_the_same_run(
    machine: Kernel,
) -> None:
    log: list[str] = []

    class Counting(CDeltaTimer):
        def run(self) -> None:
            log.append("run")
            super().run()

    def body() -> None:
        timer = Counting(0)

        def first() -> None:
            log.append("first")
            User.after(5 * TICK_US)

        timer.queue(TICK_US, TDeltaTimerEntry(first))
        timer.queue(3 * TICK_US, TDeltaTimerEntry(lambda: log.append("second")))
        timer.queue(20 * TICK_US, TDeltaTimerEntry(lambda: log.append("third")))
        serve_for(40 * TICK_US)
        timer.destroy()

    assert end_of(machine, body) == FINE
    assert log == ["run", "first", "second", "run", "third"]


@pytest.mark.parametrize("delay_us", [-5, 0, 1])
def test_delta_timer_waits_for_a_tick_at_least(machine: Kernel, delay_us: int) -> None:
    times: list[int] = []

    def body() -> None:
        timer = CDeltaTimer(0)
        User.after(1)  # to a tick
        start = User.uptime_us()
        entry = TDeltaTimerEntry(lambda: times.append(User.uptime_us() - start))
        timer.queue(delay_us, entry)
        serve_for(4 * TICK_US)
        timer.destroy()

    assert end_of(machine, body) == FINE
    assert len(times) == 1
    assert 0 < times[0] <= 2 * TICK_US


def test_entry_is_queued_once_at_a_time(machine: Kernel) -> None:
    def twice() -> None:
        entry = TDeltaTimerEntry(lambda: None)
        CDeltaTimer(0).queue(TICK_US, entry)
        CDeltaTimer(0).queue(TICK_US, entry)

    def one_after_the_other() -> None:
        entry = TDeltaTimerEntry(lambda: None)
        one, other = CDeltaTimer(0), CDeltaTimer(0)
        one.queue(TICK_US, entry)
        one.remove(entry)
        other.queue(TICK_US, entry)
        other.destroy()
        one.queue(TICK_US, entry)
        serve_for(3 * TICK_US)
        one.queue(TICK_US, entry)
        one.destroy()

    assert end_of(machine, twice) == "panicked USER 118"
    assert end_of(machine, one_after_the_other) == FINE


def test_delta_timer_may_be_destroyed_by_a_callback(machine: Kernel) -> None:
    calls: list[str] = []

    def body() -> None:
        timer = CDeltaTimer(0)

        def first() -> None:
            calls.append("first")
            timer.destroy()

        timer.queue(TICK_US, TDeltaTimerEntry(first))
        timer.queue(TICK_US, TDeltaTimerEntry(lambda: calls.append("second")))
        serve_for(4 * TICK_US)

    assert end_of(machine, body) == FINE
    assert calls == ["first"]


def test_callback_that_leaves_does_not_lose_the_others(machine: Kernel) -> None:
    log: list[object] = []

    class Patient(CDeltaTimer):
        def run_error(self, code: int) -> int:
            log.append(code)
            return KErrNone

    def body() -> None:
        timer = Patient(0)
        timer.queue(TICK_US, TDeltaTimerEntry(lambda: User.leave(-7)))
        timer.queue(2 * TICK_US, TDeltaTimerEntry(lambda: log.append("second")))
        serve_for(6 * TICK_US)
        timer.destroy()

    assert end_of(machine, body) == FINE
    assert log == [-7, "second"]
