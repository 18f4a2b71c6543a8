"""Waiters that are suspended, receivers that die: nothing is lost or taken twice."""

from eka import Kernel
from kernel.abi.current import current_exec
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
