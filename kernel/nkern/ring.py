"""Interrupting an OS thread that runs Python code.

A ring is an asynchronous exception. It is sent under the kernel lock, only to a carrier
that is not masked; and not while the carrier is inside host code that would leave a
Python-level lock held (`HOLDS_LOCKS`): then the next round, 50 ms later, tries again.
That second test is a courtesy to programs which use such code directly, and cannot be
airtight; what must never be torn goes through `Exec.host_call`.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import ThreadDeath

if TYPE_CHECKING:
    from types import FrameType

HOLDS_LOCKS: Final = frozenset(
    (
        "_frozen_importlib",
        "_frozen_importlib_external",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "logging",
        "logging.handlers",
        "queue",
        "threading",
    )
)

_set_async_exc: Final = ctypes.pythonapi.PyThreadState_SetAsyncExc


def send_ring(ident: int) -> None:
    """Raise ThreadDeath in the OS thread *ident*, unless it had better wait."""
    if not _is_inside_locks(sys._current_frames().get(ident)):  # noqa: SLF001 - the only way to see another thread's stack
        _set_async_exc(ctypes.c_ulong(ident), ctypes.py_object(ThreadDeath))


def clear_ring(ident: int) -> None:
    """Forget a ring that has not been heard yet."""
    _set_async_exc(ctypes.c_ulong(ident), None)


def _is_inside_locks(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals.get("__name__") in HOLDS_LOCKS:
            return True
        frame = frame.f_back
    return False
