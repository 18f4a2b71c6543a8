"""Directories and entries: fileserver specification 9 and 10, cases 74 to 85."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RDir, RFile, RFs
from servers.fileserver.modes import (
    EDescending,
    EDirDescending,
    EDirsFirst,
    EDirsLast,
    ESortByExt,
    ESortByName,
    ESortBySize,
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttMatchExclude,
    KEntryAttMatchExclusive,
    KEntryAttNormal,
    KEntryAttSystem,
)
from userlib import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrEof,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrPathNotFound,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SF-074", "SF-075")
def test_making_directories(
    tell: Tell, refusal: Helper, make: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        fs.set_session_path("C:\\")
        assert refusal(fs.mk_dir, "\\") == KErrAlreadyExists
        assert refusal(fs.mk_dir, "\\asdf.ere") == KErrAlreadyExists
        assert refusal(fs.mk_dir, "\\A\\B\\") == KErrPathNotFound
        fs.mk_dir("\\A\\B")
        assert names(fs, "\\") == ["A", "T"]
        assert refusal(fs.mk_dir, "\\a\\") == KErrAlreadyExists
        assert refusal(fs.mk_dir, "\\T\\F\\") == KErrAccessDenied
        assert refusal(fs.mk_dir, "\\T\\F\\x\\") == KErrPathNotFound

    tell(story)


@pytest.mark.case("SF-076")
def test_making_all_that_is_missing(
    tell: Tell, refusal: Helper, make: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir_all("\\A\\B\\C\\")
        assert refusal(fs.mk_dir_all, "\\A\\B\\C\\") == KErrAlreadyExists
        make(fs, "\\A\\F")
        assert refusal(fs.mk_dir_all, "\\A\\F\\X\\") == KErrAccessDenied
        assert refusal(fs.mk_dir_all, "Q:\\A\\") < 0
        assert names(fs, "\\A\\B\\") == ["C"]

    tell(story)


@pytest.mark.case("SF-077")
def test_removing_directories(
    tell: Tell, refusal: Helper, make: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        fs.mk_dir_all("\\T\\sub\\")
        assert refusal(fs.rm_dir, "\\") == KErrInUse
        assert refusal(fs.rm_dir, "\\T\\") == KErrInUse
        assert refusal(fs.rm_dir, "\\T\\missing\\") == KErrNotFound
        assert refusal(fs.rm_dir, "\\no\\missing\\") == KErrPathNotFound
        assert refusal(fs.rm_dir, "\\T\\F\\") == KErrPathNotFound
        fs.rm_dir("\\T\\SUB\\")
        assert names(fs) == ["F"]

    tell(story)


@pytest.mark.case("SF-078", "SF-079")
def test_opening_directories(tell: Tell, refusal: Helper, make: Helper) -> None:
    def story(fs: RFs) -> None:
        with RDir().open(fs, "C:\\T\\") as empty:
            assert refusal(empty.read) == KErrEof
            assert empty.read_array() == (KErrEof, [])
        make(fs, "F")
        assert refusal(RDir().open, fs, "\\T\\F\\*") == KErrPathNotFound
        assert refusal(RDir().open, fs, "\\no\\*") == KErrPathNotFound
        with RDir().open(fs, "*.none") as nothing:
            assert refusal(nothing.read) == KErrEof
        assert fs.resource_count() == 0

    tell(story)


@pytest.mark.case("SF-080")
def test_the_last_batch_comes_with_the_end(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        for name in "abc":
            make(fs, name)
        with RDir().open(fs, "") as directory:
            code, entries = directory.read_array()
            assert (code, len(entries)) == (KErrEof, 3)
        with RDir().open(fs, "") as directory:
            assert [directory.read().name for _ in "abc"] == ["a", "b", "c"]
            assert refusal(directory.read) == KErrEof

    tell(story)


def test_many_entries_come_in_batches(tell: Tell, names: Helper) -> None:
    wanted = [f"file-number-{n:04}-" + "x" * (n % 90) for n in range(150)]

    def story(fs: RFs) -> None:
        for name in wanted:
            RFile().create(fs, name).close()
        with RDir().open(fs, "") as directory:
            code, entries = directory.read_array()
            assert code == KErrNone
            assert 0 < len(entries) < len(wanted)
        assert names(fs) == wanted

    tell(story)


def test_a_listing_is_that_of_the_moment_it_was_opened(
    tell: Tell, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        for name in "abc":
            make(fs, name)
        with RDir().open(fs, "") as directory:
            first = directory.read().name
            fs.delete("c")
            make(fs, "d")
            rest = [entry.name for entry in directory]
        assert {first, "b"} <= {first, *rest} <= {"a", "b", "c", "d"}
        assert len({first, *rest}) == 1 + len(rest)

    tell(story)


@pytest.mark.case("SF-081")
@pytest.mark.parametrize("kind", ["memory"], indirect=True)
def test_masks(tell: Tell, make: Helper, names: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "plain")
        make(fs, "hidden")
        make(fs, "system")
        fs.set_att("hidden", KEntryAttHidden, 0)
        fs.set_att("system", KEntryAttSystem, 0)
        fs.mk_dir("\\T\\dir\\")
        assert names(fs, "", KEntryAttNormal) == ["plain"]
        assert names(fs, "", KEntryAttHidden) == ["hidden", "plain"]
        without_dirs = KEntryAttMatchExclude | KEntryAttDir
        assert names(fs, "", without_dirs) == ["hidden", "plain", "system"]
        assert names(fs, "", KEntryAttMatchExclude | KEntryAttHidden) == [
            "dir",
            "plain",
            "system",
        ]
        assert names(fs, "", KEntryAttMatchExclusive | KEntryAttDir) == ["dir"]
        assert names(fs, "", KEntryAttDir) == ["dir", "plain"]

    tell(story)


@pytest.mark.case("SF-082")
def test_patterns(tell: Tell, make: Helper, names: Helper) -> None:
    def story(fs: RFs) -> None:
        for name in ("noext", "a.txt", "B.TXT", "c.t", "ab.txt"):
            make(fs, name)
        assert len(names(fs, "*.*")) == 5
        assert names(fs, "*.txt") == ["B.TXT", "a.txt", "ab.txt"]
        assert names(fs, "?.TXT") == ["B.TXT", "a.txt"]
        assert names(fs, "A*") == ["a.txt", "ab.txt"]
        assert names(fs, "noext") == ["noext"]
        assert names(fs, "*t*t") == ["B.TXT", "a.txt", "ab.txt", "noext"][:3]

    tell(story)


@pytest.mark.case("SF-083")
def test_sort_orders(tell: Tell, make: Helper) -> None:
    files = ["aaaa", "ssss", "ZZZZ"]
    directories = ["aaaa.directory", "SSSS.dir", "ZZZZDirectory"]
    table = {
        0: "031425",
        EDescending: "524130",
        EDirsFirst: "345012",
        EDirsLast: "012345",
        EDirsFirst | EDescending: "210345",
        EDirsLast | EDescending: "345210",
        EDirsFirst | EDirDescending: "543012",
        EDirsLast | EDirDescending: "012543",
        EDirsFirst | EDescending | EDirDescending: "210543",
        EDirsLast | EDescending | EDirDescending: "543210",
    }

    def story(fs: RFs) -> None:
        for name in files:
            make(fs, name)
        for name in directories:
            fs.mk_dir(f"\\T\\{name}\\")
        numbers = {name: str(n) for n, name in enumerate(files + directories)}
        for key, order in table.items():
            found = fs.get_dir("*", KEntryAttDir, ESortByName | key)
            assert "".join(numbers[entry.name] for entry in found) == order, hex(key)

    tell(story)


def test_other_sort_keys_and_two_lists(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        for name, size in (("b.a", 3), ("a.c", 1), ("c", 2)):
            make(fs, name, bytes(size))
        fs.mk_dir("\\T\\dir\\")

        def order(key: int) -> list[str]:
            return [entry.name for entry in fs.get_dir("*", 0, key)]

        assert order(ESortBySize) == ["a.c", "c", "b.a"]
        assert order(ESortByExt) == ["c", "b.a", "a.c"]
        entries, directories = fs.get_dir_split("*", 0, ESortByName)
        assert [entry.name for entry in entries] == ["a.c", "b.a", "c"]
        assert [entry.name for entry in directories] == ["dir"]
        entries, directories = fs.get_dir_split("*", KEntryAttDir)
        assert (len(entries), len(directories)) == (4, 1)

    tell(story)


@pytest.mark.case("SF-084")
def test_entries_of_directories(tell: Tell, refusal: Helper, make: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.entry, "C:\\") == KErrBadName
        assert refusal(fs.entry, "\\") == KErrBadName
        assert refusal(fs.entry, "\\T\\*") == KErrBadName
        for name in ("\\T\\", "\\T", "\\t\\"):
            entry = fs.entry(name)
            assert (entry.name, entry.is_dir, entry.size) == ("T", True, 0)
        make(fs, "F")
        assert refusal(fs.entry, "\\T\\F\\") == KErrPathNotFound

    tell(story)


@pytest.mark.case("SF-085")
def test_the_entry_of_an_open_file_is_not_set(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F"):
            assert refusal(fs.set_entry, "F", 0, 1, 0) == KErrInUse
            assert fs.is_file_open("F")
        assert not fs.is_file_open("F")
        assert refusal(fs.is_file_open, "\\T") == KErrArgument
        assert refusal(fs.is_file_open, "missing") == KErrNotFound
        assert refusal(fs.set_entry, "\\", 0, 1, 0) == KErrBadName

    tell(story)
