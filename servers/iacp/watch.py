"""Watches geodes, to do what they leave undone when they die.

Original: none; an application there has to leave by itself. geos-iacp 6.4.
"""

from collections.abc import Callable
from typing import Final

from kernel.abi.errors import Leave
from userlib.geos.geode_info import geode_open_process
from userlib.symbian.active import CActive, TActivePriority
from userlib.symbian.process import RProcess
from userlib.symbian.scheduler import CActiveScheduler


class CGeodeWatch(CActive):
    """A logon to one geode's process."""

    def __init__(
        self, geode: int, process: RProcess, on_death: Callable[[int], None]
    ) -> None:
        super().__init__(TActivePriority.EPriorityHigh)  # before new requests
        self._geode: Final = geode
        self._process: Final = process
        self._on_death: Final = on_death
        CActiveScheduler.add(self)
        process.logon(self.status)
        self.set_active()

    def run(self) -> None:
        self.destroy()
        self._on_death(self._geode)

    def do_cancel(self) -> None:
        self._process.logon_cancel(self.status)

    def destroy(self) -> None:
        super().destroy()
        self._process.close()


class Watches:
    """One for each geode that the server knows."""

    def __init__(self, on_death: Callable[[int], None]) -> None:
        self._on_death: Final = on_death
        self._watches: Final[dict[int, CGeodeWatch]] = {}

    def watch(self, geode: int) -> bool:
        """Hear of the death of *geode*. Returns: whether it lives."""
        if geode in self._watches:
            return True
        try:
            process = geode_open_process(geode)
        except Leave:
            return False
        self.watch_process(geode, process)
        return True

    def watch_process(self, geode: int, process: RProcess) -> None:
        """The same for one that is known by its process only; takes that over."""
        if geode in self._watches:
            process.close()
        else:
            self._watches[geode] = CGeodeWatch(geode, process, self._ended)

    def destroy(self) -> None:
        """Watch nobody any more."""
        for watch in self._watches.values():
            watch.destroy()
        self._watches.clear()

    def _ended(self, geode: int) -> None:
        del self._watches[geode]
        self._on_death(geode)
