"""The cleanup stack: what a leave destroys on its way out.

Every thread has at most one in use, made by `CTrapCleanup`. Each trap opens a level on
it; a leave destroys what was pushed on that level, newest first. Python programs have
`with` for this: the cleanup stack is here for texts that are written in terms of it.

The calling thread's stack lives in a context variable, so that OS threads and greenlets
each have their own and nothing is shared between processes.

Original: CleanupStack, CTrapCleanup, TCleanupItem (us_cln.cpp).
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from kernel.abi.current import panic
from kernel.abi.errors import ThreadDeath
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.heap import user_heap

KInitialSlots: Final = 8  # of a cleanup stack
KMoreSlots: Final = 4  # when they are used up


class MDestroyable(Protocol):
    """What can be pushed as it is: it knows how to end itself."""

    def destroy(self) -> None:
        """Original: the C++ destructor."""


@dataclass(frozen=True, slots=True)
class TCleanupItem:
    """An operation to call with an argument."""

    operation: Callable[[object], object] | None
    argument: object = None


class CleanupLevels:
    """The items of one thread, and where each trap's level begins.

    Threads: the thread itself.
    """

    def __init__(self) -> None:
        self._cell = user_heap().alloc("cleanup stack")
        self._items: list[object] = []  # None: a null pointer, ignored
        self._bases: list[int] = []  # of each open level, outermost first
        self._markers = 0  # slots they take: levels with nothing between share one
        self._capacity = KInitialSlots

    @property
    def is_level_empty(self) -> bool:
        """Whether nothing was pushed since the innermost trap began."""
        return len(self._items) == self._bases[-1]

    def open_level(self) -> None:
        """A trap begins."""
        if not self._bases or not self.is_level_empty:
            self._markers += 1
        self._bases.append(len(self._items))

    def close_level(self) -> None:
        """A trap ends normally; what was pushed in it must be gone."""
        if not self.is_level_empty:
            panic(E32USER_CBASE, TCBasePanic.ECleanupLevelNotEmpty)
        self._drop_marker()

    def unwind_level(self) -> None:
        """A leave ends a trap: destroy down to its mark, then remove the mark."""
        base = self._bases[-1]
        while len(self._items) > base:
            self._destroy_top()
        self._drop_marker()

    def _drop_marker(self) -> None:
        base = self._bases.pop()
        if not self._bases or self._bases[-1] != base:
            self._markers -= 1

    def push(self, item: object) -> None:
        """Panics E32USER-CBase 66 outside any trap, 67 for an empty TCleanupItem.

        The item has its slot already when the next one is made: so it is destroyed by
        the leave if there is no memory for that.

        Raises: KErrNoMemory.
        """
        if not self._bases:
            panic(E32USER_CBASE, TCBasePanic.ECleanupPushAtLevelZero)
        if isinstance(item, TCleanupItem) and item.operation is None:
            panic(E32USER_CBASE, TCBasePanic.ECleanupNoOperation)
        self._items.append(item)
        if len(self._items) + self._markers >= self._capacity:
            user_heap().grow()
            self._capacity += KMoreSlots

    def check_pop(self, count: int) -> None:
        """Panics 70 for a negative count, 63 across a level, 64 if nothing is left."""
        if count < 0:
            panic(E32USER_CBASE, TCBasePanic.ECleanupNegativePopCount)
        if not self._bases and count > len(self._items):
            panic(E32USER_CBASE, TCBasePanic.ECleanupUnderflow)
        if self._bases and len(self._items) - count < self._bases[-1]:
            panic(E32USER_CBASE, TCBasePanic.ECleanupCrossLevel)

    def check_item(self, count: int, expected: object) -> None:
        """Panics 90 unless the item that deep, 1 for the top, is *expected*."""
        item = self._items[-count] if 0 < count <= len(self._items) else None
        if _subject(item) is not expected:
            panic(E32USER_CBASE, TCBasePanic.ECleanupCheckFailed)

    def pop(self, count: int) -> None:
        """Remove without destroying."""
        self.check_pop(count)
        del self._items[len(self._items) - count :]

    def pop_and_destroy(self, count: int) -> None:
        """Remove and destroy, newest first."""
        self.check_pop(count)
        for _ in range(count):
            self._destroy_top()

    def destroy_all(self) -> None:
        """The stack itself goes, with everything on it."""
        while self._items:
            self._destroy_top()
        user_heap().free(self._cell)

    def _destroy_top(self) -> None:
        item = self._items.pop()
        depth = len(self._items)
        _destroy(item)
        if len(self._items) != depth:
            panic(E32USER_CBASE, TCBasePanic.ECleanupModifiedByDestructor)


def _subject(item: object) -> object:
    return item.argument if isinstance(item, TCleanupItem) else item


def _destroy(item: object) -> None:
    if isinstance(item, TCleanupItem):
        assert item.operation is not None
        item.operation(item.argument)
    elif item is not None:
        item.destroy()  # type: ignore[attr-defined] # push takes MDestroyable only


current_levels: Final[ContextVar[CleanupLevels | None]] = ContextVar(
    "current_levels", default=None
)


def _levels() -> CleanupLevels:
    levels = current_levels.get()
    if levels is None:
        panic(E32USER_CBASE, TCBasePanic.ECleanupNoTrapHandler)
    return levels


def _checked_count(levels: CleanupLevels, what: object, last: object) -> int:
    count, expected = (what, last) if isinstance(what, int) else (1, what)
    if expected is not None:
        levels.check_item(count, expected)
    return count


class TrapLevel:
    """The cleanup stack's part in a trap: a level as long as the block lasts.

    A thread without a cleanup stack may trap too, so there may be none to open. Any
    exception destroys what was pushed; a dying thread makes no calls, so destroys none.
    """

    __slots__ = ("_levels",)

    def __enter__(self) -> None:
        self._levels = current_levels.get()
        if self._levels is not None:
            self._levels.open_level()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._levels is None or isinstance(exc, ThreadDeath):
            return
        if exc is None:
            self._levels.close_level()
        else:
            self._levels.unwind_level()


class CTrapCleanup:
    """Owns a thread's cleanup stack, from construction to `destroy`.

    A second one takes the first one's place until it is destroyed.
    """

    def __init__(self) -> None:
        self._levels = CleanupLevels()
        self._older = current_levels.set(self._levels)

    def destroy(self) -> None:
        """Destroy everything still pushed, and bring back the older stack."""
        self._levels.destroy_all()
        current_levels.reset(self._older)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not isinstance(exc, ThreadDeath):
            self.destroy()


class CleanupStack:
    """The calling thread's cleanup stack; without one every call panics 69."""

    @staticmethod
    def push(item: MDestroyable | TCleanupItem | None) -> None:
        """Have *item* destroyed if the innermost trap is left; None is ignored then.

        Raises: KErrNoMemory; *item* is then destroyed by that very leave.
        """
        _levels().push(item)

    @staticmethod
    def pop(what: object = 1, last: object = None) -> None:
        """Remove the newest *what*, a number, or the newest, which must be *what*.

        With a number, the last removed must be *last*, if that is given.
        """
        levels = _levels()
        levels.pop(_checked_count(levels, what, last))

    @staticmethod
    def pop_and_destroy(what: object = 1, last: object = None) -> None:
        """As `pop`, and destroy each, newest first."""
        levels = _levels()
        levels.pop_and_destroy(_checked_count(levels, what, last))

    @staticmethod
    def check(expected: object) -> None:
        """Panics E32USER-CBase 90 unless *expected* is on top."""
        _levels().check_item(1, expected)


class MClosable(Protocol):
    """What `cleanup_close_push` takes: every R class."""

    def close(self) -> None:
        """Give up the handle."""


class MReleasable(Protocol):
    """What `cleanup_release_push` takes."""

    def release(self) -> None:
        """Give up an interface."""


def cleanup_close_push(resource: MClosable) -> None:
    """Push *resource*, to be closed."""
    CleanupStack.push(TCleanupItem(lambda _: resource.close(), resource))


def cleanup_release_push(resource: MReleasable) -> None:
    """Push *resource*, to be released."""
    CleanupStack.push(TCleanupItem(lambda _: resource.release(), resource))


def cleanup_delete_push(obj: MDestroyable) -> None:
    """Push *obj*, to be destroyed."""
    CleanupStack.push(obj)
