"""A descriptor of the host's is closed once: by its owner, or with it."""

import os
from pathlib import Path

import pytest

from servers.fileserver.host_file import HostFd


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_DIRECTORY])
def test_it_is_closed_with_its_owner(tmp_path: Path, flags: int) -> None:
    path = tmp_path if flags & os.O_DIRECTORY else tmp_path / "file"
    if path is not tmp_path:
        path.touch()
    owner = HostFd(os.open(path, flags))
    number = owner.number
    assert is_open(number)
    del owner
    assert not is_open(number)


def test_it_is_closed_once(tmp_path: Path) -> None:
    owner = HostFd(os.open(tmp_path, os.O_DIRECTORY))
    with owner:
        pass
    other = os.open(tmp_path, os.O_DIRECTORY)
    assert other == owner.number  # the host gives the number out again
    owner.close()
    del owner
    assert is_open(other)
    os.close(other)


def test_no_bytecode_runs_when_it_goes() -> None:
    """A ring that came just then would leave the descriptor open."""
    assert "__del__" not in vars(HostFd)
