"""Delete, rename, replace: fileserver specification 11, cases 89 to 96."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import KEntryAttReadOnly
from userlib import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrInUse,
    KErrNotFound,
    KErrPathNotFound,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SF-089")
def test_what_is_not_deleted(
    tell: Tell, refusal: Helper, make: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        fs.mk_dir("\\T\\dir\\")
        with RFile().open(fs, "F"):
            assert refusal(fs.delete, "F") == KErrInUse
        assert refusal(fs.delete, "dir") == KErrAccessDenied
        assert refusal(fs.delete, "*") == KErrBadName
        assert refusal(fs.delete, "\\T\\") == KErrBadName
        assert refusal(fs.delete, "missing") == KErrNotFound
        assert refusal(fs.delete, "\\no\\F") == KErrPathNotFound
        fs.set_att("F", KEntryAttReadOnly, 0)
        assert refusal(fs.delete, "F") == KErrAccessDenied
        fs.set_att("F", 0, KEntryAttReadOnly)
        fs.delete("f")
        assert names(fs) == ["dir"]

    tell(story)


@pytest.mark.case("SF-090")
def test_rename_replaces_nothing(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "a", b"a")
        make(fs, "b", b"b")
        fs.mk_dir("\\T\\dir\\")
        fs.mk_dir("\\T\\dir2\\")
        assert refusal(fs.rename, "a", "B") == KErrAlreadyExists
        assert refusal(fs.rename, "a", "dir") == KErrAccessDenied
        assert refusal(fs.rename, "dir", "a") == KErrAccessDenied
        assert refusal(fs.rename, "dir", "dir2") == KErrAlreadyExists
        assert refusal(fs.rename, "a", "D:\\a") == KErrArgument
        assert refusal(fs.rename, "missing", "c") == KErrNotFound
        assert refusal(fs.rename, "a", "\\no\\a") == KErrPathNotFound
        assert refusal(fs.rename, "a", "c*") == KErrBadName
        assert refusal(fs.rename, "\\", "\\X\\") == KErrBadName
        assert (load(fs, "a"), load(fs, "b")) == (b"a", b"b")
        with RFile().open(fs, "a"):
            assert refusal(fs.rename, "a", "c") == KErrInUse
        modified = fs.modified("a")
        fs.rename("a", "\\T\\dir\\c")
        assert load(fs, "\\T\\dir\\C") == b"a"
        assert fs.modified("\\T\\dir\\c") == modified

    tell(story)


@pytest.mark.case("SF-091", "SF-096")
def test_renaming_directories(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir_all("\\A\\B\\")
        make(fs, "\\A\\B\\F")
        assert refusal(fs.rename, "\\A", "\\A\\B\\A2") == KErrInUse
        with RFile().open(fs, "\\A\\B\\F"):
            assert refusal(fs.rename, "\\A", "\\X") == KErrInUse
            assert refusal(fs.rename, "\\A\\", "\\X\\") == KErrInUse
        fs.rename("\\A\\", "\\X\\")
        assert load(fs, "\\X\\B\\F") == b"0123456789"
        assert refusal(fs.entry, "\\A") == KErrNotFound

    tell(story)


def test_a_directory_does_not_become_too_long(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("\\T\\dir\\")
        path = "\\T\\"
        for letter in "ab":
            path += letter * 100 + "\\"
            fs.mk_dir(path)
        room = 253 - len(path)
        assert refusal(fs.rename, "dir", path + "d" * (room + 1)) == KErrBadName
        fs.rename("dir", path + "d" * room)
        assert fs.entry(path + "D" * room).is_dir

    tell(story)


@pytest.mark.case("SF-092")
def test_rename_changes_case(
    tell: Tell, make: Helper, names: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "test")
        fs.rename("test", "TEST")
        assert names(fs) == ["TEST"]
        assert load(fs, "test") == b"0123456789"

    tell(story)


@pytest.mark.case("SF-093")
def test_replace_by_itself_keeps_the_case(
    tell: Tell, make: Helper, names: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "a")
        fs.replace("a", "A")
        assert names(fs) == ["a"]
        assert load(fs, "a") == b"0123456789"

    tell(story)


@pytest.mark.case("SF-094")
def test_replace(
    tell: Tell, refusal: Helper, make: Helper, names: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "a", b"from a")
        make(fs, "b", b"from b, longer")
        with RFile().open(fs, "b"):
            assert refusal(fs.replace, "a", "b") == KErrInUse
        with RFile().open(fs, "a"):
            assert refusal(fs.replace, "a", "b") == KErrInUse
        fs.set_att("b", KEntryAttReadOnly, 0)
        assert refusal(fs.replace, "a", "b") == KErrAccessDenied
        fs.set_att("b", 0, KEntryAttReadOnly)
        assert load(fs, "b") == b"from b, longer"
        fs.replace("a", "B")
        assert names(fs) == ["B"]
        assert load(fs, "b") == b"from a"
        fs.replace("b", "c")
        assert names(fs) == ["c"]

    tell(story)


@pytest.mark.case("SF-095")
def test_replace_looks_at_the_target_first(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("\\T\\b\\")
        assert refusal(fs.replace, "missing", "b") == KErrAccessDenied
        assert refusal(fs.replace, "missing", "c") == KErrNotFound
        make(fs, "a")
        assert refusal(fs.replace, "b", "a") == KErrAccessDenied
        assert refusal(fs.replace, "a", "D:\\a") == KErrArgument
        assert refusal(fs.replace, "a", "\\no\\a") == KErrPathNotFound

    tell(story)
