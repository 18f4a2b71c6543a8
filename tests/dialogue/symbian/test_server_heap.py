"""Allocations that fail inside a server, and the loop over its requests: userlib 12."""

from collections.abc import Callable
from typing import Any

import pytest

from eka import Kernel
from servers.count.complex.client import (
    RCountServSession as RComplexSession,
)
from servers.count.complex.client import RCountServSubSession
from servers.count.complex.server import CCountServServer as CComplexServer
from servers.count.simple.client import RCountServSession
from servers.count.simple.server import CCountServServer
from tools.pytest_plugin import Run
from userlib import (
    CPolicyServer,
    CServer2,
    CSession2,
    EPriorityStandard,
    HeapCell,
    KErrArgument,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KErrNotSupported,
    Leave,
    RMessage2,
    RSemaphore,
    RSessionBase,
    RThread,
    ServerHeap,
    TAllocFail,
    TPolicy,
    TRequestStatus,
    TVersion,
    TWhichHeap,
    User,
    fail_each_allocation,
    trap,
    with_heap_requests,
)

KNotSupported = 254
VALUE, GOOD, LEAKY, WRONG_CODE, HALF_DONE, PROUD, KERNEL, KEEP, DROP, HELPLESS = range(
    10
)


class Session(CSession2):
    """One request that does everything right, and others that don't."""

    def __init__(self) -> None:
        self.value = 0
        self.kept: list[HeapCell] = []

    def count_resources(self) -> int:
        return len(self.kept)

    def service(self, message: RMessage2) -> None:
        getattr(self, f"on_{message.function}")()
        message.complete(self.value if message.function == VALUE else KErrNone)

    def on_0(self) -> None:
        """VALUE."""

    def on_1(self) -> None:
        """GOOD: three cells, and one more that it can do without."""
        with HeapCell("one"), HeapCell("two"), HeapCell("three"):
            if trap(lambda: HeapCell("luxury").free()) == KErrNone:
                self.value = 0

    def on_2(self) -> None:
        """LEAKY: forgets the first when the second fails."""
        first = HeapCell("forgotten")
        HeapCell("second").free()
        first.free()

    def on_3(self) -> None:
        """WRONG_CODE."""
        try:
            HeapCell("one").free()
        except Leave:
            raise Leave(KErrGeneral) from None

    def on_4(self) -> None:
        """HALF_DONE: changes something before it knows that it can."""
        self.value += 1
        HeapCell("late").free()

    def on_5(self) -> None:
        """PROUD: succeeds and says that nothing was to fail, yet leaks."""
        trap(lambda: HeapCell("unneeded").free())
        HeapCell("leaked")

    def on_6(self) -> None:
        """KERNEL: the kernel allocates, an object and its handle."""
        RSemaphore().create_local(0).close()

    def on_7(self) -> None:
        """KEEP."""
        self.kept.append(HeapCell("kept"))

    def on_8(self) -> None:
        """DROP."""
        self.kept.pop().free()

    def on_9(self) -> None:
        """HELPLESS: never has the memory."""
        raise MemoryError


class Server(CServer2):
    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        return Session()


class Sulky(CPolicyServer):
    """Supports nothing."""

    def __init__(self) -> None:
        table = TPolicy(self.EAlwaysPass, (0,), (KNotSupported,))
        super().__init__(EPriorityStandard, table)

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        return Session()


def launched(server: type[CServer2], *args: Any, name: str = "heapy") -> RThread:
    tested = with_heap_requests(server)
    return RThread().launch("server", lambda: tested(*args).run(name))


def connected() -> RSessionBase:
    return RSessionBase().create_session("heapy")


def asks(session: RSessionBase, function: int) -> Callable[[], int]:
    return lambda: session.send_receive(function)


# The loop.


def test_a_request_that_does_everything_right_passes(run: Run) -> None:
    def program() -> None:
        launched(Server)
        with connected() as session:
            value = asks(session, VALUE)
            points = fail_each_allocation(session, asks(session, GOOD), state=value)
            assert points == 4
            assert fail_each_allocation(session, value) == 0

    run(program)


def test_what_a_request_makes_is_undone_between(run: Run) -> None:
    def program() -> None:
        launched(Server)
        with connected() as session:
            keep, drop = asks(session, KEEP), asks(session, DROP)
            assert fail_each_allocation(session, keep, undo=drop) == 1

    run(program)


def test_the_kernels_allocations_fail_as_well(run: Run) -> None:
    def program() -> None:
        launched(Server)
        with connected() as session:
            request = asks(session, KERNEL)
            assert fail_each_allocation(session, request) == 0
            which = TWhichHeap.EKernelsHeap
            assert fail_each_allocation(session, request, which=which) == 2

    run(program)


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (LEAKY, "allocation 2 failing the request ended with -4 and leaked 1 cells: "),
        (LEAKY, "1 cells: forgotten"),
        (WRONG_CODE, "allocation 1 failing the request left with -2, not with"),
        (HALF_DONE, "allocation 1 failing the request ended with -4; 0 became 1"),
        (PROUD, "allocation 1 failing the request ended with 0 and leaked 1 cells: "),
        (HELPLESS, "the request has no memory though nothing was to fail"),
    ],
)
def test_a_request_that_does_something_wrong_is_found_out(
    run: Run, function: int, complaint: str
) -> None:
    def program() -> None:
        launched(Server)
        with connected() as session:
            request, value = asks(session, function), asks(session, VALUE)
            with pytest.raises(AssertionError) as found:
                fail_each_allocation(session, request, state=value)
            assert complaint in str(found.value)

    run(program)


def test_resources_that_are_left_over_panic_the_client(run: Run) -> None:
    def program() -> None:
        launched(Server)

        def careless() -> None:
            session = connected()
            fail_each_allocation(session, asks(session, KEEP))

        status = TRequestStatus()
        with RThread().create("other", careless) as thread:
            thread.logon(status)
            thread.resume()
            User.wait_for_request(status)
            assert str(thread.exit_info()) == "panicked CSession 2"
        with connected() as session:
            assert session.send_receive(GOOD) == KErrNone

    run(program)


# The requests.


def test_all_kinds_can_be_set_and_no_client_harms_the_server(run: Run) -> None:
    def program() -> None:
        launched(Server)
        with connected() as session:
            heap = ServerHeap(session)
            heap.set_fail(TAllocFail.EBurstFailNext, 2, 3)
            codes = [session.try_send_receive(GOOD) for _ in range(4)]
            assert codes == [KErrNoMemory, KErrNoMemory, KErrNoMemory, KErrNone]
            assert heap.check_failure() == 3
            heap.reset()
            assert heap.check_failure() == 0
            for bad in ((TAllocFail.ECheckFailure, 1), (99, 1), (9, 65_536)):
                assert trap(heap.set_fail, *bad) == KErrArgument
            heap.set_fail(TAllocFail.EFailNext, 65_536)
            heap.reset()
            assert trap(heap.mark_end) == KErrArgument  # there is none
            heap.mark()
            heap.mark()
            session.send_receive(KEEP)
            session.send_receive(KEEP)
            session.send_receive(DROP)
            session.send_receive(DROP)
            session.send_receive(PROUD)
            assert heap.mark_end() == "1 cells: leaked"
            assert heap.mark_end() == "1 cells: leaked"

    run(program)


def test_a_policy_does_not_see_them_and_other_servers_do_not_know_them(
    run: Run,
) -> None:
    def program() -> None:
        launched(Sulky)
        with connected() as session:
            assert trap(asks(session, GOOD)) == KErrNotSupported
            ServerHeap(session).mark()
            assert ServerHeap(session).mark_end() == ""

    run(program)


def test_a_server_that_does_not_take_part_sees_an_unknown_request(
    machine: Kernel,
) -> None:
    def program() -> None:
        RThread().launch("server", lambda: CCountServServer().run("CountServer"))
        ServerHeap(RCountServSession().connect()).mark()

    assert str(machine.run(program)) == "panicked CountServer 1"


# The count servers.


def test_each_request_of_the_simple_count_server(run: Run) -> None:
    def program() -> None:
        launched(CCountServServer, name="CountServer")
        with RCountServSession().connect() as session:
            requests: dict[str, Callable[[], object]] = {
                "connect": lambda: RCountServSession().connect().close(),
                "set": lambda: session.set_from_string("123"),
                "increase": lambda: (session.increase(), session.decrease()),
                "by": lambda: (session.increase_by(5), session.decrease_by(5)),
                "value": session.counter_value,
                "reset": lambda: (session.reset(), session.set_from_string("123")),
            }
            session.set_from_string("123")
            points = {
                name: fail_each_allocation(
                    session, request, state=session.counter_value
                )
                for name, request in requests.items()
            }
            assert points == {**dict.fromkeys(points, 0), "connect": 1}

    run(program)


def test_each_request_of_the_complex_count_server(run: Run) -> None:
    def program() -> None:
        launched(CComplexServer, name="CountServerX")
        with RComplexSession().connect() as session:
            counter = RCountServSubSession().open(session)
            counter.set_from_string("7")
            further: list[RCountServSubSession] = []

            def state() -> tuple[int, int]:
                return session.resource_count(), counter.counter_value()

            def open_another() -> None:
                further.append(RCountServSubSession().open(session))

            def close_all() -> None:
                while further:
                    further.pop().close()

            def close_one() -> None:
                open_another()
                close_all()

            requests: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
                "connect": (lambda: RComplexSession().connect().close(), close_all),
                "open": (open_another, close_all),
                "close": (close_one, close_all),
                "set": (lambda: counter.set_from_string("7"), close_all),
                "up": (lambda: (counter.increase(), counter.decrease()), close_all),
                "by": (
                    lambda: (counter.increase_by(3), counter.decrease_by(3)),
                    close_all,
                ),
                "value": (counter.counter_value, close_all),
                "count": (session.resource_count, close_all),
            }
            points = {
                name: fail_each_allocation(session, request, undo=undo, state=state)
                for name, (request, undo) in requests.items()
            }
            assert points == {
                **dict.fromkeys(points, 0),
                "connect": 2,  # the session and its table
                "open": 3,  # the counter, its places in the container and the table
                "close": 1,  # its places are there already
            }
            counter.close()

    run(program)
