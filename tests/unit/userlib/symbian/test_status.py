"""TRequestStatus: a value, and two marks that completions leave alone."""

import pytest

from userlib import KErrCancel, KErrNone, KRequestPending, TRequestStatus


def test_a_completion_writes_only_the_value() -> None:
    status = TRequestStatus()
    client = status.start()
    status.active = True
    client.value = KErrCancel

    assert status == KErrCancel
    assert (status.pending_seen, status.active) == (True, True)


def test_a_status_compares_with_integers() -> None:
    status = TRequestStatus(5)

    assert status == 5
    assert status != KErrNone
    assert 4 < status < 6
    assert 5 <= status <= 5
    assert int(status) == 5
    assert status != TRequestStatus(5)


def test_a_status_knows_whether_it_is_pending() -> None:
    status = TRequestStatus(KRequestPending)

    assert (status.is_pending, status.pending_seen) == (True, True)
    assert repr(status) == "TRequestStatus(KRequestPending)"


def test_a_value_beyond_32_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        TRequestStatus().value = 1 << 32
