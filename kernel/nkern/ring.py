"""Interrupting an OS thread that runs Python code.

A ring is an asynchronous exception. It is sent under the kernel lock, only to a carrier
that is not masked; what must never be torn goes through `Exec.host_call`, which masks.

Programs also use host code directly, and some of it takes locks in Python, where an
interruption between two steps leaves the lock held: a wedged `logging` or `import` would
outlive the machine. While we hold the interpreter, another thread stands where it gave
the interpreter up, and that is where the exception will be raised. So a look at its
innermost frame tells: in a step that takes or gives a lock it is left alone for now. On
an interpreter that lets us be interrupted between look and ring this is a courtesy, not
a proof.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import ThreadDeath

if TYPE_CHECKING:
    from types import FrameType

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
        "wait",
    )
)

_set_async_exc: Final = ctypes.pythonapi.PyThreadState_SetAsyncExc


def send_ring(ident: int) -> bool:
    """Raise ThreadDeath in the OS thread *ident*; False if it had better wait."""
    if _is_in_lock_step(sys._current_frames().get(ident)):  # noqa: SLF001 - the only way to see another thread's stack
        return False
    _set_async_exc(ctypes.c_ulong(ident), ctypes.py_object(ThreadDeath))
    return True


def clear_ring(ident: int) -> None:
    """Forget a ring that has not been heard yet."""
    _set_async_exc(ctypes.c_ulong(ident), None)


def _is_in_lock_step(frame: FrameType | None) -> bool:
    return (
        frame is not None
        and frame.f_code.co_name in LOCK_STEPS
        and frame.f_globals.get("__name__") in LOCKERS
    )
