"""RReadWriteLock: many readers, or one writer.

It is made of a mutex, which guards a few counts, and two semaphores to wait on. Who
lets go decides who comes next, counts them in, and signals: nobody overtakes a thread
that has been let in but has not run yet. As in the original nothing recovers when a
thread dies that holds the lock or waits for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from types import TracebackType
from typing import ClassVar, Final, Self

from kernel.abi.current import panic
from kernel.abi.errors import Leave
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.mutex import RMutex
from userlib.symbian.semaphore import RSemaphore

_KMaxClients: Final = 65_535  # that hold the lock or wait for it


class TReadWriteLockPriority(IntEnum):
    """Who goes first of those that wait.

    Original: RReadWriteLock::TReadWriteLockPriority.
    """

    EWriterPriority = 0
    EAlternatePriority = 1  # the other kind than held it last
    EReaderPriority = 2


class RReadWriteLock:
    """A lock of one process that readers share, and a writer has alone.

    Not recursive. To release or change a lock that is not held panics USER 220; more
    than 65,535 threads that hold it or wait, 219.

    Original: RReadWriteLock (e32cmn.h).
    """

    EWriterPriority: ClassVar = TReadWriteLockPriority.EWriterPriority
    EAlternatePriority: ClassVar = TReadWriteLockPriority.EAlternatePriority
    EReaderPriority: ClassVar = TReadWriteLockPriority.EReaderPriority

    __slots__ = (
        "_guard",
        "_is_written",
        "_priority",
        "_read_last",
        "_reader_semaphore",
        "_readers",
        "_readers_waiting",
        "_writer_semaphore",
        "_writers_waiting",
    )

    def __init__(self) -> None:
        self._guard = RMutex()
        self._reader_semaphore = RSemaphore()
        self._writer_semaphore = RSemaphore()
        self._priority: int = TReadWriteLockPriority.EWriterPriority

        # Touched by whoever holds _guard, an emulated mutex:
        self._readers = 0  # that hold it
        self._is_written = False  # a writer holds it
        self._readers_waiting = 0
        self._writers_waiting = 0
        self._read_last = False  # whether readers held it last

    def create_local(
        self, priority: int = TReadWriteLockPriority.EWriterPriority
    ) -> Self:
        """A lock that nobody holds; an unknown priority panics USER 217.

        Raises: KErrNoMemory.
        Original: RReadWriteLock::CreateLocal.
        """
        if priority not in tuple(TReadWriteLockPriority):
            panic(USER, TUserPanic.EReadWriteLockInvalidPriority)
        self._priority = priority
        try:
            self._guard.create_local()
            self._reader_semaphore.create_local(0)
            self._writer_semaphore.create_local(0)
        except Leave:
            self._close_handles()
            raise
        return self

    def close(self) -> None:
        """End it; while it is held or waited for, that panics USER 218.

        Original: RReadWriteLock::Close.
        """
        if not self._guard.handle:
            return
        with self._guarded():
            if self._clients():
                panic(USER, TUserPanic.EReadWriteLockStillPending)
        self._close_handles()

    def read_lock(self) -> None:
        """Hold it with other readers; waits while a writer holds it or has priority.

        Original: RReadWriteLock::ReadLock.
        """
        with self._guarded():
            self._check_room()
            may_read = self._may_read()
            if may_read:
                self._readers += 1
            else:
                self._readers_waiting += 1
        if not may_read:
            self._reader_semaphore.wait()

    def write_lock(self) -> None:
        """Hold it alone; waits until nobody else does.

        Original: RReadWriteLock::WriteLock.
        """
        with self._guarded():
            self._check_room()
            may_write = self._is_free()
            if may_write:
                self._is_written = True
            else:
                self._writers_waiting += 1
        if not may_write:
            self._writer_semaphore.wait()

    def try_read_lock(self) -> bool:
        """As read_lock, if that need not wait.

        Original: RReadWriteLock::TryReadLock.
        """
        with self._guarded():
            self._check_room()
            may_read = self._may_read()
            if may_read:
                self._readers += 1
        return may_read

    def try_write_lock(self) -> bool:
        """As write_lock, if that need not wait.

        Original: RReadWriteLock::TryWriteLock.
        """
        with self._guarded():
            self._check_room()
            may_write = self._is_free()
            if may_write:
                self._is_written = True
        return may_write

    def try_upgrade_read_lock(self) -> bool:
        """From reading to writing, for the only reader, if no writer has priority.

        Original: RReadWriteLock::TryUpgradeReadLock.
        """
        with self._guarded():
            if not self._readers:
                panic(USER, TUserPanic.EReadWriteLockInvalidState)
            may_write = self._readers == 1 and not self._must_yield_to_writers()
            if may_write:
                self._readers, self._is_written = 0, True
        return may_write

    def downgrade_write_lock(self) -> None:
        """From writing to reading; lets waiting readers in, if no writer has priority.

        Original: RReadWriteLock::DowngradeWriteLock.
        """
        with self._guarded():
            if not self._is_written:
                panic(USER, TUserPanic.EReadWriteLockInvalidState)
            self._readers, self._is_written = 1, False
            if not self._must_yield_to_writers():
                self._let_readers_in()

    def unlock(self) -> None:
        """Let go, and let in who comes next. Original: RReadWriteLock::Unlock."""
        with self._guarded():
            if self._is_written:
                self._is_written = False
                self._read_last = False
            elif self._readers:
                self._readers -= 1
                self._read_last = True
            else:
                panic(USER, TUserPanic.EReadWriteLockInvalidState)
            if not self._readers:
                self._let_next_in()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        # A thread that panics in here is dead: the kernel releases the mutex for it.
        self._guard.wait()
        yield
        self._guard.signal()

    def _must_yield_to_writers(self) -> bool:
        prefers_readers = self._priority == TReadWriteLockPriority.EReaderPriority
        return self._writers_waiting > 0 and not prefers_readers

    def _may_read(self) -> bool:
        return not self._is_written and not self._must_yield_to_writers()

    def _is_free(self) -> bool:
        return not self._is_written and not self._readers

    def _let_next_in(self) -> None:
        """Nobody holds it."""
        if not self._writers_waiting or (
            self._readers_waiting and self._prefers_readers_now()
        ):
            self._let_readers_in()
        else:
            self._writers_waiting -= 1
            self._is_written = True
            self._writer_semaphore.signal()

    def _prefers_readers_now(self) -> bool:
        if self._priority == TReadWriteLockPriority.EAlternatePriority:
            return not self._read_last
        return self._priority == TReadWriteLockPriority.EReaderPriority

    def _let_readers_in(self) -> None:
        count, self._readers_waiting = self._readers_waiting, 0
        self._readers += count
        self._reader_semaphore.signal(count)

    def _clients(self) -> int:
        holding = self._readers + self._is_written
        return holding + self._readers_waiting + self._writers_waiting

    def _check_room(self) -> None:
        if self._clients() >= _KMaxClients:
            panic(USER, TUserPanic.EReadWriteLockTooManyClients)

    def _close_handles(self) -> None:
        self._guard.close()
        self._reader_semaphore.close()
        self._writer_semaphore.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
