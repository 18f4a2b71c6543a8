"""Names and session paths: fileserver specification 2 and 3, cases 1 to 16."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Executable, Image, Kernel
from servers.fileserver.client import RFile, RFs, TParse
from userlib import (
    KErrBadName,
    KErrGeneral,
    KErrNone,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
    KErrPathNotFound,
    Leave,
    RSessionBase,
    TVersion,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SF-001")
def test_characters_that_no_name_may_have(
    tell: Tell, refusal: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        for name in ("a<b", "a>b", 'a"b', "a|b", "a/b", "ab:c", "a\0b"):
            assert refusal(RFile().create, fs, name) == KErrBadName, name
        assert names(fs) == []

    tell(story)


@pytest.mark.case("SF-002")
def test_wildcards_where_none_are_allowed(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(RFile().create, fs, "a*") == KErrBadName
        assert refusal(RFile().create, fs, "a?") == KErrBadName
        assert refusal(fs.mk_dir, "\\T\\a*\\") == KErrBadName

    tell(story)


@pytest.mark.case("SF-003")
def test_a_directory_cannot_end_in_dots(
    tell: Tell, refusal: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("\\test9\\")
        assert refusal(fs.mk_dir, "\\test9..\\") == KErrBadName
        assert refusal(fs.mk_dir, "\\t.\\") == KErrBadName
        assert refusal(fs.rename, "\\test9\\", "\\test9..\\") == KErrBadName
        assert names(fs, "\\") == ["T", "test9"]

    tell(story)


@pytest.mark.case("SF-004")
def test_final_dots_are_dropped(tell: Tell, names: Helper) -> None:
    def story(fs: RFs) -> None:
        RFile().create(fs, "X.").close()
        assert names(fs) == ["X"]
        assert fs.entry("X..").name == "X"

    tell(story)


def test_trailing_spaces_are_dropped_and_leading_ones_kept(
    tell: Tell, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        RFile().create(fs, " lead").close()
        RFile().create(fs, "trail  ").close()
        assert names(fs) == [" lead", "trail"]

    tell(story)


@pytest.mark.case("SF-005")
def test_how_long_a_name_may_be(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("\\" + "d" * 120 + "\\")
        folder = "\\" + "d" * 120 + "\\"
        longest = folder + "f" * (254 - len(folder))
        RFile().create(fs, "C:" + longest).close()
        assert refusal(RFile().create, fs, "C:" + longest + "f") == KErrBadName
        assert refusal(RFile().open, fs, "C:" + longest) == KErrNone
        assert refusal(fs.entry, "x" * 257) == KErrBadName
        assert refusal(fs.entry, "Q:\\" + "x" * 254) == KErrBadName

    tell(story)


@pytest.mark.case("SF-006")
def test_case_is_kept_and_does_not_count(tell: Tell, names: Helper) -> None:
    def story(fs: RFs) -> None:
        RFile().create(fs, "name").close()
        RFile().open(fs, "NAME").close()
        assert names(fs) == ["name"]

    tell(story)


@pytest.mark.case("SF-007")
def test_is_valid_name(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        for name in ("", "\\", "C:\\T\\", "asdf..", "a>b"):
            assert not fs.is_valid_name(name), name
        for name in (".ext", "C:\\asdf..blarg", "C:\\T\\name.ext"):
            assert fs.is_valid_name(name), name

    tell(story)


@pytest.mark.case("SF-008")
def test_which_character_makes_a_name_bad(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        assert fs.bad_character("a>b|c?d*e") == "*"
        assert fs.bad_character("a>b|c?d") == "?"
        assert fs.bad_character("a>b|c") == "|"
        assert fs.bad_character("a>b") == ">"
        assert fs.bad_character("") == " "
        assert fs.bad_character("C:\\asdf.blarg\\") == " "
        assert fs.bad_character("C:\\asdf.blarg") == "\0"

    tell(story)


@pytest.mark.case("SF-009", "SF-010")
def test_parse_completes_a_name_from_others(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        assert TParse("Z:", "*.SHT", "X:").full_name() == "Z:*.SHT"
        parse = TParse("W:", "abcdefg", "X:\\ONE\\TWO\\.CCC")
        assert parse.full_name() == "W:\\ONE\\TWO\\abcdefg.CCC"
        assert fs.parse("a.b").full_name() == "C:\\T\\a.b"

    tell(story)


@pytest.mark.case("SF-011", "SF-012")
def test_parse_goes_up_and_down_directories(tell: Tell, refusal: Helper) -> None:
    def story(_: RFs) -> None:
        parse = TParse("C:\\A\\B\\")
        parse.pop_dir()
        parse.pop_dir()
        assert parse.full_name() == "C:\\"
        assert refusal(parse.pop_dir) == KErrGeneral
        assert refusal(parse.add_dir, "A\\B") == KErrBadName
        parse.add_dir("")
        assert parse.full_name() == "C:\\"

    tell(story)


@pytest.mark.case("SF-013", "SF-016")
def test_private_path_of_a_secure_id(machine: Kernel) -> None:
    private = "C:\\Private\\10003a4b\\"

    def program() -> None:
        with RFs().connect() as fs:
            assert fs.session_path() == private
            assert fs.private_path() == private[2:]
            fs.create_private_path(2)
            fs.create_private_path(2)
            fs.set_session_path("D:\\")
            fs.set_session_to_private(2)
            assert fs.session_path() == private
            RFile().create(fs, "mine").close()
            assert [entry.name for entry in fs.entries("")] == ["mine"]

    machine.register("private", Executable(program, Image(uid3=0x10003A4B)))
    assert str(machine.run("private")) == "exited with KErrNone"


@pytest.mark.case("SF-014")
def test_a_session_path_need_not_exist(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        fs.set_session_path("C:\\NOPE\\")
        assert refusal(RFile().open, fs, "x") == KErrPathNotFound

    tell(story)


@pytest.mark.case("SF-015")
def test_what_is_no_session_path(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.set_session_path, "C:\\T\\x") == KErrBadName
        assert refusal(fs.set_session_path, "C:\\T\\*\\") == KErrBadName
        assert fs.session_path() == "C:\\T\\"

    tell(story)


def test_a_drive_alone_takes_its_root(tell: Tell, names: Helper) -> None:
    def story(fs: RFs) -> None:
        fs.set_session_path("D:")
        RFile().create(fs, "x").close()
        assert names(fs, "D:\\") == ["x"]

    tell(story)


def test_a_bad_name_on_a_drive_without_media_is_not_ready(
    tell: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.entry, "Q:\\a<b") == KErrNotReady
        assert refusal(fs.entry, "1:\\a") == KErrBadName
        assert refusal(fs.entry, "nowhere") == KErrNotFound

    tell(story)


def test_a_newer_client_is_refused(tell: Tell) -> None:
    def story(_: RFs) -> None:
        with pytest.raises(Leave, match="KErrNotSupported") as caught:
            RSessionBase().create_session("!FileServer", TVersion(99, 0, 0))
        assert caught.value.code == KErrNotSupported

    tell(story)
