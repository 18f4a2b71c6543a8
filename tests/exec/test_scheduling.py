"""Scheduling where the scheduler is ours: strict priorities on virtual CPUs.

Original: symbian-kernel 4.3, and priority inheritance of 9.2.
"""

import threading
from collections.abc import Callable, Iterable
from itertools import pairwise
from random import Random

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CServer2,
    CSession2,
    EPriorityLess,
    EPriorityMore,
    EPriorityMuchLess,
    EPriorityMuchMore,
    EPriorityNormal,
    KErrNone,
    KErrTimedOut,
    RMessage2,
    RMutex,
    RSemaphore,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    User,
)

pytestmark = pytest.mark.backends("priority")

SLICE_CALLS = 100  # on virtual time: docs/design/priority.md


def begun(
    function: Callable[[], int | None], priority: int = EPriorityNormal
) -> TRequestStatus:
    """Start a thread; its end completes the status."""
    with RThread().create("", function) as thread:
        thread.set_priority(priority)
        status = TRequestStatus()
        thread.logon(status)
        thread.resume()
    return status


def ended(statuses: Iterable[TRequestStatus]) -> None:
    for status in statuses:
        User.wait_for_request(status)
        assert status == KErrNone


def call() -> None:
    """A kernel call that does nothing: here a thread may lose its CPU."""
    RThread().request_count()


# Strict priorities


def test_a_higher_thread_runs_before_the_call_that_woke_it_returns(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        items = RSemaphore().create_local(0)

        def high() -> None:
            for _ in range(2):
                log.append("high waits")
                items.wait()
            log.append("high ends")

        status = begun(high, EPriorityMore)
        for _ in range(2):
            log.append("signal")
            items.signal()
        log.append("main ends")
        ended([status])
        assert log == [
            "high waits",
            "signal",
            "high waits",
            "signal",
            "high ends",
            "main ends",
        ]

    run(program)


def test_a_lower_thread_runs_only_when_no_higher_one_can(run: Run) -> None:
    def program() -> None:
        log: list[str] = []

        def compute(name: str) -> Callable[[], None]:
            def body() -> None:
                for _ in range(3 * SLICE_CALLS):
                    call()
                    log.append(name)
                User.after(1_000_000)
                log.append(f"{name} again")

            return body

        statuses = [
            begun(compute("lowest"), EPriorityMuchLess),
            begun(compute("low"), EPriorityLess),
        ]
        call()
        assert log == []
        ended(statuses)
        count = 3 * SLICE_CALLS
        assert log[: 2 * count] == ["low"] * count + ["lowest"] * count
        assert log[2 * count :] == ["low again", "lowest again"]

    run(program)


def test_of_those_that_are_woken_together_the_highest_runs_first(run: Run) -> None:
    def program() -> None:
        log: list[int] = []
        start = RSemaphore().create_local(0)

        def note(priority: int) -> Callable[[], None]:
            def body() -> None:
                start.wait()
                log.append(priority)

            return body

        order = (EPriorityLess, EPriorityMuchLess, EPriorityLess, EPriorityNormal)
        statuses = [begun(note(priority), priority) for priority in order]
        User.after(1_000_000)
        start.signal(4)
        assert log == []
        ended(statuses)
        assert log == sorted(order, reverse=True)

    run(program)


def test_a_change_of_priority_decides_anew_who_runs(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        with RThread().create("other", lambda: log.append("other")) as other:
            status = TRequestStatus()
            other.logon(status)
            other.resume()
            log.append("resumed")
            other.set_priority(EPriorityMore)
            log.append("raised")
            ended([status])
        status = begun(lambda: log.append("third"), EPriorityLess)
        log.append("begun")
        RThread().set_priority(EPriorityMuchLess)
        log.append("lowered")
        ended([status])
        assert log == ["resumed", "other", "raised", "begun", "third", "lowered"]

    run(program)


def test_a_suspension_takes_hold_of_a_thread_without_a_cpu(run: Run) -> None:
    """It would go on in user code otherwise, until its next kernel call."""

    def program() -> None:
        log: list[str] = []
        items = RSemaphore().create_local(0)
        with RThread().create(
            "low", lambda: (items.signal(), log.append("low"))[1]
        ) as low:
            low.set_priority(EPriorityLess)
            status = TRequestStatus()
            low.logon(status)
            low.resume()
            items.wait()  # it is in the middle of its signal
            low.suspend()
            User.after(1_000_000)
            assert log == []
            low.resume()
            ended([status])
        assert log == ["low"]

    run(program)


def test_a_thread_that_suspends_itself_stops_there(run: Run) -> None:
    def program() -> None:
        log: list[str] = []

        def body() -> None:
            RThread().suspend()
            log.append("resumed")

        with RThread().create("body", body) as thread:
            status = TRequestStatus()
            thread.logon(status)
            thread.resume()
            User.after(1_000_000)
            assert log == []
            thread.resume()
            ended([status])
        assert log == ["resumed"]

    run(program)


# Equals


def test_equals_run_in_turn_and_none_pre_empts_another(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        statuses = [begun(lambda n=n: log.append(n)) for n in "abc"]  # type: ignore[misc]
        call()
        assert log == []
        ended(statuses)
        assert log == ["a", "b", "c"]

    run(program)


def test_equals_that_only_poll_take_turns_by_slices(run: Run) -> None:
    def program() -> None:
        log: list[str] = []

        def poll(name: str) -> Callable[[], None]:
            def body() -> None:
                for _ in range(3 * SLICE_CALLS):
                    call()
                    log.append(name)

            return body

        ended([begun(poll("a")), begun(poll("b"))])
        turns = [log[0]]
        turns += [after for before, after in pairwise(log) if before != after]
        assert turns == ["a", "b"] * 4
        assert sorted(log) == ["a"] * 3 * SLICE_CALLS + ["b"] * 3 * SLICE_CALLS

    run(program)


def test_a_thread_that_was_pre_empted_keeps_its_turn(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        items = RSemaphore().create_local(0)

        def high() -> None:
            items.wait()
            log.append("high")

        def first() -> None:
            log.append("first")
            items.signal()
            log.append("first again")

        statuses = [
            begun(high, EPriorityMore),
            begun(first),
            begun(lambda: log.append("second")),
        ]
        ended(statuses)
        assert log == ["first", "high", "first again", "second"]

    run(program)


@pytest.mark.case("SK-092")
def test_an_asynchronous_connect_is_pending_until_the_client_waits(run: Run) -> None:
    class Session(CSession2):
        def service(self, message: RMessage2) -> None:
            message.complete(message.int0)

    class Server(CServer2):
        def new_session(self, _version: TVersion, _message: RMessage2) -> Session:
            return Session()

    def program() -> None:
        RThread().launch("server", lambda: Server().run("ping"))
        session, status = RSessionBase(), TRequestStatus()
        session.create_session("ping", status=status)
        assert status.is_pending
        User.wait_for_request(status)
        assert status == KErrNone
        assert session.send_receive(0, TIpcArgs(1234)) == 1234
        session.close()

    run(program)


# Mutexes


class Inversion:
    """The classical case: low holds what high wants, and middle computes."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.mutex = RMutex().create_local()
        self.reached = RSemaphore().create_local(0)

    def low(self) -> None:
        self.mutex.wait()
        self.log.append("low has it")
        for _ in range(2 * SLICE_CALLS):
            self.reached.signal()
            call()
        self.log.append("low lets go")
        self.mutex.signal()
        self.log.append("low ends")

    def middle(self) -> None:
        for _ in range(2 * SLICE_CALLS):
            call()
        self.log.append("middle ends")

    def high(self) -> None:
        self.mutex.wait()
        self.log.append("high has it")
        self.mutex.signal()

    def impatient(self) -> int:
        assert self.mutex.try_wait(1_000_000) == KErrTimedOut
        self.log.append("high gives up")
        return KErrNone


def test_the_holder_of_a_mutex_inherits_the_level_of_who_waits_for_it(
    run: Run,
) -> None:
    def program() -> None:
        case = Inversion()
        RThread().set_priority(EPriorityMuchMore)
        statuses = [begun(case.low, EPriorityMuchLess)]
        case.reached.wait()
        statuses.append(begun(case.high, EPriorityMore))
        statuses.append(begun(case.middle, EPriorityLess))
        ended(statuses)
        assert case.log == [
            "low has it",
            "low lets go",
            "high has it",
            "middle ends",
            "low ends",
        ]

    run(program)


def test_inheritance_goes_on_through_a_holder_that_waits_for_another(
    run: Run,
) -> None:
    def program() -> None:
        case = Inversion()
        second = RMutex().create_local()

        def between() -> None:
            second.wait()
            case.mutex.wait()
            case.log.append("between has both")
            case.mutex.signal()
            second.signal()

        def high() -> None:
            second.wait()
            case.log.append("high has it")
            second.signal()

        RThread().set_priority(EPriorityMuchMore)
        statuses = [begun(case.low, EPriorityMuchLess)]
        case.reached.wait()
        statuses.append(begun(between, EPriorityLess))
        case.reached.wait()  # low goes on, as the other waits for it
        statuses.append(begun(high, EPriorityMore))
        statuses.append(begun(case.middle))
        ended(statuses)
        assert case.log == [
            "low has it",
            "low lets go",
            "between has both",
            "high has it",
            "middle ends",
            "low ends",
        ]

    run(program)


def test_inheritance_ends_when_the_waiter_gives_up(run: Run) -> None:
    def program() -> None:
        case = Inversion()

        def low() -> None:
            case.mutex.wait()
            case.reached.signal()
            User.after(2_000_000)
            case.log.append("low goes on")
            case.mutex.signal()

        def middle() -> None:
            User.after(2_000_000)
            case.log.append("middle goes on")

        statuses = [begun(low, EPriorityMuchLess)]
        case.reached.wait()
        statuses.append(begun(case.impatient, EPriorityMore))
        statuses.append(begun(middle, EPriorityLess))
        ended(statuses)
        assert case.log == ["high gives up", "middle goes on", "low goes on"]

    run(program)


def test_equals_that_share_a_mutex_alternate(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        mutex = RMutex().create_local()

        def take(name: str) -> Callable[[], None]:
            def body() -> None:
                for _ in range(4):
                    mutex.wait()
                    log.append(name)
                    User.after(1)  # while the other comes to wait
                    mutex.signal()

            return body

        ended([begun(take("a")), begun(take("b"))])
        assert log == ["a", "b"] * 4

    run(program)


def test_whoever_runs_first_takes_a_released_mutex(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        mutex = RMutex().create_local()

        def low() -> None:
            mutex.wait()
            log.append("low")
            mutex.signal()

        mutex.wait()
        status = begun(low, EPriorityLess)
        User.after(1)
        for _ in range(2):
            mutex.signal()
            mutex.wait()
            log.append("main")
        mutex.signal()
        ended([status])
        assert log == ["main", "main", "low"]

    run(program)


@pytest.mark.parametrize("end", ["suspend", "kill"])
def test_a_woken_waiter_that_is_stopped_before_it_ran_passes_the_mutex_on(
    run: Run, end: str
) -> None:
    def program() -> None:
        log: list[str] = []
        mutex = RMutex().create_local()

        def take(name: str) -> Callable[[], None]:
            def body() -> None:
                mutex.wait()
                log.append(name)
                mutex.signal()

            return body

        mutex.wait()
        with RThread().create("first", take("first")) as first:
            first.set_priority(EPriorityLess)
            over = TRequestStatus()
            first.logon(over)
            first.resume()
            User.after(1)
            second = begun(take("second"), EPriorityMuchLess)
            User.after(1)
            mutex.signal()  # wakes the first, which has no CPU
            if end == "suspend":
                first.suspend()
                ended([second])
                assert log == ["second"]
                first.resume()
            else:
                first.kill(KErrNone)
                ended([second])
            ended([over])
        rest = ["first"] if end == "suspend" else []
        assert log == ["second", *rest]

    run(program)


# CPUs


@pytest.mark.machine_config(cpus=2)
def test_on_two_cpus_the_two_highest_compute_side_by_side(run: Run) -> None:
    def program() -> None:
        log: list[str] = []
        both = threading.Barrier(2)
        go = RSemaphore().create_local(0)

        def high() -> None:
            both.wait(100)  # in user code, with a CPU each
            go.signal()
            both.wait(100)
            log.append("high")
            both.wait(100)

        def low() -> None:
            go.wait()
            log.append("low")

        statuses = [begun(low, EPriorityLess)]
        statuses += [begun(high, EPriorityMore) for _ in range(2)]
        ended(statuses)
        assert log == ["high", "high", "low"]

    run(program)


@pytest.mark.machine_config(cpus=2)
def test_a_computing_thread_is_killed_from_another_cpu(run: Run) -> None:
    def program() -> None:
        computing = threading.Event()

        def compute() -> None:
            computing.set()
            while True:
                pass

        with RThread().create("busy", compute) as busy:
            busy.set_priority(EPriorityLess)
            busy.resume()
            assert computing.wait(100)
            busy.kill(7)
            assert busy.exit_info().reason == 7

    run(program)


def test_a_dead_thread_that_lingers_does_not_keep_its_cpu(run: Run) -> None:
    def program() -> None:
        lingers, others_ran = threading.Event(), threading.Event()
        left: list[bool] = []

        def linger() -> None:
            try:
                User.exit(KErrNone)
            finally:
                lingers.set()
                try:
                    others_ran.wait()
                finally:
                    left.append(True)

        ended([begun(linger)])
        lingers.wait()  # how soon it gets there is up to the host
        assert left == []
        others_ran.set()

    run(program)


def test_a_host_thread_that_does_not_wait_finds_the_machine_standing_still(
    machine: Kernel,
) -> None:
    log: list[int] = []

    def program() -> None:
        for number in range(1000):
            log.append(number)
            call()

    process = machine.start(program)
    assert len(log) <= 1
    assert process.wait().reason == KErrNone
    assert log == list(range(1000))


# The same again


def busy_program(seed: int) -> None:
    """Threads of all levels that wait, signal, sleep, compute and die."""
    random = Random(seed)
    mutex, items = RMutex().create_local(), RSemaphore().create_local(0)

    def hold() -> None:
        mutex.wait()
        User.after(random.randrange(100))
        mutex.signal()

    def compute() -> None:
        for _ in range(random.randrange(2 * SLICE_CALLS)):
            call()

    deeds: list[Callable[[], object]] = [
        hold,
        compute,
        items.signal,
        lambda: items.try_wait(random.randrange(1, 50_000)),
        lambda: User.after(random.randrange(50_000)),
        lambda: RThread().set_priority(random.randrange(-20, 30, 10)),
    ]

    def body() -> None:
        for _ in range(50):
            random.choice(deeds)()

    threads = [RThread().create("", body) for _ in range(6)]
    for thread in threads:
        thread.resume()
    User.after(100_000)
    random.choice(threads).kill(1)
    for thread in threads:
        status = TRequestStatus()
        thread.logon(status)
        User.wait_for_request(status)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_program_makes_the_same_events_every_time(
    machine: Kernel, seed: int
) -> None:
    def events_of(one: Kernel) -> list[object]:
        found: list[object] = []
        one.wait_idle()  # events of booting, if anybody listens, are told first
        one.debug.add_sink(found.append)
        assert one.run(lambda: busy_program(seed)).reason == KErrNone
        one.wait_idle()  # and the last ones when the process has ended already
        return list(found)

    events = events_of(machine)
    assert len(events) > 200
    for _ in range(2):
        with Kernel(machine.config, backend="priority", clock="virtual") as other:
            assert events_of(other) == events


def test_real_time_slices_let_equals_take_turns() -> None:
    """Without slices neither would ever see the other's flag."""
    flags = {"a": False, "b": False}

    def poll(name: str, other: str) -> Callable[[], None]:
        def body() -> None:
            flags[name] = True
            while not flags[other]:
                call()

        return body

    def program() -> None:
        ended([begun(poll("a", "b")), begun(poll("b", "a"))])

    with Kernel(backend="priority") as machine:
        assert machine.run(program, timeout_us=20_000_000).reason == KErrNone
        machine.debug.check()
