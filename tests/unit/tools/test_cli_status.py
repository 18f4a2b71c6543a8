"""The exit statuses of `eka run`: what a program's end becomes."""

import pytest

from kernel.abi.exit import ExitInfo, TExitType
from tools.cli.status import Status, status_of


@pytest.mark.parametrize("reason", [0, 1, 7, 255])
def test_a_reason_that_fits_goes_through_unchanged(reason: int) -> None:
    assert status_of(ExitInfo(TExitType.EExitKill, reason)) == reason


@pytest.mark.parametrize("reason", [-1, -39, 256, 0x7FFFFFFF])
def test_a_reason_that_does_not_fit_is_a_plain_failure(reason: int) -> None:
    assert status_of(ExitInfo(TExitType.EExitKill, reason)) == Status.FAILED == 1


def test_a_panic_and_a_termination_have_statuses_of_their_own() -> None:
    panicked = status_of(ExitInfo(TExitType.EExitPanic, 0, "USER"))
    terminated = status_of(ExitInfo(TExitType.EExitTerminate, 0))
    assert (panicked, terminated) == (121, 122)


def test_a_program_that_is_alive_has_no_status() -> None:
    with pytest.raises(ValueError, match="has not ended"):
        status_of(ExitInfo())


def test_no_two_ends_share_a_status() -> None:
    assert len({int(one) for one in Status}) == len(Status)
