"""Interrupting an OS thread that runs Python code.

A ring is an asynchronous exception. It is sent under the kernel lock, only to a carrier
that is not masked; what must never be torn goes through `Exec.host_call`, which masks.

Programs also use host code directly, and some of it takes locks in Python, where an
interruption between two steps leaves the lock held: a wedged `logging` or `import`
would outlive the machine. While we hold the interpreter, another thread stands where it
gave the interpreter up, and that is where the exception will be raised. So a look at
its innermost frame tells: in a step that takes or gives a lock it is left alone for
now. On an interpreter that lets us be interrupted between look and ring this is a
courtesy, not a proof.
"""

from __future__ import annotations

import ctypes
import sys
from enum import Enum
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import ThreadDeath

if TYPE_CHECKING:
    from types import CodeType, FrameType

LOCKERS: Final = frozenset(
    (
        "_frozen_importlib",
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "importlib._bootstrap",
        "logging",
        "logging.handlers",
        "queue",
        "threading",
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
        "acquire",
        "cb",
        "notify",
        "notify_all",
        "release",
    )
)

_set_async_exc: Final = ctypes.pythonapi.PyThreadState_SetAsyncExc


class TRing(Enum):
    """What came of a ring."""

    ESent = 0
    EPostponed = 1  # it had better wait
    EGone = 2  # the OS thread has ended, and its ident may be another's


def send_ring(ident: int, entry: CodeType) -> TRing:
    """Raise ThreadDeath in OS thread *ident*, whose outermost function is *entry*."""
    frame = sys._current_frames().get(ident)  # noqa: SLF001 - the only way to see another thread's stack
    if frame is None or _outermost(frame) is not entry:
        return TRing.EGone
    if is_in_lock_step(frame):
        return TRing.EPostponed
    set_async_exception(ident, ThreadDeath)
    return TRing.ESent


def set_async_exception(ident: int, kind: type[BaseException]) -> None:
    """Raise *kind* in an OS thread at its next opportunity."""
    _set_async_exc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def _outermost(frame: FrameType) -> CodeType:
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code


def clear_ring(ident: int) -> None:
    """Forget a ring that has not been heard yet."""
    _set_async_exc(ctypes.c_ulong(ident), None)


def is_in_lock_step(frame: FrameType) -> bool:
    """Whether the frame is about to take or to give a lock of the host's."""
    return (
        frame.f_code.co_name in LOCK_STEPS
        and frame.f_globals.get("__name__") in LOCKERS
    )
