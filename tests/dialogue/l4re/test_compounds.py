"""Compound interfaces: several components behind one gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servers.l4fs.mapped_file_object_interface import MappedFileObject
from tools.idl.compilation import compile_file
from userlib import RThread, User
from userlib.l4re import (
    Env,
    L4Error,
    Loader,
    ServerLoop,
    Timeout,
    interfaces_of,
    ipc_server_loop_for,
    supports,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import SimpleNamespace

    from tests.dialogue.l4re.conftest import Wiring
    from tools.pytest_plugin import Run

META = -21


def word(*values: int) -> bytes:
    return b"".join(value.to_bytes(8, "little", signed=True) for value in values)


def server() -> Any:
    return Env.current().get_cap("server")


def new_calc_counter(calc: SimpleNamespace) -> Any:
    class server_CalcCounter(calc.CalcCounter):  # noqa: N801
        counter = 0

        def add(self, left: int, right: int) -> int:
            return left + right

        def subtract(self, left: int, right: int) -> int:
            return left - right

        def multiply(self, left: int, right: int) -> int:
            return left * right

        def divide(self, numerator: int, denominator: int) -> int:
            return numerator // denominator

        def increment(self) -> int:
            self.counter += 1
            return self.counter

    return server_CalcCounter()


@pytest.mark.case("L4-64")
def test_a_compound_is_each_of_its_components(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    found: list[int] = []

    def client() -> None:
        both = calc.client_CalcCounter(server())
        found.extend([both.add(3, 4), both.increment()])
        found.append(calc.client_Calc(server()).multiply(3, 4))
        found.append(calc.client_Counter(server()).increment())
        assert not hasattr(calc.client_Calc(server()), "increment")
        assert not hasattr(calc.client_Counter(server()), "add")

    def serve() -> int:
        obj = new_calc_counter(calc)
        return ipc_server_loop_for(calc.CalcCounter, obj, "server")

    wire(serve, client)
    assert found == [7, 1, 12, 2]


@pytest.mark.case("L4-65")
def test_each_function_of_a_c_style_compound_gets_its_components_reference(
    wire: Wiring, calc: SimpleNamespace
) -> None:
    counter = [41]
    seen: list[Any] = []

    def increment(_self: Any) -> tuple[int, int]:
        seen.append(_self)
        _self.ptr[0] += 1
        return 0, _self.ptr[0]

    def add(_self: Any, left: int, right: int) -> tuple[int, int]:
        seen.append(_self)
        return 0, left + right

    def serve() -> int:
        ref = calc.ref_CalcCounter(as_Counter=calc.ref_Counter(ptr=counter))
        iface = calc.iface_CalcCounter(
            to_Calc=calc.iface_Calc(add=add, subtract=add, multiply=add, divide=add),
            to_Counter=calc.iface_Counter(increment=increment),
        )
        obj = calc.object_CalcCounter(ref, iface)
        return ipc_server_loop_for(calc.CalcCounter, obj, "server")

    def client() -> None:
        both = calc.client_CalcCounter(server())
        assert (both.increment(), both.add(3, 4)) == (42, 7)

    wire(serve, client)
    assert isinstance(seen[0], calc.ref_Counter)
    assert isinstance(seen[1], calc.ref_Calc)
    assert seen[0].ptr is counter
    assert seen[1].ptr is None


@pytest.mark.case("L4-66", "L4-67")
def test_a_compound_is_dispatched_by_protocol_and_opcode(
    wire: Wiring, trial: SimpleNamespace
) -> None:
    class server_Both(trial.Both):  # noqa: N801
        def left(self) -> int:
            return 70

        def right(self) -> int:
            return 80

    def client() -> None:
        gate = server()
        assert trial.client_X(gate).left() == 70
        assert trial.client_Y(gate).right() == 80
        assert gate.call(7, word(0)).words[:4] == (70).to_bytes(4, "little")
        assert gate.call(8, word(0)).words[:4] == (80).to_bytes(4, "little")
        assert gate.call(7, word(1)).label == -38
        assert gate.call(9, word(0)).label == -39

    wire(lambda: ipc_server_loop_for(trial.Both, server_Both(), "server"), client)


@pytest.mark.case("L4-68")
def test_an_object_tells_of_its_interfaces(run: Run) -> None:
    methods = {
        name: lambda _self, *_: None
        for name in dir(MappedFileObject)
        if getattr(getattr(MappedFileObject, name), "__isabstractmethod__", False)
    }
    obj = type("Empty", (MappedFileObject,), methods)()

    def program() -> None:
        loops: list[ServerLoop] = []
        caps: list[Any] = []

        def serve() -> None:
            with ServerLoop() as loop:
                caps.append(loop.register(MappedFileObject, obj))
                loops.append(loop)
                loop.run()

        with RThread().create("", serve) as thread:
            thread.resume()
            User.after(1_000)
            (gate,) = caps
            assert gate.call(META, word(0)).label == 5
            supports = [
                gate.call(META, word(2, protocol)).label
                for protocol in (0x4000, 0x4001, META)
            ]
            assert supports == [1, 0, 1]
            assert gate.call(META, word(1, 5)).label == -34
            first = gate.call(META, word(1, 0))
            assert first.label == 0
            assert first.words[:8] == word(0x4000)
            assert first.words[16:].startswith(b"Dataspace\0")
            loops[0].stop()
            User.after(1_000)

    run(program)


def test_a_client_can_ask_what_an_object_is(
    wire: Wiring, calc: SimpleNamespace, trial: SimpleNamespace
) -> None:
    def client() -> None:
        cap = server()
        assert interfaces_of(cap) == (("Calc", 0x1D91), ("Counter", 0x1DE4))
        known = calc.Calc, calc.Counter, calc.CalcCounter
        assert [supports(cap, one) for one in known] == [True] * 3
        assert not supports(cap, trial.Trial)
        assert not supports(cap, trial.Both)
        for wrong in (object, calc.client_Calc, "Calc"):
            with pytest.raises(TypeError, match="a generated interface is wanted"):
                supports(cap, wrong)
        with Loader().new_channel() as nobody:
            with pytest.raises(L4Error, match="L4_IPC_SETIMEOUT"):
                interfaces_of(nobody, Timeout(0))
            with pytest.raises(L4Error, match="L4_IPC_SETIMEOUT"):
                supports(nobody, calc.Calc, Timeout(0))

    def serve() -> int:
        obj = new_calc_counter(calc)
        return ipc_server_loop_for(calc.CalcCounter, obj, "server")

    wire(serve, client)


@pytest.mark.case("L4-69")
def test_one_method_answers_both_numbers_of_a_shared_operation(
    wire: Wiring, trial: SimpleNamespace
) -> None:
    closed: list[int] = []

    class server_Closer(trial.Closer):  # noqa: N801
        def close(self, code: int) -> None:
            closed.append(code)
            if code < 0:
                raise L4Error(22)

    def client() -> None:
        trial.client_One(server()).close(1)
        trial.client_Other(server()).close(2)
        trial.client_Closer(server()).close(3)
        assert server().call(0x2002, word(3 | 4 << 32)).label == 0
        assert server().call(0x2003, word(4 | 5 << 32)).label == 0

    wire(lambda: ipc_server_loop_for(trial.Closer, server_Closer(), "server"), client)
    assert closed == [1, 2, 3, 4, 5]


@pytest.mark.case("L4-69")
def test_components_that_disagree_about_an_operation_are_refused(
    tmp_path: Path,
) -> None:
    source = tmp_path / "closer.idl"
    source.write_text(
        "interface One { [opcode(3)] void close(in int code); };\n"
        "interface Other { [opcode(4)] void close(in char code); };\n"
        "interface Closer composes One, Other;\n"
    )
    (found,) = compile_file(source).diagnostics
    assert (found.code, found.line) == ("E504", 3)
