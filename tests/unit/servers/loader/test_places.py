"""Where an executable is looked for."""

import pytest

from eka import Leave
from kernel.abi.executable_name import parse_executable_name
from servers.loader.places import Place, search_places
from userlib import KErrBadName

DRIVES = "ACYZ"


def places(name: str, path: str = "", *, enforced: bool = True) -> list[str]:
    parsed = parse_executable_name(name, ".dll")
    found = search_places(parsed, path, DRIVES, enforce_sys_bin=enforced)
    return [place.text for place in found]


def everywhere(path: str) -> list[str]:
    return [f"{drive}:{path}" for drive in "YCAZ"]


def test_without_a_path_it_is_sys_bin_of_all_drives() -> None:
    assert places("x") == everywhere("\\sys\\bin\\")
    assert places("C:x") == ["C:\\sys\\bin\\"]
    assert places("B:x") == ["B:\\sys\\bin\\"]


def test_a_path_is_the_only_one_unless_sys_bin_is_enforced() -> None:
    assert places("\\a\\x", enforced=False) == everywhere("\\a\\")
    assert places("\\a\\x", "\\b", enforced=False) == everywhere("\\a\\")
    assert places("\\a\\x") == everywhere("\\sys\\bin\\")
    assert places("\\sys\\bin\\deep\\x") == everywhere("\\sys\\bin\\deep\\")
    assert places("A:\\SYS\\BINS\\x") == ["A:\\sys\\bin\\"]


def test_the_search_path_comes_first_and_no_place_twice() -> None:
    found = places("x", "C:\\a;\\sys\\bin;\\b\\", enforced=False)
    assert found == [
        "C:\\a\\",
        *everywhere("\\sys\\bin\\"),
        *everywhere("\\b\\"),
    ]
    drives = [place[0] for place in places("x", "C:\\a")]
    assert drives == ["C", "Y", "A", "Z"]
    assert places("C:x", "A:\\a;C:\\c", enforced=False) == ["C:\\c\\", "C:\\sys\\bin\\"]


@pytest.mark.parametrize("path", ["a", "C:", "C:a", "\\a:b", "\\*", "\\a\\..", "\\{1}"])
def test_a_search_path_that_is_none_is_refused(path: str) -> None:
    if path == "C:":
        assert places("x", path, enforced=False)[0] == "C:\\"
        return
    with pytest.raises(Leave) as refusal:
        places("x", path)
    assert refusal.value.code == KErrBadName


def test_rom_is_one_place() -> None:
    assert Place("Z", "\\Sys\\Bin\\").is_rom
    assert not Place("Z", "\\sys\\bin\\deep\\").is_rom
    assert not Place("C", "\\sys\\bin\\").is_rom
