"""The `--drive` option."""

from pathlib import Path

import pytest

from servers.fileserver.protocol import DriveSpec
from tools.cli.drives import parse_drive, parse_drives
from tools.cli.refusal import Refusal


def test_a_drive_is_writable_unless_it_says_otherwise(tmp_path: Path) -> None:
    host = tmp_path.resolve()
    assert parse_drives([f"c={tmp_path}", f"E:={tmp_path}:ro", f"F={tmp_path}:rw"]) == {
        "C": DriveSpec(host, read_only=False, kind="host"),
        "E": DriveSpec(host, read_only=True, kind="host"),
        "F": DriveSpec(host, read_only=False, kind="host"),
    }


def test_a_colon_inside_a_directory_name_belongs_to_it(tmp_path: Path) -> None:
    odd = tmp_path / "a:b"
    odd.mkdir()
    _, spec = parse_drive(f"C={odd}:ro")
    assert (spec.host, spec.read_only) == (odd.resolve(), True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("C", "bad drive 'C'; write it as C=DIR or C=DIR:ro"),
        ("C=", "bad drive 'C='; write it as C=DIR or C=DIR:ro"),
        ("9=/", "bad drive letter '9' in '9=/'; letters are A to Z"),
        (":=/", "bad drive letter '' in ':=/'; letters are A to Z"),
        ("CD=/", "bad drive letter 'CD' in 'CD=/'; letters are A to Z"),
        ("ä=/", "bad drive letter 'ä' in 'ä=/'; letters are A to Z"),
    ],
)
def test_a_bad_drive_is_refused_with_its_form(text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_drive(text)
    assert (refused.value.message, refused.value.status) == (says, 2)


def test_a_missing_directory_and_a_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Refusal, match="no directory"):
        parse_drive(f"C={tmp_path}/absent:ro")
    with pytest.raises(Refusal, match="is not a directory"):
        parse_drive(f"C={file}")


def test_a_letter_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="drive C: is given twice"):
        parse_drives([f"C={tmp_path}", f"c={tmp_path}:ro"])
