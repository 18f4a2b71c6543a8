"""The demo's client follows a program that may be gone before the last news."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import pytest

from kernel.abi.exit import TExitType
from tools.demo import act
from userlib import (
    KErrCorrupt,
    KErrNone,
    KErrNotFound,
    KErrServerTerminated,
    Leave,
    RProcess,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eka import Kernel


class FakeJob:
    """A job that is told of two of three files, and then of a failure."""

    failure = KErrServerTerminated

    def connect(self) -> Self:
        self._news: Iterator[int] = iter((0, 2))
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def progress(self, _seen: int) -> tuple[int, int]:
        done = next(self._news, None)
        if done is None:
            raise Leave(self.failure)
        return done, 3


class BrokenJob(FakeJob):
    failure = KErrCorrupt


def program() -> int:
    RProcess.rendezvous(KErrNone)
    return 5


@pytest.mark.parametrize("job", [FakeJob, BrokenJob])
def test_a_server_that_is_gone_ends_the_news_and_nothing_else(
    machine: Kernel, monkeypatch: pytest.MonkeyPatch, job: type[FakeJob]
) -> None:
    """With the last file done it may end while its client asks once more."""
    machine.register(act.KProgram, program)
    fake = SimpleNamespace(RWordJob=job)
    monkeypatch.setattr(act, "load_program", lambda: fake)
    news: list[tuple[int, int]] = []
    with machine.attach():
        if job is BrokenJob:
            with pytest.raises(Leave, match="KErrCorrupt"):
                act.watch("", lambda *one: news.append(one))
        else:
            info = act.watch("", lambda *one: news.append(one))
            assert (info.type, info.reason) == (TExitType.EExitKill, 5)
    assert news == [(0, 3), (2, 3)]


class LateJob(FakeJob):
    """One whose server has ended before it is connected to."""

    def connect(self) -> Self:
        raise Leave(KErrNotFound)


def test_a_program_that_ended_at_once_has_no_news(
    machine: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.register(act.KProgram, program)
    monkeypatch.setattr(act, "load_program", lambda: SimpleNamespace(RWordJob=LateJob))
    news: list[tuple[int, int]] = []
    with machine.attach():
        info = act.watch("", lambda *one: news.append(one))
    assert (info.type, info.reason) == (TExitType.EExitKill, 5)
    assert news == []
