"""The scheduler's loop: symbian-userlib 5, symbian-kernel 7.1.

Nested loops are in test_wait.py.
"""

from collections.abc import Callable

import pytest

from eka import Kernel
from userlib import (
    CActive,
    CActiveScheduler,
    CActiveSchedulerWait,
    CleanupStack,
    CTrapCleanup,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KRequestPending,
    Leave,
    RThread,
    TRequestStatus,
    User,
    trap,
)


class Noted(CActive):
    """Notes its name in a list when it runs; the last of *count* stops the loop."""

    def __init__(
        self, name: str, log: list[str], *, priority: int = 0, count: int = 1
    ) -> None:
        super().__init__(priority)
        self.name = name
        self.log = log
        self.count = count

    def run(self) -> None:
        self.log.append(self.name)
        if len(self.log) == self.count:
            CActiveScheduler.stop()


class Leaver(CActive):
    """Leaves when it runs."""

    def __init__(self, code: int, *, priority: int = 0) -> None:
        super().__init__(priority)
        self.code = code

    def run(self) -> None:
        raise Leave(self.code)


def request(active: CActive) -> None:
    active.status.value = KRequestPending
    active.set_active()


def complete(active: CActive, code: int = KErrNone) -> None:
    RThread().request_complete(active.status, code)


def ready(active: CActive) -> None:
    request(active)
    complete(active)


def installed(*objects: CActive, scheduler: CActiveScheduler | None = None) -> None:
    CActiveScheduler.install(scheduler or CActiveScheduler())
    for active in objects:
        CActiveScheduler.add(active)


def cbase(reason: int) -> str:
    return f"panicked E32USER-CBase {reason}"


def exits(machine: Kernel, *programs: Callable[[], int | None]) -> list[str]:
    """How a process ends that does nothing but one of them, for each."""
    return [str(machine.run(program)) for program in programs]


@pytest.mark.case("SU-11")
def test_install_of_a_second_scheduler_panics_43(machine: Kernel) -> None:
    def program() -> None:
        installed()
        CActiveScheduler.install(CActiveScheduler())

    assert exits(machine, program) == [cbase(43)]


def test_install_of_none_makes_room_for_another_scheduler(machine: Kernel) -> None:
    def program() -> None:
        installed()
        CActiveScheduler.install(None)
        assert CActiveScheduler.current() is None
        second = CActiveScheduler()
        CActiveScheduler.install(second)
        assert CActiveScheduler.current() is second

    assert exits(machine, program) == ["exited with KErrNone"]


@pytest.mark.case("SU-17")
def test_priority_and_then_order_of_adding_decide_who_runs(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        a, b, c = three(log)
        installed(a, b, c)
        for active in (a, b, c):
            ready(active)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B", "A", "C"]


@pytest.mark.case("SU-18")
def test_order_of_completion_does_not_matter(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        a, b, c = three(log)
        installed(a, b, c)
        for active in (c, a, b):
            ready(active)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B", "A", "C"]


def three(log: list[str]) -> tuple[Noted, Noted, Noted]:
    return (
        Noted("A", log, count=3),
        Noted("B", log, count=3, priority=10),
        Noted("C", log, count=3),
    )


@pytest.mark.case("SU-19")
def test_set_priority_puts_an_object_behind_its_equals(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        a, b = Noted("A", log, count=2), Noted("B", log, count=2)
        installed(a, b)
        a.set_priority(0)
        ready(a)
        ready(b)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B", "A"]


@pytest.mark.case("SU-20")
def test_signal_without_a_ready_object_panics_46(machine: Kernel) -> None:
    def program() -> None:
        installed(Noted("A", []))
        RThread().request_signal()
        CActiveScheduler.start()

    assert exits(machine, program) == [cbase(46)]


@pytest.mark.case("SU-21")
def test_status_marks_that_disagree_panic_46_unless_checks_are_off(
    machine: Kernel,
) -> None:
    log: list[str] = []

    def active_but_never_pending(scheduler: CActiveScheduler) -> None:
        active = Noted("A", log)
        installed(active, scheduler=scheduler)
        active.set_active()
        # With the 0 that is there: User.request_complete would set it pending first.
        RThread().request_signal()
        CActiveScheduler.start()

    def pending_but_never_active() -> None:
        active = Noted("A", log)
        installed(active)
        active.status.value = KRequestPending
        complete(active)
        CActiveScheduler.start()

    checked = exits(
        machine,
        lambda: active_but_never_pending(CActiveScheduler()),
        pending_but_never_active,
    )
    assert checked == [cbase(46), cbase(46)]
    assert log == []
    unchecked = CActiveScheduler(debug_checks=False)
    assert exits(machine, lambda: active_but_never_pending(unchecked)) == [
        "exited with KErrNone"
    ]
    assert log == ["A"]


@pytest.mark.case("SU-22")
def test_leave_that_nobody_handles_panics_47(machine: Kernel) -> None:
    def program() -> None:
        active = Leaver(999)
        installed(active)
        ready(active)
        CActiveScheduler.start()

    assert exits(machine, program) == [cbase(47)]


class Halting(CActiveScheduler):
    """Ends its loop with the code that a run left with."""

    def error(self, code: int) -> None:
        self.halt(code)


@pytest.mark.case("SU-23", "SK-145")
def test_halt_in_error_makes_start_leave_with_the_code(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        active = Leaver(999)
        installed(active, scheduler=Halting())
        ready(active)
        codes.append(trap(CActiveScheduler.start))

    assert exits(machine, program) == ["exited with KErrNone"]
    assert codes == [999]


def test_error_that_leaves_leaves_the_innermost_start(machine: Kernel) -> None:
    class LeavingScheduler(CActiveScheduler):
        def error(self, code: int) -> None:
            raise Leave(code - 1)

    codes: list[int] = []

    def program() -> None:
        scheduler = LeavingScheduler()
        active = Leaver(-9)
        installed(active, scheduler=scheduler)
        ready(active)
        codes.append(trap(CActiveScheduler.start))
        assert scheduler.stack_depth == 0

    assert exits(machine, program) == ["exited with KErrNone"]
    assert codes == [-10]


@pytest.mark.case("SU-24")
def test_run_error_that_returns_0_lets_the_loop_go_on(machine: Kernel) -> None:
    log: list[str] = []

    class Handler(Leaver):
        def run_error(self, code: int) -> int:
            log.append(f"handled {code}")
            return KErrNone

    def program() -> None:
        first, second = Handler(-4), Noted("B", log, count=2)
        installed(first, second)
        ready(first)
        ready(second)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["handled -4", "B"]


def test_host_memory_error_in_a_run_counts_as_leaving_with_no_memory(
    machine: Kernel,
) -> None:
    codes: list[int] = []

    class Hungry(CActive):
        def run(self) -> None:
            raise MemoryError

        def run_error(self, code: int) -> int:
            codes.append(code)
            CActiveScheduler.stop()
            return KErrNone

    def program() -> None:
        active = Hungry()
        installed(active)
        ready(active)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert codes == [KErrNoMemory]


@pytest.mark.case("SU-28")
def test_replace_moves_objects_in_order_and_uncancelled(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        objects = [Noted(name, log, count=3) for name in "ABC"]
        first, second = CActiveScheduler(), CActiveScheduler()
        installed(*objects, scheduler=first)
        request(objects[1])
        assert CActiveScheduler.replace(second) is first
        assert CActiveScheduler.current() is second
        assert [active.is_active for active in objects] == [False, True, False]
        complete(objects[1])
        ready(objects[2])
        ready(objects[0])
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A", "B", "C"]


@pytest.mark.case("SU-29")
def test_replace_by_itself_panics_89_and_by_nothing_44(machine: Kernel) -> None:
    def by_itself() -> None:
        installed()
        CActiveScheduler.replace(CActiveScheduler.current())

    def by_nothing() -> None:
        installed()
        CActiveScheduler.replace(None)

    assert exits(machine, by_itself, by_nothing) == [cbase(89), cbase(44)]


def test_loop_that_runs_stays_with_the_scheduler_that_was_replaced(
    machine: Kernel,
) -> None:
    log: list[str] = []

    class Replacer(CActive):
        def __init__(self, other: CActive) -> None:
            super().__init__()
            self.other = other

        def run(self) -> None:
            CActiveScheduler.replace(CActiveScheduler())
            ready(self.other)
            log.append("replaced")

    def program() -> None:
        other = Noted("other", log)
        replacer = Replacer(other)
        installed(replacer, other)
        ready(replacer)
        CActiveScheduler.start()

    assert exits(machine, program) == [cbase(46)]
    assert log == ["replaced"]


@pytest.mark.case("SU-30")
def test_stop_without_a_loop_panics_45(machine: Kernel) -> None:
    def program() -> None:
        installed()
        CActiveScheduler.stop()

    assert exits(machine, program) == [cbase(45)]


def test_halt_without_a_loop_panics_45(machine: Kernel) -> None:
    assert exits(machine, lambda: CActiveScheduler().halt(KErrNotFound)) == [cbase(45)]


@pytest.mark.case("SU-31")
def test_run_that_leaves_an_item_on_the_cleanup_stack_panics_90(
    machine: Kernel,
) -> None:
    class Pusher(CActive):
        def run(self) -> None:
            CleanupStack.push(None)

    def program() -> None:
        CTrapCleanup()
        active = Pusher()
        installed(active)
        ready(active)
        CActiveScheduler.start()

    assert exits(machine, program) == [cbase(90)]


@pytest.mark.case("SU-32")
def test_run_if_ready_runs_what_has_the_least_priority_asked_for(
    machine: Kernel,
) -> None:
    log: list[str] = []

    def program() -> None:
        high = Noted("high", log, priority=5, count=0)
        low = Noted("low", log, priority=-5, count=0)
        installed(low, high)
        ready(low)
        ready(high)
        assert CActiveScheduler.run_if_ready(0) == (True, KErrNone)
        assert CActiveScheduler.run_if_ready(0) == (False, KErrNone)
        assert RThread().request_count() == 1

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["high"]


@pytest.mark.case("SU-33")
def test_run_if_ready_reports_a_leave(machine: Kernel) -> None:
    errors: list[int] = []

    class Watching(CActiveScheduler):
        def error(self, code: int) -> None:
            errors.append(code)

    def program() -> None:
        active = Leaver(-9)
        installed(active, scheduler=Watching())
        ready(active)
        assert CActiveScheduler.run_if_ready(0) == (True, -9)

    assert exits(machine, program) == ["exited with KErrNone"]
    assert errors == []


def test_each_thread_has_a_scheduler_of_its_own(machine: Kernel) -> None:
    log: list[object] = []

    def thread() -> None:
        log.append(CActiveScheduler.current())
        RThread.rendezvous(KErrNone)

    def program() -> None:
        installed()
        with RThread().launch("other", thread):
            log.append(CActiveScheduler.current() is not None)

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == [None, True]


@pytest.mark.case("SU-43")
def test_thread_whose_only_action_is_stop_exits_with_its_result(
    machine: Kernel,
) -> None:
    class Stopper(CActive):
        def run(self) -> None:
            CActiveScheduler.stop()

    def thread() -> int:
        active = Stopper()
        installed(active)
        ready(active)
        CActiveScheduler.start()
        return 77

    def program() -> None:
        other = RThread().create("other", thread)
        status = TRequestStatus()
        other.logon(status)
        other.resume()
        User.wait_for_request(status)
        assert status == 77
        assert str(other.exit_info()) == "exited with 77"
        assert other.exit_category() == "Kill"
        other.close()

    assert exits(machine, program) == ["exited with KErrNone"]


def test_object_may_destroy_itself_at_the_end_of_its_run(machine: Kernel) -> None:
    log: list[str] = []

    class Fleeting(Noted):
        def run(self) -> None:
            self.destroy()
            super().run()

    def program() -> None:
        fleeting = Fleeting("A", log, count=2)
        installed(fleeting, other := Noted("B", log, count=2))
        ready(fleeting)
        ready(other)
        CActiveScheduler.start()
        assert not fleeting.is_added
        assert RThread().request_count() == 0

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A", "B"]


def test_destroying_a_scheduler_cancels_its_objects_and_uninstalls_it(
    machine: Kernel,
) -> None:
    """Also if the cancelling of one takes another one off."""
    log: list[str] = []

    class Cancelled(Noted):
        other: CActive | None = None

        def do_cancel(self) -> None:
            log.append(f"{self.name} cancelled")
            complete(self)
            if self.other is not None:
                self.other.deque()

    def program() -> None:
        scheduler = CActiveScheduler()
        first, second, third = (Cancelled(name, log) for name in "ABC")
        installed(first, second, third, scheduler=scheduler)
        first.other = third
        for active in (first, third):
            request(active)
        scheduler.destroy()
        assert CActiveScheduler.current() is None
        assert not any(active.is_added for active in (first, second, third))
        assert RThread().request_count() == 0

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A cancelled", "C cancelled"]


def test_destroying_a_scheduler_that_is_not_current_leaves_the_other(
    machine: Kernel,
) -> None:
    def program() -> None:
        current = CActiveScheduler()
        installed(scheduler=current)
        CActiveScheduler().destroy()
        assert CActiveScheduler.current() is current

    assert exits(machine, program) == ["exited with KErrNone"]


def test_overridden_wait_may_do_other_work_between_runs(machine: Kernel) -> None:
    log: list[str] = []

    class Working(CActiveScheduler):
        def wait_for_any_request(self) -> None:
            log.append("work")
            super().wait_for_any_request()

    def program() -> None:
        first, second = Noted("A", log, count=4), Noted("B", log, count=4)
        installed(first, second, scheduler=Working())
        ready(first)
        ready(second)
        CActiveScheduler.start()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["work", "A", "work", "B"]


def test_stack_depth_counts_the_loops(machine: Kernel) -> None:
    depths: list[int] = []

    class Nesting(CActive):
        def __init__(self, inner: CActive | None) -> None:
            super().__init__()
            self.inner = inner

        def run(self) -> None:
            depths.append(scheduler().stack_depth)
            if self.inner is not None:
                ready(self.inner)
                CActiveScheduler.start()
                depths.append(scheduler().stack_depth)
            CActiveScheduler.stop()

    def scheduler() -> CActiveScheduler:
        current = CActiveScheduler.current()
        assert current is not None
        return current

    def program() -> None:
        inner = Nesting(None)
        outer = Nesting(inner)
        installed(outer, inner)
        depths.append(scheduler().stack_depth)
        ready(outer)
        CActiveScheduler.start()
        depths.append(scheduler().stack_depth)

    assert exits(machine, program) == ["exited with KErrNone"]
    assert depths == [0, 1, 2, 1, 0]


def test_halt_ends_the_innermost_loop_also_one_that_a_wait_owns(
    machine: Kernel,
) -> None:
    log: list[object] = []

    class Waiting(CActive):
        def run(self) -> None:
            wait = CActiveSchedulerWait()
            ready(halting)
            log.append(trap(wait.start))
            log.append(wait.is_started)
            CActiveScheduler.stop()

    class Halting(CActive):
        def run(self) -> None:
            current = CActiveScheduler.current()
            assert current is not None
            current.halt(-30)

    waiting, halting = Waiting(), Halting()

    def program() -> None:
        installed(waiting, halting)
        ready(waiting)
        log.append(trap(CActiveScheduler.start))

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == [-30, False, KErrNone]


def test_run_if_ready_without_a_scheduler_or_a_ready_object_runs_nothing(
    machine: Kernel,
) -> None:
    seen: list[object] = []

    def program() -> None:
        seen.append(CActiveScheduler.run_if_ready(0))
        installed(pending := Noted("A", []))
        request(pending)
        seen.append(CActiveScheduler.run_if_ready(-100))
        complete(pending)
        pending.cancel()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert seen == [(False, 0), (False, 0)]


def test_start_and_stop_without_a_scheduler_panic_44(machine: Kernel) -> None:
    programs = (CActiveScheduler.start, CActiveScheduler.stop)
    assert exits(machine, *programs) == [cbase(44)] * 2


def test_object_that_completes_itself_again_starves_those_behind_it(
    machine: Kernel,
) -> None:
    log: list[str] = []

    class Greedy(Noted):
        def run(self) -> None:
            ready(self)
            super().run()

        def do_cancel(self) -> None:
            log.append("cancelled")

    def program() -> None:
        greedy = Greedy("A", log, priority=1, count=5)
        installed(patient := Noted("B", log), greedy)
        ready(patient)
        ready(greedy)
        CActiveScheduler.start()
        greedy.cancel()
        assert RThread().request_count() == 1  # of the patient one

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A"] * 5 + ["cancelled"]
