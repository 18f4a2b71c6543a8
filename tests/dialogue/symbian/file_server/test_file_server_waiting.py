"""Reads that wait for the file to grow: fileserver specification 8, cases 70 to 73."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileReadAsyncAll, EFileShareAny, EFileWrite
from userlib import KErrCancel, KErrNone, TBuf8, TRequestStatus, User

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

ANY = EFileShareAny
LATER = EFileShareAny | EFileReadAsyncAll
CONTENTS = bytes(range(29))


@pytest.mark.case("SF-070", "SF-071")
def test_a_waiting_read_is_cancelled(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F", CONTENTS)
        buffer = TBuf8(100)
        statuses = [TRequestStatus() for _ in range(3)]
        first, second, third = statuses
        with RFile().open(fs, "F", LATER) as file:
            for status in statuses:
                file.request_read(buffer, status, 100, 0)
            # A request that is answered says that those before it were looked at.
            assert file.size() == 29
            assert all(status.is_pending for status in statuses)
            file.read_cancel(second)
            User.wait_for_request(second)
            assert second == KErrCancel
            assert first.is_pending
            file.read_cancel(second)
            file.read_cancel()
            User.wait_for_request(first)
            User.wait_for_request(third)
            assert (first, third) == (KErrCancel, KErrCancel)
            file.request_read(buffer, first, 100, 0)
        User.wait_for_request(first)
        assert first == KErrCancel

    tell(story)


@pytest.mark.case("SF-072")
def test_a_waiting_read_is_served_when_the_file_has_grown(
    tell: Tell, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F", CONTENTS)
        buffer, other_buffer = TBuf8(100), TBuf8(31)
        status, other_status = TRequestStatus(), TRequestStatus()
        with (
            RFile().open(fs, "F", LATER | EFileWrite) as file,
            RFile().open(fs, "F", ANY | EFileWrite) as writer,
        ):
            file.request_read(buffer, status, 100, 0)
            file.request_read(other_buffer, other_status, 31, 0)
            writer.write_at(29, b"!")
            assert status.is_pending
            assert other_status.is_pending
            writer.write(b"?")
            User.wait_for_request(other_status)
            assert bytes(other_buffer) == CONTENTS + b"!?"
            assert status.is_pending
            file.set_size(100)
            User.wait_for_request(status)
            assert status == KErrNone
            assert bytes(buffer) == (CONTENTS + b"!?").ljust(100, b"\0")

    tell(story)


@pytest.mark.case("SF-073")
def test_other_reads_take_what_there_is(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F", CONTENTS)
        buffer, status = TBuf8(100), TRequestStatus()
        for mode in (ANY, LATER):
            with RFile().open(fs, "F", mode) as file:
                if mode == ANY:
                    file.request_read(buffer, status, 100, 0)
                    User.wait_for_request(status)
                    assert status == KErrNone
                else:
                    file.read(buffer)
                assert bytes(buffer) == CONTENTS

    tell(story)


def test_a_session_that_ends_leaves_no_read_waiting(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F", CONTENTS)
        buffer, status = TBuf8(100), TRequestStatus()
        with RFs().connect() as other:
            RFile().open(other, "C:\\T\\F", LATER).request_read(buffer, status)
        with RFile().open(fs, "F", EFileWrite) as file:
            file.set_size(1000)
        assert buffer.length == 0

    tell(story)
