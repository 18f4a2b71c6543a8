"""Interrupting an OS thread that runs Python code.

A ring is an asynchronous exception. It is sent under the kernel lock, only to a carrier
that is not masked; what must never be torn goes through `Exec.host_call`, which masks.

Programs also use host code directly, and some of it takes locks in Python, where an
interruption between two steps leaves the lock held: a wedged `logging` or `import`
would outlive the machine. While we hold the interpreter, another thread stands where it
gave the interpreter up, and that is where the exception will be raised. So a look at
its innermost frame tells: in a step that takes or gives a lock it is left alone for
now. So it is where a weak reference is cleared, and while it collects garbage: what is
raised there is lost. Between look and ring we must not give the interpreter up, as we
might wherever Python code calls or loops: so both are one chain of iterators in C,
which begins by collecting young garbage, so that this is not due in the middle of it.
(An interpreter without a global lock makes this a courtesy, not a proof.)
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from enum import Enum
from itertools import compress, islice, product, repeat
from operator import attrgetter, itemgetter, not_, or_
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import ThreadDeath

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from types import CodeType, FrameType
    from typing import Literal

LOCKERS: Final = frozenset(
    (
        "_frozen_importlib",
        "_weakrefset",
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "importlib._bootstrap",
        "logging",
        "logging.handlers",
        "queue",
        "threading",
        "weakref",
    )
)
LOCK_STEPS: Final = frozenset(
    (
        "__enter__",
        "__exit__",
        "_acquireLock",
        "_acquire_restore",
        "_get_module_lock",
        "_lock_unlock_module",
        "_releaseLock",
        "_release_save",
        "_remove",
        "acquire",
        "cb",
        "notify",
        "notify_all",
        "release",
        "remove",
    )
)

_set_async_exc: Final = ctypes.pythonapi.PyThreadState_SetAsyncExc
_place_of: Final = attrgetter("f_code.co_name", "f_code.co_filename")


def _files(modules: frozenset[str]) -> Iterator[str]:
    """What their code objects call the files of these modules of the host's library."""
    library = Path(threading.__file__).parent
    for name in modules:
        path = library.joinpath(*name.split("."))
        yield from (f"<frozen {name}>", f"{path}.py", str(path / "__init__.py"))


_LOCK_PLACES: Final = frozenset(product(LOCK_STEPS, _files(LOCKERS)))


class TRing(Enum):
    """What came of a ring."""

    ESent = 0
    EPostponed = 1  # it had better wait
    EGone = 2  # the OS thread has ended, and its ident may be another's


class GarbageWatch:
    """Which OS threads collect garbage just now.

    Finalisers and callbacks run then, which may give the interpreter up; and what has
    been raised by the next of them is printed and forgotten.
    """

    def __init__(self) -> None:
        self.idents: Final[set[int]] = set()

    def start(self) -> None:
        """Begin to watch."""
        gc.callbacks.append(self._note)

    def stop(self) -> None:
        """Watch no more."""
        gc.callbacks.remove(self._note)

    def _note(self, phase: Literal["start", "stop"], _info: dict[str, int]) -> None:
        if phase == "start":
            self.idents.add(threading.get_ident())
        else:
            self.idents.discard(threading.get_ident())


def send_ring(ident: int, entry: CodeType, collecting: Container[int] = ()) -> TRing:
    """Raise ThreadDeath in OS thread *ident*, whose outermost function is *entry*.

    Not while it is one of the threads *collecting* garbage.
    """
    frame = sys._current_frames().get(ident)  # noqa: SLF001 - the only way to see another thread's stack
    if frame is None or _outermost(frame) is not entry:
        return TRing.EGone
    try:
        is_sent = next(
            _look_and_ring(ident, _LOCK_PLACES.union(_collector_places()), collecting),
            0,
        )
    except KeyError:
        return TRing.EGone
    return TRing.ESent if is_sent else TRing.EPostponed


def _collector_places() -> Iterator[tuple[str, str]]:
    """Where the host's garbage collector calls back."""
    for callback in gc.callbacks:
        code: CodeType | None = getattr(callback, "__code__", None)
        if code is not None:
            yield code.co_name, code.co_filename


def _look_and_ring(
    ident: int, places: frozenset[tuple[str, str]], collecting: Container[int]
) -> Iterator[int]:
    """Rings when asked for its first element; none if the thread had better be left."""
    swept = map(gc.collect, repeat(0))
    frames = iter(sys._current_frames, None)  # noqa: SLF001 - the only way to see another thread's stack
    swept_frames = map(itemgetter(1), zip(swept, frames, strict=False))
    thread = map(itemgetter(ident), swept_frames)
    is_in_place = map(places.__contains__, map(_place_of, thread))
    is_collecting = map(collecting.__contains__, repeat(ident))
    is_free = map(not_, map(or_, is_in_place, is_collecting))
    ring = compress(repeat(ctypes.py_object(ThreadDeath)), islice(is_free, 1))
    return map(_set_async_exc, repeat(ctypes.c_ulong(ident)), ring)


def set_async_exception(ident: int, kind: type[BaseException]) -> None:
    """Raise *kind* in an OS thread at its next opportunity."""
    _set_async_exc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def _outermost(frame: FrameType) -> CodeType:
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code


class _ForgottenError(Exception):
    """Takes the place of a ring that nobody is to hear."""


def clear_ring(ident: int) -> None:
    """Forget a ring that has not been heard yet; *ident* is the caller's own.

    What takes its place is heard at once. For CPython 3.11 goes on looking for one that
    was merely taken back, and never gets further where a debugger looks on.
    """
    try:
        set_async_exception(ident, _ForgottenError)
        _hear()
    except _ForgottenError:
        return


def _hear() -> None:
    """Entering a function looks for what is pending."""


def is_in_lock_step(frame: FrameType) -> bool:
    """Whether the frame is about to take or to give a lock of the host's."""
    return (
        frame.f_code.co_name in LOCK_STEPS
        and frame.f_globals.get("__name__") in LOCKERS
    )
