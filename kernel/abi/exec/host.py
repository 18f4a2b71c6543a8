"""The door to the host, for work that must not be torn."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ExecHost(Protocol):
    """Masked host work."""

    def host_call(
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run *function* while this thread cannot be torn by its death.

        For host work that takes Python-level locks: import, logging, queue, files. It
        makes no kernel call. A thread killed meanwhile dies when the call is over.
        Blocks: as long as *function* does.
        """
        raise AssertionError
