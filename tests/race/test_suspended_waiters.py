"""Waiters that are suspended, receivers that die: nothing is lost or taken twice."""

from eka import Kernel
from kernel.abi.current import current_exec
from kernel.abi.handles import KCurrentThreadHandle
from kernel.abi.memory import ClientCell, ClientStatus
from userlib import (
    KErrNone,
    RMutex,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TRequestStatus,
    User,
)
from userlib.l4re import Cap, Irq, Loader, Timeout


def test_a_waiter_resumed_on_a_free_mutex_holds_it_once(machine: Kernel) -> None:
    def program() -> None:
        mutex = RMutex().create_local()
        done, stay = RSemaphore().create_local(0), RSemaphore().create_local(0)

        def waiter() -> None:
            mutex.wait()
            mutex.signal()
            done.signal()
            stay.wait()

        mutex.wait()
        thread = RThread().create("waiter", waiter)
        thread.resume()
        User.after(100_000)
        thread.suspend()
        mutex.signal()
        thread.resume()
        done.wait()
        assert mutex.try_poll() == KErrNone
        mutex.signal()
        thread.kill(0)

    info = machine.run(program)
    assert (info.reason, info.exception) == (0, "")


def test_the_receive_of_a_thread_that_died_takes_no_message(machine: Kernel) -> None:
    def program() -> None:
        server = RServer2().create_global("")  # process-owned: others may receive

        def receiver() -> None:
            exec_ = current_exec.get()
            exec_.server_request_receive(server.handle, ClientCell(), ClientStatus())

        ended = TRequestStatus()
        thread = RThread().create("receiver", receiver)
        thread.logon(ended)
        thread.resume()
        User.wait_for_request(ended)
        connected = TRequestStatus()
        session = RSessionBase().create_session(server, status=connected)
        message = server.receive()
        assert message.function == -1
        message.complete(KErrNone)
        User.wait_for_request(connected)
        assert connected == KErrNone
        session.close()

    info = machine.run(program)
    assert (info.reason, info.exception) == (0, "")


def serve_sevens(gate: Cap, heard: list[int]) -> None:
    """Answer every call with 7."""
    kernel = current_exec.get()
    kernel.gate_bind(gate.handle, KCurrentThreadHandle, 4)
    request = kernel.ipc_wait((), -1, 0)
    while True:
        heard.append(request[1])
        request = kernel.ipc_reply_and_wait(7, b"", (), (), -1)


def test_either_side_of_a_call_through_a_gate_goes_on_when_it_is_resumed(
    machine: Kernel,
) -> None:
    """A message or reply for a suspended thread is there when that goes on."""
    heard: list[int] = []
    told: list[tuple[int, int]] = []
    found: list[tuple[list[int], list[tuple[int, int]]]] = []

    def program() -> None:
        gate = Loader().new_channel()

        def client(number: int) -> None:
            told.append((number, gate.call(number, b"").label))

        def settle() -> None:
            User.after_high_res(1_000)
            found.append((heard.copy(), told.copy()))

        server = RThread().create("server", serve_sevens, args=(gate, heard))
        server.resume()
        User.after_high_res(1_000)
        server.suspend()
        RThread().create("", client, args=(1,)).resume()
        settle()
        server.resume()
        settle()
        server.suspend()
        waiting = RThread().create("", client, args=(2,))
        waiting.resume()
        User.after_high_res(1_000)
        waiting.suspend()
        server.resume()
        settle()
        waiting.resume()
        settle()
        server.kill(0)

    info = machine.run(program)
    assert (info.reason, info.exception) == (0, "")
    assert found == [
        ([], []),
        ([1], [(1, 7)]),
        ([1, 2], [(1, 7)]),
        ([1, 2], [(1, 7), (2, 7)]),
    ]


def test_a_time_out_and_an_irq_reach_a_suspended_thread_when_it_is_resumed(
    machine: Kernel,
) -> None:
    told: list[int | str] = []
    found: list[list[int | str]] = []

    def program() -> None:
        nobody = Loader().new_channel()
        irq = Irq().create()

        def hasty() -> None:
            told.append(nobody.call(0, b"", timeout=Timeout(0.005)).label)

        def watcher() -> None:
            irq.bind(4)
            irq.receive()
            told.append("irq")

        threads = [RThread().create("", function) for function in (hasty, watcher)]
        for thread in threads:
            thread.resume()
        User.after_high_res(1_000)
        for thread in threads:
            thread.suspend()
        irq.trigger()
        User.after_high_res(10_000)
        found.append(told.copy())
        for thread in threads:
            thread.resume()
            User.after_high_res(1_000)
        found.append(told.copy())

    info = machine.run(program)
    assert (info.reason, info.exception) == (0, "")
    assert found == [[], [-2002, "irq"]]
