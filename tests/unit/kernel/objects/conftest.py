"""How misuse of the object classes is tried: by a program that dies of it."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from kernel.abi.exit import TExitType

PanicOf: TypeAlias = Callable[[Callable[[], object]], tuple[str, int]]


@pytest.fixture
def panic_of(machine: Kernel) -> PanicOf:
    """Run a body as an emulated program, and tell of what panic it dies."""

    def run(body: Callable[[], object]) -> tuple[str, int]:
        def program() -> None:
            body()

        info = machine.run(program)
        assert info.type is TExitType.EExitPanic, info
        return info.category, info.reason

    return run
