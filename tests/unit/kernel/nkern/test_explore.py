"""The explore back-end: its last resort at shutdown, and what it leaves behind."""

import gc
import weakref

import pytest
from greenlet import getcurrent, greenlet

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import RProcess, RThread


@pytest.mark.backends("explore")
def test_an_interrupt_that_finds_no_program_is_none(machine: Kernel, run: Run) -> None:
    """On a slow computer a shutdown may only seem to be stuck."""
    ends: list[str] = []
    run(lambda: ends.append("first"))
    for _ in range(20):
        machine._core.backend.interrupt()
    run(lambda: ends.append("second"))
    assert ends == ["first", "second"]


def test_nobody_keeps_the_hub_of_a_machine_that_was_shut_down() -> None:
    """The greenlet library may free it as soon as its OS thread has ended."""
    hubs: list[weakref.ref[greenlet]] = []

    def note_hub() -> None:
        """In a frame of its own, that nobody's traceback keeps."""
        hub = getcurrent().parent
        assert hub is not None
        hubs.append(weakref.ref(hub))

    def main() -> None:
        note_hub()
        for name in ("ends", "dies"):
            with RThread().create(name, lambda: None) as thread:
                thread.resume()
        RProcess().kill(0)

    with Kernel(backend="explore") as machine:
        machine.start(main).wait()
    gc.collect()  # what dead frames and exceptions referred to
    hub = hubs[0]()
    assert hub is None or gc.get_referrers(hub) == []
