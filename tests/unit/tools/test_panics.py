"""What panics are called and mean."""

from enum import IntEnum

import pytest

from kernel.abi.panics import TCBasePanic, TKernExec
from tools.panic_meanings import MEANINGS
from tools.panics import REASONS, meaning


@pytest.mark.parametrize("category", REASONS)
def test_every_panic_of_ours_has_a_name(category: str) -> None:
    named = [
        meaning(category, reason).partition(":")[0] for reason in REASONS[category]
    ]
    assert named == [reason.name for reason in REASONS[category]]


def test_each_panic_has_one_sentence() -> None:
    explained = [(type(panic), panic) for panic, _ in MEANINGS]
    assert len(set(explained)) == len(explained)
    named = {(kind, panic) for kind in REASONS.values() for panic in kind}
    assert set(explained) == named
    assert all(isinstance(panic, IntEnum) and text for panic, text in MEANINGS)


def test_a_programs_own_panic_has_no_meaning_of_ours() -> None:
    assert meaning("MYAPP", 3) == meaning("KERN-EXEC", 4_000) == ""


def test_equal_numbers_of_different_categories_are_told_apart() -> None:
    assert TKernExec.EAccessDenied == TCBasePanic.ECAsyncCallBackActive
    assert meaning("KERN-EXEC", 1).startswith("EAccessDenied: ")
    assert meaning("E32USER-CBase", 1).startswith("ECAsyncCallBackActive: ")
