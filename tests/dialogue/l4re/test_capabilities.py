"""Capabilities in messages, lifetimes of objects, deferred answers, and interrupts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.config import Executable
from kernel.abi.current import current_exec
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from userlib import RThread, User
from userlib.l4re import (
    Cap,
    Completion,
    Env,
    ExpectedItems,
    Irq,
    Loader,
    Rights,
    Semaphore,
    ServerLoop,
    Timeout,
    ipc_server_loop_for,
    ipc_server_new_for,
    server_config,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from eka import Kernel
    from tests.dialogue.l4re.conftest import CodeOf, Wiring, Worker
    from tools.pytest_plugin import Run

OPERATIONS = "answer change give later later_nothing positive shout take take_two"
ME = 0xFFFF8001


def server() -> Cap:
    return Env.current().get_cap("server")


def new_trial(trial: SimpleNamespace, **methods: Any) -> Any:
    """An object of Trial with some operations that do something."""
    body: dict[str, Any] = {name: lambda _self, *_: None for name in OPERATIONS.split()}
    return type("server_Trial", (trial.Trial,), {**body, **methods})()


def new_counter(calc: SimpleNamespace, deleted: list[object]) -> Any:
    class server_Counter(calc.Counter):  # noqa: N801
        count = 0

        def increment(self) -> int:
            self.count += 1
            return self.count

        def gate_deleted(self) -> None:
            deleted.append(self)

    return server_Counter()


class Served:
    """A loop on a thread of the calling program."""

    def __init__(
        self, worker: type[Worker], fill: Callable[[ServerLoop], object]
    ) -> None:
        self.heard: list[Exception] = []
        self.loops: list[ServerLoop] = []
        self._fill = fill
        self._worker = worker(self._serve)
        User.after(1_000)

    def _serve(self) -> None:
        with ServerLoop(on_error=self.heard.append) as loop:
            self._fill(loop)
            self.loops.append(loop)
            loop.run()

    def stop(self) -> None:
        self.loops[0].stop()
        assert self._worker.join() is None


@pytest.mark.case("L4-70")
def test_an_operation_gives_a_new_object(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    def serve() -> None:
        with ServerLoop() as loop:

            def give(_self: object, _which: int) -> Cap:
                return loop.register(calc.Counter, new_counter(calc, []))

            loop.register(trial.Trial, new_trial(trial, give=give), "server")
            loop.run()

    def client() -> None:
        factory = trial.client_Trial(server())
        with factory.give(0) as first, factory.give(0) as second:
            assert first
            assert not first.equals(second)
            counters = [calc.client_Counter(first), calc.client_Counter(second)]
            assert [one.increment() for one in (*counters, counters[0])] == [1, 1, 2]

    wire(serve, client)


@pytest.mark.case("L4-71")
@pytest.mark.parametrize(("letters", "rights"), [("r", Rights.RW), ("rws", Rights.RWS)])
def test_rights_of_what_a_server_returns_are_cut_by_the_clients_capability(
    wire: Wiring, trial: SimpleNamespace, letters: str, rights: Rights
) -> None:
    def serve() -> None:
        with ServerLoop() as loop:
            gate = Loader().new_channel()

            def give(_self: object, _which: int) -> Cap:
                return gate.with_rights("rws")

            loop.register(trial.Trial, new_trial(trial, give=give), "server")
            loop.run()

    def client() -> None:
        with trial.client_Trial(server()).give(0) as cap:
            assert cap.rights() == rights

    wire(serve, client, mode=lambda cap: cap.mode(letters))


@pytest.mark.case("L4-72", "L4-73")
def test_invalid_capabilities(
    wire: Wiring, trial: SimpleNamespace, code_of: CodeOf
) -> None:
    taken: list[object] = []

    def take(_self: object, thing: Cap) -> int:
        taken.append(thing)
        return 0

    def serve() -> int:
        obj = new_trial(trial, give=lambda _self, _which: Cap(), take=take)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        it = trial.client_Trial(server())
        got = it.give(0)
        assert not got
        assert isinstance(got, Cap)
        assert code_of(it.take, Cap()) == 1003
        assert it.positive() is None

    wire(serve, client)
    assert taken == []


@pytest.mark.case("L4-74")
def test_an_item_that_the_loop_did_not_declare(
    run: Run, trial: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    def program() -> None:
        caps: list[Cap] = []
        obj = new_trial(trial, take=lambda _self, _thing: 1)

        def fill(loop: ServerLoop) -> None:
            config = server_config(trial.Trial)
            one = config._replace(expected=ExpectedItems(caps=1))
            caps.append(loop.register_config(obj, one))

        served = Served(worker, fill)
        it = trial.client_Trial(caps[0])
        with Loader().new_channel() as thing:
            assert code_of(it.take_two, thing, thing) == 2008
            assert it.take(thing) == 1  # the loop lives
        assert [error.ipc_code for error in served.heard] == [9]  # type: ignore[attr-defined]
        served.stop()

    run(program)


@pytest.mark.case("L4-75")
def test_a_server_recognises_its_own_object(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    def serve() -> None:
        with ServerLoop() as loop:
            counter = new_counter(calc, [])
            own = loop.register(calc.Counter, counter)

            def take(_self: object, thing: Cap) -> int:
                if thing.local_object is None:
                    return 0
                assert thing.local_object is counter
                assert thing.equals(own)
                return 1

            obj = new_trial(trial, give=lambda _self, _which: own, take=take)
            loop.register(trial.Trial, obj, "server")
            loop.run()

    def client() -> None:
        it = trial.client_Trial(server())
        with it.give(0) as own, Loader().new_channel() as other:
            assert it.take(own) == 1
            assert it.take(other) == 0

    wire(serve, client)


@pytest.mark.case("L4-76")
def test_a_capability_lasts_as_long_as_the_operation_unless_kept(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace, code_of: CodeOf
) -> None:
    taken: list[Cap] = []
    usable: list[bool] = []

    def take(_self: object, thing: Cap) -> int:
        assert thing.is_valid()
        taken.append(thing.keep() if len(taken) == 1 else thing)
        return len(taken)

    def answer(_self: object, x: int) -> int:
        usable.append(bool(taken[x]) and taken[x].is_valid())
        return code_of(lambda: calc.client_Counter(taken[x], Timeout(0, 0)).increment())

    def serve() -> int:
        obj = new_trial(trial, take=take, answer=answer)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        it = trial.client_Trial(server())
        with Loader().new_channel() as thing:
            assert [it.take(thing) for _ in range(4)] == [1, 2, 3, 4]
            assert it.answer(0) == 2004
            assert it.answer(1) == 2002  # there, and nobody serves it
            assert it.answer(3) == 2004
            assert it.take(thing) == 5
            assert it.answer(1) == 2002

    wire(serve, client)
    assert usable == [False, True, False, True]
    assert taken[1].handle


@pytest.mark.case("L4-77")
def test_a_grant_moves_the_capability(wire: Wiring, trial: SimpleNamespace) -> None:
    def take(_self: object, thing: Cap) -> int:
        return int(thing.keep().is_valid())

    def serve() -> int:
        return ipc_server_loop_for(trial.Trial, new_trial(trial, take=take), "server")

    def client() -> None:
        thing = Loader().new_channel()
        assert trial.client_Trial(server()).take(thing.grant()) == 1
        assert not thing.is_valid()

    wire(serve, client)


@pytest.mark.case("L4-78")
def test_an_object_goes_with_its_last_client(
    run: Run, calc: SimpleNamespace, worker: type[Worker]
) -> None:
    deleted: list[object] = []
    counter = new_counter(calc, deleted)

    def objects() -> int:
        return current_exec.get().debug_heap_cells()

    def program() -> None:
        caps: list[Cap] = []
        served = Served(
            worker, lambda loop: caps.append(loop.register(calc.Counter, counter))
        )
        own = caps[0]
        first = Cap(current_exec.get().cap_duplicate(own.handle, int(Rights.R)))
        second = first.duplicate()
        assert calc.client_Counter(first).increment() == 1
        before = objects()
        first.close()
        User.after(1_000)
        assert deleted == []
        assert calc.client_Counter(second).increment() == 2
        second.close()
        User.after(1_000)
        assert deleted == [counter]
        assert not own.is_valid()
        assert objects() < before
        served.stop()
        assert deleted == [counter]

    run(program)


@pytest.mark.case("L4-78")
def test_an_object_that_programs_share_goes_with_the_last_of_them(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    deleted: list[object] = []
    when_one_released: list[list[object]] = []
    own: list[Cap] = []

    def give(_self: object, which: int) -> Cap:
        if not own:
            own.append(loops[0].register(calc.Counter, new_counter(calc, deleted)))
        return own[which]

    def answer(_self: object, _x: int) -> int:
        """How many objects the kernel has, and whether the gate is among them."""
        return current_exec.get().debug_heap_cells() << 1 | own[0].is_valid()

    loops: list[ServerLoop] = []

    def serve() -> None:
        with ServerLoop() as loop:
            loops.append(loop)
            obj = new_trial(trial, give=give, answer=answer)
            loop.register(trial.Trial, obj, "server")
            loop.run()

    def first() -> None:
        factory = trial.client_Trial(server())
        counter = factory.give(0)
        assert calc.client_Counter(counter).increment() == 1
        User.after(20_000)
        when_one_released.append(list(deleted))
        counter.close()

    def second() -> None:
        User.after(10_000)
        factory = trial.client_Trial(server())
        counter = factory.give(0)
        assert calc.client_Counter(counter).increment() == 2
        User.after(20_000)  # the other one has released it
        assert deleted == []
        assert calc.client_Counter(counter).increment() == 3
        before = factory.answer(0)
        counter.close()
        User.after(1_000)
        after = factory.answer(0)
        assert (before & 1, after & 1) == (1, 0)
        assert after >> 1 < before >> 1
        assert len(deleted) == 1

    wire(serve, first, second)
    assert len(deleted) == 1
    assert when_one_released == [[]]


def test_an_object_that_never_arrives_goes_at_once(
    run: Run, calc: SimpleNamespace, trial: SimpleNamespace, code_of: CodeOf
) -> None:
    """Its maker has only a capability that does not count: it would stay for ever."""
    deleted: list[object] = []
    heard: list[Exception] = []

    def program() -> None:
        gate = Loader().new_channel()
        Env.current().set_cap("server", gate)
        loops: list[ServerLoop] = []

        def give(_self: object, _which: int) -> Cap:
            User.after(200_000)
            return loops[0].register(calc.Counter, new_counter(calc, deleted))

        def serve() -> None:
            with ServerLoop(on_error=heard.append) as loop:
                loops.append(loop)
                obj = new_trial(trial, give=give)
                loop.register(trial.Trial, obj, "server")
                RThread.rendezvous(0)
                loop.run()

        with RThread().launch("", serve):
            impatient = trial.client_Trial(gate, timeout=Timeout(None, 0.1))
            assert code_of(impatient.give, 0) == 2003
            User.after(500_000)
            assert len(deleted) == 1
            assert [str(error) for error in heard] != []
            patient = trial.client_Trial(gate)
            with patient.give(0) as counter:
                assert calc.client_Counter(counter).increment() == 1
            User.after(500_000)
            assert len(deleted) == 2
            protocol, give_it = trial.Trial.INFO.operation("give")
            words = give_it.opcode.to_bytes(8, "little")
            assert gate.send(protocol, words) == 0  # nobody waits for a reply
            User.after(500_000)
            assert len(deleted) == 3
            loops[0].stop()

    run(program)


@pytest.mark.case("L4-79")
def test_a_dead_client_lets_all_its_objects_go(
    machine: Kernel, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    deleted: list[object] = []
    got: list[int] = []

    def serve() -> None:
        with ServerLoop() as loop:

            def give(_self: object, _which: int) -> Cap:
                return loop.register(calc.Counter, new_counter(calc, deleted))

            loop.register(trial.Trial, new_trial(trial, give=give), "server")
            loop.run()

    def client() -> None:
        factory = trial.client_Trial(server())
        caps = [factory.give(number) for number in range(100)]
        got.append(len({cap.handle for cap in caps}))
        User.after(1_000_000_000)

    def ned() -> None:
        loader = Loader()
        with loader.new_channel() as channel:
            serving = loader.start("server", caps={"server": channel.svr()})
            using = loader.start("client", caps={"server": channel})
            User.after(1_000_000)
            assert (got, deleted) == ([100], [])
            kernel = current_exec.get()
            before = kernel.debug_heap_cells()
            using.kill(3)
            assert using.wait() == 3
            User.after(1_000_000)
            assert len(deleted) == 100
            assert kernel.debug_heap_cells() <= before - 100
            using.close()
            serving.close()

    machine.register("server", serve)
    machine.register("client", client)
    image = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))
    machine.register("ned", Executable(ned, image))
    assert machine.run("ned").reason == 0
    machine.debug.check()
    assert len({id(one) for one in deleted}) == 100


@pytest.mark.case("L4-80")
def test_a_call_on_a_closed_capability(
    run: Run, calc: SimpleNamespace, code_of: CodeOf
) -> None:
    def program() -> None:
        cap = Loader().new_channel()
        it = calc.client_Calc(cap)
        cap.close()
        assert code_of(it.add, 1, 1) == 2004

    run(program)


@pytest.mark.case("L4-81")
def test_what_the_death_of_a_server_thread_looks_like(
    run: Run, trial: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    entered: list[int] = []

    def answer(_self: object, x: int) -> int:
        entered.append(x)
        User.after(1_000_000_000)
        return x

    def program() -> None:
        with Loader().new_channel() as channel:
            Env.current().set_cap("server", channel.svr())
            obj = new_trial(trial, answer=answer)
            serving = RThread().create(
                "serving",
                lambda: ipc_server_loop_for(trial.Trial, obj, "server") and None,
            )
            serving.resume()
            it = trial.client_Trial(channel)
            waiting = worker(code_of, it.answer, 1)
            User.after(1_000)
            queued = worker(code_of, it.answer, 2)
            User.after(1_000)
            serving.kill(0)
            assert waiting.join() == 2015
            assert queued.join() == 2006
            assert code_of(it.answer, 3) == 2004
            serving.close()

    run(program)
    assert entered == [1]


@pytest.mark.case("L4-82")
def test_binding_is_refused_as_in_the_original(run: Run) -> None:
    def program() -> None:
        kernel = current_exec.get()
        with Loader().new_channel() as channel:
            assert kernel.gate_bind(channel.handle, ME, 2) == -22
            with channel.duplicate(Rights.RW | Rights.C) as weak:
                assert kernel.gate_bind(weak.handle, ME, 4) == -1

    run(program)


@pytest.mark.case("L4-83")
def test_fifty_clients_and_four_objects_on_one_loop(
    run: Run, trial: SimpleNamespace, worker: type[Worker]
) -> None:
    running: list[int] = []
    overlaps: list[int] = []

    def answer(_self: object, x: int) -> int:
        running.append(x)
        if len(running) > 1:
            overlaps.append(x)
        current_exec.get().time_uptime()  # others may run here
        running.remove(x)
        return x * 3

    def program() -> None:
        caps: list[Cap] = []

        def fill(loop: ServerLoop) -> None:
            caps.extend(
                loop.register(trial.Trial, new_trial(trial, answer=answer))
                for _ in range(4)
            )

        served = Served(worker, fill)

        def client(number: int) -> bool:
            it = trial.client_Trial(caps[number % 4])
            asked = range(number * 1000, number * 1000 + 200)
            return all(it.answer(x) == x * 3 for x in asked)

        clients = [worker(client, number) for number in range(50)]
        assert [one.join() for one in clients] == [True] * 50
        served.stop()

    run(program)
    assert overlaps == []


@pytest.mark.case("L4-84")
def test_deferred_answers_in_any_order(
    run: Run, calc: SimpleNamespace, trial: SimpleNamespace, worker: type[Worker]
) -> None:
    held: dict[int, Completion] = {}

    def later(_self: object, who: int, completion: Completion) -> None:
        held[who] = completion

    def program() -> None:
        caps: list[Cap] = []

        def fill(loop: ServerLoop) -> None:
            caps.append(loop.register(trial.Trial, new_trial(trial, later=later)))
            caps.append(loop.register(calc.Counter, new_counter(calc, [])))

        served = Served(worker, fill)
        it = trial.client_Trial(caps[0])
        clients = [worker(it.later, who) for who in (1, 2, 3)]
        User.after(1_000)
        assert sorted(held) == [1, 2, 3]
        assert calc.client_Counter(caps[1]).increment() == 1  # served meanwhile
        for who in (3, 2, 1):
            assert held[who].reply(who * 10)
        assert [client.join() for client in clients] == [10, 20, 30]
        served.stop()

    run(program)


@pytest.mark.case("L4-85")
def test_a_completion_dropped_or_used_twice(
    run: Run, trial: SimpleNamespace, worker: type[Worker], code_of: CodeOf
) -> None:
    held: list[Completion] = []
    codes: list[int] = []

    def later(_self: object, who: int, completion: Completion) -> None:
        if who == 1:
            return  # dropped
        if who == 2:
            assert completion.reply(20)
            codes.append(code_of(completion.reply, 21))
        if who == 3:
            held.append(completion)

    def program() -> None:
        caps: list[Cap] = []
        obj = new_trial(trial, later=later)
        served = Served(
            worker, lambda loop: caps.append(loop.register(trial.Trial, obj))
        )
        it = trial.client_Trial(caps[0])
        assert code_of(it.later, 1) == 1005
        assert it.later(2) == 20
        hasty = trial.client_Trial(caps[0], Timeout(rcv=0.001))
        assert code_of(hasty.later, 3) == 2003
        assert held[0].reply(30) is False  # the caller has gone
        served.stop()

    run(program)
    assert codes == [2004]


@pytest.mark.case("L4-86")
def test_an_irq_calls_its_handler_once_for_what_merged(
    run: Run, worker: type[Worker]
) -> None:
    calls: list[str] = []

    def program() -> None:
        irqs: list[Irq] = []
        ready = Semaphore().create()
        go = Semaphore().create()

        def serve() -> None:
            with ServerLoop() as loop:
                irqs.append(loop.register_irq(lambda: calls.append("handled")))
                loops.append(loop)
                ready.up()
                go.down()
                loop.run()

        loops: list[ServerLoop] = []
        serving = worker(serve)
        ready.down()
        for _ in range(5):
            irqs[0].trigger()
        go.up()
        User.after(1_000)
        assert calls == ["handled"]
        irqs[0].trigger()
        User.after(1_000)
        assert calls == ["handled"] * 2
        loops[0].stop()
        serving.join()
        ready.close()
        go.close()

    run(program)


def test_an_irq_that_is_unregistered_is_heard_no_more(
    run: Run, worker: type[Worker]
) -> None:
    heard: list[str] = []

    def program() -> None:
        ready = Semaphore().create()
        irqs: dict[str, Irq] = {}
        loops: list[ServerLoop] = []

        def serve() -> None:
            with ServerLoop() as loop:
                for name in ("left", "right"):
                    irqs[name] = loop.register_irq(lambda name=name: heard.append(name))
                for irq in irqs.values():
                    irq.trigger()
                loop.unregister_irq(irqs["left"])
                assert not irqs["left"]
                loops.append(loop)
                ready.up()
                loop.run()

        serving = worker(serve)
        ready.down()
        irqs["right"].trigger()
        User.after(1_000)
        loops[0].stop()
        assert serving.join() is None
        ready.close()

    run(program)
    assert set(heard) == {"right"}


def test_a_thread_of_its_own_lives_as_long_as_the_object_is_used(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    deleted: list[object] = []

    def serve() -> int:
        def give(_self: object, _which: int) -> Cap:
            return ipc_server_new_for(calc.Counter, new_counter(calc, deleted))

        obj = new_trial(trial, give=give)
        return ipc_server_loop_for(trial.Trial, obj, "server")

    def client() -> None:
        objects = current_exec.get().debug_heap_cells
        factory = trial.client_Trial(server())
        factory.positive()
        before = objects()
        with factory.give(0) as cap:
            assert calc.client_Counter(cap).increment() == 1
            assert objects() > before
        User.after(1_000)
        assert objects() == before

    wire(serve, client)
    assert len(deleted) == 1


def test_a_semaphore_counts_and_times_out(
    run: Run, worker: type[Worker], code_of: CodeOf
) -> None:
    def program() -> None:
        with Semaphore().create() as semaphore:
            assert code_of(semaphore.down, 0) == 2003
            assert code_of(semaphore.down, 0.01) == 2003
            semaphore.up()
            semaphore.up()
            semaphore.down()
            semaphore.down(0)
            waiting = worker(semaphore.down)
            User.after(1_000)
            semaphore.up()
            assert waiting.join() is None

    run(program)
