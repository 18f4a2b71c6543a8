"""The host gives the ident of a dead OS thread to the next one.

A ring that was due to a carrier which ended between two handlers then reached a living
thread, which died of it: seen once in five thousand kills.
"""

import _thread
import threading

from kernel.nkern.os_threads import with_own_code
from kernel.nkern.ring import TRing, send_ring


def test_a_ring_for_a_carrier_that_is_gone_reaches_nobody_else() -> None:
    running, over = threading.Event(), threading.Event()
    torn: list[BaseException] = []

    def main() -> None:
        running.set()
        try:
            while not over.wait(0.001):
                pass
        except BaseException as error:  # noqa: BLE001 - whatever reached it
            torn.append(error)
        running.clear()

    gone = with_own_code(main)
    ident = _thread.start_new_thread(with_own_code(main), ())
    running.wait()
    came_of_it = send_ring(ident, gone.__code__)
    over.set()
    while running.is_set():
        pass
    assert came_of_it is TRing.EGone
    assert torn == []
