"""Whoever waits in the middle of an L4 call is seen to, and told why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from eka import Deadlock
from kernel.abi.current import current_exec
from kernel.abi.handles import KCurrentThreadHandle
from kernel.abi.l4 import L4_FPAGE_FULL, L4Proto, Rights
from kernel.debug.snapshot import CallInfo, program_line
from userlib import RSemaphore, RThread
from userlib.l4re import Loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel

FULL = int(L4_FPAGE_FULL)
NEVER = -1
LABEL = 0x40
SEVENTH = (7).to_bytes(8, "little")  # the words of an operation without inputs


def ex() -> Any:
    """The calling thread's Exec."""
    return current_exec.get()


def call(gate: int, protocol: int = 0x1D91, words: bytes = SEVENTH) -> None:
    ex().ipc_call(gate, protocol, words, (), (), NEVER, NEVER)


def gate_of_a_server(serve: Callable[[], object]) -> int:
    """A gate bound to a new thread called `server`, which goes on with *serve*."""
    gate: int = ex().gate_create(0, 0, FULL)

    def server() -> None:
        ex().gate_bind(gate, KCurrentThreadHandle, LABEL)
        RThread.rendezvous(0)
        serve()

    RThread().launch("server", server)
    return gate


def receive() -> None:
    ex().ipc_wait((), NEVER, 0)


def deadlock(machine: Kernel, program: Callable[[], object]) -> str:
    with pytest.raises(Deadlock) as caught:
        machine.run(program)
    return re.sub(r"\w+\.exe\[\w+\]\d+::", "", str(caught.value))


# Deadlocks.


def test_a_gate_nobody_binds_is_told_with_who_may(machine: Kernel) -> None:
    def program() -> None:
        call(ex().gate_create(0, 0, FULL))

    text = deadlock(machine, program)
    assert re.search(r"Main \(thread \d+\) waits for somebody to bind <ipcgate ", text)
    assert "unbound, 1 waiting> (program.exe[00000000]0001 may)" in text
    assert "with a call of protocol 0x1d91, opcode 7" in text


def test_a_gate_that_nobody_has_the_right_to_bind_is_told_as_one(
    machine: Kernel,
) -> None:
    """As when a script passes `mode("rs")` to the server, and closes its own."""

    def program() -> None:
        call(ex().gate_create(0, 0, int(Rights.RWS)))

    assert "1 waiting> (nobody has the right to), with" in deadlock(machine, program)


def test_a_server_that_goes_on_without_a_reply_is_told(machine: Kernel) -> None:
    def serve() -> None:
        receive()
        receive()

    text = deadlock(machine, lambda: call(gate_of_a_server(serve), -21, b""))
    assert (
        "waits for the reply of server to a call of protocol L4_PROTO_META, through "
        in text
    )
    assert "it waits for the next message without having replied" in text
    assert "which depends on server" in text


def test_a_call_that_another_took_the_place_of_is_told(machine: Kernel) -> None:
    def serve() -> None:
        receive()
        receive()
        ex().ipc_reply(0, 0, b"", ())
        receive()

    def program() -> None:
        gate = gate_of_a_server(serve)
        RThread().create("first", lambda: call(gate)).resume()
        RThread().create("second", lambda: call(gate)).resume()
        receive()

    text = deadlock(machine, program)
    assert text.count("it received another call since, and cannot reply any more") == 1


def test_a_reply_that_was_put_off_names_the_program_that_owes_it(
    machine: Kernel,
) -> None:
    def serve() -> None:
        receive()
        assert ex().ipc_save_reply()
        receive()

    text = deadlock(machine, lambda: call(gate_of_a_server(serve)))
    assert "Main (thread" in text
    assert ".exe[00000000]0001, which put off its reply, to a call of protocol" in text


def test_servers_that_call_each_other_are_a_circle(machine: Kernel) -> None:
    def program() -> None:
        other = ex().gate_create(0, 0, FULL)
        gate = gate_of_a_server(lambda: (receive(), call(other)))
        ex().gate_bind(other, KCurrentThreadHandle, LABEL)
        call(gate)

    text = deadlock(machine, program)
    assert "waits for the reply of server to a call of" in text
    assert "waits for Main to receive a call of protocol 0x1d91, opcode 7" in text
    assert "a circle: Main -> server -> Main" in text


def test_an_object_called_from_its_own_loop_waits_for_itself(machine: Kernel) -> None:
    def program() -> None:
        call(ex().gate_create(KCurrentThreadHandle, LABEL, FULL))

    text = deadlock(machine, program)
    assert "waits for Main to receive a call" in text
    assert "a circle: Main -> Main" in text


def test_the_line_is_that_of_who_called_the_client(machine: Kernel) -> None:
    """What `eka idl` makes is no place to look for a mistake."""
    scope: dict[str, Any] = {"__name__": "some.calc_client", "call": call}
    source = (
        "class client_Calc:\n"
        "    def add(self, gate): call(gate)\n"
        "def helper(gate): call(gate)\n"
    )
    exec(compile(source, "calc_client.py", "exec"), scope)  # noqa: S102 - ours

    def by_a_method() -> None:
        scope["client_Calc"]().add(ex().gate_create(0, 0, FULL))

    assert f"{__file__}:" in deadlock(machine, by_a_method)
    assert program_line(None) == ""


# Snapshots.


def test_a_snapshot_shows_gates_their_holders_and_what_is_on_its_way(
    machine: Kernel,
) -> None:
    def program() -> None:
        taken = RSemaphore().create_local(0)
        gate = gate_of_a_server(
            lambda: (receive(), taken.signal(), ex().request_wait_any())
        )
        ex().cap_duplicate(gate, int(Rights.RW))
        RThread().create("first", lambda: call(gate)).resume()
        taken.wait()
        RThread().create("second", lambda: call(gate)).resume()
        sender = RThread()
        sender.create("third", lambda: ex().ipc_send(gate, 5, b"", (), NEVER)).resume()
        ex().request_wait_any()

    machine.start(program)
    machine.wait_idle()
    snapshot = machine.debug.snapshot()
    ids = {thread.name.split("::")[1]: thread.id for thread in snapshot.threads}
    (gate,) = snapshot.gates
    (process,) = snapshot.processes
    assert (gate.state, gate.label, gate.server) == ("bound", LABEL, ids["server"])
    assert gate.references == 2
    assert gate.holders == ((process.id, "rwsdc"), (process.id, "rw"))
    assert {call.client: call.state for call in snapshot.calls} == {
        ids["first"]: "received",
        ids["second"]: "queued",
        ids["third"]: "queued",
    }
    assert {call.gate for call in snapshot.calls} == {gate.number}
    assert {(c.is_call, c.protocol, c.opcode, c.server) for c in snapshot.calls} == {
        (True, 0x1D91, 7, ids["server"]),
        (False, 5, None, ids["server"]),
    }
    text = machine.debug.dump()
    assert f"gate #{gate.number}: bound by " in text
    assert text.count("      held by ") == 2
    assert re.search(r"      received call by .*::first\n", text)
    assert re.search(r"      queued call by .*::second\n", text)
    assert re.search(r"      queued message by .*::third\n", text)


def test_a_snapshot_shows_unbound_gates_and_who_waits_there(machine: Kernel) -> None:
    def program() -> None:
        channel = Loader().new_channel()
        call(channel.handle, L4Proto.L4RE_PROTO_DATASPACE)

    machine.start(program)
    machine.wait_idle()
    snapshot = machine.debug.snapshot()
    (gate,) = snapshot.gates
    (thread,) = snapshot.threads
    assert (gate.state, gate.server) == ("unbound", 0)
    assert snapshot.calls == (
        CallInfo(thread.id, gate.number, True, 0x4000, 7, "queued", 0),
    )
    assert "protocol L4RE_PROTO_DATASPACE, opcode 7" in thread.waits_for
    assert f"gate #{gate.number}: unbound\n" in machine.debug.dump()
