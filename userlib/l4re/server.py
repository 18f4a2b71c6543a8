"""Server loops: one thread that serves the objects registered with it.

Each object stands behind a gate of its own. The gate's label, a number nobody can
forge, is the gate's handle shifted by two: unique among all loops of the program, so
that an object is recognised whichever loop serves it.

Original: L4Re::Util::Registry_server; l4re-idl 5.
"""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import ref

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError
from kernel.abi.handles import EOwnerProcess, KCurrentThreadHandle
from kernel.abi.l4 import KLabelRights
from kernel.abi.l4_ipc import KBufferLocalId, TIpcItem
from userlib.l4re.cap import Cap, check, received_item
from userlib.l4re.consts import (
    L4_EBADPROTO,
    L4_EDROPREPLY,
    L4_EEXIST,
    L4_ENOENT,
    L4_ENOMEM,
    L4_ERANGE,
    L4_FPAGE_FULL,
    L4_IPC_ENOT_EXISTENT,
    L4_PROTO_IRQ,
    L4_UTCB_BUFFERS,
    Rights,
)
from userlib.l4re.dispatch import ServerConfig, server_config
from userlib.l4re.env import Env
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage
from userlib.l4re.interface import Interface
from userlib.l4re.irq import Irq
from userlib.l4re.messages import ExpectedItems, Reply, new_message
from userlib.l4re.reply import KNobody, ReplyPort, let_go, send_reply

if TYPE_CHECKING:
    from types import TracebackType

    from kernel.abi.l4_ipc import ReceivedItem, TIpcRequest

__all__ = ["OnError", "ServerLoop", "checked_config", "ignore"]

KNever: Final = -1
KLabelMask: Final = ~KLabelRights
LIMIT: Final = ExpectedItems(caps=31, fpages=L4_UTCB_BUFFERS - 31)
UNCOUNTED: Final = int(L4_FPAGE_FULL | Rights.N)
EObject: Final = int(TIpcItem.EObject)
EMemory: Final = int(TIpcItem.EMemory)
ELocalLabel: Final = TIpcItem.ELocalLabel
UNKNOWN: Final = Reply(-L4_EBADPROTO)  # of whom a stale label names
KProtoIrq: Final = int(L4_PROTO_IRQ)

OnError = Callable[[Exception], object]


def ignore(error: Exception) -> None:
    """What a loop does about errors unless it is told otherwise."""


class Served:
    """An object, and the gate that it stands behind."""

    __slots__ = ("cap", "config", "handle", "is_temporary", "obj")

    def __init__(
        self, obj: Interface, config: ServerConfig, cap: Cap, *, is_temporary: bool
    ) -> None:
        self.obj: Final = obj
        self.config: Final = config
        self.handle: Final = config.handle
        self.cap: Final = cap
        self.is_temporary: Final = is_temporary  # gone when clients have let it go

    @property
    def label(self) -> int:
        """Of the gate."""
        return self.cap.handle << 2


class ServerLoop:
    """Many objects, one thread: the one that made the loop.

    One operation runs at a time, so objects of one loop need no locks between them.
    Other threads of the program may register and unregister objects, and stop it.

    *on_error* is told what an operation raised that is no L4Error, what is wrong with
    outputs that are none of their types, of messages that could not be received, and
    of replies that nobody waited for any more.

    Threads: run, the one that made it; else any of the program. Blocks: run.
    Original: L4Re::Util::Registry_server (l4re-idl 5).
    """

    def __init__(
        self, on_error: OnError = ignore, limit: ExpectedItems = LIMIT
    ) -> None:
        exec_ = self._exec = current_exec.get()  # of the thread that is to run it
        self._is_closed = False
        self.on_error = on_error
        self._limit: Final = limit
        self._served: Final[dict[int, Served]] = {}  # by label
        self._handlers: Final[dict[int, tuple[Irq, Callable[[], object]]]] = {}
        self._dropped: Final[deque[int]] = deque()  # reply handles nobody answers
        self._ports: Final[dict[ref[ReplyPort], int]] = {}
        self._buffers: tuple[int, ...] = ()
        self._is_stopped = False
        self._ends_empty = False  # when nobody can reach anything it serves
        self._thread: Final = exec_.handle_duplicate(
            KCurrentThreadHandle, KCurrentThreadHandle, EOwnerProcess
        )
        with ExitStack() as undo:
            undo.callback(self.close)
            self._wake: Final = self._own_irq(self._on_wake)
            self._deletions: Final = self._own_irq(self._on_deletion)
            exec_.gate_set_deletion_irq(self._deletions.handle)
            undo.pop_all()

    # What it serves.

    def register(
        self, interface: type[Interface], obj: Interface, name: str | None = None
    ) -> Cap:
        """Serve *obj* behind the gate called *name*, or behind a new one.

        Returns: the capability, the loop's own; pass it on. A new gate goes, and the
            object with it, when the last client has let it go.
        Raises: TypeError if *obj* is none of *interface*; L4Error with L4_ENOENT if
            there is no such name, L4_EPERM if it may not be served, L4_EEXIST if the
            object is served already, L4_ERANGE if it needs more receive buffers than
            the loop allows; KErrNoMemory.
        Original: Object_registry::register_obj.
        """
        return self.register_config(obj, checked_config(interface, obj), name)

    def register_config(
        self,
        obj: Any,  # noqa: ANN401 - not looked at
        config: ServerConfig,
        name: str | None = None,
    ) -> Cap:
        """As register, without a look at what *obj* is."""
        if any(served.obj is obj for served in self._all_served()):
            raise L4Error(L4_EEXIST)
        wanted = config.expected
        if wanted.caps > self._limit.caps or wanted.fpages > self._limit.fpages:
            raise L4Error(L4_ERANGE)
        cap = self._new_gate() if name is None else named_gate(name)
        served = Served(obj, config, cap, is_temporary=name is None)
        self._served[served.label] = served
        try:
            self._bind(served)
        except L4Error:
            del self._served[served.label]
            raise
        self._set_buffers()
        return cap

    def _all_served(self) -> list[Served]:
        """As a list, made in one step: other threads register and unregister."""
        return list(self._served.values())

    def _new_gate(self) -> Cap:
        return Cap(current_exec.get().gate_create(0, 0, UNCOUNTED))

    def _bind(self, served: Served) -> None:
        bind = current_exec.get().gate_bind
        check(bind(served.cap.handle, self._thread, served.label))

    def unregister(self, obj: Interface) -> None:
        """Serve *obj* no more.

        Its gate, if the loop made it, is released; requests that still come through it
        are answered -L4_EBADPROTO. A named one is unbound: who calls, waits.

        Raises: L4Error with L4_ENOENT if it is not served.
        Original: Object_registry::unregister_obj.
        """
        for label, served in list(self._served.items()):
            if served.obj is obj:
                del self._served[label]
                self._release(served)
                self._set_buffers()
                return
        raise L4Error(L4_ENOENT)

    def _release(self, served: Served) -> None:
        if served.is_temporary:
            served.cap.close()
            return
        try:
            served.cap.unbind()
        except L4Error as error:
            if error.ipc_code != L4_IPC_ENOT_EXISTENT:  # else somebody deleted it
                raise

    def register_irq(self, handler: Callable[[], object]) -> Irq:
        """Call *handler* in the loop whenever the new Irq was triggered.

        Raises: KErrNoMemory.
        Original: Object_registry::register_irq_obj.
        """
        return self._own_irq(handler)

    def unregister_irq(self, irq: Irq) -> None:
        """Hear of it no more, and close it."""
        self._handlers.pop(irq.handle << 2, None)
        irq.close()

    def _own_irq(self, handler: Callable[[], object]) -> Irq:
        irq = Irq().create()
        label = irq.handle << 2
        self._handlers[label] = (irq, handler)
        irq.bind(label, self._thread)
        return irq

    # Serving.

    def run(self) -> int:
        """Serve until stopped. Returns: 0.

        Raises: RuntimeError in a thread that did not make the loop, or if it is closed:
            no message would come here.
        Original: Registry_server::loop.
        """
        if self._is_closed or current_exec.get() is not self._exec:
            why = "was closed" if self._is_closed else "was made by another thread"
            raise RuntimeError(f"this loop {why}: it cannot be run here")
        self._on_deletion()  # of those that went before anybody listened
        reply: Reply | None = None
        reply_and_wait = current_exec.get().ipc_reply_and_wait
        while not self._is_stopped:
            if self._dropped:
                self._answer_dropped()
            if reply is None or reply.items:
                request = self._receive(reply)
            else:
                label, words, _, _, _ = reply
                request = reply_and_wait(label, words, (), self._buffers, KNever)
            reply = self._handle(request)
        self._is_stopped = False
        if reply is not None:
            self._check_reply(send_reply(0, reply))
        self._answer_dropped()
        return 0

    def run_until_deleted(self) -> int:
        """Serve until no temporary object is left; otherwise as run."""
        self._ends_empty = True
        return self.run()

    def stop(self) -> None:
        """Let run return when it has answered what it is at."""
        self._is_stopped = True
        self._wake.trigger()

    def close(self) -> None:
        """Unregister everything, and release what the loop made.

        Harmless when that is done.
        """
        if self._is_closed:
            return
        self._is_closed = True
        for served in self._all_served():
            self._release(served)
        self._served.clear()
        for irq, _ in list(self._handlers.values()):
            irq.close()
        self._handlers.clear()
        self._answer_dropped()
        current_exec.get().handle_close(self._thread)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self.close()

    def _receive(self, reply: Reply | None) -> "TIpcRequest":
        """Wait; a reply with items goes before, by itself.

        What of it does not arrive has to be let go, before a long wait.
        """
        if reply is not None:
            self._check_reply(send_reply(0, reply))
        return current_exec.get().ipc_wait(self._buffers, KNever, 0)

    def _handle(self, request: "TIpcRequest") -> Reply | None:
        """What one message is answered with; None if with nothing."""
        error, protocol, origin, words, arrived, is_call, reply_error = request
        if reply_error:
            self._check_reply(reply_error)
        if error:
            self._discard(error, arrived)
            return None
        if protocol == KProtoIrq:
            self._interrupt(origin)
            return None
        served = self._served.get(origin & KLabelMask)
        items = [self._received(item) for item in arrived] if arrived else ()
        if served is None:
            reply = UNKNOWN
        else:
            detach = self._detach if is_call else self._detach_nobody
            message = new_message((origin, protocol, words, items, detach))
            reply = served.handle(served.obj, message)
            if reply.error is not None:
                self.on_error(reply.error)
        for item in items:
            item.release_unless_kept()
        if is_call:
            return reply if reply.is_sent else None
        let_go(reply)
        return None

    def _discard(self, error: int, arrived: "tuple[ReceivedItem, ...]") -> None:
        for item in arrived:
            received_item(item).close()
        self.on_error(L4Error.of_ipc(error))

    def _check_reply(self, error: int) -> None:
        if error:
            self.on_error(L4Error.of_ipc(error))

    def _interrupt(self, label: int) -> None:
        found = self._handlers.get(label)
        if found is None:
            return
        try:
            found[1]()
        except Exception as error:  # noqa: BLE001 - as of an operation
            self.on_error(error)

    def _received(self, item: "ReceivedItem") -> Cap | Fpage:
        """An item; one of ours is recognised, and is the object itself."""
        if item.kind != ELocalLabel:
            return received_item(item)
        served = self._served.get(item.value & KLabelMask)
        cap = Cap(item.value >> 2, is_owned=False)
        cap.local_object = None if served is None else served.obj
        return cap

    def _set_buffers(self) -> None:
        """Be ready for the largest demand of any object."""
        wanted = [served.config.expected for served in self._all_served()]
        caps = max((demand.caps for demand in wanted), default=0)
        fpages = max((demand.fpages for demand in wanted), default=0)
        buffers = (EObject | KBufferLocalId,) * caps + (EMemory,) * fpages
        if buffers != self._buffers:
            self._buffers = buffers
            self._wake.trigger()  # a wait that goes on already declared too few

    def _on_wake(self) -> None:
        """Nothing: the loop turns, and looks."""

    # Ends of things.

    def _on_deletion(self) -> None:
        """Some gate is gone; the interrupt does not say which."""
        for label, served in list(self._served.items()):
            if served.is_temporary and not served.cap.is_valid():
                self._served.pop(label, None)
                served.cap.close()
                self._tell(served.obj)
        if self._ends_empty and not self._served:
            self._is_stopped = True

    def _tell(self, obj: Interface) -> None:
        try:
            obj.gate_deleted()
        except Exception as error:  # noqa: BLE001 - as of an operation
            self.on_error(error)

    def _detach(self) -> ReplyPort:
        """The caller's explicit reply capability.

        A port that dies unused leaves its handle behind; no kernel call may be made
        just then, so the loop answers when it turns next.

        Raises: L4Error with L4_ENOMEM; the caller can still be answered at once.
        """
        try:
            handle = current_exec.get().ipc_save_reply()
        except KernelError:
            raise L4Error(L4_ENOMEM) from None
        port = ReplyPort(handle)
        if handle == KNobody:  # the caller has gone already
            return port
        self._ports[ref(port, self._on_port_gone)] = handle
        return port

    def _detach_nobody(self) -> ReplyPort:
        """Of a message that was only sent; the latest caller is another one."""
        return ReplyPort(KNobody)

    def _on_port_gone(self, gone: "ref[ReplyPort]") -> None:
        self._dropped.append(self._ports.pop(gone))

    def _answer_dropped(self) -> None:
        while self._dropped:
            send_reply(self._dropped.popleft(), Reply(-L4_EDROPREPLY))


def checked_config(interface: type[Interface], obj: object) -> ServerConfig:
    """The counterpart of the original's cast to the interface type.

    Raises: TypeError.
    """
    config = server_config(interface)
    if not isinstance(obj, interface):
        text = f"an object of {interface.__name__} is wanted, not {type(obj).__name__}"
        if any(base.__name__ == interface.__name__ for base in type(obj).__mro__):
            text += f": its {interface.__name__} is another, {interface.__module__} was"
            text += " imported twice"
        raise TypeError(text)
    return config


def named_gate(name: str) -> Cap:
    """Raises: L4Error with L4_ENOENT."""
    cap = Env.current().get_cap(name)
    if not cap:
        raise L4Error(L4_ENOENT)
    return cap
