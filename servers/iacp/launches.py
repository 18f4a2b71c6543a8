"""Launching a server: one application at a time, in the whole system.

Original: the launch semaphore and IACPLaunchServer (iacpConnect.asm); geos-iacp 2.2,
3.9.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from kernel.abi.errors import KErrNoMemory, Leave
from servers.iacp.lists import ServerLists
from userlib.geos.errors import GeodeLoadError, GeodeLoadFailure
from userlib.geos.iacp_constants import (
    IACPCE_CANNOT_FIND_SERVER,
    IACPCE_SERVER_EXITED,
)
from userlib.geos.values import AppInstanceReference, AppLaunchBlock, GeodeToken


class Launched(NamedTuple):
    """How it went: a geode whose server is on the list; somebody else's; an error."""

    geode: int = 0
    error: int | None = None


class MLaunchDesk(Protocol):
    """What a launch needs of the server."""

    @property
    def lists(self) -> ServerLists:
        """Who has registered."""

    @property
    def launches(self) -> "Launches":
        """Whose turn it is."""

    def locate(self, token: GeodeToken) -> AppInstanceReference | None:
        """The application that serves *token*, if there is one."""

    def load(
        self,
        block: AppLaunchBlock,
        done: Callable[[int | GeodeLoadFailure | Leave], None],
    ) -> None:
        """Load an application, and call *done* with its geode, which is watched."""


class Launch:
    """One launch, from finding the application to its registration.

    Unless it is *another* copy that is wanted, a server that has come meanwhile does.
    Whoever registers, only a server of the geode that was loaded ends the wait.
    """

    def __init__(
        self,
        desk: MLaunchDesk,
        token: GeodeToken,
        block: AppLaunchBlock,
        done: Callable[[Launched], None],
        *,
        another: bool,
    ) -> None:
        # Fixed for life:
        self._desk: Final = desk
        self._token: Final = token
        self._done: Final = done
        self._another: Final = another

        # Owned by the server's thread:
        self._block = block
        self._geode = 0  # once it is loaded
        self._is_over = False

    def __str__(self) -> str:
        """What is waited for, for people who look at a machine that hangs."""
        path = self._block.app_ref.file_name
        if self._geode:
            return f"{path} was launched as geode {self._geode}, and has not registered"
        if self._desk.launches.holder is self:
            return f"{path} is being loaded"
        return f"{path} is to be launched, after others"

    @property
    def token(self) -> GeodeToken:
        """For which it is to register."""
        return self._token

    def begin(self) -> None:
        """Find the application; then wait for a turn."""
        if not self._block.app_ref.disk_handle:
            found = self._desk.locate(self._token)
            if found is None:
                self._end(Launched(error=IACPCE_CANNOT_FIND_SERVER))
                return
            self._block = replace(self._block, app_ref=found)
        self._desk.launches.enter(self)

    def on_turn(self) -> None:
        """Load it, unless somebody else's launch has brought a server meanwhile."""
        found = self._desk.lists.find(self._token)
        if found is not None and found.servers and not self._another:
            self._end(Launched())
        else:
            self._desk.load(self._block, self._on_loaded)

    def on_registration(self) -> None:
        """Somebody has registered, for whatever token."""
        found = self._desk.lists.find(self._token)
        if not self._geode or found is None:
            return
        if found.index_of_geode(self._geode) is not None:
            self._end(Launched(self._geode))

    def on_death(self, geode: int) -> None:
        """*geode* has died."""
        if geode == self._geode and geode:
            self._end(Launched(error=IACPCE_SERVER_EXITED))

    def abandon(self) -> None:
        """Nobody wants it any more. What was loaded goes on."""
        self._is_over = True
        self._desk.launches.leave(self)

    def _on_loaded(self, result: int | GeodeLoadFailure | Leave) -> None:
        if self._is_over:
            return
        if isinstance(result, int):
            self._geode = result
            self.on_registration()  # it may have been quick
        else:
            self._end(Launched(error=_load_error(result)))

    def _end(self, launched: Launched) -> None:
        self.abandon()
        self._done(launched)


def _load_error(failure: GeodeLoadFailure | Leave) -> int:
    if isinstance(failure, GeodeLoadFailure):
        return failure.code
    if failure.code == KErrNoMemory:
        return GeodeLoadError.GLE_MEMORY_ALLOCATION_ERROR
    return GeodeLoadError.GLE_FILE_READ_ERROR


class Launches:
    """Who launches, and those who come after, in order. Nobody blocks here."""

    def __init__(self) -> None:
        self._queue: Final[deque[Launch]] = deque()  # the first one's turn it is

    def __iter__(self) -> Iterator[Launch]:
        return iter(tuple(self._queue))

    @property
    def holder(self) -> Launch | None:
        """Whose turn it is."""
        return self._queue[0] if self._queue else None

    def enter(self, launch: Launch) -> None:
        """Have a turn, at once if nobody else has."""
        assert launch not in self._queue, "one turn at a time"
        self._queue.append(launch)
        if len(self._queue) == 1:
            launch.on_turn()

    def leave(self, launch: Launch) -> None:
        """Give the turn to the next, or the place up; without either, nothing."""
        if launch not in self._queue:
            return
        was_holder = launch is self._queue[0]
        self._queue.remove(launch)
        if was_holder and self._queue:
            self._queue[0].on_turn()
