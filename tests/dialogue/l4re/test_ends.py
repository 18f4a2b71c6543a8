"""How a call ends when something else does: a gate, a client, a server's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.current import current_exec
from userlib import RSemaphore, RThread, TRequestStatus, User
from userlib.l4re import Cap, Env, Irq, Loader, ServerLoop, ipc_server_loop_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from eka import Kernel
    from tests.dialogue.l4re.conftest import CodeOf, Worker
    from tools.pytest_plugin import Run


def new_counter(calc: SimpleNamespace, increment: Callable[[], int]) -> Any:
    body = {"increment": lambda _self: increment()}
    return type("server_Counter", (calc.Counter,), body)()


def test_a_gate_deleted_in_the_middle_of_a_call_lets_the_reply_through(
    run: Run, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    """And the loop, which served it by name, ends as always."""

    def program() -> None:
        channel = Loader().new_channel()
        mine = channel.duplicate()

        def increment() -> int:
            mine.delete()
            return 7

        def serve() -> None:
            with ServerLoop() as loop:
                Env.current().set_cap("server", channel.duplicate())
                loop.register(calc.Counter, new_counter(calc, increment), "server")
                loops.append(loop)
                RThread.rendezvous(0)
                loop.run()

        loops: list[ServerLoop] = []
        with RThread().launch("server", serve) as thread:
            counter = calc.client_Counter(channel)
            assert counter.increment() == 7
            assert code_of(counter.increment) == 2004
            assert not channel.is_valid()
            ended = TRequestStatus()
            thread.logon(ended)
            loops[0].stop()
            User.wait_for_request(ended)
            assert ended.value == 0

    run(program)


def test_a_client_killed_in_a_call_is_told_to_the_loop_which_goes_on(
    run: Run, calc: SimpleNamespace, worker: type[Worker]
) -> None:
    heard: list[str] = []
    entered: list[int] = []

    def program() -> None:
        inside = RSemaphore().create_local(0)
        go = RSemaphore().create_local(0)
        ready = RSemaphore().create_local(0)
        caps: list[Cap] = []
        loops: list[ServerLoop] = []

        def increment() -> int:
            entered.append(len(entered) + 1)
            if entered == [1]:
                inside.signal()
                go.wait()
            return entered[-1]

        def serve() -> None:
            with ServerLoop(on_error=lambda error: heard.append(str(error))) as loop:
                caps.append(loop.register(calc.Counter, new_counter(calc, increment)))
                loops.append(loop)
                ready.signal()
                loop.run()

        server = worker(serve)
        ready.wait()
        counter = calc.client_Counter(caps[0])
        with RThread().create("victim", counter.increment) as victim:
            victim.resume()
            inside.wait()
            victim.kill(0)
        go.signal()
        assert counter.increment() == 2
        loops[0].stop()
        server.join()

    run(program)
    assert heard == ["L4_IPC_ENOT_EXISTENT (2004)"]


def test_a_gate_whose_thread_ended_is_served_again_once_it_is_bound(
    run: Run, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    """By another thread of the program that still has the server right."""

    def program() -> None:
        channel = Loader().new_channel()
        Env.current().set_cap("server", channel)
        counter = calc.client_Counter(channel)

        def die() -> int:
            RThread().kill(3)
            raise AssertionError

        def serve(obj: Any) -> None:
            ipc_server_loop_for(calc.Counter, obj, "server")

        mortal = new_counter(calc, die)
        with RThread().create("first", lambda: serve(mortal)) as first:
            first.resume()
            assert code_of(counter.increment) == 2015
        assert code_of(counter.increment) == 2004
        good = new_counter(calc, lambda: 9)
        with RThread().create("second", lambda: serve(good)) as second:
            second.resume()
            User.after(1_000)
            assert counter.increment() == 9

    run(program)


def test_a_loop_that_ends_leaves_a_gate_to_who_took_it_over(
    machine: Kernel, run: Run, calc: SimpleNamespace
) -> None:
    """The next version of a server starts before the one at work is stopped."""

    def serve(version: int) -> Callable[[], int]:
        def program() -> int:
            obj = new_counter(calc, lambda: version)
            control = new_counter(calc, stop)
            loops.append(ServerLoop())
            with loops[-1] as loop:
                loop.register(calc.Counter, control, "control")
                loop.register(calc.Counter, obj, "server")
                return loop.run()

        def stop() -> int:
            loops[version - 1].stop()
            return 0

        return program

    loops: list[ServerLoop] = []

    def ned() -> None:
        loader = Loader()
        channel = loader.new_channel()
        controls = [loader.new_channel() for _ in "12"]
        apps = []
        for number, control in enumerate(controls, 1):
            caps = {"server": channel.svr(), "control": control.svr()}
            apps.append(loader.start(f"version{number}", caps=caps))
            User.after(1_000)
            assert calc.client_Counter(channel).increment() == number
        calc.client_Counter(controls[0]).increment()
        assert apps[0].wait() == 0
        assert calc.client_Counter(channel).increment() == 2
        calc.client_Counter(controls[1]).increment()
        assert apps[1].wait() == 0

    for version in (1, 2):
        machine.register(f"version{version}", serve(version))
    run(ned)


@pytest.mark.parametrize("end", ["delete", "unbind", "bind to another thread"])
def test_who_waits_for_one_irq_is_told_that_it_will_not_come(
    run: Run, worker: type[Worker], end: str, code_of: CodeOf
) -> None:
    def program() -> None:
        irq = Irq().create()
        ready = RSemaphore().create_local(0)

        def wait() -> int:
            irq.bind(4)
            ready.signal()
            return code_of(irq.receive)

        waiting = worker(wait)
        ready.wait()
        User.after(1_000)
        if end == "delete":
            irq.delete()
        elif end == "unbind":
            irq.unbind()
        else:
            irq.bind(8)
        assert waiting.join() == 2004

    run(program)


def test_another_label_for_the_same_thread_does_not_disturb_its_wait(
    run: Run, worker: type[Worker]
) -> None:
    labels: list[int] = []

    def program() -> None:
        irq = Irq().create()
        ready = RSemaphore().create_local(0)

        def wait() -> None:
            irq.bind(4)
            ready.signal()
            labels.append(current_exec.get().ipc_wait((), -1, irq.handle)[2])

        waiting = worker(wait)
        ready.wait()
        User.after(1_000)
        irq.bind(8, waiting.thread.handle)
        irq.trigger()
        waiting.join()

    run(program)
    assert labels == [8]
