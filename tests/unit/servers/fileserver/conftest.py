"""Mounts without a machine: a mount makes no kernel call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from servers.fileserver.host_mount import HostMount
from servers.fileserver.memory_mount import MemoryMount
from servers.fileserver.mount import MMount


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The host directory of `host`; beside it lies what no client may reach."""
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "deep.txt").write_bytes(b"secret")
    root = tmp_path / "drive"
    root.mkdir()
    return root


@pytest.fixture
def host(root: Path) -> HostMount:
    return HostMount(root, read_only=False)


@pytest.fixture(params=["host", "memory"])
def mount(request: pytest.FixtureRequest) -> Iterator[MMount]:
    """An empty mount of each kind, sound at the end."""
    if request.param == "host":
        yield request.getfixturevalue("host")
        return
    memory = MemoryMount(1 << 20)
    yield memory
    memory.check()
