"""kernel.debug.resources: what is alive when a machine begins to shut down."""

import pytest

from eka import Kernel, MachineConfig, Service
from kernel.abi.config import Executable
from userlib import (
    EOwnerThread,
    RProcess,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    User,
)
from userlib.l4re import Loader

FOR_EVER_US = 3_600_000_000


def texts(machine: Kernel, what: str) -> list[str]:
    return [str(r) for r in machine.resources if r.what == what and not r.is_service]


def holder() -> None:
    RSemaphore().create_global("held", 3, EOwnerThread)
    User.after(FOR_EVER_US)


@pytest.mark.parametrize("backend", ["threads", "explore", "priority"])
def test_each_object_and_handle_is_named_with_its_owner(backend: str) -> None:
    with Kernel(backend=backend, clock="virtual") as machine:
        machine.start(holder)
        machine.wait_idle()
    assert [(r.what, r.owner) for r in machine.resources] == [
        ("process", ""),
        ("thread", "holder.exe[00000000]0001"),
        ("object", ""),
        ("handle", "holder.exe[00000000]0001::Main"),
    ]
    assert "<semaphore held #3: count 3, 0 waiting>" in texts(machine, "object")[0]
    assert "waits for the time" in texts(machine, "thread")[0]
    assert machine.leaks == []


def test_a_message_on_its_way_is_its_clients() -> None:
    def program() -> None:
        RServer2().create_global("slow")
        with RThread().create("client", client) as thread:
            thread.resume()
        User.after(FOR_EVER_US)

    def client() -> None:
        session, status = RSessionBase(), TRequestStatus()
        session.create_session("slow", status=status)
        session.send_receive(7, TIpcArgs())

    with Kernel(clock="virtual") as machine:
        machine.start(program)
        machine.wait_idle()
    owner = "program.exe[00000000]0001::client"
    assert texts(machine, "message") == [
        f"message of {owner}: <message connect to slow: delivered>",
        f"message of {owner}: <message fn 7 to slow: delivered>",
    ]


def test_a_program_that_has_ended_leaves_nothing() -> None:
    with Kernel(clock="virtual") as machine:
        machine.run(lambda: RSemaphore().create_local(0).close())
    assert machine.resources == []


def test_what_a_service_has_is_marked_as_such() -> None:
    def service() -> None:
        RSemaphore().create_local(0)
        RProcess.rendezvous(0)
        User.after(FOR_EVER_US)

    config = MachineConfig(
        programs={"service": Executable(service)}, services=(Service("service"),)
    )
    with Kernel(config, clock="virtual") as machine:
        pass
    assert {r.what for r in machine.resources} >= {"process", "object", "handle"}
    assert all(r.is_service for r in machine.resources)


def test_a_call_through_a_gate_is_its_clients() -> None:
    def program() -> None:
        Loader().new_channel().call(0x1D91, bytes(8))

    with Kernel(clock="virtual") as machine:
        machine.start(program)
        machine.wait_idle()
    (message,) = texts(machine, "message")
    assert message.startswith("message of program.exe[00000000]0001::Main: <ipc call, ")
    assert "protocol 7569, by <ipcgate " in message
    assert message.endswith(": queued>")
