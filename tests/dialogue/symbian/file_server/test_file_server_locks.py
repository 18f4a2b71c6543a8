"""Byte-range locks: fileserver specification 6, cases 58 to 63."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareAny, EFileWrite
from userlib import KErrArgument, KErrLocked, KErrNotFound, TBuf8

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

ANY_WRITE = EFileShareAny | EFileWrite


@pytest.mark.case("SF-058", "SF-062")
def test_a_lock_is_given_up_as_it_was_taken(
    tell: Tell, refusal: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ANY_WRITE) as file:
            assert refusal(file.unlock, 0, 1) == KErrNotFound
            file.lock(0, 1)
            assert refusal(file.lock, 0, 1) == KErrLocked
            file.unlock(0, 1)
            file.lock(0, 10)
            assert refusal(file.unlock, 0, 5) == KErrNotFound
            file.unlock(0, 10)

    tell(story)


@pytest.mark.case("SF-059")
def test_locks_do_not_overlap(tell: Tell, refusal: Helper, make: Helper) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ANY_WRITE) as file:
            file.lock(0, 256)
            file.lock(512, 256)
            for position, length in ((256, 257), (384, 256), (128, 256)):
                assert refusal(file.lock, position, length) == KErrLocked
            file.lock(256, 256)

    tell(story)


@pytest.mark.case("SF-060", "SF-063")
def test_a_lock_keeps_others_off_while_its_handle_is_open(
    tell: Tell, refusal: Helper, make: Helper, load: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ANY_WRITE) as other:
            with RFile().open(fs, "F", ANY_WRITE) as owner:
                owner.lock(0, 10)
                assert refusal(other.lock, 0, 1) == KErrLocked
                assert refusal(other.read_at, 0, TBuf8(1)) == KErrLocked
                assert refusal(other.write_at, 5, b"x") == KErrLocked
                assert refusal(other.set_size, 5) == KErrLocked
                assert refusal(other.unlock, 0, 10) == KErrNotFound
                owner.write_at(5, b"owner")
            other.lock(0, 1)
        assert load(fs, "F") == b"01234owner"

    tell(story)


@pytest.mark.case("SF-061")
def test_what_can_be_locked(
    tell: Tell, refusal: Helper, make: Helper, exit_of: Helper
) -> None:
    def no_lock(fs: RFs) -> None:
        RFile().open(fs, "F").lock(0, 0)

    def no_unlock(fs: RFs) -> None:
        RFile().open(fs, "F").unlock(0, 0)

    def story(fs: RFs) -> None:
        make(fs, "F")
        with RFile().open(fs, "F", ANY_WRITE) as file:
            assert refusal(file.lock, 0x40000000, 0x40000002) == KErrArgument
            file.lock(0x40000000, 0x40000000)
        assert str(exit_of(no_lock)) == "panicked FSCLIENT 17"
        assert str(exit_of(no_unlock)) == "panicked FSCLIENT 18"

    tell(story)
