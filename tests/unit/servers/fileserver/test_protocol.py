"""Drives on a command line."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.fileserver.protocol import (
    DEFAULT_DRIVES,
    DriveSpec,
    drive_specs,
    service_args,
)

NAMES = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])
)


@given(NAMES, st.booleans(), st.integers(0, 1 << 40))
def test_drives_survive_the_command_line(name: str, ro: bool, capacity: int) -> None:
    drives = {
        "C": DriveSpec(Path("/srv") / f"x{name}", ro, "host"),
        "D": DriveSpec(capacity=capacity),
        "Z": DriveSpec(kind="rom", read_only=True),
    }
    words = service_args(drives)
    expected = {
        **drives,
        "C": DriveSpec((Path("/srv") / f"x{name}").absolute(), ro, "host"),
    }
    assert drive_specs(shlex.join(words)) == expected
    assert drive_specs(" ".join(words)) == expected


def test_a_path_of_undecodable_bytes_survives() -> None:
    path = Path("/srv/\udcff")
    (word,) = service_args({"c:": DriveSpec(path, kind="host")})
    assert word.isascii()
    assert drive_specs(word) == {"C": DriveSpec(path, kind="host")}


def test_an_empty_command_line_means_the_default_drives() -> None:
    assert drive_specs("") == DEFAULT_DRIVES


@pytest.mark.parametrize(
    "line",
    [
        "C",
        "C=",
        "C=host,rw,0,",
        "C=tape,rw,0,",
        "CC=memory,rw,0,",
        "C=memory,r,0,",
        "C=memory,rw,x,",
        "C=memory,rw,0,/a",
        "1=memory,rw,0,",
        "'",
        "-x",
    ],
)
def test_a_word_that_describes_no_drive(line: str) -> None:
    with pytest.raises(ValueError, match=r"drive|quotation"):
        drive_specs(line)


def test_drives_that_contradict_themselves() -> None:
    with pytest.raises(ValueError, match="twice"):
        service_args({"C": DriveSpec(), "c:": DriveSpec()})
    with pytest.raises(ValueError, match="letter"):
        service_args({"CD": DriveSpec()})
    with pytest.raises(ValueError, match="needs a directory"):
        DriveSpec(kind="host")
    with pytest.raises(ValueError, match="no directory"):
        DriveSpec(Path("/"), kind="memory")
    with pytest.raises(ValueError, match="negative"):
        DriveSpec(capacity=-1)
