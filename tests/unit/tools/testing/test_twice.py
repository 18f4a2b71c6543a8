"""Comparing the event logs of two rounds."""

from pathlib import Path

import pytest

from tools.testing.twice import RoundDiffersError, RoundLog, compare_logs


def write_round(folder: Path, number: int, text: str) -> RoundLog:
    log = RoundLog(folder, "test_some[explore]", number)
    log.draft.write_text(text)
    return log


def test_equal_rounds_settle_in_either_order(tmp_path: Path) -> None:
    assert write_round(tmp_path, 2, "a\nb\n").settle() == 2
    assert write_round(tmp_path, 1, "a\nb\n").settle() == 2


def test_the_second_round_to_end_finds_the_difference(tmp_path: Path) -> None:
    write_round(tmp_path, 2, "a\nb\nc\n").settle()
    with pytest.raises(RoundDiffersError) as caught:
        write_round(tmp_path, 1, "a\nx\nc\n").settle()
    assert str(caught.value) == (
        "test_some[explore]: two runs of one seed differ at event 2\n"
        "  round 1: x\n"
        "  round 2: b"
    )


def test_a_log_that_ends_early_differs_where_it_ends() -> None:
    with pytest.raises(RoundDiffersError, match=r"at event 2\n.*no more events") as end:
        compare_logs("test", b"a\n", b"a\nb\n")
    assert str(end.value).endswith("round 2: b")


def test_tests_do_not_see_each_others_logs(tmp_path: Path) -> None:
    write_round(tmp_path, 1, "a\n").settle()
    other = RoundLog(tmp_path, "test_other[explore]", 2)
    other.draft.write_text("b\n")
    assert other.settle() == 1
