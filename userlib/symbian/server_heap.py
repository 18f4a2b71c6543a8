"""Failing allocations inside a server, asked for by a client: the out-of-memory loop.

    test, a client of the server           server
    ----------------------------           ------
    mark, fail the 1st allocation  ──────► heap_request: does so to its own heap
    the request under test         ──────► fails, KErrNoMemory
    nothing leaked? unchanged?     ──────► heap_request
    the same with the 2nd, the 3rd, … until nothing failed and the request succeeds

A server takes part if its sessions hand `heap_request` what they do not know, or, as it
is, if `with_heap_requests` makes the class that a test runs.

Original: the debug requests of the file server and others; symbian-userlib 12.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Final, TypeVar, cast

from kernel.abi.errors import KErrArgument, KErrNoMemory, KErrNone
from kernel.abi.heap import (
    BURST_KINDS,
    SETTABLE_KINDS,
    KMaxAllocFailRate,
    TAllocFail,
)
from userlib.symbian.buffers import TBuf
from userlib.symbian.heap import HeapTest, KHeap, UHeap, user_heap
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.leave import trap
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CServer2, CSession2
from userlib.symbian.session import RSessionBase

KMaxLeakReport: Final = 256  # characters
KMaxAllocations: Final = 10_000  # that one request may make

TServer = TypeVar("TServer", bound=CServer2)


class THeapRequest(IntEnum):
    """Functions far from any that a server would give its own requests.

    Original: none; numbers of ours.
    """

    EHeapMark = 0x7FFF_0000
    EHeapMarkEnd = 0x7FFF_0001  # 0: 16-bit buffer for tags; answers with a count
    EHeapSetFail = 0x7FFF_0002  # 0: kind, 1: rate, 2: burst, 3: which heap
    EHeapCheckFailure = 0x7FFF_0003  # 0: which heap; answers with a count
    EHeapCells = 0x7FFF_0004  # answers with a count


class TWhichHeap(IntEnum):
    """Whose allocations are to fail. Original: none; numbers of ours."""

    EServersHeap = 0  # that of the server's thread
    EKernelsHeap = 1  # the kernel's, in calls of the server's thread


# The server's side.


def heap_request(session: CSession2, message: RMessage2) -> bool:
    """Serve *message* if it is one of these requests; whether it was.

    For `CSession2.service`. A mark is put into the session's resources too, if it
    counts them: then its end panics the client CSession 2 for a difference.

    Threads: the server's. Original: none; each server's own debug request.
    """
    match message.function:
        case THeapRequest.EHeapMark:
            UHeap.mark()
            if _counts_resources(session):
                session.resource_count_mark_start()
            message.complete(KErrNone)
        case THeapRequest.EHeapMarkEnd:
            _end_mark(session, message)
        case THeapRequest.EHeapSetFail:
            message.complete(_set_failures(*message.args))
        case THeapRequest.EHeapCheckFailure:
            message.complete(_heap(message.int0).check_failure())
        case THeapRequest.EHeapCells:
            message.complete(UHeap.cells())
        case _:
            return False
    return True


def with_heap_requests(server: type[TServer]) -> type[TServer]:
    """The class *server*, with servers that answer these requests besides.

    They come before all else, a policy's check too.
    Original: none; each server's own debug request.
    """

    def handle_message(self: TServer, message: RMessage2) -> None:
        session = self.session_of(message)
        if session is None or not heap_request(session, message):
            server.handle_message(self, message)

    namespace = {"handle_message": handle_message, "__module__": server.__module__}
    made = type(server.__name__, (server,), namespace)
    return cast("type[TServer]", made)  # what `type` makes of it, mypy can't tell


def _counts_resources(session: CSession2) -> bool:
    return type(session).count_resources is not CSession2.count_resources


def _end_mark(session: CSession2, message: RMessage2) -> None:
    if not user_heap().marks:
        message.complete(KErrArgument)
        return
    tags = UHeap.leaked()
    UHeap.mark_end(len(tags))
    room = message.get_des_max_length(0)
    message.write(0, ", ".join(tags)[:room])
    if _counts_resources(session):
        session.resource_count_mark_end(message)
    if not message.is_null:
        message.complete(len(tags))


def _set_failures(kind: int, rate: int, burst: int, which: int) -> int:
    # A client's mistake must not be the server's panic.
    is_burst = kind in BURST_KINDS
    if kind not in SETTABLE_KINDS or (
        is_burst and max(rate, burst) > KMaxAllocFailRate
    ):
        return KErrArgument
    _heap(which).set_burst_fail(TAllocFail(kind), rate, burst)
    return KErrNone


def _heap(which: int) -> HeapTest:
    return KHeap if which == TWhichHeap.EKernelsHeap else UHeap


# The client's side.


class ServerHeap:
    """The heap of the server that a session is with.

    Original: none; what __UHEAP_… does in one's own thread.
    """

    def __init__(
        self,
        session: RSessionBase,
        which: TWhichHeap = TWhichHeap.EServersHeap,
    ) -> None:
        # Fixed for life:
        self._session: Final = session
        self._which: Final = which

    def mark(self) -> None:
        """Count the server's cells from here.

        Original: none; a server's own debug request for __UHEAP_MARK.
        """
        self._ask(THeapRequest.EHeapMark)

    def mark_end(self) -> str:
        """End the mark. Returns: what is left over, by its tags; nothing, if nothing.

        Panics CSession 2 if the session owns more or less than it did.
        Original: none; a server's own debug request for __UHEAP_MARKEND.
        """
        tags = TBuf(KMaxLeakReport)
        left = self._session.send_receive(THeapRequest.EHeapMarkEnd, TIpcArgs(tags))
        return f"{left} cells: {tags}" if left else ""

    def cells(self) -> int:
        """How many there are in the server's heap.

        Original: none; a server's own debug request for User::CountAllocCells.
        """
        return self._ask(THeapRequest.EHeapCells)

    def set_fail(self, kind: TAllocFail, rate: int, burst: int = 1) -> None:
        """Let its allocations fail as *kind* says. Raises: KErrArgument.

        Original: none; a server's own debug request for __UHEAP_SETBURSTFAIL.
        """
        self._ask(THeapRequest.EHeapSetFail, kind, rate, burst, self._which)

    def fail_next(self, nth: int) -> None:
        """Let the *nth* from now fail.

        Original: none; a server's own debug request for __UHEAP_FAILNEXT.
        """
        self.set_fail(TAllocFail.EFailNext, nth)

    def reset(self) -> None:
        """Let nothing fail any more.

        Original: none; a server's own debug request for __UHEAP_RESET.
        """
        self.set_fail(TAllocFail.ENone, 1)

    def check_failure(self) -> int:
        """How many have failed since the kind was set.

        Original: none; a server's own debug request for __UHEAP_CHECKFAILURE.
        """
        return self._ask(THeapRequest.EHeapCheckFailure, self._which)

    def _ask(self, function: THeapRequest, *args: int) -> int:
        return self._session.send_receive(function, TIpcArgs(*args))


def fail_each_allocation(
    session: RSessionBase,
    request: Callable[[], object],
    *,
    undo: Callable[[], object] = lambda: None,
    state: Callable[[], object] = lambda: None,
    which: TWhichHeap = TWhichHeap.EServersHeap,
) -> int:
    """Make *request* again and again, with each allocation in the server failing once.

    A request that failed must have left with KErrNoMemory, with no cell and no resource
    left over, and *state* as before. It may also succeed without the memory. After a
    success *undo* has to bring everything back, which is checked in the same way.
    Whatever *session* is, *request* may use others of the same server.

    Returns: how many allocations there were to fail.
    Raises: AssertionError, which says what became of the n-th.
    Original: none; the loop of symbian-userlib 12.
    """
    heap, nth = ServerHeap(session, which), 0
    while True:
        nth += 1
        before, cells = state(), heap.cells()
        heap.mark()
        heap.fail_next(nth)
        code = trap(request)
        failures = heap.check_failure()
        heap.reset()
        if code == KErrNone:
            undo()
        leak = heap.mark_end()
        if code == KErrNone and heap.cells() == cells:
            leak = ""  # what was undone may be made of new cells
        _require(nth, code, failures, leak, before, state())
        if code == KErrNone and not failures:
            return nth - 1


def _require(
    nth: int, code: int, failures: int, leak: str, before: object, after: object
) -> None:
    what = f"with allocation {nth} failing the request"
    if code not in (KErrNone, KErrNoMemory):
        raise AssertionError(f"{what} left with {code}, not with KErrNoMemory")
    if code == KErrNoMemory and not failures:
        raise AssertionError("the request has no memory though nothing was to fail")
    if leak:
        raise AssertionError(f"{what} ended with {code} and leaked {leak}")
    if before != after:
        raise AssertionError(f"{what} ended with {code}; {before!r} became {after!r}")
    if nth == KMaxAllocations:
        raise AssertionError(f"{what} still fails, after so many")
