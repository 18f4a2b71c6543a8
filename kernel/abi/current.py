"""The Exec of whoever is calling, and the panic that goes through it."""

from contextvars import ContextVar
from typing import Final, NoReturn, cast

from kernel.abi.errors import KernelFault, ThreadDeath
from kernel.abi.exec import Exec
from kernel.abi.exit import TExitType
from kernel.abi.handles import KCurrentThreadHandle


class NoExec:
    """Stands in for the Exec of a host thread, which has none."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(
            f"{name} was called on a host thread, which is no emulated thread; "
            "call it inside 'with machine.attach():' or from an emulated program"
        )


# Right for OS threads and greenlets alike: each has a context of its own.
current_exec: Final[ContextVar[Exec]] = ContextVar(
    "current_exec",
    default=cast(Exec, NoExec()),  # noqa: B039 - it has no state
)


def panic(category: str, reason: int) -> NoReturn:
    """The calling thread dies at once. Original: User::Panic."""
    current_exec.get().thread_end(
        KCurrentThreadHandle, TExitType.EExitPanic, category, reason
    )
    raise KernelFault(f"panic {category} {reason} returned")


def unwind_dead() -> NoReturn:
    """For code of ours that runs in a thread known to be dead."""
    raise ThreadDeath
