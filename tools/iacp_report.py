"""What IACP knows, as the original's debugger showed it.

    >>> print(iacp_report(machine))
    "SRVR",8
      server I single    geode 2 "board" chunk 1
      connection 3: client geode 5 "pin" chunk 1, holds 2
        1 geode 2 "board" chunk 1
        2 shutdown

A line for each server, with the letter of its mode (N not user-interactible, F in flux,
I user-interactible) and whether more copies may run; then the connections, the newest
first, each with its slots. It is part of a snapshot: the server is not asked.
"""

from typing import Final

from kernel.machine import Kernel
from servers.iacp.report import KReportName

KNothing: Final = "no servers, and no connections"


def iacp_report(machine: Kernel) -> str:
    """All server lists of *machine*, by token."""
    published = machine.debug.snapshot().published
    texts = [each.text for each in published if each.name.startswith(KReportName)]
    return "\n".join(texts) or KNothing
