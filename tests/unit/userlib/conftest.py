"""User library classes without a machine: an Exec that only records."""

from collections.abc import Iterator

import pytest

from kernel.abi.current import current_exec
from kernel.abi.errors import ThreadDeath


class RecordingExec:
    """Keeps every call; a thread that ends itself unwinds, as on a machine."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[object, ...]]] = []

    def __getattr__(self, name: str) -> object:
        def call(*args: object) -> None:
            self.calls.append((name, args))
            if name == "thread_end":
                raise ThreadDeath

        return call

    @property
    def panics(self) -> list[tuple[str, int]]:
        """Category and reason of every panic."""
        return [
            (str(args[2]), int(str(int(args[3]))))  # type: ignore[call-overload]
            for name, args in self.calls
            if name == "thread_end"
        ]


@pytest.fixture
def exec_calls() -> Iterator[RecordingExec]:
    """What the code under test asks of the kernel."""
    recorder = RecordingExec()
    token = current_exec.set(recorder)  # type: ignore[arg-type]
    yield recorder
    current_exec.reset(token)
