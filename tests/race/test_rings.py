"""Rings: whom they must not reach, and where they must not reach anybody.

The host gives the ident of a dead OS thread to the next one. A ring that was due to a
carrier which ended between two handlers then reached a living thread, which died of it:
seen once in five thousand kills. So does it give the ident of a thread to those that
this one starts, until they run. And a thread torn between taking a lock of the host's
and the `try` behind it leaves the lock held: seen once in ten thousand.
"""

import _thread
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from eka import Kernel
from kernel.abi.errors import ThreadDeath
from kernel.nkern.os_threads import with_own_code
from kernel.nkern.ring import TRing, send_ring
from userlib import KErrNone, RSemaphore, RThread


class Carrier:
    """An OS thread, and what it was torn by."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.ended = threading.Event()
        self.torn: list[type[BaseException]] = []

        def main() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - whatever reached it
                self.torn.append(type(error))
            self.ended.set()

        self.main = with_own_code(main)
        self.ident = _thread.start_new_thread(self.main, ())

    def wait_until_in(self, name: str) -> None:
        """Blocks: until a function of this name is the innermost that it is in."""
        frame = None
        while frame is None or frame.f_code.co_name != name:
            frame = sys._current_frames().get(self.ident)

    def ring(self) -> TRing:
        return send_ring(self.ident, self.main.__code__)


@contextmanager
def busy_until_left() -> Iterator[Carrier]:
    over: list[bool] = []

    def computes() -> None:
        while not over:
            sum(range(50))

    carrier = Carrier(computes)
    carrier.wait_until_in("computes")
    yield carrier
    over.append(True)
    carrier.ended.wait()


def test_a_ring_reaches_a_thread_that_computes() -> None:
    with busy_until_left() as carrier:
        assert carrier.ring() is TRing.ESent
        carrier.ended.wait()
    assert carrier.torn == [ThreadDeath]


def test_a_ring_for_a_carrier_that_is_gone_reaches_nobody_else() -> None:
    with busy_until_left() as carrier:
        gone = with_own_code(carrier.main)
        assert send_ring(carrier.ident, gone.__code__) is TRing.EGone
    assert carrier.torn == []


def test_a_thread_that_has_ended_is_gone() -> None:
    carrier = Carrier(lambda: None)
    carrier.ended.wait()
    while carrier.ident in sys._current_frames():
        pass  # its last step is the host's own
    assert carrier.ring() is TRing.EGone
    assert carrier.torn == []


def test_a_thread_that_takes_a_lock_of_the_hosts_is_left_alone() -> None:
    handler = logging.Handler()
    handler.acquire()
    carrier = Carrier(lambda: (handler.acquire(), handler.release()))
    carrier.wait_until_in("acquire")
    assert carrier.ring() is TRing.EPostponed
    handler.release()
    carrier.ended.wait()
    assert carrier.torn == []


@pytest.mark.backends("threads")
def test_a_thread_is_not_rung_while_one_that_it_started_does_not_run(
    machine: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[str] = []
    computes, killed, may_begin = (threading.Event() for _ in range(3))
    start, send = _thread.start_new_thread, send_ring

    def send_and_tell(*args: Any) -> TRing:
        log.append("ring")
        return send(*args)

    def start_late(run: Callable[[], None], args: tuple[()]) -> int:
        def main() -> None:
            may_begin.wait()
            run()

        return start(main, args)

    def program() -> None:
        done = RSemaphore().create_local(0)

        def child() -> None:
            log.append("child")
            done.signal()

        def parent() -> None:
            with monkeypatch.context() as patched, RThread() as thread:
                patched.setattr(_thread, "start_new_thread", start_late)
                thread.create("child", child).resume()
            computes.set()
            while True:
                pass

        with RThread().create("parent", parent) as thread:
            thread.resume()
            computes.wait()
            thread.kill(KErrNone)
        killed.set()
        done.wait()

    monkeypatch.setattr("kernel.nkern.os_threads.send_ring", send_and_tell)
    process = machine.start(program)
    killed.wait()
    for _ in range(20):
        machine.debug.snapshot()  # after which the machine looks after the dead
    assert log == []
    may_begin.set()
    assert process.wait().reason == KErrNone
    assert "child" in log
