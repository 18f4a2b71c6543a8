"""Rings: whom they must not reach, and where they must not reach anybody.

The host gives the ident of a dead OS thread to the next one. A ring that was due to a
carrier which ended between two handlers then reached a living thread, which died of it:
seen once in five thousand kills. And a thread torn between taking a lock of the host's
and the `try` behind it leaves the lock held: seen once in ten thousand.
"""

import _thread
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kernel.abi.errors import ThreadDeath
from kernel.nkern.os_threads import with_own_code
from kernel.nkern.ring import TRing, send_ring


class Carrier:
    """An OS thread, and what it was torn by."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.running = threading.Event()
        self.ended = threading.Event()
        self.torn: list[type[BaseException]] = []

        def main() -> None:
            self.running.set()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - whatever reached it
                self.torn.append(type(error))
            self.ended.set()

        self.main = with_own_code(main)
        self.ident = _thread.start_new_thread(self.main, ())
        self.running.wait()

    def ring(self) -> TRing:
        return send_ring(self.ident, self.main.__code__)


@contextmanager
def busy_until_left() -> Iterator[Carrier]:
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            sum(range(50))

    carrier = Carrier(work)
    yield carrier
    over.set()
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
    while carrier.ring() is not TRing.EGone:
        pass  # its last step is the host's own
    assert carrier.torn == []


def test_a_thread_that_takes_a_lock_of_the_hosts_is_left_alone() -> None:
    handler = logging.Handler()
    handler.acquire()
    carrier = Carrier(lambda: (handler.acquire(), handler.release()))
    while sys._current_frames()[carrier.ident].f_code.co_name != "acquire":
        pass
    assert carrier.ring() is TRing.EPostponed
    handler.release()
    carrier.ended.wait()
    assert carrier.torn == []
