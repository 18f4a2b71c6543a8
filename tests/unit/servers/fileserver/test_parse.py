"""The parts of a name that TParse puts together, and which of them were given."""

import pytest

from servers.fileserver.parse import TParse


def test_the_parts_of_a_completed_name() -> None:
    parse = TParse("W:abc", "X:\\ONE\\TWO\\file.CCC")
    assert parse.full_name() == "W:\\ONE\\TWO\\abc.CCC"
    assert (parse.drive(), parse.path()) == ("W:", "\\ONE\\TWO\\")
    assert parse.drive_and_path() == "W:\\ONE\\TWO\\"
    assert (parse.name(), parse.ext()) == ("abc", ".CCC")
    assert parse.name_and_ext() == "abc.CCC"


@pytest.mark.parametrize(
    ("given", "present"),
    [
        ("", ""),
        ("W:", "drive"),
        ("\\A\\", "path"),
        ("abc", "name name_or_ext"),
        (".CCC", "ext name_or_ext"),
        ("W:\\A\\abc.CCC", "drive path name ext name_or_ext"),
    ],
)
def test_only_what_the_first_text_has_is_present(given: str, present: str) -> None:
    parse = TParse(given, "X:\\ONE\\two.DDD")
    said = {
        "drive": parse.drive_present(),
        "path": parse.path_present(),
        "name": parse.name_present(),
        "ext": parse.ext_present(),
        "name_or_ext": parse.name_or_ext_present(),
    }
    assert [part for part, is_present in said.items() if is_present] == present.split()
