"""A host that changes threads often, so that what happens between two steps does.

Where it interrupts code that nobody protects, Python reports what it could not raise:
an interrupted finaliser, a file that was open. That is collected here, by the names of
the exceptions, for whoever wants to know.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hasty_host(interval_s: float) -> Iterator[list[str]]:
    """Let the interpreter change threads after *interval_s* of computing."""
    usual_s, usual_hook = sys.getswitchinterval(), sys.unraisablehook
    torn: list[str] = []
    sys.setswitchinterval(interval_s)
    sys.unraisablehook = lambda args: torn.append(args.exc_type.__name__)
    try:
        yield torn
    finally:
        sys.setswitchinterval(usual_s)
        sys.unraisablehook = usual_hook
