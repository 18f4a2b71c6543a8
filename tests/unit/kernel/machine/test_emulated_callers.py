"""The host's side of a machine is not for emulated threads, on any back-end."""

import pytest

from eka import Kernel
from tools.pytest_plugin import Run


def test_an_emulated_thread_that_asks_the_machine_is_told_so(
    machine: Kernel, run: Run
) -> None:
    """On explore it would wait for the very OS thread that it runs on."""

    def program() -> None:
        for ask in (machine.debug.snapshot, machine.wait_idle, machine.debug.check):
            with pytest.raises(RuntimeError, match=r"Main is an emulated thread"):
                ask()

    run(program)
