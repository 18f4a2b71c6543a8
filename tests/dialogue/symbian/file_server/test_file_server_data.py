"""Reading and writing: fileserver specification 5, cases 34 to 56."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFile64, RFs
from servers.fileserver.modes import (
    EFileShareAny,
    EFileShareExclusive,
    EFileWrite,
    ESeekAddress,
    ESeekCurrent,
    ESeekEnd,
    ESeekStart,
    KEntryAttArchive,
    KEntryAttReadOnly,
)
from userlib import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrDiskFull,
    KErrNone,
    KErrNotSupported,
    KErrOverflow,
    KErrTooBig,
    RThread,
    TBuf8,
    TRequestStatus,
    User,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

ANY_WRITE = EFileShareAny | EFileWrite


@pytest.mark.case("SF-034", "SF-035", "SF-037")
def test_reading_ends_with_nothing_and_no_error(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        buffer = TBuf8(20)
        with RFile().open(fs, "F") as file:
            assert file.read_at(0, buffer) == 10
            assert bytes(buffer) == b"0123456789"
            assert file.seek(ESeekCurrent) == 10
            assert file.read(buffer) == 0
            assert bytes(buffer) == b""
            assert file.read_at(100, buffer) == 0
            assert file.seek(ESeekCurrent) == 10
            buffer.copy(b"rest")
            assert file.read_at(0, buffer, 0) == 0
            assert buffer.length == 0
            assert file.read_at(2, buffer, 3) == 3
            assert bytes(buffer) == b"234"
            assert file.seek(ESeekCurrent) == 5

    tell(story)


@pytest.mark.case("SF-036")
def test_more_than_the_buffer_holds(tell: Tell, refusal: Helper, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        buffer, status = TBuf8(5), TRequestStatus()
        with RFile().open(fs, "F") as file:
            assert refusal(file.read_at, 0, buffer, 6) == KErrOverflow
            file.request_read(buffer, status, 6, 0)
            User.wait_for_request(status)
            assert status == KErrOverflow
            assert refusal(file.read, buffer, -1) == KErrArgument

    tell(story)


@pytest.mark.case("SF-038")
def test_a_negative_position_panics(tell: Tell, make: Helper, exit_of: Helper) -> None:
    def read(fs: RFs) -> None:
        RFile().open(fs, "F").read_at(-1, TBuf8(5))

    def write(fs: RFs) -> None:
        RFile().open(fs, "F", EFileWrite).write_at(-1, b"x")

    def story(fs: RFs) -> None:
        make(fs, "F")
        assert str(exit_of(read)) == "panicked FSCLIENT 19"
        assert str(exit_of(write)) == "panicked FSCLIENT 19"

    tell(story)


@pytest.mark.case("SF-039")
def test_a_read_handle_does_not_write(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", EFileShareAny) as file:
            assert refusal(file.write, b"x") == KErrAccessDenied
            assert refusal(file.set_size, 0) == KErrAccessDenied
            assert refusal(file.set_att, KEntryAttReadOnly) == KErrAccessDenied
        assert load(fs, "F") == b"0123456789"

    tell(story)


@pytest.mark.case("SF-040", "SF-041")
def test_no_hole_is_ever_made(
    tell: Tell, make: Helper, load: Helper, exit_of: Helper
) -> None:
    def too_long(fs: RFs) -> None:
        RFile().open(fs, "F", ANY_WRITE).write(b"ab", 3)

    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", EFileWrite) as file:
            file.write_at(3, b"")
            assert file.size() == 10
            file.write_at(100, b"ab")
            assert file.size() == 12
        assert load(fs, "F") == b"0123456789ab"
        assert str(exit_of(too_long)) == "panicked FSCLIENT 27"

    tell(story)


@pytest.mark.case("SF-042")
def test_two_handles_see_the_same_file_from_their_own_positions(
    tell: Tell, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        buffer = TBuf8(4)
        with (
            RFile().open(fs, "F", ANY_WRITE) as one,
            RFile().open(fs, "F", ANY_WRITE) as other,
        ):
            one.write_at(0, b"abc")
            assert other.seek(ESeekCurrent) == 0
            assert other.read(buffer) == 4
            assert bytes(buffer) == b"abc3"
            assert (one.seek(ESeekCurrent), other.seek(ESeekCurrent)) == (3, 4)

    tell(story)


def test_a_writer_joins_a_reader(tell: Tell, make: Helper, load: Helper) -> None:
    """The file was opened on the host for reading only, and must be opened again."""

    def story(fs: RFs) -> None:
        make(fs, "F")
        buffer = TBuf8(10)
        with RFile().open(fs, "F", EFileShareAny) as reader:
            with RFile().open(fs, "F", ANY_WRITE) as writer:
                writer.write(b"XY")
            reader.read(buffer)
        assert bytes(buffer) == load(fs, "F") == b"XY23456789"

    tell(story)


@pytest.mark.case("SF-043", "SF-044", "SF-045")
def test_seeking(tell: Tell, refusal: Helper, make: Helper, load: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", EFileWrite) as file:
            file.seek(ESeekStart, 4)
            assert refusal(file.seek, ESeekStart, -1) == KErrArgument
            assert refusal(file.seek, ESeekAddress, 0) == KErrNotSupported
            assert refusal(file.seek, 9, 0) == KErrArgument
            assert file.seek(ESeekCurrent) == 4
            assert file.seek(ESeekCurrent, 100) == 10
            assert file.seek(ESeekCurrent, -100) == 0
            assert file.seek(ESeekEnd, 0) == 10
            assert file.seek(ESeekEnd, -3) == 7
            assert file.seek(ESeekStart, 50) == 50
            file.write(b"z")
        assert load(fs, "F") == b"0123456789z"

    tell(story)


@pytest.mark.case("SF-046", "SF-047")
def test_setting_the_size(
    tell: Tell, make: Helper, load: Helper, exit_of: Helper
) -> None:
    def negative(fs: RFs) -> None:
        RFile().open(fs, "F", EFileWrite).set_size(-1)

    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", EFileWrite) as file:
            file.set_size(4)
            assert file.contents() == b"0123"
            file.set_size(4)
            file.set_size(1000)
            buffer = TBuf8(996)
            assert file.read_at(4, buffer, 996) == 996
            assert bytes(buffer) == bytes(996)
        assert load(fs, "F") == b"0123" + bytes(996)
        assert str(exit_of(negative)) == "panicked FSCLIENT 20"

    tell(story)


@pytest.mark.case("SF-048", "SF-049")
def test_a_full_volume(tell: Tell, refusal: Helper, load: Helper) -> None:
    def story(fs: RFs) -> None:
        free = fs.volume(3).free
        with RFile().create(fs, "D:\\F") as file:
            assert refusal(file.set_size, free + 1) == KErrDiskFull
            assert file.size() == 0
            piece = bytes(range(256)) * 400
            written = 0
            while (code := refusal(file.write, piece)) == KErrNone:
                written += len(piece)
            assert code == KErrDiskFull
            assert file.size() == written <= free < written + len(piece)
        assert load(fs, "D:\\F") == piece * (written // len(piece))
        fs.delete("D:\\F")
        assert fs.volume(3).free == free
        with RFile().create(fs, "D:\\G") as file:
            file.write(piece)
        assert load(fs, "D:\\G") == piece

    tell(story)


@pytest.mark.case("SF-050")
def test_flush(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F") as file:
            file.flush()
        with RFile().open(fs, "F", EFileWrite) as file:
            file.write(b"x")
            file.flush()
            assert file.size() == 10

    tell(story)


@pytest.mark.case("SF-051")
def test_the_entry_of_an_open_file_is_live(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        with RFile().create(fs, "F", ANY_WRITE) as file:
            file.write(b"0123456789ab")
            entry = fs.entry("F")
            assert (entry.size, entry.att) == (12, KEntryAttArchive)
            assert file.entry() == entry
            assert [found.size for found in fs.entries("")] == [12]

    tell(story)


@pytest.mark.case("SF-052", "SF-053")
def test_attributes_of_an_open_file(
    tell: Tell, refusal: Helper, make: Helper, load: Helper, exit_of: Helper
) -> None:
    def overlapping(fs: RFs) -> None:
        RFile().open(fs, "F").set_att(KEntryAttReadOnly, KEntryAttReadOnly)

    def story(fs: RFs) -> None:
        make(fs, "F")
        assert str(exit_of(overlapping)) == "panicked FSCLIENT 21"
        with RFile().open(fs, "F", EFileWrite) as file:
            file.set_att(KEntryAttReadOnly)
            file.write(b"X")
            assert file.att() & KEntryAttReadOnly
        assert refusal(RFile().open, fs, "F", EFileWrite) == KErrAccessDenied
        assert load(fs, "F") == b"X123456789"
        fs.set_att("F", 0, KEntryAttReadOnly)

    tell(story)


def test_the_time_of_a_file_can_be_set(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        when = fs.modified("F") - 86_400_000_000
        fs.set_modified("F", when)
        assert fs.modified("F") == when
        with RFile().open(fs, "F", EFileWrite) as file:
            file.set_modified(when - 1_000)
            assert file.modified() == when - 1_000
        with RFile().open(fs, "F") as file:
            file.set(when, 0, 0)
        assert fs.entry("F").modified == when

    tell(story)


@pytest.mark.case("SF-054", "SF-055")
def test_renaming_an_open_file(
    tell: Tell, refusal: Helper, make: Helper, names: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        make(fs, "other", b"")
        with RFile().open(fs, "F", ANY_WRITE) as file:
            assert refusal(file.rename, "G") == KErrAccessDenied
        with RFile().open(fs, "F", EFileShareExclusive | EFileWrite) as file:
            assert refusal(file.rename, "D:\\G") == KErrBadName
            assert refusal(file.rename, "OTHER") == KErrAlreadyExists
            file.rename("C:\\T\\f")
            assert (file.full_name(), file.name()) == ("C:\\T\\f", "f")
            file.rename("G")
            file.write_at(10, b"!")
            assert fs.is_file_open("g")
        assert names(fs) == ["G", "other"]
        assert load(fs, "G") == b"0123456789!"

    tell(story)


@pytest.mark.case("SF-056")
@pytest.mark.parametrize("kind", ["host"], indirect=True)
def test_a_file_of_more_than_two_gigabytes(
    tell: Tell, refusal: Helper, host_root: Path
) -> None:
    """The host's file has a hole where nothing is, so that it takes no room."""
    place = (1 << 32) + 5
    with (host_root / "T" / "big").open("wb") as big:
        big.seek(place)
        big.write(b"far away")

    def story(fs: RFs) -> None:
        assert refusal(RFile().open, fs, "big") == KErrTooBig
        buffer = TBuf8(100)
        with RFile64().open(fs, "big", EFileWrite) as file:
            assert file.size() == place + 8
            assert file.read_at(place, buffer) == 8
            assert bytes(buffer) == b"far away"
            assert file.seek(ESeekCurrent) == place + 8
            file.write_at(place + 4, b"BACK")
            assert file.seek(ESeekEnd, -8) == place
            file.read(buffer)
        assert bytes(buffer) == b"far BACK"
        assert (host_root / "T" / "big").stat().st_size == place + 8

    tell(story)


def test_every_byte_value_survives_in_pieces_of_any_size(
    tell: Tell, load: Helper
) -> None:
    contents = bytes(range(256)) * 1111

    def story(fs: RFs) -> None:
        with RFile().replace(fs, "F") as file:
            for start in range(0, len(contents), 65_537):
                file.write(contents[start : start + 65_537])
        assert load(fs, "F") == contents
        buffer = TBuf8(70_001)
        with RFile().open(fs, "F") as file:
            read = b""
            while file.read(buffer):
                read += bytes(buffer)
        assert read == contents

    tell(story)


@pytest.mark.case("SF-131")
def test_asynchronous_writes_are_done_in_the_order_they_were_issued(
    tell: Tell, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        first, second = TRequestStatus(), TRequestStatus()
        with RFile().replace(fs, "F") as file:
            file.request_write(b"a" * 3000, first, position=0)
            file.request_write(b"b" * 3000, second, position=0)
            User.wait_for_request(first)
            User.wait_for_request(second)
        assert (first, second) == (KErrNone, KErrNone)
        assert load(fs, "F") == b"b" * 3000

    tell(story)


def test_a_section_is_read_without_opening(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        buffer = TBuf8(4)
        fs.read_file_section("F", 3, buffer, 4)
        assert bytes(buffer) == b"3456"
        fs.read_file_section("F", 100, buffer, 4)
        assert bytes(buffer) == b""
        with RFile().open(fs, "F", ANY_WRITE):
            fs.read_file_section("F", 8, buffer, 4)
        assert bytes(buffer) == b"89"
        assert refusal(fs.read_file_section, "C:\\T\\", 0, buffer, 4) == KErrBadName

    tell(story)


def test_threads_share_a_session(tell: Tell, make: Helper) -> None:
    """A session is the process's once it is shared; each thread has its own file."""

    def story(fs: RFs) -> None:
        make(fs, "F")
        fs.share_auto()
        read: list[bytes] = []

        def reader() -> None:
            with RFile().open(fs, "F") as file:
                read.append(file.contents())

        ends = [TRequestStatus() for _ in range(3)]
        for number, end in enumerate(ends):
            with RThread().create(f"reader{number}", reader) as thread:
                thread.logon(end)
                thread.resume()
        for end in ends:
            User.wait_for_request(end)
        assert read == [b"0123456789"] * 3

    tell(story)
