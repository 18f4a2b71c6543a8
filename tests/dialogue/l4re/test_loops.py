"""What other threads may do to a loop, and what it still owes when it ends."""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest

from userlib import RSemaphore, RThread, User
from userlib.l4re import (
    L4_IPC_RETIMEOUT,
    Cap,
    Completion,
    L4Error,
    Loader,
    NoReply,
    ServerLoop,
    Timeout,
    current_call,
    ipc_server_new_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from tests.dialogue.l4re.conftest import Worker
    from tools.pytest_plugin import Run


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads of the host change places as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def new_counter(calc: SimpleNamespace) -> Any:
    return type("server_Counter", (calc.Counter,), {"increment": lambda _self: 1})()


@pytest.mark.usefixtures("hasty")
def test_threads_register_and_unregister_while_others_do(
    run: Run, calc: SimpleNamespace, worker: type[Worker]
) -> None:
    """A loop goes through its objects at each registration."""
    kept = [new_counter(calc) for _ in range(600)]

    def program() -> None:
        with ServerLoop() as loop:
            for obj in kept:
                loop.register(calc.Counter, obj)

            def come_and_go() -> int:
                for _ in range(400):
                    obj = new_counter(calc)
                    loop.register(calc.Counter, obj)
                    loop.unregister(obj)
                return 400

            threads = [worker(come_and_go) for _ in range(4)]
            assert [thread.join() for thread in threads] == [400] * 4
            for obj in kept:
                loop.unregister(obj)

    run(program)


def test_a_completion_dropped_after_the_loop_ran_is_answered_as_it_closes(
    run: Run, trial: SimpleNamespace, worker: type[Worker]
) -> None:
    held: list[Completion] = []
    caps: list[Cap] = []
    codes: list[int] = []

    def program() -> None:
        ready = RSemaphore().create_local(0)

        def later(_self: object, _who: int, completion: Completion) -> None:
            held.append(completion)
            loop.stop()

        def client() -> None:
            ready.wait()
            with pytest.raises(L4Error) as caught:
                trial.client_Trial(caps[0]).later(1)
            codes.append(caught.value.code)

        names = "answer change give later_nothing positive shout take take_two"
        body: dict[str, Any] = {name: lambda _self: None for name in names.split()}
        obj = type("server_Trial", (trial.Trial,), {**body, "later": later})()
        asks = worker(client)
        with ServerLoop() as loop:
            caps.append(loop.register(trial.Trial, obj))
            ready.signal()
            assert loop.run() == 0
            held.clear()
        asks.join()

    run(program)
    assert codes == [1005]


class Tracked:
    """A loop with one Trial, whose deferred completions are kept in a list."""

    def __init__(self, trial: SimpleNamespace, worker: type[Worker]) -> None:
        self.held: list[Completion] = []
        self._trial = trial
        self._ready = RSemaphore().create_local(0)
        self._worker = worker(self._serve)
        self._ready.wait()

    def _serve(self) -> None:
        def later(_self: object, _who: int, completion: Completion) -> None:
            self.held.append(completion)

        def answer(_self: object, x: int) -> int:
            self.told = [held.reply(99) for held in self.held]
            self.held.clear()
            return x

        names = "change give later_nothing positive shout take take_two"
        body: dict[str, Any] = {name: lambda _self: NoReply for name in names.split()}
        body |= {"later": later, "answer": answer}
        obj = type("server_Trial", (self._trial.Trial,), body)()
        with ServerLoop() as loop:
            self.loop = loop
            self.cap = loop.register(self._trial.Trial, obj)
            self._ready.signal()
            loop.run()

    def stop(self) -> None:
        self.loop.stop()
        self._worker.join()


def test_the_answer_for_a_caller_who_left_at_once_reaches_nobody_else(
    run: Run, trial: SimpleNamespace, worker: type[Worker]
) -> None:
    """Neither when it is given in another's call nor when it is dropped there."""

    def program() -> None:
        served = Tracked(trial, worker)
        hasty = trial.client_Trial(served.cap, Timeout(rcv=0))
        patient = trial.client_Trial(served.cap)
        for _ in range(2):
            with pytest.raises(L4Error) as caught:
                hasty.later(1)
            assert caught.value.ipc_code == L4_IPC_RETIMEOUT
        dropped = served.held.pop
        User.after(1_000)
        dropped()
        assert patient.answer(5) == 5
        assert served.told == [False]
        assert patient.answer(6) == 6
        served.stop()

    run(program)


def test_a_mere_send_to_a_deferred_operation_takes_nobodys_reply(
    run: Run, trial: SimpleNamespace, worker: type[Worker]
) -> None:
    """The caller before, whom the loop still owes one, is not answered by mistake."""
    codes: list[int] = []

    def program() -> None:
        served = Tracked(trial, worker)
        later = trial.Trial_opcode.LATER

        def owed() -> None:
            with pytest.raises(L4Error) as caught:
                trial.client_Trial(served.cap, Timeout(rcv=0.01)).positive()
            codes.append(caught.value.ipc_code)

        waiting = worker(owed)
        User.after(1_000)
        words = struct.pack("<ii", later, 1)
        assert served.cap.send(0x2001, words) == 0
        User.after(1_000)
        assert trial.client_Trial(served.cap).answer(5) == 5
        assert served.told == [False]
        waiting.join()
        served.stop()

    run(program)
    assert codes == [L4_IPC_RETIMEOUT]


def test_a_thread_of_its_own_is_called_like_what_it_serves(
    run: Run, calc: SimpleNamespace
) -> None:
    names: list[str] = []

    class Named(calc.Counter):  # type: ignore[misc,name-defined]
        def increment(self) -> int:
            names.append(RThread().name())
            return 1

    def program() -> None:
        one = ipc_server_new_for(calc.Counter, Named())
        other = ipc_server_new_for(calc.Counter, Named())
        for cap in (one, other):
            assert calc.client_Counter(cap).increment() == 1

    run(program)
    assert [name.partition("-")[0] for name in names] == ["Counter"] * 2
    assert len(set(names)) == 2


def test_a_loop_is_run_by_the_thread_that_made_it_while_it_is_open(
    run: Run, worker: type[Worker]
) -> None:
    """Elsewhere it would wait for ever: messages come to the other thread."""

    def program() -> None:
        with ServerLoop() as loop:
            error = worker(loop.run).join()
            assert isinstance(error, RuntimeError)
            assert "was made by another thread" in str(error)
            loop.close()
            with pytest.raises(RuntimeError, match="was closed"):
                loop.run()

    run(program)


def test_what_is_no_timeout_is_refused_before_any_call(
    run: Run, trial: SimpleNamespace
) -> None:
    def program() -> None:
        with Loader().new_channel() as channel:
            for wrong in (0.5, None, 3):
                with pytest.raises(TypeError, match="a Timeout is wanted, not"):
                    trial.client_Trial(channel, timeout=wrong)
        with pytest.raises(LookupError, match="no operation is running"):
            current_call()

    run(program)
