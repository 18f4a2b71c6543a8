"""Clients call components: the documentation's Calc and Counter, and how calls fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.current import current_exec
from userlib import RProcess, User
from userlib.l4re import (
    Cap,
    Env,
    L4Error,
    Loader,
    NoReply,
    Result,
    Semaphore,
    ServerLoop,
    Timeout,
    cap_of,
    current_call,
    invoke,
    ipc_server_loop_for,
    ipc_server_new_for,
    stop_server_loop,
)

if TYPE_CHECKING:
    from types import SimpleNamespace

    from eka import Kernel
    from tests.dialogue.l4re.conftest import CodeOf, Wiring, Worker
    from tools.pytest_plugin import Run

CALC = 0x1D91
NEVER = -1


def server() -> Cap:
    """The client's end of the channel."""
    return Env.current().get_cap("server")


def new_server_calc(calc: SimpleNamespace) -> Any:
    class server_Calc(calc.Calc):  # noqa: N801 - as in the documentation
        def add(self, left: int, right: int) -> int:
            return left + right

        def subtract(self, left: int, right: int) -> int:
            return left - right

        def multiply(self, left: int, right: int) -> int:
            return left * right

        def divide(self, numerator: int, denominator: int) -> int:
            if denominator == 0:
                raise L4Error(22)
            return numerator // denominator

    return server_Calc


def serve_calc(calc: SimpleNamespace) -> Any:
    return lambda: ipc_server_loop_for(calc.Calc, new_server_calc(calc)(), "server")


class Counting:
    """State of a counter."""

    count = 0


def new_server_counter(calc: SimpleNamespace) -> Any:
    class server_Counter(calc.Counter, Counting):  # noqa: N801
        def increment(self) -> int:
            self.count += 1
            return self.count

    return server_Counter


@pytest.mark.case("L4-43")
def test_the_four_operations_of_calc(wire: Wiring, calc: SimpleNamespace) -> None:
    found = []

    def client() -> None:
        it = calc.client_Calc(server())
        found.extend(
            [it.add(3, 4), it.subtract(3, 4), it.multiply(-3, 4), it.divide(7, 2)]
        )

    wire(serve_calc(calc), client)
    assert found == [7, -1, -12, 3]


@pytest.mark.case("L4-44")
def test_the_words_of_a_message_are_those_of_the_layout(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    seen: list[object] = []

    def serve() -> None:
        kernel = current_exec.get()
        kernel.gate_bind(kernel.env_get("server"), 0xFFFF8001, 0)
        request = kernel.ipc_wait((), NEVER, 0)
        seen.append(request[1])
        seen.append(request[3])
        seen.append(request[4])
        kernel.ipc_reply(0, 0, (7).to_bytes(8, "little"), ())

    def client() -> None:
        assert calc.client_Calc(server()).add(3, 4) == 7
        reply = server().call(CALC, b"", (), timeout=Timeout(snd=0))
        assert reply.label in {-2002, -2004}

    wire(serve, client)
    words = (0x0000000300000000).to_bytes(8, "little") + (4).to_bytes(8, "little")
    assert seen == [CALC, words, ()]


@pytest.mark.case("L4-44")
def test_the_reply_is_one_word_and_no_item(wire: Wiring, calc: SimpleNamespace) -> None:
    replies = []

    def client() -> None:
        words = (0x0000000300000000).to_bytes(8, "little") + (4).to_bytes(8, "little")
        replies.append(server().call(CALC, words))

    wire(serve_calc(calc), client)
    (reply,) = replies
    assert reply.label == 0
    assert reply.words == (7).to_bytes(8, "little")
    assert not reply.items


@pytest.mark.case("L4-45")
def test_two_clients_count_on_one_counter_in_turns(
    machine: Kernel, run: Run, calc: SimpleNamespace
) -> None:
    found: list[tuple[str, int]] = []

    def client() -> None:
        env, name = Env.current(), RProcess().command_line()
        mine, others = (Semaphore.of(env.get_cap(end)) for end in ("mine", "others"))
        counter = calc.client_Counter(server())
        for _ in range(100):
            mine.down()
            found.append((name, counter.increment()))
            others.up()

    def serve() -> None:
        ipc_server_loop_for(calc.Counter, new_server_counter(calc)(), "server")

    def ned() -> None:
        loader = Loader()
        with (
            loader.new_channel() as channel,
            Semaphore().create() as one,
            Semaphore().create() as two,
            loader.start("server", caps={"server": channel.svr()}),
        ):
            turns = {"one": (one, two), "two": (two, one)}
            apps = [
                loader.start(
                    "client",
                    name,
                    {"server": channel, "mine": mine, "others": others},
                )
                for name, (mine, others) in turns.items()
            ]
            one.up()
            for app in apps:
                assert app.wait() == 0
                app.close()

    machine.register("server", serve)
    machine.register("client", client)
    run(ned)
    assert found == [(("one", "two")[number % 2], number + 1) for number in range(200)]


def test_two_clients_that_count_at_once_get_each_number_once(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    found: list[int] = []

    def client() -> None:
        counter = calc.client_Counter(server())
        found.extend(counter.increment() for _ in range(100))

    def serve() -> int:
        return ipc_server_loop_for(calc.Counter, new_server_counter(calc)(), "server")

    wire(serve, client, client)
    assert sorted(found) == list(range(1, 201))


@pytest.mark.case("L4-46")
def test_two_objects_on_two_gates_count_separately(
    run: Run, calc: SimpleNamespace, worker: type[Worker]
) -> None:
    def program() -> None:
        caps: list[Cap] = []

        def serve() -> None:
            with ServerLoop() as loop:
                counters = [new_server_counter(calc)() for _ in range(2)]
                caps.extend(loop.register(calc.Counter, one) for one in counters)
                loops.append(loop)
                loop.run()

        loops: list[ServerLoop] = []
        serving = worker(serve)
        User.after(1_000)
        first, second = (calc.client_Counter(cap) for cap in caps)
        assert [first.increment() for _ in range(3)] == [1, 2, 3]
        assert second.increment() == 1
        assert first.increment() == 4
        loops[0].stop()
        assert serving.join() is None

    run(program)


@pytest.mark.case("L4-47")
def test_a_client_that_starts_first_waits_for_the_server(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    times = []

    def serve() -> int:
        User.after(50_000)
        return serve_calc(calc)()

    def patient() -> None:
        assert calc.client_Calc(server()).add(1, 2) == 3
        times.append(current_exec.get().time_uptime())

    def hasty() -> None:
        impatient = calc.client_Calc(server(), timeout=Timeout(snd=0))
        assert code_of(impatient.add, 1, 2) == 2002

    wire(serve, hasty, patient)
    assert len(times) == 1
    assert times[0] >= 50_000


@pytest.mark.case("L4-48")
def test_an_l4_error_of_the_server_is_the_clients(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    def client() -> None:
        it = calc.client_Calc(server())
        assert code_of(it.divide, 1, 0) == 22
        assert it.add(1, 1) == 2

    wire(serve_calc(calc), client)


@pytest.mark.case("L4-49", "L4-50")
def test_mistakes_of_the_server_are_answered_and_the_loop_lives(
    run: Run, calc: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    heard: list[Exception] = []

    class Bad(new_server_calc(calc)):  # type: ignore[misc]
        def divide(self, numerator: int, denominator: int) -> int:
            return numerator // denominator

        def add(self, left: int, right: int) -> int:
            return 2**31

    def program() -> None:
        loops: list[ServerLoop] = []
        caps: list[Cap] = []

        def serve() -> None:
            with ServerLoop(on_error=heard.append) as loop:
                caps.append(loop.register(calc.Calc, Bad()))
                loops.append(loop)
                loop.run()

        serving = worker(serve)
        User.after(1_000)
        it = calc.client_Calc(caps[0])
        assert code_of(it.divide, 1, 0) == 5
        assert code_of(it.add, 1, 1) == 34
        assert it.subtract(5, 3) == 2
        loops[0].stop()
        serving.join()

    run(program)
    assert [type(error) for error in heard] == [ZeroDivisionError, OverflowError]


def test_a_loop_for_one_object_tells_of_its_mistakes_too(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    heard: list[str] = []

    class Bad(new_server_calc(calc)):  # type: ignore[misc]
        def add(self, left: int, right: int) -> Any:
            return left, right

        def divide(self, numerator: int, denominator: int) -> int:
            raise KeyError(denominator)

    def hear(error: Exception) -> None:
        heard.append(f"{type(error).__name__}: {error}")

    def serve() -> int:
        return ipc_server_loop_for(calc.Calc, Bad(), "server", on_error=hear)

    def client() -> None:
        it = calc.client_Calc(server())
        alone = calc.client_Calc(ipc_server_new_for(calc.Calc, Bad(), on_error=hear))
        for one in (it, alone):
            assert code_of(one.add, 1, 2) == 34
            assert code_of(one.divide, 1, 2) == 5

    wire(serve, client)
    assert heard == ["TypeError: result must be an int, not tuple", "KeyError: 2"] * 2


@pytest.mark.case("L4-51")
def test_a_value_out_of_range_is_refused_before_anything_is_sent(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    calls = []

    class Watched(new_server_calc(calc)):  # type: ignore[misc]
        def add(self, left: int, right: int) -> int:
            calls.append(left)
            return 0

    def client() -> None:
        it = calc.client_Calc(server())
        with pytest.raises(OverflowError):
            it.add(2**31, 0)
        with pytest.raises(TypeError):
            it.add("3", 0)
        assert it.subtract(1, 1) == 0

    wire(lambda: ipc_server_loop_for(calc.Calc, Watched(), "server"), client)
    assert calls == []


@pytest.mark.case("L4-52", "L4-53")
def test_bad_requests_are_answered_before_the_operation(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    entered = []

    class Watched(new_server_calc(calc)):  # type: ignore[misc]
        def add(self, left: int, right: int) -> int:
            entered.append((left, right))
            return left + right

    def word(*values: int) -> bytes:
        return b"".join(value.to_bytes(8, "little") for value in values)

    def client() -> None:
        gate = server()
        assert gate.call(CALC, b"").label == -1001
        assert gate.call(CALC, word(99)).label == -38
        assert gate.call(5, word(0)).label == -39
        assert gate.call(0, word(0)).label == -39
        assert gate.call(CALC, word(3 << 32)).label == -1001
        assert entered == []
        reply = gate.call(CALC, word(3 << 32, 4, 0, 0, 0))
        assert (reply.label, reply.words) == (0, word(7))

    wire(lambda: ipc_server_loop_for(calc.Calc, Watched(), "server"), client)
    assert entered == [(3, 4)]


@pytest.mark.case("L4-54")
def test_a_client_that_gives_up_does_no_harm(
    run: Run, calc: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    heard: list[Exception] = []

    class Slow(new_server_calc(calc)):  # type: ignore[misc]
        def add(self, left: int, right: int) -> int:
            User.after(200_000)
            return left + right

    def program() -> None:
        loops: list[ServerLoop] = []
        caps: list[Cap] = []

        def serve() -> None:
            with ServerLoop(on_error=heard.append) as loop:
                caps.append(loop.register(calc.Calc, Slow()))
                loops.append(loop)
                loop.run()

        serving = worker(serve)
        User.after(1_000)
        hasty = calc.client_Calc(caps[0], timeout=Timeout(rcv=0.05))
        assert code_of(hasty.add, 1, 1) == 2003
        assert calc.client_Calc(caps[0]).subtract(4, 1) == 3
        loops[0].stop()
        serving.join()

    run(program)
    assert [str(error) for error in heard] == ["L4_IPC_ENOT_EXISTENT (2004)"]


def new_trial(trial: SimpleNamespace, **methods: Any) -> Any:
    """An object of Trial with some operations that do something."""
    names = "answer change give later later_nothing positive shout take take_two"
    body: dict[str, Any] = {name: lambda _self, *_: None for name in names.split()}
    return type("server_Trial", (trial.Trial,), {**body, **methods})()


@pytest.mark.case("L4-55")
def test_a_positive_result(wire: Wiring, trial: SimpleNamespace) -> None:
    def serve() -> int:
        obj = new_trial(trial, positive=lambda _self: Result(5, ()))
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        it = trial.client_Trial(server())
        assert invoke(it, "positive") == Result(5, ())
        assert it.positive() is None

    wire(serve, client)


@pytest.mark.case("L4-56")
def test_a_oneway_operation(wire: Wiring, trial: SimpleNamespace) -> None:
    order: list[object] = []

    def shout(_self: object, x: int) -> None:
        User.after(10_000)
        order.append(x)
        if x == 2:
            raise L4Error(22)
        if x == 3:
            raise ValueError(x)

    def serve() -> int:
        obj = new_trial(trial, shout=shout, answer=lambda _self, x: x + 1)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        it = trial.client_Trial(server())
        assert it.shout(1) is None
        order.append("returned")
        it.shout(2)
        it.shout(3)
        assert it.answer(1) == 2  # the loop lives
        opcode = int(trial.Trial_opcode.SHOUT)
        words = opcode.to_bytes(4, "little") + (4).to_bytes(4, "little")
        called = server().call(0x2001, words, timeout=Timeout(rcv=0.5))
        assert called.label == -2003

    wire(serve, client)
    assert order == ["returned", 1, 2, 3, 4]


@pytest.mark.case("L4-57")
@pytest.mark.parametrize(("letters", "code"), [("r", 1), ("rw", 0)])
def test_an_operation_that_wants_rights(
    wire: Wiring, trial: SimpleNamespace, letters: str, code: int, code_of: CodeOf
) -> None:
    seen = []

    def change(_self: object) -> None:
        call = current_call()
        seen.append((call.rights, call.protocol, call.opcode))

    def serve() -> int:
        obj = new_trial(trial, change=change)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        assert code_of(trial.client_Trial(server()).change) == code

    wire(serve, client, mode=lambda cap: cap.mode(letters))
    opcode = int(trial.Trial_opcode.CHANGE)
    assert seen == ([] if code else [(1, 0x2001, opcode)])


@pytest.mark.case("L4-58")
def test_what_is_no_object_of_the_interface_is_refused_before_binding(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    def serve() -> None:
        User.after(1_000)
        with pytest.raises(TypeError):
            ipc_server_loop_for(calc.Calc, object(), "server")
        with pytest.raises(TypeError):
            ipc_server_loop_for(object, new_server_calc(calc)(), "server")
        assert current_exec.get().gate_info(server().handle)[2] == 0  # unbound
        User.after(20_000)

    def client() -> None:
        waiting = calc.client_Calc(server(), timeout=Timeout(snd=0.01))
        assert code_of(waiting.add, 1, 1) == 2002

    wire(serve, client)


@pytest.mark.case("L4-59")
def test_a_name_that_is_absent(run: Run, calc: SimpleNamespace) -> None:
    def program() -> None:
        obj = new_server_calc(calc)()
        assert ipc_server_loop_for(calc.Calc, obj, "nothing") == -2

    run(program)


@pytest.mark.case("L4-60")
def test_a_capability_that_is_not_to_be_served(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    results = []

    def serve() -> None:
        results.append(serve_calc(calc)())
        User.after(50_000)

    def client() -> None:
        waiting = calc.client_Calc(server(), timeout=Timeout(snd=0.01))
        assert code_of(waiting.add, 1, 1) == 2002

    wire(serve, client, svr=lambda cap: cap.mode("rs"))
    assert results == [-1]


@pytest.mark.case("L4-61")
def test_a_loop_that_is_stopped_leaves_its_gate_unbound(
    wire: Wiring, calc: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    results = []

    def serve() -> None:
        def stop_later() -> None:
            User.after(10_000)
            stop_server_loop()

        stopper = worker(stop_later)
        results.append(serve_calc(calc)())
        stopper.join()
        User.after(50_000)
        results.append(serve_calc(calc)())

    def client() -> None:
        it = calc.client_Calc(server())
        assert it.add(1, 1) == 2
        User.after(20_000)
        hasty = calc.client_Calc(server(), timeout=Timeout(snd=0.001))
        assert code_of(hasty.add, 1, 1) == 2002
        assert it.add(2, 2) == 4  # it waited for the second loop

    wire(serve, client)
    assert results == [0]


@pytest.mark.case("L4-62")
def test_local_objects_and_clients_are_interchangeable(
    wire: Wiring, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    def work(it: Any) -> list[int]:
        return [it.add(3, 4), it.divide(9, 2), code_of(it.divide, 1, 0)]

    def client() -> None:
        remote = calc.client_Calc(server())
        assert work(remote) == work(new_server_calc(calc)()) == [7, 4, 22]
        assert cap_of(remote)

    wire(serve_calc(calc), client)


@pytest.mark.case("L4-63")
def test_the_c_style_passes_the_reference(wire: Wiring, calc: SimpleNamespace) -> None:
    state = [0]
    seen = []

    def increment(_self: Any) -> tuple[int, int]:
        seen.append(_self)
        _self.ptr[0] += 1
        return 0, _self.ptr[0]

    def serve() -> int:
        obj = calc.object_Counter(
            calc.ref_Counter(ptr=state), calc.iface_Counter(increment=increment)
        )
        return ipc_server_loop_for(calc.Counter, obj, "server")

    def client() -> None:
        it = calc.client_Counter(server())
        assert [it.increment(), it.increment()] == [1, 2]
        ref = calc.ref_Counter(cap=server())
        assert calc.client_iface_Counter.increment(ref) == (0, 3)

    wire(serve, client)
    assert all(isinstance(one, calc.ref_Counter) for one in seen)
    assert all(one.ptr is state for one in seen)
    assert len(seen) == 3


@pytest.mark.case("L4-95")
@pytest.mark.parametrize("way", ["loop_for", "ServerLoop"])
@pytest.mark.parametrize("order", ["first", "last"])
def test_an_object_with_other_parts_is_seen_whole(
    run: Run, calc: SimpleNamespace, worker: type[Worker], way: str, order: str
) -> None:
    class Other:
        def __init__(self) -> None:
            super().__init__()
            self.name = "untouched"
            self.seen: list[int] = []

    server_calc = new_server_calc(calc)
    bases = (server_calc, Other) if order == "first" else (Other, server_calc)

    def add(self: Any, left: int, right: int) -> int:
        self.seen.append(left)
        assert self.name == "untouched"
        return left + right + self.bias

    made: Any = type("Mixed", bases, {"add": add, "bias": 100})
    obj = made()

    def program() -> None:
        with Loader().new_channel() as channel:
            Env.current().set_cap("server", channel.svr())
            loops: list[ServerLoop] = []

            def serve() -> None:
                if way == "loop_for":
                    assert ipc_server_loop_for(calc.Calc, obj, "server") == 0
                    return
                with ServerLoop() as loop:
                    loop.register(calc.Calc, obj, "server")
                    loops.append(loop)
                    loop.run()

            serving = worker(serve)
            it = calc.client_Calc(channel)
            assert [it.add(1, 2), it.subtract(5, 1)] == [103, 4]
            assert [it.multiply(2, 3), it.divide(7, 2)] == [6, 3]
            for loop in loops:
                loop.stop()
            stop_server_loop()
            assert serving.join() is None

    run(program)
    assert (obj.name, obj.seen) == ("untouched", [1])


def test_an_operation_may_say_no_reply(
    wire: Wiring, trial: SimpleNamespace, code_of: CodeOf
) -> None:
    def serve() -> int:
        obj = new_trial(trial, later_nothing=lambda _self: NoReply)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        hasty = trial.client_Trial(server(), timeout=Timeout(rcv=0.01))
        assert code_of(hasty.later_nothing) == 2003

    wire(serve, client)
