"""Any kernel call with any arguments, sensible or not, in a process made for it.

There is no model: the call may return, be refused, or be misuse and the caller's death.
It may not block for ever: calls that would are given no handle of anything, or a time.
A second thread of the process receives what is sent through gates, and sends it back.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

from kernel.abi.current import current_exec
from kernel.abi.errors import AttachedThreadDied, KernelError
from kernel.abi.exec import Exec
from kernel.abi.handles import KCurrentProcessHandle, KCurrentThreadHandle
from kernel.abi.l4 import L4_FPAGE_FULL, Rights
from kernel.abi.l4_ipc import KTimeoutNever, ReceivedItem, SentItem, TIpcItem
from kernel.exec.arguments import OWN_METHODS, declared_calls
from tools.stress.junk_values import items, values
from tools.stress.puppets import Strings

if TYPE_CHECKING:
    from kernel.machine import Kernel
    from tools.stress.calls import Chooser

# What waits for ever, unless somebody else does something.
ALWAYS_BLOCKING: Final = frozenset(
    ("request_wait", "request_wait_any", "time_sleep", "time_sleep_until")
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
# Where a time stands for how long: some of the machine's, or not at all.
TIMES: Final = {
    "event_queue_call": (1, 1_000),
    "event_queue_get": (-1, 1, 1_000),
    "ipc_call": (0, 1, 1_000),
    "ipc_reply_and_wait": (0, 1, 1_000),
    "ipc_send": (0, 1, 1_000),
    "ipc_wait": (0, 1, 1_000),
}
KCallsOfAProcess: Final = 40
GENTLE: Final = ("cap_", "env_", "event_queue_", "fpage_", "gate_", "ipc_", "irq_")
HARSH: Final = frozenset(
    ("env_set", "event_queue_bind", "event_queue_id", "fpage_view")
)

# What a parameter of that name is a handle of, where the call's family does not say it.
KINDS: Final = {
    "thread": "thread",
    "process": "process",
    "message": "message",
    "mutex": "mutex",
    "slave": "server",
    "gate": "gate",
    "irq": "irq",
    "source": "irq",
    "one": "gate",
    "other": "gate",
    "reply": "reply",
    "queue": "queue",  # no handle, but likewise a number that names something
    "to": "queue",
}
# The same by the call's family, where that has no handles of its own.
FAMILIES: Final = {"env": "gate"}
# What the receiver takes of a message.
RECEIVED: Final = (int(TIpcItem.EObject),) * 4 + (int(TIpcItem.EMemory),) * 4
KPutAside: Final = 3  # of a label that divides by it, the reply comes later
KFull: Final = int(L4_FPAGE_FULL)


def receive() -> int:
    """The other thread: gives back what it got, at once or one call later."""
    exec_ = current_exec.get()
    words = b""
    returned: tuple[SentItem, ...] = ()
    aside = 0
    while True:
        request = exec_.ipc_reply_and_wait(1, words, returned, RECEIVED, KTimeoutNever)
        _, label, _, words, arrived, is_call, _ = request
        words = words[: 8 * KCallsOfAProcess]
        returned = tuple(
            SentItem(item.kind, item.value, KFull, grant=True, order=item.order)
            for item in arrived
            if item.kind in (TIpcItem.EObject, TIpcItem.EMemory)
        )
        if is_call and label % KPutAside == 0:
            if aside:
                exec_.ipc_reply(aside, 2, words, returned)
            aside = exec_.ipc_save_reply()


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
        # Nearly every call can be a mistake that its caller dies of. Most of these
        # cannot, so that one meets what others have left.
        gentle = [call for call in self._calls if call.startswith(GENTLE)]
        harsh = [call for call in gentle if call in HARSH]
        passing = [call for call in gentle if call.startswith("ipc_")] * 16
        self._gentle: Final = (
            [c for c in gentle if c not in HARSH] * 8 + passing + harsh
        )

        self.calls = 0
        self.outcomes: dict[str, int] = {}

    def run_process(self) -> None:
        """Make calls in a process of their own."""
        strings = Strings(self._machine)
        try:
            handles = self._some_handles(strings.exec)
            calls = self._choose.pick((self._calls, self._gentle))
            for _ in range(KCallsOfAProcess):
                self._call(strings.exec, self._choose.pick(calls), handles)
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
        queue = exec_.event_queue_create(None, 0)
        chunk = exec_.chunk_create(None, 0, (0, 4096, 8192), 3, False, 0)
        return {
            **self._l4_handles(exec_, chunk),
            "change_notifier": exec_.change_notifier_create(),
            "chunk": chunk,
            "condition_variable": exec_.condition_variable_create(None, 0),
            "event_queue": queue,
            "queue": exec_.event_queue_id(queue),
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

    def _l4_handles(self, exec_: Any, chunk: int) -> dict[str, int]:  # noqa: ANN401 - as above
        """A gate to the receiver, or now and then to nobody who takes, and the like."""
        receiver = exec_.thread_create("", receive, 4096, 0)
        exec_.thread_resume(receiver)
        served = exec_.gate_create(receiver, 0x40, KFull)
        memory = (SentItem(TIpcItem.EMemory, chunk, order=12, rights=7),)
        buffers = (int(TIpcItem.EMemory),)
        _, _, _, arrived = exec_.ipc_call(served, 1, b"", memory, buffers, 1_000, 1_000)
        own = exec_.gate_create(KCurrentThreadHandle, 0x50, KFull)
        gate = self._choose.pick((*(served,) * 8, own, exec_.gate_create(0, 0, KFull)))
        irq = exec_.irq_create()
        exec_.irq_bind(irq, KCurrentThreadHandle, 0x80)
        exec_.env_set(KCurrentProcessHandle, "junk", gate, int(Rights.RWS))
        return {
            "cap": exec_.cap_duplicate(gate, int(Rights.RWSD)),
            "fpage": arrived[0].value,
            "gate": gate,
            "ipc": gate,
            "irq": irq,
            "receiver": receiver,
        }

    def _call(self, exec_: Any, name: str, handles: dict[str, int]) -> None:  # noqa: ANN401 - as above
        args = self._arguments(name, {} if name in BLOCKING else handles)
        self.calls += 1
        try:
            result = getattr(exec_, name)(*args)
        except KernelError:
            self._count("refusal")
        except TypeError:
            self._count("wrong type")
        else:
            self._count("return")
            self._keep_items(result, handles)

    def _keep_items(self, result: object, handles: dict[str, int]) -> None:
        """What came in a message is there for later calls."""
        for part in result if isinstance(result, tuple) else ():
            for item in part if isinstance(part, tuple) else ():
                if isinstance(item, ReceivedItem) and item.value:
                    is_memory = item.kind == TIpcItem.EMemory
                    handles["fpage" if is_memory else "cap"] = item.value
                    self._count("arrival")

    def _arguments(self, name: str, handles: dict[str, int]) -> list[Any]:
        """Handles are mostly of the right kind; without any they name nothing."""
        parameters = list(inspect.signature(getattr(Exec, name)).parameters.values())
        family = max((f for f in handles if name.startswith(f)), key=len, default="")
        family = FAMILIES.get(name.partition("_")[0], family)
        args = []
        for parameter in parameters[1:]:
            kind = KINDS.get(parameter.name, family)
            if "SentItem" in str(parameter.annotation):
                args.append(items(self._choose, [*handles.values()]))
                continue
            pool = values(str(parameter.annotation))
            if name in TIMES and parameter.name.endswith("_us"):
                pool = list(TIMES[name])
            elif parameter.name in (*KINDS, "handle"):
                pool = [handles[kind]] * 100 if kind in handles else []
                pool += [*handles.values(), 0, 7]
            args.append(self._choose.pick(pool))
        return args

    def _count(self, what: str) -> None:
        self.outcomes[what] = self.outcomes.get(what, 0) + 1
