"""TFindHandleBase and its family: looking for kernel objects by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KernelError, KErrNone, KErrNotFound, Leave
from kernel.abi.handles import TObjectType
from kernel.abi.panics import KERN_EXEC, TKernExec

if TYPE_CHECKING:
    from userlib.symbian.buffers import TDes16


class TFindHandleBase:
    """A search over the named objects of one kind, in the order of their creation.

    `*` matches any run of characters, `?` one; letter case does not count; the pattern
    is matched against full names. The search neither repeats nor skips an object that
    stays, whatever else comes and goes meanwhile. Iterating gives the names.

    Original: TFindHandleBase (e32cmn.h).
    """

    object_type: ClassVar[TObjectType]

    __slots__ = ("_exhausted", "_pattern", "cursor")

    def __init__(self, pattern: str = "*") -> None:
        self.find(pattern)

    def find(self, pattern: str) -> None:
        """Begin again, with a new pattern. Original: TFindHandleBase::Find."""
        self._pattern = pattern
        self._exhausted = False
        self.cursor = 0  # number of the object found last; 0: none yet

    def next(self) -> str:
        """The full name of the next match.

        Raises: Leave(KErrNotFound) when there is no more, and from then on.
        Original: TFindHandleBase::Next.
        """
        if self._exhausted:
            raise Leave(KErrNotFound)
        try:
            self.cursor, name = current_exec.get().handle_find_next(
                self.object_type, self.cursor, self._pattern
            )
        except KernelError:
            self._exhausted = True
            raise
        return name

    def try_next(self, name: "TDes16") -> int:
        """As next: fills *name*, emptied when the code is KErrNotFound.

        Original: TFindHandleBase::Next.
        """
        try:
            found = self.next()
        except Leave as leave:
            name.zero()
            return leave.code
        name.copy(found)
        return KErrNone

    def open_found(self, owner: int) -> int:
        """A handle for the object found last; what `RHandleBase.open` calls.

        A search that has found nothing yet panics KERN-EXEC 0.

        Raises: KErrNotFound if the object is gone, KErrPermissionDenied if it is not
            global.
        Original: none; part of RHandleBase::Open.
        """
        if not self.cursor:
            panic(KERN_EXEC, TKernExec.EBadHandle)
        return current_exec.get().handle_open_found(
            self.object_type, self.cursor, owner
        )

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                name = self.next()
            except Leave:
                return
            yield name


class TFindChunk(TFindHandleBase):
    """Looks for chunks. Original: TFindChunk (e32std.h)."""

    object_type = TObjectType.EChunk
    __slots__ = ()


class TFindThread(TFindHandleBase):
    """Looks for threads. Original: TFindThread (e32std.h)."""

    object_type = TObjectType.EThread
    __slots__ = ()


class TFindProcess(TFindHandleBase):
    """Looks for processes. Original: TFindProcess (e32std.h)."""

    object_type = TObjectType.EProcess
    __slots__ = ()


class TFindSemaphore(TFindHandleBase):
    """Looks for semaphores. Original: TFindSemaphore (e32std.h)."""

    object_type = TObjectType.ESemaphore
    __slots__ = ()


class TFindMutex(TFindHandleBase):
    """Looks for mutexes. Original: TFindMutex (e32std.h)."""

    object_type = TObjectType.EMutex
    __slots__ = ()


class TFindLibrary(TFindHandleBase):
    """Looks for libraries; they are found, but never opened.

    Original: TFindLibrary (e32std.h).
    """

    object_type = TObjectType.ELibrary
    __slots__ = ()


class TFindServer(TFindHandleBase):
    """Looks for servers; they are found, but never opened.

    Original: TFindServer (e32std.h).
    """

    object_type = TObjectType.EServer
    __slots__ = ()
