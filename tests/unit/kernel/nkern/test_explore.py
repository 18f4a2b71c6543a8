"""The explore back-end's last resort at shutdown, and whom it must not hit."""

import pytest

from eka import Kernel
from tools.pytest_plugin import Run


@pytest.mark.backends("explore")
def test_an_interrupt_that_finds_no_program_is_none(machine: Kernel, run: Run) -> None:
    """On a slow computer a shutdown may only seem to be stuck."""
    ends: list[str] = []
    run(lambda: ends.append("first"))
    for _ in range(20):
        machine._core.backend.interrupt()
    run(lambda: ends.append("second"))
    assert ends == ["first", "second"]
