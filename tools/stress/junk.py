"""Any kernel call with any arguments, sensible or not, in a process made for it.

There is no model: the call may return, be refused, or be misuse and the caller's death.
It may not block, so calls that do are given no handle of anything.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

from kernel.abi.errors import AttachedThreadDied, KernelError
from kernel.abi.exec import Exec
from kernel.abi.handles import KCurrentProcessHandle
from kernel.abi.l4_ipc import VOID_ITEM, SentItem
from kernel.abi.memory import ClientBuffer, ClientCell, ClientStatus
from kernel.abi.security import SecurityPolicy, TSecurityPolicyType
from kernel.exec.arguments import OWN_METHODS, declared_calls
from tools.stress.puppets import Strings

if TYPE_CHECKING:
    from kernel.machine import Kernel
    from tools.stress.calls import Chooser

# What waits for ever, unless somebody else does something.
ALWAYS_BLOCKING: Final = frozenset(
    (
        "event_queue_call",  # these two by an id, which any number may be
        "event_queue_get",
        "ipc_call",
        "ipc_reply_and_wait",
        "ipc_wait",
        "request_wait",
        "request_wait_any",
        "time_sleep",
        "time_sleep_until",
    )
)
# The same, if it is given a handle to anything.
BLOCKING: Final = frozenset(
    (
        "condition_variable_wait",
        "mutex_wait",
        "semaphore_wait",
        "server_receive",
        "session_send_receive",
        "thread_suspend",
    )
)
KCallsOfAProcess: Final = 40

# What a parameter of that name is a handle of, where the call's family does not say it.
KINDS: Final = {
    "thread": "thread",
    "process": "process",
    "message": "message",
    "mutex": "mutex",
    "slave": "server",
}

INTEGERS: Final = (0, 1, 2, 3, 5, 16, 64, 4096, -1, -2, 1 << 31, 1 << 40, -(1 << 40))
TEXTS: Final = ("", "junk", "Junk", "a*", "x" * 300, "\0", "é", "::", "!junk")


# What may stand for a parameter, by what its annotation contains; all that fit.
VALUES: Final[tuple[tuple[str, tuple[Any, ...]], ...]] = (
    ("int", INTEGERS),
    ("str", TEXTS),
    ("bytes", (b"", b"junk", b"x" * 600)),
    ("bool", (True, False)),
    ("None", (None,)),
    ("tuple[int, int]", ((0, 7), (0, 8), (-1, 1 << 40))),
    ("Policy", (SecurityPolicy(), SecurityPolicy(TSecurityPolicyType.ETypePass))),
)
EXTENTS: Final = ((0, 4096, 8192), (4096, 0, -1), (0, 0, 0), (-1, 1 << 40, 1 << 41))
ITEMS: Final = ((), (VOID_ITEM,), (SentItem(1, 7, 15), SentItem(2, 3, 4, offset=-1)))
MESSAGE_ARGS: Final = ((), (1, 2), (b"x", "y"), (1, 2, 3, 4))
FUNCTIONS: Final = (lambda: 0, None, 7)


def values(annotation: str) -> list[Any]:
    """What may stand for a parameter of that type; client memory is made anew."""
    if "Callable" in annotation:
        return list(FUNCTIONS)
    if "tuple[int, int, int]" in annotation:
        return list(EXTENTS)
    if "SentItem" in annotation:
        return list(ITEMS)
    if "tuple[int | bytes" in annotation:
        return list(MESSAGE_ARGS)
    found = [value for part, some in VALUES if part in annotation for value in some]
    for kind in (ClientStatus, ClientCell):
        found += [kind()] if kind.__name__ in annotation else []
    if "ClientBuffer" in annotation:
        found += [ClientBuffer(4, bytearray(b"ab")), ClientBuffer(4, "ab")]
    return found


class JunkCaller:
    """One process after the other, each making calls until it dies of them."""

    def __init__(self, machine: Kernel, choose: Chooser) -> None:
        # Fixed for life:
        self._machine: Final = machine
        self._choose: Final = choose
        self._calls: Final = [
            call
            for call in declared_calls()
            if call not in OWN_METHODS | ALWAYS_BLOCKING
        ]

        self.calls = 0
        self.outcomes: dict[str, int] = {}

    def run_process(self) -> None:
        """Make calls in a process of their own."""
        strings = Strings(self._machine)
        try:
            handles = self._some_handles(strings.exec)
            for _ in range(KCallsOfAProcess):
                self._call(strings.exec, handles)
        except AttachedThreadDied:
            self._count("death")
        finally:
            strings.cut()

    def _some_handles(self, exec_: Any) -> dict[str, int]:  # noqa: ANN401 - calls by name
        """One of each kind, by the name of its family."""
        server = exec_.server_create("", 1, 0)
        session = exec_.session_create(server, 4, 1, None)
        exec_.session_send(session, 5, (b"data", 1, "text"), 0b111_000_110)
        message, *_ = exec_.server_receive(server)
        return {
            "change_notifier": exec_.change_notifier_create(),
            "chunk": exec_.chunk_create(None, 0, (0, 4096, 8192), 3, False, 0),
            "condition_variable": exec_.condition_variable_create(None, 0),
            "event_queue": exec_.event_queue_create(None, 0),
            "handle": exec_.semaphore_create("", 1, 0),
            "message": message,
            "message_queue": exec_.message_queue_create(None, 2, 4, 0),
            "mutex": exec_.mutex_create("", 0),
            "process": KCurrentProcessHandle,
            "property": exec_.property_attach(0, 7, 0),
            "semaphore": exec_.semaphore_create(None, 1, 0),
            "server": server,
            "session": session,
            "thread": exec_.thread_create("", lambda: 0, 4096, 0),
            "timer": exec_.timer_create(),
            "undertaker": exec_.undertaker_create(),
        }

    def _call(self, exec_: Any, handles: dict[str, int]) -> None:  # noqa: ANN401 - as above
        name = self._choose.pick(self._calls)
        args = self._arguments(name, {} if name in BLOCKING else handles)
        self.calls += 1
        try:
            getattr(exec_, name)(*args)
        except KernelError:
            self._count("refusal")
        except TypeError:
            self._count("wrong type")
        else:
            self._count("return")

    def _arguments(self, name: str, handles: dict[str, int]) -> list[Any]:
        """Handles are mostly of the right kind; without any they name nothing."""
        parameters = list(inspect.signature(getattr(Exec, name)).parameters.values())
        family = max((f for f in handles if name.startswith(f)), key=len, default="")
        args = []
        for parameter in parameters[1:]:
            kind = KINDS.get(parameter.name, family)
            pool = values(str(parameter.annotation))
            if parameter.name in (*KINDS, "handle"):
                pool = [handles[kind]] * 30 if kind in handles else []
                pool += [*handles.values(), 0, 7]
            args.append(self._choose.pick(pool))
        return args

    def _count(self, what: str) -> None:
        self.outcomes[what] = self.outcomes.get(what, 0) + 1
