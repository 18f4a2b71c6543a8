"""Keeps a test process on one CPU.

A hand-over between two CPUs costs 2 to 10 times one on the same CPU, and emulated
threads hand over all the time. Two workers of pytest-xdist get two different CPUs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def worker_number() -> int:
    """The number of this pytest-xdist worker; 0 outside of one."""
    digits = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return int(digits) if digits.isdecimal() else 0


@contextmanager
def one_cpu(number: int) -> Iterator[None]:
    """Pin the calling OS thread, and those it starts, to the CPU *number* falls on.

    Where the host cannot pin (no sched_setaffinity), nothing happens.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(allowed)[number % len(allowed)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
