"""Reader/writer locks."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    ExitInfo,
    RReadWriteLock,
    RThread,
    TReadWriteLockPriority,
    TRequestStatus,
    User,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]

WRITERS = TReadWriteLockPriority.EWriterPriority
ALTERNATE = TReadWriteLockPriority.EAlternatePriority
READERS = TReadWriteLockPriority.EReaderPriority


def died(info: ExitInfo) -> tuple[str, int]:
    return (info.category, info.reason)


class Client:
    """A thread that locks, notes that it did, and lets go when it is told."""

    def __init__(self, lock: RReadWriteLock, name: str, seen: list[str]) -> None:
        self.lock, self.name, self.seen = lock, name, seen
        self.done = TRequestStatus()
        self.may_go = TRequestStatus()
        self.thread = RThread().create("", self.run)
        self.thread.logon(self.done)
        self.thread.resume()
        User.after(100_000)  # until it holds the lock, or waits for it

    def run(self) -> None:
        self.may_go.start()
        lock = self.lock
        (lock.write_lock if self.name.startswith("w") else lock.read_lock)()
        self.seen.append(self.name)
        User.wait_for_request(self.may_go)
        lock.unlock()

    def release(self) -> None:
        self.thread.request_complete(self.may_go, 0)
        User.wait_for_request(self.done)
        self.thread.close()
        User.after(100_000)


@pytest.mark.parametrize("priority", [WRITERS, ALTERNATE, READERS])
def test_readers_share_it_and_a_writer_has_it_alone(run: Run, priority: int) -> None:
    def program() -> None:
        with RReadWriteLock().create_local(priority) as lock:
            assert lock.try_read_lock()
            assert lock.try_read_lock()
            assert not lock.try_write_lock()
            lock.unlock()
            lock.unlock()
            assert lock.try_write_lock()
            assert not lock.try_read_lock()
            assert not lock.try_write_lock()
            lock.unlock()
            lock.write_lock()
            lock.unlock()
            lock.read_lock()
            lock.unlock()

    run(program)


@pytest.mark.parametrize(
    ("priority", "order"),
    [
        (WRITERS, ["w1", "w3", "w4", "r2", "r5"]),
        (ALTERNATE, ["w1", "r2", "r5", "w3", "w4"]),
        (READERS, ["w1", "r2", "r5", "w3", "w4"]),
    ],
)
def test_the_priority_says_who_comes_after_a_writer(
    run: Run, priority: int, order: list[str]
) -> None:
    def program() -> None:
        seen: list[str] = []
        with RReadWriteLock().create_local(priority) as lock:
            names = ["w1", "r2", "w3", "w4", "r5"]
            clients = {name: Client(lock, name, seen) for name in names}
            while clients:
                holding = [name for name in seen if name in clients]
                assert len(holding) == 1 or all(n.startswith("r") for n in holding)
                clients.pop(holding[0]).release()
        assert sorted(seen[1:3]) == sorted(order[1:3])
        assert sorted(seen[3:]) == sorted(order[3:])

    run(program)


@pytest.mark.parametrize(
    ("priority", "may_join"), [(WRITERS, False), (ALTERNATE, False), (READERS, True)]
)
def test_a_waiting_writer_keeps_new_readers_out_unless_they_have_priority(
    run: Run, priority: int, may_join: bool
) -> None:
    def program() -> None:
        seen: list[str] = []
        with RReadWriteLock().create_local(priority) as lock:
            reader, writer = Client(lock, "r", seen), Client(lock, "w", seen)
            assert seen == ["r"]
            assert lock.try_read_lock() == may_join
            if may_join:
                lock.unlock()
            reader.release()
            assert seen == ["r", "w"]
            writer.release()

    run(program)


def test_writers_and_readers_alternate(run: Run) -> None:
    def program() -> None:
        seen: list[str] = []
        with RReadWriteLock().create_local(ALTERNATE) as lock:
            first = Client(lock, "r1", seen)
            writers = [Client(lock, name, seen) for name in ("w1", "w2")]
            second = Client(lock, "r2", seen)
            first.release()
            assert seen == ["r1", "w1"]
            writers[0].release()
            assert seen == ["r1", "w1", "r2"]
            second.release()
            assert seen == ["r1", "w1", "r2", "w2"]
            writers[1].release()

    run(program)


@pytest.mark.parametrize(
    ("priority", "past_writers"), [(WRITERS, False), (READERS, True)]
)
def test_only_a_sole_reader_upgrades_and_not_past_writers(
    run: Run, priority: int, past_writers: bool
) -> None:
    def program() -> None:
        seen: list[str] = []
        with RReadWriteLock().create_local(priority) as lock:
            lock.read_lock()
            lock.read_lock()
            assert not lock.try_upgrade_read_lock()
            lock.unlock()
            assert lock.try_upgrade_read_lock()
            assert not lock.try_read_lock()
            lock.downgrade_write_lock()
            assert lock.try_read_lock()
            lock.unlock()
            writer = Client(lock, "w", seen)
            assert lock.try_upgrade_read_lock() == past_writers
            lock.unlock()
            User.after(100_000)
            assert seen == ["w"]
            writer.release()

    run(program)


@pytest.mark.parametrize(
    ("priority", "with_writer", "let_in"),
    [
        (WRITERS, False, True),
        (WRITERS, True, False),
        (ALTERNATE, True, False),
        (READERS, True, True),
    ],
)
def test_a_downgrade_lets_readers_in_unless_writers_have_priority(
    run: Run, priority: int, with_writer: bool, let_in: bool
) -> None:
    def program() -> None:
        seen: list[str] = []
        with RReadWriteLock().create_local(priority) as lock:
            lock.write_lock()
            names = ["r", "w"] if with_writer else ["r"]
            clients = {name: Client(lock, name, seen) for name in names}
            lock.downgrade_write_lock()
            User.after(100_000)
            assert seen == (["r"] if let_in else [])
            lock.unlock()
            User.after(100_000)
            while clients:
                holding = next(name for name in seen if name in clients)
                clients.pop(holding).release()
            assert sorted(seen) == names

    run(program)


def test_misuse_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        assert died(exit_of(RReadWriteLock().create_local, 3)) == ("USER", 217)
        RReadWriteLock().close()
        lock = RReadWriteLock().create_local()
        for misuse in (
            lock.unlock,
            lock.try_upgrade_read_lock,
            lock.downgrade_write_lock,
        ):
            assert died(exit_of(misuse)) == ("USER", 220)
        lock.read_lock()
        assert died(exit_of(lock.downgrade_write_lock)) == ("USER", 220)
        assert died(exit_of(lock.close)) == ("USER", 218)
        lock.unlock()
        lock.write_lock()
        assert died(exit_of(lock.try_upgrade_read_lock)) == ("USER", 220)
        assert died(exit_of(lock.close)) == ("USER", 218)
        lock.unlock()
        lock.close()
        lock.close()

    run(program)


@pytest.mark.backends("explore")
def test_a_lock_has_at_most_65535_clients(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RReadWriteLock().create_local() as lock:
            assert all(lock.try_read_lock() for _ in range(65_535))
            assert died(exit_of(lock.try_read_lock)) == ("USER", 219)
            for _ in range(65_535):
                lock.unlock()

    run(program)


def test_readers_and_writers_never_meet(run: Run) -> None:
    def program() -> None:
        with RReadWriteLock().create_local(ALTERNATE) as lock:
            inside = {"readers": 0, "writers": 0}
            met = []

            def use(kind: str) -> None:
                for _ in range(20):
                    (lock.read_lock if kind == "readers" else lock.write_lock)()
                    inside[kind] += 1
                    RThread().request_count()
                    if inside["writers"] and sum(inside.values()) > 1:
                        met.append(dict(inside))
                    inside[kind] -= 1
                    lock.unlock()

            kinds = ["writers", "readers", "writers"]
            threads = [RThread().create("", use, args=(kind,)) for kind in kinds]
            statuses = [TRequestStatus() for _ in kinds]
            for thread, status in zip(threads, statuses, strict=True):
                thread.logon(status)
                thread.resume()
            for status in statuses:
                User.wait_for_request(status)
            assert met == []

    run(program)
