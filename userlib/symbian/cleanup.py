"""The cleanup stack: what a leave destroys on its way out.

Every thread has at most one in use, made by `CTrapCleanup`. Each trap opens a level on
it; a leave destroys what was pushed on that level, newest first. Python programs have
`with` for this: the cleanup stack is here for texts that are written in terms of it.

The calling thread's stack lives in a context variable, so that OS threads and greenlets
each have their own and nothing is shared between processes.

Original: CleanupStack, CTrapCleanup, TCleanupItem (us_cln.cpp).
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from kernel.abi.current import panic
from kernel.abi.errors import Leave, ThreadDeath
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.heap import HeapCell, user_heap

KInitialSlots: Final = 8  # of a cleanup stack
KMoreSlots: Final = 4  # when they are used up
_KTop: Final = 1  # how deep the newest item is
_KUnchecked: Final = object()  # no item was named; None names a null pointer


class MDestroyable(Protocol):
    """What can be pushed as it is: it knows how to end itself."""

    def destroy(self) -> None:
        """Original: the C++ destructor."""


@dataclass(frozen=True, slots=True)
class TCleanupItem:
    """An operation to call with an argument. Original: TCleanupItem (e32base.h)."""

    operation: Callable[[object], object] | None
    argument: object = None


class CleanupLevels:
    """The items of one thread, and where each trap's level begins.

    Threads: the thread itself.
    """

    def __init__(self) -> None:
        self._cell: Final = HeapCell("cleanup stack", KInitialSlots)
        self._items: list[object] = []  # None: a null pointer, ignored
        self._bases: list[int] = []  # of each open level, outermost first
        self._markers = 0  # slots they take: levels with nothing between share one
        self._capacity = KInitialSlots

    @property
    def depth(self) -> int:
        """How many levels are open."""
        return len(self._bases)

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
        self._check_level()
        if not self.is_level_empty:
            panic(E32USER_CBASE, TCBasePanic.ECleanupLevelNotEmpty)
        self._drop_marker()

    def unwind_level(self) -> None:
        """A leave ends a trap: destroy down to its mark, then remove the mark.

        Raises: what a destructor left with; what was below it is destroyed all the
            same.
        """
        try:
            self._destroy_to(self._bases[-1])
        finally:
            self._drop_marker()

    def unwind_to(self, depth: int) -> None:
        """End the levels above *depth*: those that a host exception passed, too."""
        if len(self._bases) <= depth:
            return
        base = self._bases[depth]
        while len(self._bases) > depth + 1:
            self._drop_marker()
        self._bases[-1] = base
        self.unwind_level()

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
        if isinstance(item, int):
            item = TCleanupItem(_free, item)
        self._items.append(item)
        if len(self._items) + self._markers >= self._capacity:
            self._cell.resize(self._capacity + KMoreSlots)
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
        subject = _subject(item)
        if subject is not expected and not (
            isinstance(subject, int) and subject == expected
        ):
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

    def pop_all(self) -> None:
        """Empty the level and end it; without one panics 65."""
        self._check_level()
        del self._items[self._bases[-1] :]
        self._drop_marker()

    def pop_and_destroy_all(self) -> None:
        """Destroy what is on the level and end it; without one panics 65."""
        self._check_level()
        self.unwind_level()

    def _check_level(self) -> None:
        if not self._bases:
            panic(E32USER_CBASE, TCBasePanic.ECleanupLevelUnderflow)

    def destroy_all(self) -> None:
        """The stack itself goes, with everything on it."""
        try:
            self._destroy_to(0)
        finally:
            self._cell.free()

    def _destroy_to(self, base: int) -> None:
        left: Leave | MemoryError | None = None
        while len(self._items) > base:
            try:
                self._destroy_top()
            except (Leave, MemoryError) as error:
                left = error
        if left is not None:
            raise left

    def _destroy_top(self) -> None:
        item = self._items.pop()
        depth = len(self._items)
        _destroy(item)
        if len(self._items) != depth:
            panic(E32USER_CBASE, TCBasePanic.ECleanupModifiedByDestructor)


def _free(cell: object) -> None:
    user_heap().free(cell)  # type: ignore[arg-type] # push looked


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
    """How many *what* and *last* mean, when the item they name is the right one."""
    count, expected = (what, last) if isinstance(what, int) else (_KTop, what)
    if expected is not _KUnchecked:
        levels.check_item(count, expected)
    return count


class TrapLevel:
    """The cleanup stack's part in a trap: a level as long as the block lasts.

    A thread without a cleanup stack may trap too, so there may be none to open. Any
    exception destroys what was pushed; a dying thread makes no calls, so destroys none.
    """

    __slots__ = ("_depth", "_levels")

    def __enter__(self) -> None:
        self._levels = current_levels.get()
        if self._levels is not None:
            self._depth = self._levels.depth
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
            self._levels.unwind_to(self._depth)


class LevelGuard:
    """Ends the levels that an exception of Python's leaves open, when it passes here.

    A leave ends each level where it is trapped; other exceptions pass the traps that
    the scheduler makes around every run.
    """

    __slots__ = ("_depth", "_levels")

    def __enter__(self) -> None:
        self._levels = current_levels.get()
        self._depth = 0 if self._levels is None else self._levels.depth

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc is None or self._levels is None or isinstance(exc, ThreadDeath):
            return
        self._levels.unwind_to(self._depth)


class CTrapCleanup:
    """Owns a thread's cleanup stack, from construction to `destroy`.

    A second one takes the first one's place until it is destroyed.

    Original: CTrapCleanup (e32base.h).
    """

    def __init__(self) -> None:
        self._levels = CleanupLevels()
        self._older = current_levels.set(self._levels)

    @classmethod
    def new(cls) -> Self | None:
        """A new one; None if there is no memory. Original: CTrapCleanup::New."""
        try:
            return cls()
        except Leave:
            return None

    def destroy(self) -> None:
        """Destroy everything still pushed, and bring back the older stack.

        Original: CTrapCleanup::~CTrapCleanup.
        """
        try:
            self._levels.destroy_all()
        finally:
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
    """The calling thread's cleanup stack; without one every call panics 69.

    Original: CleanupStack (e32base.h).
    """

    @staticmethod
    def push(item: MDestroyable | TCleanupItem | int | None) -> None:
        """Have *item* destroyed if the innermost trap is left; None is ignored then.

        An int is a cell of the thread's heap (`RHeap.alloc`), to be freed.

        Raises: KErrNoMemory; *item* is then destroyed by that very leave.
        Original: CleanupStack::PushL.
        """
        _levels().push(item)

    @staticmethod
    def pop(what: object = 1, last: object = _KUnchecked) -> None:
        """Remove the newest *what*, a number, or the newest, which must be *what*.

        With a number, the last removed must be *last*, if that is given.
        Original: CleanupStack::Pop.
        """
        levels = _levels()
        levels.pop(_checked_count(levels, what, last))

    @staticmethod
    def pop_and_destroy(what: object = 1, last: object = _KUnchecked) -> None:
        """As `pop`, and destroy each, newest first.

        Original: CleanupStack::PopAndDestroy.
        """
        levels = _levels()
        levels.pop_and_destroy(_checked_count(levels, what, last))

    @staticmethod
    def pop_all() -> None:
        """Remove what the innermost trap's level holds, and end the level.

        For whoever makes traps of their own; no level panics 65.
        Original: CCleanup::PopAll.
        """
        _levels().pop_all()

    @staticmethod
    def pop_and_destroy_all() -> None:
        """As `pop_all`, and destroy each, newest first.

        Original: CCleanup::PopAndDestroyAll.
        """
        _levels().pop_and_destroy_all()

    @staticmethod
    def check(expected: object) -> None:
        """Panics E32USER-CBase 90 unless *expected* is on top.

        Original: CleanupStack::Check.
        """
        _levels().check_item(_KTop, expected)


class MClosable(Protocol):
    """What `cleanup_close_push` takes: every R class."""

    def close(self) -> None:
        """Give up the handle."""


class MReleasable(Protocol):
    """What `cleanup_release_push` takes."""

    def release(self) -> None:
        """Give up an interface."""


def cleanup_close_push(resource: MClosable) -> None:
    """Push *resource*, to be closed. Original: CleanupClosePushL (e32base.h)."""
    CleanupStack.push(TCleanupItem(lambda _: resource.close(), resource))


def cleanup_release_push(resource: MReleasable) -> None:
    """Push *resource*, to be released. Original: CleanupReleasePushL (e32base.h)."""
    CleanupStack.push(TCleanupItem(lambda _: resource.release(), resource))


def cleanup_delete_push(obj: MDestroyable | None) -> None:
    """Push *obj*, to be destroyed. Original: CleanupDeletePushL (e32base.h)."""
    CleanupStack.push(obj)


def cleanup_array_delete_push(objects: Sequence[MDestroyable]) -> None:
    """Push an array, all of it to be destroyed, the last one first.

    Original: CleanupArrayDeletePushL (e32base.h).
    """

    def destroy_each(_: object) -> None:
        for obj in reversed(objects):
            obj.destroy()

    CleanupStack.push(TCleanupItem(destroy_each, objects))
