"""Starting a thread or a process and waiting until it says that it is ready.

The customary steps (symbian-userlib 10.3): ask for the rendezvous before the target can
run, resume it, wait; then look at how it exited, since a target that dies before its
rendezvous completes it with its exit reason, which may be anything.
"""

from typing import Final, Protocol

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrGeneral, KErrNone, Leave
from kernel.abi.exit import TExitType
from userlib.symbian.status import TRequestStatus


class MLaunched(Protocol):
    """What launching needs of a thread or a process."""

    def request_rendezvous(self, status: TRequestStatus) -> None:
        """Ask to be told of the rendezvous."""

    def resume(self) -> None:
        """Let it run."""

    def kill(self, reason: int) -> None:
        """End it."""

    def exit_type(self) -> TExitType:
        """How it ended, if it did."""
        raise AssertionError

    def close(self) -> None:
        """Let go of the handle."""


_KAlive: Final = TExitType.EExitPending


def launch(target: MLaunched) -> None:
    """Start *target*, which is created but not resumed, and await its rendezvous.

    Raises: KErrGeneral if it panicked; the code of its rendezvous, if that is an error;
        its exit reason, if it ended before and that isn't KErrNone. The handle is
        closed.
    """
    status = TRequestStatus()
    target.request_rendezvous(status)
    if status.is_pending:
        target.resume()
    else:
        target.kill(KErrNone)  # it cannot be started; it must not linger either
    current_exec.get().request_wait(status.client)
    failure = _failure(status.value, target.exit_type())
    if failure != KErrNone:
        target.close()
        raise Leave(failure)


def _failure(code: int, exit_type: TExitType) -> int:
    if exit_type is TExitType.EExitPanic:
        return KErrGeneral
    if code < 0 or exit_type is not _KAlive:
        return code
    return KErrNone
