"""Libraries, on a machine without a loader."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eka import Executable, ExitInfo, Image, Kernel
from kernel.abi.current import current_exec
from tools.pytest_plugin import Run
from userlib import (
    KErrBadName,
    KErrCorrupt,
    KErrNotFound,
    KErrNotSupported,
    KErrPermissionDenied,
    KHandleFlagLocal,
    RLibrary,
    RProcess,
    RSemaphore,
    RThread,
    TCapability,
    TFindLibrary,
    TRequestStatus,
    TUserPanic,
    User,
    trap,
)

ExitOf = Callable[..., ExitInfo]

COUNTER = """
import itertools
from eka import Image
IMAGE = Image(uid2=0x20, uid3=0x30)
count = itertools.count(1).__next__
EXPORTS = (count, None, lambda: __name__)
"""


@pytest.fixture
def counter(machine: Kernel, tmp_path: Path) -> Path:
    """A DLL called counter, with state of its own."""
    source = tmp_path / "counter.py"
    source.write_text(COUNTER)
    machine.register("counter.dll", source)
    return source


def call(library: RLibrary, ordinal: int = 1) -> object:
    function = library.lookup(ordinal)
    assert function is not None
    return function()


@pytest.mark.case("SU-90")
@pytest.mark.usefixtures("counter")
def test_a_negative_ordinal_panics_and_one_beyond_the_last_is_null(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with RLibrary().load("counter") as library:
            assert [library.lookup(n) for n in (0, 2, 4, 5, 0x7FFFFFFF)] == [None] * 5
            assert call(library, 1) == 1

        def dies() -> None:
            with RLibrary().load("counter") as library:
                library.lookup(-1)

        assert str(exit_of(dies)) == "panicked USER 116"

    run(program)


@pytest.mark.usefixtures("counter")
def test_a_process_has_a_library_once_and_until_its_last_handle_goes(run: Run) -> None:
    def program() -> None:
        with RLibrary().load("counter") as one:
            assert one.handle & KHandleFlagLocal
            assert call(one) == 1
            with RLibrary().load("COUNTER.DLL") as other:
                assert call(other) == 2
            assert call(one) == 3
            name = str(call(one, 3))
            assert name in sys.modules
        assert name not in sys.modules
        with RLibrary().load("counter") as again:
            assert call(again) == 1

    run(program)


@pytest.mark.usefixtures("counter")
def test_each_process_loads_a_library_of_its_own(machine: Kernel, run: Run) -> None:
    counts = []

    def child() -> None:
        with RLibrary().load("counter") as library:
            counts.append(call(library))

    def program() -> None:
        with RLibrary().load("counter") as library:
            counts.append(call(library))
            for _ in range(2):
                RProcess().launch("child")
            counts.append(call(library))

    machine.register("child", child)
    run(program)
    assert counts == [1, 1, 1, 2]


@pytest.mark.usefixtures("counter")
def test_a_library_says_what_it_is(run: Run) -> None:
    def program() -> None:
        with RLibrary().load("counter") as library:
            assert library.file_name() == "Z:\\sys\\bin\\counter.dll"
            assert library.uids() == (0x10000079, 0x20, 0x30)
            assert library.name() == "counter{000a0000}[00000030].dll"
            found = list(TFindLibrary("*COUNTER*"))
            assert found == [library.full_name()]
            search = TFindLibrary("*counter*")
            search.next()
            assert trap(RLibrary().open, search) == KErrPermissionDenied
            library.init()  # once more changes nothing
            assert call(library) == 1
        assert list(TFindLibrary()) == []

    run(program)


def test_what_is_no_library_or_none_that_is_wanted_is_refused(
    machine: Kernel, counter: Path, run: Run
) -> None:
    bad = counter.with_name("bad.py")
    bad.write_text("EXPORTS = (")
    machine.register("bad.dll", bad)
    machine.register("program", lambda: 0)

    def program() -> None:
        load = RLibrary().load
        before = RThread().handle_count()
        assert trap(load, "absent") == KErrNotFound
        assert trap(load, "counter{000a0001}") == KErrNotSupported
        assert trap(lambda: load("counter", uids=(0, 0x21, 0))) == KErrNotSupported
        assert trap(load, "program.exe") == KErrNotSupported
        assert trap(RProcess().create, "counter.dll") == KErrNotSupported
        assert trap(load, "bad") == KErrCorrupt
        assert trap(load, "x[1].dll") == KErrBadName
        assert trap(load, "x" * 257) == KErrBadName
        assert RThread().handle_count() == before
        load("counter{000a0000}").close()

    run(program)


@pytest.mark.usefixtures("counter")
def test_a_library_needs_what_the_process_may_do(machine: Kernel) -> None:
    powerful = frozenset((TCapability.ECapabilityTCB, TCapability.ECapabilityDiskAdmin))
    tcb = frozenset((TCapability.ECapabilityTCB,))
    machine.register("tcb.dll", Executable(lambda: (), Image(capabilities=tcb)))
    machine.register("most.dll", Executable(lambda: (), Image(capabilities=powerful)))

    def program() -> None:
        load = RLibrary().load
        assert trap(load, "counter") == KErrPermissionDenied
        load("tcb").close()
        load("most").close()

    machine.register("program", Executable(program, Image(capabilities=tcb)))
    assert str(machine.run("program")) == "exited with KErrNone"


def test_a_leave_out_of_the_module_panics(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    def leaves() -> tuple[()]:
        User.leave(-5)
        return ()

    machine.register("leaves.dll", leaves)

    def program() -> None:
        info = exit_of(lambda: RLibrary().load("leaves"))
        assert (info.category, info.reason) == ("USER", TUserPanic.EUnexpectedLeave)
        assert list(TFindLibrary()) == []

    run(program)


def test_an_exception_out_of_the_module_is_the_loaders_and_the_next_tries_again(
    machine: Kernel, run: Run
) -> None:
    tries: list[int] = []

    def moody() -> tuple[Callable[[], int]]:
        tries.append(len(tries))
        if len(tries) == 1:
            raise ZeroDivisionError
        return (lambda: 5,)

    machine.register("moody.dll", moody)
    machine.register("junk.dll", Executable(lambda: ("no function",)))  # type: ignore[arg-type]

    def program() -> None:
        library = RLibrary()
        with pytest.raises(ZeroDivisionError):
            library.load("moody")
        assert library.handle == 0
        with library.load("moody"):
            assert call(library) == 5
        with pytest.raises(TypeError, match=r"junk\.dll is no tuple"):
            library.load("junk")
        assert list(TFindLibrary()) == []

    run(program)


def test_who_loads_meanwhile_waits_until_the_module_has_run(
    machine: Kernel, run: Run
) -> None:
    order: list[str] = []
    gate = RSemaphore()

    def slow() -> tuple[Callable[[], int]]:
        order.append("module")
        gate.wait()
        order.append("done")
        return (lambda: 1,)

    machine.register("slow.dll", slow)

    def load() -> None:
        with RLibrary().load("slow") as library:
            assert call(library) == 1
            order.append("loaded")
            gate.wait()

    def program() -> None:
        gate.create_local(0)
        statuses = [TRequestStatus() for _ in range(3)]
        threads = [RThread().create("", load) for _ in statuses]
        for thread, status in zip(threads, statuses, strict=True):
            thread.logon(status)
            thread.resume()
        User.after(1000)
        order.append("opened")
        gate.signal()
        User.after(1000)
        gate.signal(3)
        for thread, status in zip(threads, statuses, strict=True):
            User.wait_for_request(status)
            assert status == 0
            thread.close()
        gate.close()

    run(program)
    assert order == ["module", "opened", "done", "loaded", "loaded", "loaded"]


def test_when_the_loading_thread_dies_another_runs_the_module(
    machine: Kernel, run: Run
) -> None:
    runs: list[int] = []
    gate = RSemaphore()

    def once() -> tuple[Callable[[], int]]:
        runs.append(1)
        if len(runs) == 1:
            gate.wait()  # for ever
        return (lambda: len(runs),)

    machine.register("once.dll", once)

    def program() -> None:
        gate.create_local(0)
        with (
            RThread().create("first", lambda: RLibrary().load("once").close()) as first,
            RThread().create("second", lambda: RLibrary().load("once").close()) as late,
        ):
            first.resume()
            User.after(1000)
            status = TRequestStatus()
            late.logon(status)
            late.resume()
            User.after(1000)
            assert status.is_pending
            first.kill(1)
            User.wait_for_request(status)
            assert status == 0
        gate.close()
        assert list(TFindLibrary()) == []

    run(program)
    assert len(runs) == 2


def test_a_suspended_waiter_goes_on_when_it_is_resumed(
    machine: Kernel, run: Run
) -> None:
    gate = RSemaphore()

    def slow() -> tuple[Callable[[], int]]:
        gate.wait()
        return (lambda: 1,)

    machine.register("slow.dll", slow)

    def load() -> None:
        with RLibrary().load("slow") as library:
            assert call(library) == 1

    def program() -> None:
        gate.create_local(0)
        with (
            RThread().create("first", load) as first,
            RThread().create("waiter", load) as waiter,
        ):
            statuses = (TRequestStatus(), TRequestStatus())
            for thread, status in zip((first, waiter), statuses, strict=True):
                thread.logon(status)
                thread.resume()
                User.after(1000)
            waiter.suspend()
            gate.signal()
            User.wait_for_request(statuses[0])
            assert statuses[1].is_pending
            waiter.resume()
            User.wait_for_request(statuses[1])
            assert [status.value for status in statuses] == [0, 0]
        gate.close()

    run(program)


def test_a_module_that_loads_itself_finds_it_unfinished(
    machine: Kernel, run: Run
) -> None:
    seen: list[object] = []

    def narcissus() -> tuple[Callable[[], int]]:
        with RLibrary().load("narcissus") as library:
            seen.append(library.lookup(1))
        return (lambda: 7,)

    machine.register("narcissus.dll", narcissus)

    def program() -> None:
        with RLibrary().load("narcissus") as library:
            seen.append(call(library))

    run(program)
    assert seen == [None, 7]


def test_who_did_not_begin_to_initialise_cannot_end_it(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    machine.register("x.dll", lambda: ())

    def end() -> None:
        with RLibrary().load("x") as library:
            current_exec.get().library_attached(library.handle, ())

    run(lambda: _expect(exit_of(end), "panicked KERN-EXEC 1"))


def _expect(info: ExitInfo, text: str) -> None:
    assert str(info) == text


def test_another_version_of_a_library_fits_beside_the_first(
    machine: Kernel, run: Run
) -> None:
    image = Image(version=0x000B0000)
    machine.register("x.dll", lambda: (lambda: 10,))

    def program() -> None:
        with RLibrary().load("x") as old:
            machine_register()
            with RLibrary().load("x") as new:
                assert (call(old), call(new)) == (10, 11)

    def machine_register() -> None:
        current_exec.get().host_call(
            machine.register, "x.dll", Executable(lambda: (lambda: 11,), image)
        )

    run(program)
