"""What stories of geodes share."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from kernel.host_process import HostProcess
from userlib.geos import Geode, GeodeHandle, geodes

Begin: TypeAlias = Callable[[Geode], GeodeHandle]


@pytest.fixture
def begin(machine: Kernel) -> Begin:
    """Starts a geode, and tells its handle when it is idle."""

    def start(geode: Geode) -> GeodeHandle:
        machine.start(geode.run)
        machine.wait_idle()
        with machine.attach():
            return next(info.handle for info in geodes() if info.name == geode.name)

    return start


@pytest.fixture
def start(machine: Kernel) -> Callable[[Geode], HostProcess]:
    """The same, for who wants to end it."""

    def start(geode: Geode) -> HostProcess:
        process = machine.start(geode.run)
        machine.wait_idle()
        return process

    return start
