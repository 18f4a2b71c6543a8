"""docs/trace-events.md, made of the table in kernel/events.py.

python -m tools.docs.trace_events > docs/trace-events.md
"""

import logging
import sys
from typing import Final

from kernel.debug.sinks import event_level
from kernel.events import EVENTS, EventKind

HEAD: Final = """\
# Trace events

What the kernel reports. The flight recorder keeps the latest of these, and a dump ends
with them; `eka run --log FILE` writes all, a line of JSON each. This page is made of
the table in `kernel/events.py` by `python -m tools.docs.trace_events`.

Every record begins with the same fields:

| field | meaning |
|---|---|
| `seq` | counts events from 1 |
| `ts` | microseconds since the machine booted |
| `event` | the name |
| `pid`, `tid` | a process and its thread, below called *the thread*; 0: none |

Of the others, `object` is a kernel object's number, `id` that of a process or thread,
`message` a message's handle at its server, `err` the code that a request ended with,
and `type` a `TExitType`. `fn` -1 connects, -2 disconnects. The `kind` of a message is
`sync` if it is the thread's own, `slot` if it is one of the session's, `async` if it is
one of the system's.

`--log-level LEVEL` shows events from that level on; the recorder and `--log` take all.

| event | fields | level | when |
|---|---|---|---|
"""


def trace_events_page() -> str:
    """The page, a row for each kind of event, in the order of the table."""
    return HEAD + "".join(_row(kind, event) for kind, event in EVENTS.items())


def _row(kind: int, event: EventKind) -> str:
    fields = ", ".join(f"`{field}`" for field in event.fields)
    level = logging.getLevelName(event_level(kind)).lower()
    return f"| `{event.name}` | {fields} | {level} | {event.when} |\n"


if __name__ == "__main__":
    sys.stdout.write(trace_events_page())
