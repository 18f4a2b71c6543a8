"""Where a ring would be lost, or would leave something held, it waits."""

import gc
import sys
import threading
from types import FrameType

from kernel.abi.errors import ThreadDeath
from kernel.nkern.ring import GarbageWatch, TRing, clear_ring, send_ring


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
    watch = GarbageWatch()
    watch.start()  # others may have put callbacks there, and garbage
    gc.callbacks.append(callback)
    try:
        victim.start()
        inside.wait()
        assert victim.ident is not None
        postponed = {send_ring(victim.ident, bootstrap) for _ in range(20)}
        is_leaving.append(True)
        while send_ring(victim.ident, bootstrap, watch.idents) is TRing.EPostponed:
            pass
        victim.join()
    finally:
        gc.callbacks.remove(callback)
        watch.stop()
    assert postponed <= {TRing.EPostponed}
    assert ends == ["rung"]


def test_a_thread_that_collects_garbage_is_left_alone() -> None:
    """Whatever runs in it then, its own functions are what is seen of its stack."""
    ends, is_leaving = [], threading.Event()
    inside = threading.Event()

    class Garbage:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            inside.set()
            is_leaving.wait()

    def entry() -> None:
        try:
            Garbage()
            gc.collect()
            while True:
                pass
        except ThreadDeath:
            ends.append("rung")

    victim = threading.Thread(target=entry)
    bootstrap = threading.Thread._bootstrap.__code__  # type: ignore[attr-defined] # its outermost
    watch = GarbageWatch()
    watch.start()
    gc.disable()  # nobody else is to collect what it left
    try:
        victim.start()
        inside.wait()
        assert victim.ident is not None
        looks = {send_ring(victim.ident, bootstrap, watch.idents) for _ in range(20)}
        is_leaving.set()
        while send_ring(victim.ident, bootstrap, watch.idents) is TRing.EPostponed:
            pass
        victim.join()
    finally:
        gc.enable()
        watch.stop()
    assert looks == {TRing.EPostponed}
    assert ends == ["rung"]


def test_a_debugger_may_look_on_after_a_ring_was_cleared() -> None:
    """CPython 3.11 has a flag for rings; left set, no function is entered traced."""
    traced: list[str] = []

    def look_on(_frame: FrameType, event: str, _arg: object) -> None:
        traced.append(event)

    def entry() -> None:
        clear_ring(threading.get_ident())
        sys.settrace(look_on)
        str(Traced())
        sys.settrace(None)

    thread = threading.Thread(target=entry)
    thread.start()
    thread.join()
    assert traced == ["call"]


class Traced:
    def __str__(self) -> str:
        return "entered"
