"""Shared chunks: what is committed, who sees it, and descriptors of it."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    EPreventAdjust,
    ExitInfo,
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadDescriptor,
    KErrBadName,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KErrServerTerminated,
    RChunk,
    RMessage2,
    RProcess,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TBuf8,
    TChunkCreateInfo,
    TFindChunk,
    TIpcArgs,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
Body: TypeAlias = Callable[[RMessage2], object]

PAGE = 0x1000
MAX = 0x10_0000  # the smallest maximum size, and the grain of larger ones
FN = 1


def end(info: ExitInfo) -> tuple[int, str, int]:
    return (info.type, info.category, info.reason)


def panic_of(exit_of: ExitOf, call: Callable[..., object], *args: object) -> int:
    """The USER panic that a call in a thread of its own ends with."""

    def make_call() -> None:
        call(*args)

    info = exit_of(make_call)
    assert (info.type, info.category) == (EExitPanic, "USER"), info
    return info.reason


def disconnected() -> RChunk:
    return RChunk().create_disconnected_local(0, 0, MAX)


def serve(body: Body, name: str = "memory") -> None:
    """Accept one connection, and give every message to *body*."""
    with RServer2().create_global(name) as server:
        RProcess.rendezvous(KErrNone)
        RThread.rendezvous(KErrNone)
        server.receive().complete(KErrNone)
        while True:
            message = server.receive()
            if message.function < 0:
                message.complete(KErrNone)
                return
            code = body(message)
            message.complete(code if isinstance(code, int) else KErrNone)


def start_process(name: str) -> RProcess:
    """Start a registered program and wait for its rendezvous."""
    process = RProcess().create(name)
    ready = TRequestStatus()
    process.request_rendezvous(ready)
    process.resume()
    User.wait_for_request(ready)
    assert ready == KErrNone
    return process


def ask(session: RSessionBase, *args: Any) -> int:
    return session.try_send_receive(FN, TIpcArgs(*args))


# Normal chunks.


@pytest.mark.case("SK-175")
def test_a_normal_chunk_grows_in_pages(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RChunk().create_local(0x1800, 0x10000) as chunk:
            assert chunk.size() == 0x2000
            chunk.adjust(0x3001)
            assert chunk.size() == 0x4000
            assert trap(chunk.adjust, chunk.max_size() + 1) == KErrArgument
            assert panic_of(exit_of, chunk.adjust, -1) == 102
            assert chunk.size() == 0x4000
            assert bytes(chunk.view()) == b"\x03" * 0x4000

    run(program)


def test_memory_that_comes_back_is_cleared_again(run: Run) -> None:
    def program() -> None:
        info = TChunkCreateInfo().set_normal(2 * PAGE, MAX).set_clear_byte(0xA5)
        with RChunk().create(info) as chunk:
            chunk.view()[:] = b"x" * (2 * PAGE)
            chunk.adjust(PAGE)
            chunk.adjust(3 * PAGE)
            assert bytes(chunk.view()) == b"x" * PAGE + b"\xa5" * (2 * PAGE)

    run(program)


def test_impossible_sizes_panic_or_are_refused(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        chunk = RChunk()
        assert panic_of(exit_of, chunk.create_local, 0, -1) == 99
        assert panic_of(exit_of, chunk.create_local, -1, MAX) == 100
        assert panic_of(exit_of, chunk.create_local, 2, 1) == 101
        for create in (
            chunk.create_double_ended_local,
            chunk.create_disconnected_local,
        ):
            assert panic_of(exit_of, create, -1, 0, MAX) == 120
            assert panic_of(exit_of, create, 0, -1, MAX) == 121
            assert panic_of(exit_of, create, 2, 1, MAX) == 122
            assert panic_of(exit_of, create, 0, 2, 1) == 123
        assert trap(chunk.create_local, 0, 0) == KErrArgument
        assert trap(chunk.create_local, 0, 0x7FFF_FFFF) == KErrNoMemory
        assert chunk.handle == 0

    run(program)


def test_names_of_chunks_are_checked_and_found(run: Run) -> None:
    def program() -> None:
        with RChunk().create_global("Pool", 0, MAX) as first:
            assert trap(RChunk().create_global, "POOL", 0, MAX) == KErrAlreadyExists
            assert trap(RChunk().create_global, "a*", 0, MAX) == KErrBadName
            assert list(TFindChunk("p*")) == ["Pool"]
            with RChunk().open_global("pool") as second:
                assert second.max_size() == first.max_size() == MAX
        assert trap(RChunk().open_global, "Pool") == KErrNotFound

    run(program)


def test_the_space_for_chunks_is_limited(run: Run) -> None:
    def program() -> None:
        with RChunk().create_local(0, 0x3000_0000) as chunk:
            assert trap(RChunk().create_local, 0, 0x3000_0000) == KErrNoMemory
            assert chunk.size() == 0
        RChunk().create_local(0, 0x3000_0000).close()

    run(program)


# Double-ended and disconnected chunks.


def test_a_double_ended_chunk_moves_both_ends(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RChunk().create_double_ended_local(PAGE, 2 * PAGE, MAX) as chunk:
            chunk.view(PAGE, PAGE)[0] = 7
            chunk.adjust_double_ended(1, 2 * PAGE + 1)
            assert (chunk.bottom(), chunk.top()) == (0, 3 * PAGE)
            assert chunk.size() == 3 * PAGE
            assert [chunk.view(n * PAGE, 1)[0] for n in range(3)] == [3, 7, 3]
            chunk.adjust_double_ended(8 * PAGE, 9 * PAGE)
            assert (chunk.bottom(), chunk.size()) == (8 * PAGE, PAGE)
            assert trap(chunk.adjust_double_ended, 0, MAX + 1) == KErrArgument
            assert trap(chunk.adjust, 0) == KErrGeneral
            assert trap(chunk.commit, 0, PAGE) == KErrGeneral
            adjust = chunk.adjust_double_ended
            assert panic_of(exit_of, adjust, -1, 0) == 124
            assert panic_of(exit_of, adjust, 0, -1) == 125
            assert panic_of(exit_of, adjust, 2, 1) == 126

    run(program)


@pytest.mark.case("SK-176")
def test_double_ended_and_disconnected_chunks_are_found_by_name(run: Run) -> None:
    def program() -> None:
        with (
            RChunk().create_double_ended_global("Ends", PAGE, 3 * PAGE, MAX) as ends,
            RChunk().create_disconnected_global("Pages", 0, 2 * PAGE, MAX) as pages,
            RChunk().open_global("ends") as ends_again,
            RChunk().open_global("PAGES") as pages_again,
        ):
            assert (ends_again.bottom(), ends_again.top()) == (PAGE, 3 * PAGE)
            ends.adjust_double_ended(0, 4 * PAGE)
            assert ends_again.size() == 4 * PAGE
            pages.commit(5 * PAGE, PAGE)
            assert pages_again.size() == 3 * PAGE

    run(program)


def test_a_disconnected_chunk_commits_all_or_nothing(run: Run) -> None:
    def program() -> None:
        with disconnected() as chunk:
            chunk.commit(0x1000, 0x1000)
            assert trap(chunk.commit, 0, 0x2000) == KErrAlreadyExists
            assert chunk.size() == 0x1000
            chunk.commit(0, 0x1000)  # page 0 was left as it was
            chunk.decommit(0, 0x4000)
            assert chunk.size() == 0
            assert trap(chunk.commit, chunk.max_size(), 1) == KErrArgument
            assert trap(chunk.adjust, 0x1000) == KErrGeneral

    run(program)


def test_other_calls_on_disconnected_chunks(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with disconnected() as chunk:
            chunk.commit(PAGE, 0)
            assert chunk.size() == 0
            chunk.commit(PAGE, PAGE)
            assert chunk.allocate(1) == 0
            assert chunk.allocate(PAGE + 1) == 2 * PAGE
            assert chunk.size() == 4 * PAGE
            assert trap(chunk.allocate, 0) == KErrArgument
            assert trap(chunk.allocate, MAX + 1) == KErrArgument
            assert trap(chunk.allocate, MAX) == KErrNoMemory
            assert trap(chunk.decommit, MAX, 1) == KErrArgument
            assert panic_of(exit_of, chunk.commit, -1, 1) == 157
            assert panic_of(exit_of, chunk.commit, 0, -1) == 158
            assert panic_of(exit_of, chunk.allocate, -1) == 159
            assert panic_of(exit_of, chunk.decommit, -1, 1) == 160
            assert panic_of(exit_of, chunk.decommit, 0, -1) == 161
        with RChunk().create_local(PAGE, MAX) as normal:
            assert trap(normal.commit, 0, PAGE) == KErrGeneral
            assert trap(normal.decommit, 0, PAGE) == KErrGeneral
            assert trap(normal.allocate, PAGE) == KErrGeneral
            assert trap(normal.adjust_double_ended, 0, 0) == KErrGeneral

    run(program)


# Sharing.


@pytest.mark.case("SK-177")
def test_two_processes_see_one_memory(machine: Kernel, run: Run) -> None:
    def other() -> None:
        with RChunk().open_global("Shared") as chunk:
            memory = chunk.view()
            assert bytes(memory[:5]) == b"first"
            memory[:6] = b"second"

    def program() -> None:
        with RChunk().create_global("Shared", PAGE, MAX) as chunk:
            memory = chunk.view()
            memory[:5] = b"first"
            with RProcess().create("other") as process:
                over = TRequestStatus()
                process.logon(over)
                process.resume()
                User.wait_for_request(over)
                assert process.exit_info().reason == KErrNone
            assert bytes(memory[:6]) == b"second"

    machine.register("other", other)
    run(program)


@pytest.mark.case("SK-035")
def test_only_the_creator_may_restrict_a_protected_chunk(
    machine: Kernel, run: Run
) -> None:
    def server() -> None:
        def adjust(message: RMessage2) -> int:
            with RChunk().open(message, 0) as chunk:
                assert trap(chunk.set_restrictions, 0) == KErrAccessDenied
                return trap(chunk.adjust, 0x1000)

        serve(adjust)

    def program() -> None:
        start_process("server").close()
        with (
            RSessionBase().create_session("memory") as session,
            RChunk().create_global("", 0, MAX) as chunk,
        ):
            assert ask(session, chunk) == KErrNone
            assert chunk.size() == 0x1000
            chunk.set_restrictions(EPreventAdjust)
            assert ask(session, chunk) == KErrAccessDenied
            chunk.adjust(0)

    machine.register("server", server)
    run(program)


def test_others_only_read_a_read_only_chunk(machine: Kernel, run: Run) -> None:
    def server() -> None:
        def use(message: RMessage2) -> None:
            with RChunk().open(message, 0) as chunk:
                assert trap(chunk.adjust, 0x1000) == KErrAccessDenied
                memory = chunk.view()
                assert memory.readonly
                assert memory[0] == 7

        serve(use)

    def program() -> None:
        start_process("server").close()
        info = TChunkCreateInfo().set_normal(PAGE, MAX).set_global("").set_read_only()
        with (
            RSessionBase().create_session("memory") as session,
            RChunk().create(info) as chunk,
        ):
            chunk.view()[0] = 7
            assert ask(session, chunk) == KErrNone

    machine.register("server", server)
    run(program)


# Views and descriptors.


def test_memory_not_committed_cannot_be_viewed(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RChunk().create_local(PAGE, MAX) as chunk:
            for offset, size in ((0, PAGE + 1), (MAX, 1), (-1, 1)):
                info = exit_of(lambda o, s: len(chunk.view(o, s)) * 0, offset, size)
                assert end(info) == (EExitPanic, "KERN-EXEC", 3)
            assert len(chunk.view(PAGE, 0)) == 0

    run(program)


def test_shrinking_takes_views_back(run: Run) -> None:
    def program() -> None:
        with RChunk().create_local(2 * PAGE, MAX) as chunk:
            low, high = chunk.view(0, PAGE), chunk.view(PAGE, PAGE)
            part = high[:4]
            low[0] = 9
            chunk.adjust(PAGE)
            assert low[0] == 9
            with pytest.raises(ValueError, match="released"):
                high[0]
            assert len(part) == 4  # keeps the host's memory, whatever it shows

    run(program)


def test_views_outlive_the_chunk_only_in_part(run: Run) -> None:
    def program() -> None:
        chunk = RChunk().create_local(PAGE, MAX)
        view = chunk.view()
        part = view[10:20]
        part[0] = 1
        chunk.close()
        with pytest.raises(ValueError, match="released"):
            view[0]
        assert part[0] == 1

    run(program)


def test_a_server_writes_into_a_chunk_of_its_client(machine: Kernel, run: Run) -> None:
    def server() -> None:
        def use(message: RMessage2) -> None:
            assert message.read(0) == b"question"
            assert message.try_write(0, b"x") == KErrBadDescriptor
            assert message.get_des_max_length(1) == 2 * PAGE
            message.write(1, b"answer " * 1000)

        serve(use)

    def program() -> None:
        start_process("server").close()
        with (
            RSessionBase().create_session("memory") as session,
            RChunk().create_local(3 * PAGE, MAX) as chunk,
        ):
            chunk.view()[:8] = b"question"
            answer = chunk.ptr8(PAGE, 2 * PAGE)
            assert ask(session, chunk.ptr_c8(0, 8), answer) == KErrNone
            assert answer == b"answer " * 1000
            assert bytes(chunk.view(PAGE, 7000)) == b"answer " * 1000
            answer.copy(b"mine")
            answer.append(b"!")
            assert bytes(chunk.view(PAGE, 5)) == b"mine!"
            assert (answer.length, answer.max_length) == (5, 2 * PAGE)

    machine.register("server", server)
    run(program)


@pytest.mark.case("SK-116")
def test_uncommitted_memory_is_a_bad_pointer(run: Run) -> None:
    def program() -> None:
        with disconnected() as chunk:
            chunk.commit(0, PAGE)

            def use(message: RMessage2) -> None:
                if message.int1:
                    message.read(0, chunk.ptr8(PAGE, 8))
                assert message.try_read(0, TBuf8(8)) == KErrBadDescriptor
                assert message.try_write(0, b"x") == KErrBadDescriptor

            with RThread().launch("server", lambda: serve(use)) as server:
                over = TRequestStatus()
                server.logon(over)
                session = RSessionBase().create_session("memory")
                for bad in (chunk.ptr8(PAGE, 8, 3), chunk.ptr8(PAGE - 1, 2)):
                    assert ask(session, bad) == KErrNone
                assert server.exit_info().is_pending
                assert ask(session, b"abc", 1) == KErrServerTerminated
                User.wait_for_request(over)
                assert end(server.exit_info()) == (EExitPanic, "KERN-EXEC", 3)

    run(program)


def test_memory_taken_back_later_is_a_bad_pointer_too(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with disconnected() as chunk:
            chunk.commit(0, PAGE)
            pointer = chunk.ptr8(0, 8, 3)

            def use(message: RMessage2) -> None:
                chunk.decommit(0, PAGE)
                assert message.try_read(0, TBuf8(8)) == KErrBadDescriptor
                assert message.try_write(0, b"x") == KErrBadDescriptor

            with RThread().launch("server", lambda: serve(use)):
                session = RSessionBase().create_session("memory")
                assert ask(session, pointer) == KErrNone
            for touch in (pointer.contents, lambda: pointer.copy(b"x")):
                info = exit_of(lambda touch=touch: len(touch() or ()))
                assert end(info) == (EExitPanic, "KERN-EXEC", 3)
            session.close()

    run(program)


def test_memory_taken_back_in_the_middle_of_a_copy(run: Run) -> None:
    """A large copy gives the kernel up between its pieces."""
    size = 16 * 0x1_0000

    def program() -> None:
        chunk = RChunk().create_local(size, size)
        pointer = chunk.ptr8(0, size, size)
        codes: list[int] = []
        go_on = RSemaphore().create_local(0)

        def use(message: RMessage2) -> None:
            go_on.signal()
            codes.append(trap(message.read, 0))
            codes.append(message.try_write(0, bytes(size)))

        def shrink() -> None:
            go_on.wait()
            chunk.adjust(0)

        with (
            RThread().launch("server", lambda: serve(use)),
            RThread().create("shrinker", shrink) as shrinker,
        ):
            shrinker.resume()
            with RSessionBase().create_session("memory") as session:
                assert ask(session, pointer) == KErrNone
        # The second is bad in any case, once the chunk is empty.
        assert set(codes) <= {KErrNone, KErrBadDescriptor}

    run(program)
