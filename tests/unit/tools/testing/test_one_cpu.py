"""One CPU for each test process, and another for the next worker."""

import os

import pytest

from tools.testing.one_cpu import one_cpu, worker_number


def test_inside_there_is_one_cpu_and_outside_all_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pinned: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {2, 5, 7}, raising=False)
    monkeypatch.setattr(
        os, "sched_setaffinity", lambda _, cpus: pinned.append(cpus), raising=False
    )
    with one_cpu(4):
        assert pinned == [{5}]
    assert pinned == [{5}, {2, 5, 7}]


def test_where_the_host_cannot_pin_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    with one_cpu(0):
        assert not hasattr(os, "sched_setaffinity")


@pytest.mark.parametrize(("worker", "number"), [("gw0", 0), ("gw13", 13), ("", 0)])
def test_workers_are_told_apart_by_number(
    worker: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
    assert worker_number() == number
