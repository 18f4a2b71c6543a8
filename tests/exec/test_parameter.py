"""Process parameters: what a creator leaves for a process before it runs."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    EOwnerProcess,
    EOwnerThread,
    ExitInfo,
    KErrArgument,
    KErrDied,
    KErrNone,
    KErrNotFound,
    KHandleFlagLocal,
    RChunk,
    RHandleBase,
    RMsgQueueBase,
    RMutex,
    RProcess,
    RSemaphore,
    RServer2,
    RSessionBase,
    RSubSessionBase,
    RThread,
    TBuf,
    TBuf8,
    TIpcArgs,
    TPckgBuf,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def died(info: ExitInfo) -> tuple[str, int]:
    return (info.category, info.reason)


def run_child(child: RProcess) -> None:
    """Resume it and wait for its end, which is a good one."""
    status = TRequestStatus()
    child.logon(status)
    child.resume()
    User.wait_for_request(status)
    info = child.exit_info()
    assert (info.category, info.reason) == ("Kill", KErrNone), info.exception


@pytest.mark.case("SK-078")
def test_setting_checks_slot_object_and_data(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with (
            RProcess().create("child") as child,
            RMsgQueueBase().create_local(1, 4) as local,
            RMsgQueueBase().create_global("", 1, 4) as protected,
        ):

            def reason(slot: int, value: Any) -> tuple[str, int]:
                return died(exit_of(child.set_parameter, slot, value))

            assert reason(1, local) == ("KERN-EXEC", 46)
            assert reason(-1, protected) == reason(1234, 7) == ("KERN-EXEC", 51)
            child.set_parameter(1, protected)
            assert reason(1, protected) == reason(1, b"data") == ("KERN-EXEC", 52)
            bad = TBuf8(4, b"data")
            bad.client.bad = True
            assert reason(2, bad) == ("KERN-EXEC", 3)
            bad.client.bad, bad.client.length = False, -1
            assert reason(2, bad) == ("KERN-EXEC", 53)
            assert reason(2, RMutex(77)) == ("KERN-EXEC", 0)
            assert reason(0, b"data") == reason(0, protected) == ("KERN-EXEC", 52)
            child.kill(KErrNone)
            assert trap(child.set_parameter, 3, protected) == KErrDied

    machine.register("child", lambda: None)
    run(program)


def test_only_the_creator_sets_parameters_and_before_it_resumes(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with RProcess().create("child") as child:
            assert died(exit_of(RProcess().set_parameter, 1, 7)) == ("KERN-EXEC", 46)
            run_child(child)
            assert died(exit_of(child.set_parameter, 1, 7)) == ("KERN-EXEC", 46)

    machine.register("child", lambda: None)
    run(program)


@pytest.mark.case("SK-079")
def test_opening_a_slot_out_of_range_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        for slot in (-1, 4545):
            info = exit_of(RMsgQueueBase().open, slot)
            assert died(info) == ("KERN-EXEC", 51)
            assert died(exit_of(User.parameter_length, slot)) == ("KERN-EXEC", 51)

    run(program)


@pytest.mark.case("SK-080")
def test_an_empty_slot_is_not_found_and_the_wrong_kind_leaves_it(
    machine: Kernel, run: Run
) -> None:
    def child_main() -> None:
        assert trap(RMsgQueueBase().open, 15) == KErrNotFound
        mutex = RMutex(77)
        assert trap(mutex.open, 2) == KErrArgument
        assert mutex.handle == 0
        assert trap(User.get_des_parameter, 2) == KErrArgument
        assert trap(User.parameter_length, 2) == KErrArgument
        with RMsgQueueBase().open(2) as queue:
            assert queue.message_size() == 8

    def program() -> None:
        with (
            RProcess().create("child") as child,
            RMsgQueueBase().create_global("", 1, 8) as queue,
        ):
            child.set_parameter(2, queue)
            run_child(child)

    machine.register("child", child_main)
    run(program)


def global_objects() -> Iterator[RHandleBase]:
    yield RMutex().create_global("my mutex")
    yield RSemaphore().create_global("my semaphore", 0)
    yield RChunk().create_global("my chunk", 0x1000, 0x1000)
    yield RMsgQueueBase().create_global("my queue", 1, 4)


@pytest.mark.case("SK-081")
@pytest.mark.parametrize("owner", [EOwnerProcess, EOwnerThread])
def test_objects_are_opened_once_with_either_ownership(
    machine: Kernel, run: Run, owner: Any
) -> None:
    kinds = (RMutex, RSemaphore, RChunk, RMsgQueueBase)
    names = ["my mutex", "my semaphore", "my chunk", "my queue"]

    def child_main() -> None:
        found = []
        for slot, kind in enumerate(kinds, 1):
            with kind().open(slot, owner=owner) as opened:
                assert bool(opened.handle & KHandleFlagLocal) == (owner != 0)
                found.append(opened.full_name())
            assert trap(kind().open, slot) == KErrNotFound
        assert found == names

    def program() -> None:
        with RProcess().create("child") as child:
            objects = list(global_objects())
            for slot, obj in enumerate(objects, 1):
                child.set_parameter(slot, obj)
                obj.close()  # the slot holds it now
            run_child(child)
            assert trap(RMutex().open_global, "my mutex") == KErrNotFound

    machine.register("child", child_main)
    run(program)


@pytest.mark.case("SK-082")
def test_numbers_and_sub_session_handles_are_four_bytes(
    machine: Kernel, run: Run
) -> None:
    def child_main() -> None:
        for slot, number in ((8, -42), (9, 0x1234567)):
            assert User.parameter_length(slot) == 4
            assert User.get_tint_parameter(slot) == number
            assert trap(User.get_tint_parameter, slot) == KErrNotFound

    def serve() -> None:
        server = RServer2().create_global("raw")
        RThread.rendezvous(KErrNone)
        server.receive().complete(KErrNone)
        message = server.receive()
        message.write(3, TPckgBuf(0x1234567))
        message.complete(KErrNone)
        User.wait_for_any_request()

    def program() -> None:
        RThread().launch("server", serve)
        with RProcess().create("child") as child:
            child.set_parameter(8, -42)
            session = RSessionBase().create_session("raw")
            sub_session = RSubSessionBase().create_sub_session(session, 1)
            child.set_parameter(9, sub_session)
            run_child(child)

    machine.register("child", child_main)
    run(program)


@pytest.mark.case("SK-083")
def test_a_session_shared_with_others_is_passed_on(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    def serve() -> None:
        server = RServer2().create_global("raw", EIpcSession_GlobalSharable)
        RThread.rendezvous(KErrNone)
        while True:
            message = server.receive()
            message.complete(234 if message.function == 5 else KErrNone)

    def child_main() -> None:
        with RSessionBase().open(7) as session:
            assert session.send_receive(5, TIpcArgs()) == 234

    def program() -> None:
        RThread().launch("server", serve)
        with RProcess().create("child") as child:
            session = RSessionBase().create_session(
                "raw", session_type=EIpcSession_Sharable
            )
            session.share_auto()
            assert died(exit_of(child.set_parameter, 7, session)) == ("KERN-EXEC", 46)
            session.share_protected()
            child.set_parameter(7, session)
            run_child(child)

    machine.register("child", child_main)
    run(program)


def test_data_is_bytes_and_text_is_stored_as_such(machine: Kernel, run: Run) -> None:
    def child_main() -> None:
        assert User.parameter_length(1) == 5
        short = TBuf8(4)
        assert trap(User.get_des_parameter, 1, short) == KErrArgument
        assert User.get_des_parameter(1) == b"bytes"
        assert trap(User.parameter_length, 1) == KErrNotFound

        assert User.parameter_length(2) == 8
        text = TBuf(10)
        assert User.get_des_parameter(2, text) == "text"
        assert text == "text"

        data = TBuf8(10)
        assert User.get_des_parameter(3, data) == b"buffer"
        assert data == b"buffer"

        assert User.get_des_parameter(4) == User.get_des_parameter(4) == b""
        assert User.get_des_parameter(0) == b""
        assert trap(RMutex().open, 4) == KErrArgument
        assert trap(User.get_tint_parameter, 5) == KErrArgument

    def program() -> None:
        with RProcess().create("child") as child:
            child.set_parameter(1, b"bytes")
            child.set_parameter(2, "text")
            child.set_parameter(3, TBuf8(20, b"buffer"))
            child.set_parameter(4, b"")
            child.set_parameter(5, b"12345")
            run_child(child)

    machine.register("child", child_main)
    run(program)


def test_what_is_not_claimed_goes_with_the_process(machine: Kernel, run: Run) -> None:
    def program() -> None:
        with RProcess().create("child") as child:
            with RMutex().create_global("unclaimed") as mutex:
                child.set_parameter(1, mutex)
            RMutex().open_global("unclaimed").close()
            run_child(child)
            assert trap(RMutex().open_global, "unclaimed") == KErrNotFound

    machine.register("child", lambda: None)
    run(program)


def test_threads_and_processes_are_opened_from_slots(machine: Kernel, run: Run) -> None:
    seen = []

    def child_main() -> None:
        with RProcess().open_parameter(1) as parent, RThread().open_parameter(2) as t:
            seen.append((parent.id(), t.id()))

    def program() -> None:
        with RProcess().create("child") as child:
            child.set_parameter(1, RProcess())
            child.set_parameter(2, RThread())
            run_child(child)
            assert seen == [(RProcess().id(), RThread().id())]

    machine.register("child", child_main)
    run(program)
