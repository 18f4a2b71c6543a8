"""Where a ring would be lost, or would leave something held, it waits."""

import gc
import threading

from kernel.abi.errors import ThreadDeath
from kernel.nkern.ring import TRing, send_ring


def test_a_thread_in_a_callback_of_the_collector_is_left_alone() -> None:
    """What is raised there is printed and forgotten: the ring would be, too."""
    collects = threading.Event()
    inside = threading.Event()
    ends: list[str] = []

    def callback(_phase: str, _info: dict[str, int]) -> None:
        is_victim = threading.current_thread() is victim and collects.is_set()
        if is_victim and not inside.is_set():
            inside.set()
            while not is_leaving:
                pass

    def entry() -> None:
        try:
            collects.set()
            gc.collect()
            inside.wait()
            while True:
                pass
        except ThreadDeath:
            ends.append("rung")

    is_leaving: list[bool] = []
    victim = threading.Thread(target=entry)
    bootstrap = threading.Thread._bootstrap.__code__  # type: ignore[attr-defined] # its outermost
    gc.callbacks.append(callback)
    try:
        victim.start()
        inside.wait()
        assert victim.ident is not None
        postponed = {send_ring(victim.ident, bootstrap) for _ in range(20)}
        is_leaving.append(True)
        while send_ring(victim.ident, bootstrap) is TRing.EPostponed:
            pass
        victim.join()
    finally:
        gc.callbacks.remove(callback)
    assert postponed <= {TRing.EPostponed}
    assert ends == ["rung"]
