"""What the host offers for the same job: one thread asks, another answers."""

import asyncio
import os
import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from time import perf_counter
from typing import Any, Self

from tools.bench.measure import Contestant


class TwoLocks:
    """The least that two threads can do: each frees the lock the other waits for."""

    name = "two_lock_ping_pong"

    def __enter__(self) -> Self:
        self._asked, self._answered = threading.Lock(), threading.Lock()
        self._asked.acquire()
        self._answered.acquire()
        self._open = True
        self._thread = threading.Thread(target=self._answer, name=self.name)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._open = False
        self._asked.release()
        self._thread.join()

    def _answer(self) -> None:
        wait, answer = self._asked.acquire, self._answered.release
        wait()
        while self._open:
            answer()
            wait()

    def round(self, count: int) -> float:
        """Ask *count* times."""
        ask, wait = self._asked.release, self._answered.acquire
        begin = perf_counter()
        for _ in range(count):
            ask()
            wait()
        return perf_counter() - begin


class TwoBatchLocks(TwoLocks):
    """The same, with both threads scheduled as batch work, as our carriers are."""

    name = "two_lock_ping_pong_batch"

    def _answer(self) -> None:
        with batch_work():
            super()._answer()

    def round(self, count: int) -> float:
        """Ask *count* times."""
        with batch_work():
            return super().round(count)


@contextmanager
def batch_work() -> Iterator[None]:
    """Schedule the calling thread as batch work, where the host has such a thing."""
    if sys.platform != "linux":
        yield
        return
    before = os.sched_getscheduler(0)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    try:
        yield
    finally:
        os.sched_setscheduler(0, before, os.sched_param(0))


class Queues:
    """Two `queue.Queue`s and a thread between them."""

    name = "queue.Queue"

    def __enter__(self) -> Self:
        self._asked: queue.Queue[int | None] = queue.Queue()
        self._answered: queue.Queue[int] = queue.Queue()
        self._thread = threading.Thread(target=self._answer, name=self.name)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._asked.put(None)
        self._thread.join()

    def _answer(self) -> None:
        while (value := self._asked.get()) is not None:
            self._answered.put(value)

    def round(self, count: int) -> float:
        """Ask *count* times."""
        ask, wait = self._asked.put, self._answered.get
        begin = perf_counter()
        for value in range(count):
            ask(value)
            wait()
        return perf_counter() - begin


class Executor:
    """`ThreadPoolExecutor.submit(…).result()`, with one worker."""

    name = "ThreadPoolExecutor"

    def __enter__(self) -> Self:
        self._executor = ThreadPoolExecutor(max_workers=1)
        return self

    def __exit__(self, *exc: object) -> None:
        self._executor.shutdown()

    def round(self, count: int) -> float:
        """Ask *count* times."""
        submit = self._executor.submit
        begin = perf_counter()
        for value in range(count):
            submit(int, value).result()
        return perf_counter() - begin


class PykkaAsk:
    """The `ask` of a pykka actor; pykka is needed to enter."""

    name = "pykka_ask"

    def __enter__(self) -> Self:
        import pykka

        class Echo(pykka.ThreadingActor):
            def on_receive(self, message: Any) -> Any:  # noqa: ANN401 - pykka's signature
                return message

        self._actor = Echo.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._actor.stop()

    def round(self, count: int) -> float:
        """Ask *count* times."""
        ask = self._actor.ask
        begin = perf_counter()
        for value in range(count):
            ask(value)
        return perf_counter() - begin


class AsyncioQueues:
    """Two `asyncio.Queue`s and a task between them: the explore back-end's peer."""

    name = "asyncio.Queue"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing outlives a round."""

    def round(self, count: int) -> float:
        """Ask *count* times, in an event loop of this round's own."""
        return asyncio.run(self._ask(count))

    async def _ask(self, count: int) -> float:
        asked: asyncio.Queue[int] = asyncio.Queue()
        answered: asyncio.Queue[int] = asyncio.Queue()

        async def answer() -> None:
            while True:
                await answered.put(await asked.get())

        answering = asyncio.create_task(answer())
        begin = perf_counter()
        for value in range(count):
            await asked.put(value)
            await answered.get()
        taken = perf_counter() - begin
        answering.cancel()
        return taken


def has_pykka() -> bool:
    """Whether the pykka rows can be measured here."""
    return find_spec("pykka") is not None


def thread_peers() -> list[Contestant]:
    """Those that hand over between OS threads."""
    peers: list[Contestant] = [
        TwoLocks(),
        TwoBatchLocks(),
        Queues(),
        Executor(),
    ]
    return [*peers, PykkaAsk()] if has_pykka() else peers
