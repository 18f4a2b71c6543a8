"""Opening files and sharing them: fileserver specification 4, cases 17 to 33."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import (
    EDeleteOnClose,
    EFileReadAheadOff,
    EFileReadAheadOn,
    EFileReadAsyncAll,
    EFileReadBuffered,
    EFileReadDirectIO,
    EFileShareAny,
    EFileShareExclusive,
    EFileShareReadersOnly,
    EFileShareReadersOrWriters,
    EFileWrite,
    EFileWriteBuffered,
    EFileWriteDirectIO,
    KEntryAttReadOnly,
)
from userlib import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrPathNotFound,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

EXCLUSIVE = EFileShareExclusive
READERS = EFileShareReadersOnly
ANY = EFileShareAny
ROW = EFileShareReadersOrWriters
WRITE = EFileWrite


@pytest.mark.case("SF-017")
def test_what_is_missing(tell: Tell, refusal: Helper, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        assert refusal(RFile().open, fs, "missing") == KErrNotFound
        assert refusal(RFile().open, fs, "C:\\T\\no\\missing") == KErrPathNotFound
        assert refusal(RFile().open, fs, "C:\\T\\F\\x") == KErrPathNotFound
        assert refusal(RFile().open, fs, "no\\missing") == KErrBadName
        assert fs.resource_count() == 0

    tell(story)


@pytest.mark.case("SF-018")
def test_a_directory_is_no_file(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("\\T\\d\\")
        for mode in (READERS, EXCLUSIVE | WRITE):
            assert refusal(RFile().open, fs, "d", mode) == KErrAccessDenied
        assert refusal(RFile().create, fs, "d") == KErrAccessDenied
        assert refusal(RFile().replace, fs, "D") == KErrAccessDenied

    tell(story)


@pytest.mark.case("SF-019")
def test_create_wants_a_new_file(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        assert refusal(RFile().create, fs, "f") == KErrAlreadyExists
        with RFile().open(fs, "F"):
            assert refusal(RFile().create, fs, "F") == KErrAlreadyExists
        assert load(fs, "F") == b"0123456789"

    tell(story)


@pytest.mark.case("SF-020", "SF-021", "SF-022")
def test_modes_that_contradict_themselves(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        for mode in (
            READERS | WRITE,
            ANY | EFileReadBuffered | EFileReadDirectIO,
            ANY | EFileWriteBuffered | EFileWriteDirectIO,
            ANY | EFileReadAheadOn | EFileReadAheadOff,
            ANY | EFileReadDirectIO | EFileReadAheadOn,
            EXCLUSIVE | EFileReadAsyncAll,
            READERS | EFileReadAsyncAll,
        ):
            assert refusal(RFile().open, fs, "F", mode) == KErrArgument, mode
        with RFile().open(fs, "F", ANY | EFileReadAsyncAll):
            assert fs.resource_count() == 1

    tell(story)


@pytest.mark.case("SF-023")
def test_delete_on_close(
    tell: Tell, refusal: Helper, make: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        assert refusal(RFile().open, fs, "F", EDeleteOnClose) == KErrArgument
        with RFile().create(fs, "G", ANY | EDeleteOnClose):
            with RFile().open(fs, "G", ANY):
                assert refusal(fs.delete, "G") == KErrInUse
            assert names(fs) == ["F", "G"]
        assert names(fs) == ["F"]

    tell(story)


@pytest.mark.case("SF-024")
def test_exclusive_shares_with_nobody(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        for write in (0, WRITE):
            with RFile().open(fs, "F", EXCLUSIVE | write), RFs().connect() as other:
                for mode in (EXCLUSIVE, READERS, ANY, ROW, ANY | WRITE, ROW | WRITE):
                    assert refusal(RFile().open, other, "C:\\T\\F", mode) == KErrInUse

    tell(story)


@pytest.mark.case("SF-025", "SF-026")
def test_the_matrix_of_current_and_new_mode(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    new = (EXCLUSIVE, READERS, ANY, ROW, ROW | WRITE)
    in_use = KErrInUse
    table = {
        EXCLUSIVE: (in_use, in_use, in_use, in_use, in_use),
        READERS: (in_use, KErrNone, in_use, KErrNone, in_use),
        ANY: (in_use, in_use, KErrNone, KErrNone, KErrNone),
        ROW: (in_use, KErrNone, KErrNone, KErrNone, KErrNone),
        ROW | WRITE: (in_use, in_use, KErrNone, KErrNone, KErrNone),
    }

    def story(fs: RFs) -> None:
        make(fs, "F")
        for current, expected in table.items():
            for mode, code in zip(new, expected, strict=True):
                with RFile().open(fs, "F", current), RFile() as second:
                    assert refusal(second.open, fs, "F", mode) == code, (current, mode)

    tell(story)


@pytest.mark.case("SF-027")
def test_a_writer_keeps_readers_only_out(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ROW | WRITE):
            assert refusal(RFile().open, fs, "F", READERS) == KErrInUse
            with RFile().open(fs, "F", ROW), RFile().open(fs, "F", ANY):
                # Once it is Any, readers or writers come in, the others don't.
                assert refusal(RFile().open, fs, "F", READERS) == KErrInUse

    tell(story)


@pytest.mark.case("SF-028")
def test_the_file_reverts_to_readers_or_writers(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ROW):
            with RFile().open(fs, "F", READERS):
                assert refusal(RFile().open, fs, "F", ROW | WRITE) == KErrInUse
            with RFile().open(fs, "F", ROW | WRITE) as third:
                third.write(b"x")

    tell(story)


def test_an_unknown_share_mode_shows_when_the_file_is_open(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        assert refusal(RFile().open, fs, "F", 7) == KErrNone
        fs.close()
        with RFs().connect() as other, RFile().open(other, "C:\\T\\F", ANY):
            assert refusal(RFile().open, other, "C:\\T\\F", 7) == KErrArgument

    tell(story)


@pytest.mark.case("SF-029")
def test_a_read_only_file_is_not_written_to(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        fs.set_att("F", KEntryAttReadOnly, 0)
        assert refusal(RFile().open, fs, "F", WRITE) == KErrAccessDenied
        assert refusal(RFile().replace, fs, "F") == KErrAccessDenied
        assert load(fs, "F") == b"0123456789"
        fs.set_att("F", 0, KEntryAttReadOnly)
        with RFile().open(fs, "F", WRITE) as file:
            file.write(b"x")

    tell(story)


@pytest.mark.case("SF-030")
def test_nothing_changes_on_rom(tell: Tell, refusal: Helper, load: Helper) -> None:
    def story(fs: RFs) -> None:
        for mode in (WRITE, ANY | WRITE, READERS | WRITE):
            assert refusal(RFile().open, fs, "Z:\\r.txt", mode) == KErrAccessDenied
        assert refusal(RFile().create, fs, "Z:\\new") == KErrAccessDenied
        assert refusal(RFile().replace, fs, "Z:\\r.txt") == KErrAccessDenied
        assert refusal(RFile().temp, fs, "Z:\\") == KErrAccessDenied
        assert refusal(fs.delete, "Z:\\r.txt") == KErrAccessDenied
        assert refusal(fs.mk_dir, "Z:\\d\\") == KErrAccessDenied
        assert refusal(fs.rm_dir, "Z:\\sub\\") == KErrAccessDenied
        assert refusal(fs.rename, "Z:\\r.txt", "Z:\\s.txt") == KErrAccessDenied
        assert refusal(fs.set_att, "Z:\\r.txt", 0, 1) == KErrAccessDenied
        assert load(fs, "Z:\\r.txt") == b"read me"
        assert all(entry.is_read_only for entry in fs.entries("Z:\\"))
        assert [entry.name for entry in fs.entries("Z:\\")] == ["r.txt", "sub"]

    tell(story)


@pytest.mark.case("SF-031")
def test_temporary_files_have_unused_names(
    tell: Tell, refusal: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        first, second = RFile(), RFile()
        made = [first.temp(fs, "C:\\T\\"), second.temp(fs, "C:\\T\\")]
        for name in made:
            assert re.fullmatch(r"C:\\T\\TMP[0-9A-F]{5}\.\$\$\$", name), name
        assert len(set(made)) == 2
        first.write(b"temporary")
        first.close()
        second.close()
        assert [f"C:\\T\\{name}" for name in names(fs)] == sorted(made)
        assert refusal(RFile().temp, fs, "C:\\T\\x") == KErrBadName

    tell(story)


@pytest.mark.case("SF-032", "SF-033")
def test_changing_the_mode_of_a_handle(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", EXCLUSIVE | WRITE) as file:
            assert refusal(file.change_mode, ANY) == KErrArgument
            assert refusal(file.change_mode, READERS) == KErrAccessDenied
            file.change_mode(EXCLUSIVE)
        with RFile().open(fs, "F", ANY) as file:
            assert refusal(file.change_mode, EXCLUSIVE) == KErrAccessDenied
        with RFile().open(fs, "F", READERS) as file, RFile().open(fs, "F", READERS):
            assert refusal(file.change_mode, EXCLUSIVE) == KErrAccessDenied
        with RFile().open(fs, "F", EXCLUSIVE) as file:
            file.change_mode(READERS)
            with RFile().open(fs, "F", READERS):
                assert fs.is_file_open("F")

    tell(story)


def test_replace_of_an_open_file_merely_opens_it(
    tell: Tell, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ANY), RFile().replace(fs, "F", ANY) as file:
            assert file.size() == 10
        with RFile().replace(fs, "F") as file:
            assert file.size() == 0
        assert load(fs, "F") == b""

    tell(story)


def test_a_failed_opening_leaves_no_resource(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        for _ in range(20):
            assert refusal(RFile().open, fs, "missing") == KErrNotFound
        assert fs.resource_count() == 0

    tell(story)
