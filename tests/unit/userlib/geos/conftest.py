"""A thread that runs objects, without a machine."""

from collections.abc import Iterator

import pytest

from userlib.geos import GeodeHandle, GeodeToken, ThreadHandle
from userlib.geos.context import GeodeState, GeosThread, current_geode, current_thread


@pytest.fixture
def thread() -> Iterator[GeosThread]:
    """The calling thread, of geode 7, which has queue 7."""
    state = GeodeState("unit", GeodeToken(b"UNIT", 8))
    state.handle = GeodeHandle(7)
    thread = GeosThread(state, ThreadHandle(7))
    thread_before, geode_before = current_thread.set(thread), current_geode.set(state)
    yield thread
    current_thread.reset(thread_before)
    current_geode.reset(geode_before)
