"""Loader: makes channels, and starts programs with named capabilities.

A program that uses it has the role of Ned, the init process: it says who talks to whom.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.errors import Leave
from kernel.abi.handles import EOwnerProcess
from userlib.l4re.cap import Cap, check
from userlib.l4re.consts import L4_FPAGE_FULL, Rights
from userlib.l4re.errors import L4Error
from userlib.symbian.process import RProcess
from userlib.symbian.status import TRequestStatus

__all__ = ["App", "Loader"]


class App:
    """A program that was started. Original: Ned's App_task."""

    def __init__(self, process: RProcess) -> None:
        self.process = process
        self._status = TRequestStatus()
        self._is_over = False  # and was waited for

    def wait(self) -> int:
        """Wait until it has ended; the reason it exited with.

        Original: Ned's :wait.
        """
        if not self._is_over:
            self.process.logon(self._status)
            current_exec.get().request_wait(self._status.client)
            self._is_over = True
        return self._status.value

    def kill(self, reason: int = 0) -> None:
        """End it, as RProcess.kill may. Original: Ned's :kill."""
        self.process.kill(reason)

    def close(self) -> None:
        """Let go of it; it goes on."""
        self.process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Loader:
    """Starts programs. Original: Ned's L4.Loader; l4re-idl 1.9.

    A capability goes to the program with the rights it was given here: R alone for a
    channel as it is, all that is needed to serve it with `svr`, others by `mode`.
    """

    __slots__ = ()

    def new_channel(self) -> Cap:
        """A gate that nobody serves yet.

        Raises: KErrNoMemory.
        Original: L4.Loader:new_channel.
        """
        return Cap(current_exec.get().gate_create(0, 0, int(L4_FPAGE_FULL)), Rights.R)

    def start(
        self,
        program: str,
        command_line: str = "",
        caps: Mapping[str, Cap] | None = None,
    ) -> App:
        """Start *program* with *caps* in its environment; it runs when this returns.

        Raises: KErrNotFound if there is no such program, KErrNoMemory; L4Error with
            L4_EINVAL for an empty capability; TypeError for what is none.
        Original: L4.Loader:start.
        """
        for name, cap in (caps := dict(caps or {})).items():
            if not isinstance(cap, Cap):
                what = type(cap).__name__
                raise TypeError(f"{name!r} must be a Cap, not {what}")
        with noting(f"the program is {program!r}"):
            process = RProcess().create(program, command_line, EOwnerProcess)
        with ExitStack() as undo:
            undo.callback(process.close)
            undo.callback(process.kill, 0)  # first, while there is a handle
            for name, cap in caps.items():
                with noting(f"the capability is {name!r}, for {program!r}"):
                    self._give(process, name, cap)
            undo.pop_all()
        process.resume()
        return App(process)

    def _give(self, process: RProcess, name: str, cap: Cap) -> None:
        set_cap = current_exec.get().env_set
        check(set_cap(process.handle, name, cap.handle, int(cap.passed_rights)))


@contextmanager
def noting(about: str) -> Iterator[None]:
    """Let an error tell what it is about: a code alone does not."""
    try:
        yield
    except (Leave, L4Error) as error:
        error.add_note(about)
        raise
