"""The user's break, while commands run."""

from types import TracebackType
from typing import Final, Self

from programs.shell.console import MConsole
from programs.shell.errors import Broken
from userlib import TRequestStatus, User


class BreakWatch:
    """A block in which a break is heard of; outside there is none.

    The request stands as long as the block does, so a break between two looks is not
    lost, and a wait for something else can wait for it too.
    """

    def __init__(self, console: MConsole) -> None:
        self._console: Final = console
        self._status: Final = TRequestStatus()
        self._is_watching = False
        self._has_taken = False  # the signal of the request

    @property
    def is_broken(self) -> bool:
        return self._is_watching and not self._status.is_pending

    def check(self) -> None:
        """Raises: Broken after a break."""
        if self.is_broken:
            raise Broken

    def wait_for(self, status: TRequestStatus) -> bool:
        """Wait until *status* is complete, or for a break. Returns: not broken.

        After a break *status* may be pending, and its signal has not been taken.
        """
        if self._has_taken:
            return False
        User.wait_for_request(status, self._status)
        if not status.is_pending:
            return True
        self._has_taken = True
        return False

    def __enter__(self) -> Self:
        self._has_taken = False
        self._console.request_break(self._status)
        self._is_watching = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_watching = False
        if not self._has_taken:
            self._console.break_cancel()
            User.wait_for_request(self._status)
