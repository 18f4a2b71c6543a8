"""Which page of docs/ tells more of a class.

Ours are said here and not looked for, since an installed Eka has no docs/; a test sees
that each is there and speaks of it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Modules whose noun has a page of the same name.
SAME_NAME: Final = frozenset(
    (
        *("change_notifier", "chunk", "condition_variable", "handle", "library"),
        *("message", "message_queue", "mutex", "process", "property"),
        *("read_write_lock", "semaphore", "server", "session", "thread", "timer"),
        "undertaker",
    )
)
OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kernel.objects.object": "objects/object.md",
        "kernel.objects.object_con": "objects/object_con.md",
        "kernel.objects.object_con_ix": "objects/object_con_ix.md",
        "kernel.objects.object_ix": "objects/object_ix.md",
        "userlib.geos.queues": "objects/event_queue.md",
        "userlib.l4re.cap": "objects/capability.md",
        "userlib.l4re.fpage": "objects/fpage.md",
        "userlib.l4re.irq": "objects/irq.md",
        "userlib.symbian.loader": "servers/loader.md",
        "userlib.symbian.server_handle": "objects/server.md",
    }
)
# Modules each of whose functions has a page.
ROUTINES: Final = frozenset(
    f"userlib.geos.iacp_{part}"
    for part in ("documents", "look", "receive", "register", "send")
)
SERVERS: Final = frozenset(("console", "fileserver", "loader"))


def page_of(module: str, function: str = "") -> str:
    """Below docs/, by what and which module defines it; empty if there is none."""
    parts = module.split(".")
    if module in ROUTINES:
        return f"geos/{function or 'README'}.md"
    if parts[:2] == ["userlib", "symbian"] and parts[-1] in SAME_NAME:
        return f"objects/{parts[-1]}.md"
    if parts[0] == "servers" and parts[1] in SERVERS:
        return f"servers/{parts[1]}.md"
    return OTHERS.get(module, "")
