"""Out of memory at every allocation of every kernel call.

For each call that the Exec protocol declares, its first allocation is failed, then its
second, and so on until the call succeeds. After each failure the call must have said
KErrNoMemory, every invariant must hold, and nothing may be left of the attempt. A call
that the protocol gets has to be added to the tables below.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

from kernel.abi.config import Executable
from kernel.abi.current import current_exec
from kernel.abi.errors import KRequestPending
from kernel.abi.executable_name import KLoaderName
from kernel.abi.exit import TExitType
from kernel.abi.handles import (
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    TObjectType,
)
from kernel.abi.heap import TAllocFail
from kernel.abi.image import Image, KNullUids
from kernel.abi.ipc import KMessageConnect, TArgType
from kernel.abi.l4_ipc import SentItem, TIpcItem
from kernel.abi.memory import ClientBuffer, ClientCell, ClientStatus
from kernel.abi.property import TPropertyType
from kernel.abi.raw_event import KWindowServerSecureId, TRawEventType
from kernel.abi.security import (
    ALL_CAPABILITIES,
    SecurityPolicy,
    TCapability,
    TSecurityPolicyType,
)
from kernel.exec.arguments import declared_calls
from userlib import (
    EOwnerProcess,
    EOwnerThread,
    KernelError,
    KErrCancel,
    KErrNoMemory,
    KErrNone,
    KErrTimedOut,
    TChunkKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel

ANYBODY: Final = SecurityPolicy(TSecurityPolicyType.ETypePass)
KEY: Final = 7  # of the property
PAGE: Final = 0x1000
SHARABLE: Final = 1
MASTER: Final = 1
SLAVE: Final = 2
KILL: Final = (TExitType.EExitKill, "", 5)
FOR_EVER: Final = 0
LOADER: Final = Image(capabilities=ALL_CAPABILITIES)
TRUSTED: Final = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))
BUFFERS: Final = (int(TIpcItem.EObject),)
ALL_RIGHTS: Final = 0xEF


class World:
    """What one attempt at a call needs; made and closed again around it.

    Everything is done by the emulated thread that the test has borrowed, so `exec`
    makes kernel calls as a program does.
    """

    def __init__(self, machine: Kernel, call: str, nth: int) -> None:
        self.exec: Any = current_exec.get()  # calls are made by name
        self.machine = machine
        self.call = call
        self.nth = nth
        self.failed: list[str] = []  # tags of the allocations that failed
        self._closing: list[Callable[[], object]] = []
        self._resumed: set[int] = set()

    # The call under test

    def attempt(self, *args: object) -> Any:
        """Make the call with the n-th allocation failing. Raises: KErrNoMemory."""
        cells, failed = self.exec.debug_heap_cells(), self.machine.debug
        before = len(failed.failed_allocations)
        self.exec.debug_fail_alloc(TAllocFail.EFailNext, self.nth, 1)
        try:
            result = getattr(self.exec, self.call)(*args)
        except KernelError:
            self.failed = failed.failed_allocations[before:]
            if self.failed:
                self._require_unchanged(cells)
            raise
        finally:
            if self.call != "debug_fail_alloc":
                self.exec.debug_fail_alloc(TAllocFail.ENone, 1, 1)
        self.failed = failed.failed_allocations[before:]
        return result

    def _require_unchanged(self, cells: int) -> None:
        self.machine.debug.check()
        assert self.exec.debug_heap_cells() == cells

    def request(self, *args: object, at: int = -1) -> ClientStatus:
        """The same for a call that answers in a status, its *at*-th argument.

        Raises: KErrNoMemory.
        """
        status = ClientStatus(KRequestPending)
        where = len(args) + 1 + at
        cells = self.exec.debug_heap_cells()
        self.attempt(*args[:where], status, *args[where:])
        if status.value == KErrNoMemory:
            assert self.failed
            self.exec.request_wait(status)
            self._require_unchanged(cells)
            raise KernelError(KErrNoMemory)
        return status

    def make(self, *args: object) -> int:
        """The same for a call that gives a handle, which is closed in the end."""
        return self.keep(self.attempt(*args))

    # What is there to make calls on

    def keep(self, handle: int) -> int:
        self._closing.append(lambda: self.exec.handle_close(handle))
        return handle

    def close(self) -> None:
        while self._closing:
            self._closing.pop()()

    def semaphore(self, signals: int = 0, name: str | None = None) -> int:
        return self.keep(self.exec.semaphore_create(name, signals, EOwnerProcess))

    def mutex(self) -> int:
        return self.keep(self.exec.mutex_create(None, EOwnerProcess))

    def held_mutex(self) -> int:
        mutex = self.mutex()
        self.exec.mutex_wait(mutex, FOR_EVER)
        return mutex

    def condition_variable(self) -> int:
        return self.keep(self.exec.condition_variable_create(None, EOwnerProcess))

    def timer(self) -> int:
        return self.keep(self.exec.timer_create())

    def queue(self, *messages: bytes) -> int:
        queue = self.keep(self.exec.message_queue_create(None, 2, 4, EOwnerProcess))
        for message in messages:
            self.exec.message_queue_send(queue, message)
        return queue

    def event_queue(self, *events: tuple[object, ...]) -> int:
        """Its id."""
        handle = self.keep(self.exec.event_queue_create(None, EOwnerProcess))
        queue: int = self.exec.event_queue_id(handle)
        for event in events:
            self.exec.event_queue_post(queue, event, False)
        return queue

    def notifier(self) -> int:
        return self.keep(self.exec.change_notifier_create())

    def undertaker(self) -> int:
        return self.keep(self.exec.undertaker_create())

    def chunk(self, kind: TChunkKind, top: int = 0) -> int:
        extent = (0, top, 8 * PAGE)
        return self.keep(
            self.exec.chunk_create(None, kind, extent, 3, False, EOwnerProcess)
        )

    def thread(self, entry: Callable[[], int | None] = lambda: None) -> int:
        """A suspended one, killed in the end."""
        thread = self.keep(self.exec.thread_create("", entry, 4096, EOwnerProcess))
        self._closing.append(lambda: self.exec.thread_end(thread, *KILL))
        return thread

    def process(self, program: Executable = Executable(lambda: None)) -> int:  # noqa: B008 - frozen
        """The same of a process; who has resumed it sees its end."""
        self.machine.register("oomchild", program)
        process = self.keep(
            self.exec.process_create("oomchild", "", EOwnerProcess, KNullUids, 0)
        )

        def end() -> None:
            if process not in self._resumed:
                self.exec.process_end(process, *KILL)

        self._closing.append(end)
        return process

    def resume(self, process: int) -> None:
        self._resumed.add(process)
        self.exec.process_resume(process)

    def end_of(self, thread: int) -> tuple[int, int, str]:
        """Start a thread, and wait for its end."""
        status = ClientStatus()
        self.exec.thread_logon(thread, status)
        self.exec.thread_resume(thread)
        self.exec.request_wait(status)
        info: tuple[int, int, str] = self.exec.thread_exit_info(thread)
        return info

    def gate(self, *, is_bound: bool = True) -> int:
        """Bound to the borrowed thread, or to nobody."""
        thread = KCurrentThreadHandle if is_bound else 0
        return self.release(self.exec.gate_create(thread, 4, ALL_RIGHTS))

    def irq(self) -> int:
        irq = self.release(self.exec.irq_create())
        self.exec.irq_bind(irq, KCurrentThreadHandle, 8)
        return irq

    def fpage(self) -> int:
        """Memory that another thread of the process sent to the borrowed one."""
        gate = self.gate()
        item = SentItem(
            TIpcItem.EMemory, self.chunk(TChunkKind.ENormal, PAGE), 6, order=12
        )
        self.client_that_calls(gate, item)
        request = self.exec.ipc_wait((TIpcItem.EMemory,), 1_000, 0)
        assert self.exec.ipc_reply(0, 0, b"", ()) == 0
        return self.release(request[4][0].value)

    def release(self, handle: int) -> int:
        """A capability, released in the end if it is still there."""
        self._closing.append(lambda: self.exec.cap_release(handle))
        return handle

    def caller(self, gate: int, *items: SentItem) -> None:
        """A thread that calls through the gate, and is received."""
        self.client_that_calls(gate, *items)
        assert self.exec.ipc_wait((TIpcItem.EObject,), 1_000, 0)[0] == 0

    def client_that_calls(self, gate: int, *items: SentItem) -> None:
        thread = self.thread(
            lambda: (
                current_exec.get().ipc_call(gate, 7, b"", items, BUFFERS, -1, -1)
                and None
            )
        )
        self.exec.thread_resume(thread)

    def secure_id(self) -> int:
        identity: tuple[int, int, object] = self.exec.process_identity(
            KCurrentProcessHandle
        )
        return identity[0]

    def property(self, kind: int = TPropertyType.EInt) -> tuple[int, int]:
        place = (self.secure_id(), KEY)
        self.exec.property_define(*place, kind, 0, ANYBODY, ANYBODY)
        self._closing.append(lambda: self.exec.property_delete(*place))
        return place

    def attachment(self) -> int:
        return self.keep(
            self.exec.property_attach(self.secure_id(), KEY, EOwnerProcess)
        )

    def server(self) -> int:
        return self.keep(self.exec.server_create("oom", SHARABLE, 0))

    def session(self, server: str | int = "oom", mode: int = SHARABLE) -> int:
        """Its disconnect message goes with the server."""
        return self.keep(self.exec.session_create(server, 4, mode, None))

    def message(self, args: tuple[object, ...] = (), types: int = 0) -> int:
        """An accepted one, of this very thread's."""
        server = self.server()
        self.exec.session_send(self.session(), 5, args, types)
        handle: int = self.exec.server_receive(server)[0]
        return handle

    def message_of_another(self) -> int:
        """An accepted one, whose client is another thread."""

        def client() -> None:
            exec_: Any = current_exec.get()
            session = exec_.session_create("oom", 0, 0, None)
            exec_.session_send_receive(session, 5, (), 0)

        server = self.server()
        self.exec.thread_resume(self.thread(client))
        handle: int = self.exec.server_receive(server)[0]
        return handle

    def echo(self) -> None:
        """A server that completes whatever comes, in a thread of its own."""

        def serve() -> None:
            exec_: Any = current_exec.get()
            server = exec_.server_create("oom", SHARABLE, 0)
            exec_.thread_rendezvous(0)
            while True:
                exec_.message_complete(exec_.server_receive(server)[0], 9)

        thread, status = self.thread(serve), ClientStatus()
        self.exec.thread_rendezvous_logon(thread, status)
        self.exec.thread_resume(thread)
        self.exec.request_wait(status)


# Calls of which the borrowed thread itself would die, or which are another process's


def in_a_thread(world: World, call: Callable[[Any], int | None]) -> int:
    """Make *call* in a thread of its own; the reason of its end."""

    def entry() -> int | None:
        exec_: Any = current_exec.get()
        exec_.debug_fail_alloc(TAllocFail.EFailNext, world.nth, 1)
        return call(exec_)

    _, reason, _ = world.end_of(world.thread(entry))
    return reason


def by_a_child(
    world: World,
    *args: object,
    image: Image | None = None,
    prepare: Callable[[Any], object] = lambda _: None,
    find: Callable[[Any], tuple[object, ...]] = lambda _: (),
    leave: Callable[[int], object] = lambda _: None,
) -> None:
    """Make the call in another process, which *leave* left something for.

    What *find* finds there are its first arguments.
    """

    def child() -> int:
        exec_: Any = current_exec.get()
        prepare(exec_)
        first = find(exec_)
        cells = exec_.debug_heap_cells()
        exec_.debug_fail_alloc(TAllocFail.EFailNext, world.nth, 1)
        code = 0
        try:
            getattr(exec_, world.call)(*first, *args)
        except KernelError as error:
            code = error.code
        statuses = [arg.value for arg in args if isinstance(arg, ClientStatus)]
        code = KErrNoMemory if KErrNoMemory in statuses else code
        assert code == 0 or exec_.debug_heap_cells() == cells
        return code

    process, status = world.process(Executable(child, image)), ClientStatus()
    leave(process)
    before = len(world.machine.debug.failed_allocations)
    world.exec.process_logon(process, status)
    world.resume(process)
    world.exec.request_wait(status)
    world.failed = world.machine.debug.failed_allocations[before:]
    if status.value:
        raise KernelError(status.value)


def own_message(exec_: Any) -> tuple[int]:
    """A message that the loader has accepted; it is its own client."""
    server = exec_.server_create(KLoaderName, SHARABLE, 0)
    session = exec_.session_create(KLoaderName, 1, 0, None)
    exec_.session_send(session, 5, (), 0)
    return (exec_.server_receive(server)[0],)


def by_the_loader(
    world: World,
    *args: object,
    find: Callable[[Any], tuple[object, ...]] = own_message,
) -> None:
    """Make the call in the process of the loader, which knows a DLL."""
    world.machine.register("oom.dll", Executable(lambda: ()))
    by_a_child(world, *args, image=LOADER, find=find)


def as_the_loader(exec_: Any) -> tuple[object, ...]:
    """The same without a message."""
    exec_.server_create(KLoaderName, SHARABLE, 0)
    return ()


def open_left_semaphore(world: World) -> None:
    semaphore = world.semaphore(name="")
    by_a_child(
        world,
        *(1, TObjectType.ESemaphore, EOwnerProcess),
        leave=lambda process: world.exec.parameter_set_handle(process, 1, semaphore),
    )


def claim_left_data(world: World, *args: object) -> None:
    by_a_child(
        world,
        *args,
        leave=lambda process: world.exec.parameter_set_data(process, 1, b"data"),
    )


def by_the_window_server(world: World, *args: object) -> None:
    def capture(exec_: Any) -> None:
        if world.call != "event_hook_capture":
            exec_.event_hook_capture()

    image = Image(secure_id=KWindowServerSecureId)
    by_a_child(world, *args, image=image, prepare=capture)


def by_who_sets_the_time(world: World, *args: object) -> None:
    image = Image(capabilities=frozenset((TCapability.ECapabilityWriteDeviceData,)))
    by_a_child(world, *args, image=image)


# Calls that take more than a line


def wait_for_condition(world: World) -> None:
    mutex = world.held_mutex()
    with pytest.raises(KernelError) as caught:
        world.attempt(world.condition_variable(), mutex, 1_000)
    assert caught.value.code == KErrTimedOut
    world.exec.mutex_signal(mutex)


def take_and_let_go(world: World) -> None:
    mutex = world.mutex()
    world.attempt(mutex, FOR_EVER)
    world.exec.mutex_signal(mutex)


def look_whether_held(world: World) -> None:
    mutex = world.held_mutex()
    assert world.attempt(mutex)
    world.exec.mutex_signal(mutex)


def open_named(world: World, call: str) -> None:
    world.semaphore(name="oom")
    if call == "handle_open_global":
        world.make(TObjectType.ESemaphore, "oom", EOwnerProcess)
        return
    found, _ = world.exec.handle_find_next(TObjectType.ESemaphore, 0, "oom")
    world.make(TObjectType.ESemaphore, found, EOwnerProcess)


def cancel_destruction_notice(world: World) -> None:
    status = ClientStatus()
    world.exec.handle_notify_destruction(world.semaphore(), status)
    world.attempt(status)
    assert status.value == KErrCancel


def complete_with_handle(world: World) -> None:
    """That there is no memory is the client's answer."""
    server, status = world.server(), ClientStatus()
    world.exec.session_request(world.session(), 5, (), 0, status)
    message = world.exec.server_receive(server)[0]
    world.attempt(message, world.semaphore(name=""))
    if status.value == KErrNoMemory:
        world.machine.debug.check()
        raise KernelError(KErrNoMemory)
    world.keep(status.value)


def open_passed_handle(world: World) -> None:
    message = world.message((world.semaphore(name=""),), TArgType.EHandle)
    world.make(message, 0, TObjectType.ESemaphore, EOwnerProcess)


def write_to_client(world: World) -> None:
    buffer = ClientBuffer(8, bytearray())
    world.attempt(world.message((buffer,), TArgType.EDes8), 0, b"data", 0)


def ask_maximum(world: World) -> None:
    buffer = ClientBuffer(8, bytearray())
    assert world.attempt(world.message((buffer,), TArgType.EDes8), 0) == 8


def set_cookie(world: World) -> None:
    server = world.server()
    world.exec.session_send(world.session(), KMessageConnect, (), 0)
    world.attempt(world.exec.server_receive(server)[0], 1)


def set_client_priority(world: World) -> None:
    world.exec.process_set_priority_control(KCurrentProcessHandle, True)
    world.attempt(world.message(), 350)


def logon_and_cancel(world: World, target: int) -> None:
    """For the four calls that take a request back."""
    status, logon = ClientStatus(), world.call.removesuffix("_cancel")
    logon = logon if logon.endswith("logon") else f"{logon}_logon"
    getattr(world.exec, logon)(target, status)
    world.attempt(target, status)


def subscribe(world: World) -> ClientStatus:
    attachment, status = world.attachment(), ClientStatus()
    if world.call == "property_subscribe":
        return world.request(attachment)
    world.exec.property_subscribe(attachment, status)
    world.attempt(attachment)
    return status


def define(world: World) -> None:
    place = (world.secure_id(), KEY)
    world.attempt(*place, TPropertyType.EInt, 0, ANYBODY, ANYBODY)
    world.exec.property_delete(*place)


def delete(world: World) -> None:
    place = (world.secure_id(), KEY)
    world.exec.property_define(*place, TPropertyType.EInt, 0, ANYBODY, ANYBODY)
    world.attempt(*place)


def wait_for_signal(world: World) -> None:
    world.exec.request_signal(KCurrentThreadHandle, 1)
    world.attempt()


def receive(world: World) -> None:
    server = world.server()
    world.exec.session_send(world.session(), 5, (), 0)
    world.attempt(server)


def cancel_receive(world: World) -> None:
    server = world.server()
    world.exec.server_request_receive(server, ClientCell(), ClientStatus())
    world.attempt(server)


def send_and_wait(world: World) -> None:
    world.echo()
    assert world.attempt(world.session(), 5, (), 0) == 9


def share(world: World) -> None:
    world.server()
    session = world.exec.session_create("oom", 4, 0, None)
    assert session & KHandleFlagLocal
    try:
        world.make(session, SHARABLE)
    except KernelError:
        world.keep(session)
        raise


def create_process(world: World) -> None:
    world.machine.register("oomchild", lambda: None)
    process = world.make("oomchild", "", EOwnerProcess, KNullUids, 0)
    world.exec.process_end(process, *KILL)


def load_library(world: World) -> int:
    world.machine.register("oom.dll", Executable(lambda: ()))
    if world.call == "library_load":
        return world.make("oom.dll", KNullUids, EOwnerThread)
    return world.keep(world.exec.library_load("oom.dll", KNullUids, EOwnerThread))


def attach(world: World) -> None:
    library = load_library(world)
    world.attempt(library)
    world.exec.library_attached(library, ())


def end_attachment(world: World) -> None:
    library = load_library(world)
    world.exec.library_attach(library)
    world.attempt(library, ())


def resume_process(world: World) -> None:
    process, status = world.process(), ClientStatus()
    world.exec.process_logon(process, status)
    world.attempt(process)
    world.exec.request_wait(status)


def transfer(world: World) -> None:
    master = world.keep(world.exec.server_create("oom", SHARABLE, MASTER))
    slave = world.keep(world.exec.server_create("", SHARABLE, SLAVE))
    world.exec.session_send(world.session(), KMessageConnect, (), 0)
    message = world.exec.server_receive(master)[0]
    world.exec.message_set_session_ptr(message, 1)
    world.attempt(slave, message)


def create_thread(world: World) -> None:
    thread = world.make("", lambda: None, 4096, EOwnerProcess)
    world.exec.thread_end(thread, *KILL)


def store_word(world: World) -> None:
    world.attempt(1, 2, 3)
    world.exec.tls_free(1, 2)


def logon_undertaker(world: World) -> None:
    world.request(world.undertaker(), ClientCell(), at=-2)


def cancel_undertaker(world: World) -> None:
    undertaker = world.undertaker()
    world.exec.undertaker_logon(undertaker, ClientStatus(), ClientCell())
    world.attempt(undertaker)


def cancel_change(world: World) -> None:
    notifier = world.notifier()
    world.exec.change_notifier_logon(notifier, ClientStatus())  # ends at once
    world.exec.change_notifier_logon(notifier, ClientStatus())
    world.attempt(notifier)


def cancel_timer(world: World) -> None:
    timer = world.timer()
    world.exec.timer_after(timer, ClientStatus(), 1_000_000)
    world.attempt(timer)


def again(world: World) -> None:
    timer, status = world.timer(), ClientStatus()
    world.exec.timer_high_res(timer, status, 1_000)
    world.exec.request_wait(status)
    world.request(timer, 1_000, at=-2)


def at_wall_time(world: World) -> None:
    world.request(world.timer(), world.exec.time_now() + 9_000_000, at=-2)


def set_process_critical(world: World) -> None:
    world.attempt(world.exec.process_critical())


def bind_event_queue(w: World) -> None:
    handle = w.exec.event_queue_create(None, EOwnerProcess)
    queue = w.exec.event_queue_id(handle)
    w.attempt(handle)
    w.exec.event_queue_free(queue)


def free_event_queue(w: World) -> None:
    handle = w.exec.event_queue_create(None, EOwnerProcess)
    w.attempt(w.exec.event_queue_id(handle))


def call_for_an_answer(w: World) -> None:
    queue = w.event_queue()

    def answer() -> None:
        exec_ = current_exec.get()
        event, call = exec_.event_queue_get(queue, 1_000)
        exec_.event_queue_reply(call, event)

    w.exec.thread_resume(w.thread(answer))
    w.attempt(queue, (1, 2), 1_000_000)


def answer_a_call(w: World) -> None:
    queue = w.event_queue()
    caller = w.thread(
        lambda: current_exec.get().event_queue_call(queue, (1, 2), 0) and None
    )
    w.exec.thread_resume(caller)
    _, call = w.exec.event_queue_get(queue, FOR_EVER)
    w.attempt(call, 5)


SCENARIOS: Final[dict[str, Callable[[World], object]]] = {
    "change_notifier_create": lambda w: w.make(),
    "change_notifier_logon": lambda w: w.request(w.notifier()),
    "change_notifier_logon_cancel": cancel_change,
    "chunk_adjust": lambda w: w.attempt(w.chunk(TChunkKind.ENormal), PAGE),
    "chunk_adjust_double_ended": lambda w: w.attempt(
        w.chunk(TChunkKind.EDoubleEnded), PAGE, 2 * PAGE
    ),
    "chunk_allocate": lambda w: w.attempt(w.chunk(TChunkKind.EDisconnected), PAGE),
    "chunk_commit": lambda w: w.attempt(w.chunk(TChunkKind.EDisconnected), 0, PAGE),
    "chunk_create": lambda w: w.make(
        None, TChunkKind.ENormal, (0, PAGE, PAGE), 3, False, EOwnerProcess
    ),
    "chunk_decommit": lambda w: w.attempt(
        w.chunk(TChunkKind.EDisconnected, PAGE), 0, PAGE
    ),
    "cap_delete": lambda w: w.attempt(w.gate()),
    "cap_duplicate": lambda w: w.release(w.attempt(w.gate(), ALL_RIGHTS)),
    "cap_equal": lambda w: w.attempt(w.gate(), w.gate()),
    "cap_release": lambda w: w.attempt(w.gate()),
    "cap_rights": lambda w: w.attempt(w.gate()),
    "cap_valid": lambda w: w.attempt(w.gate()),
    "env_get": lambda w: w.attempt("server"),
    "env_names": lambda w: w.attempt(),
    "env_remove": lambda w: w.attempt("server"),
    "env_set": lambda w: w.attempt(w.process(), "server", w.gate(), ALL_RIGHTS),
    "fpage_create": lambda w: w.release(
        w.attempt(w.chunk(TChunkKind.ENormal, PAGE), 0, 12, 4)
    ),
    "fpage_unmap": lambda w: w.attempt(w.chunk(TChunkKind.ENormal, PAGE), 0, PAGE),
    "fpage_view": lambda w: w.attempt(w.fpage(), 0, PAGE),
    "gate_bind": lambda w: w.attempt(w.gate(is_bound=False), KCurrentThreadHandle, 4),
    "gate_create": lambda w: w.release(w.attempt(KCurrentThreadHandle, 4, ALL_RIGHTS)),
    "gate_dec_refcnt": lambda w: w.attempt(w.gate(), 1),
    "gate_info": lambda w: w.attempt(w.gate()),
    "gate_relabel_senders": lambda w: w.attempt(4, 8),
    "gate_set_deletion_irq": lambda w: w.attempt(w.irq()),
    "gate_unbind": lambda w: w.attempt(w.gate()),
    "ipc_call": lambda w: w.attempt(w.gate(), 7, b"", (), (), 0, 0),
    "ipc_reply": lambda w: (w.caller(w.gate()), w.attempt(0, 7, b"", ())),
    "ipc_reply_and_wait": lambda w: (
        w.caller(w.gate()),
        w.attempt(7, b"", (), (), 0),
    ),
    "ipc_save_reply": lambda w: (w.caller(w.gate()), w.release(w.attempt())),
    "ipc_send": lambda w: w.attempt(w.gate(), 7, b"", (), 0),
    "ipc_wait": lambda w: (w.client_that_calls(w.gate()), w.attempt((), 1_000, 0)),
    "irq_bind": lambda w: w.attempt(w.irq(), KCurrentThreadHandle, 4),
    "irq_create": lambda w: w.release(w.attempt()),
    "irq_trigger": lambda w: w.attempt(w.irq()),
    "irq_unbind": lambda w: w.attempt(w.irq()),
    "chunk_extent": lambda w: w.attempt(w.chunk(TChunkKind.ENormal)),
    "chunk_set_restrictions": lambda w: w.attempt(w.chunk(TChunkKind.ENormal), 1),
    "chunk_view": lambda w: w.attempt(w.chunk(TChunkKind.ENormal, PAGE), 0, PAGE),
    "condition_variable_broadcast": lambda w: w.attempt(w.condition_variable()),
    "condition_variable_create": lambda w: w.make(None, EOwnerProcess),
    "condition_variable_signal": lambda w: w.attempt(w.condition_variable()),
    "condition_variable_wait": wait_for_condition,
    "debug_alloc_failures": lambda w: w.attempt(),
    "debug_events": lambda w: by_a_child(w, 5, image=TRUSTED),
    "debug_fail_alloc": lambda w: w.attempt(TAllocFail.ENone, 1, 1),
    "debug_handles": lambda w: w.attempt(KCurrentProcessHandle),
    "debug_heap_cells": lambda w: w.attempt(),
    "debug_publish": lambda w: w.attempt("name", "a text"),
    "debug_print": lambda w: w.attempt("a line"),
    "debug_raw_print": lambda w: w.attempt("a text\n"),
    "event_hook_add": lambda w: w.attempt(TRawEventType.EKeyDown, 1, 0),
    "event_hook_cancel": by_the_window_server,
    "event_hook_capture": by_the_window_server,
    "event_hook_release": by_the_window_server,
    "event_hook_request": lambda w: by_the_window_server(
        w, ClientCell(), ClientStatus(KRequestPending)
    ),
    "event_queue_bind": bind_event_queue,
    "event_queue_call": call_for_an_answer,
    "event_queue_create": lambda w: w.make(None, EOwnerProcess),
    "event_queue_events": lambda w: w.attempt(w.event_queue((1, 2))),
    "event_queue_exchange": lambda w: w.attempt(w.event_queue((1, 2)), 1, (1, 3)),
    "event_queue_flush": lambda w: w.attempt(
        w.event_queue((1, 2)), w.event_queue(), False
    ),
    "event_queue_free": free_event_queue,
    "event_queue_get": lambda w: w.attempt(w.event_queue((1, 2)), FOR_EVER),
    "event_queue_id": lambda w: w.attempt(
        w.keep(w.exec.event_queue_create(None, EOwnerProcess))
    ),
    "event_queue_label": lambda w: w.attempt(w.event_queue()),
    "event_queue_length": lambda w: w.attempt(w.event_queue((1, 2))),
    "event_queue_list": lambda w: w.attempt(),
    "event_queue_merge": lambda w: w.attempt(w.event_queue((1, 2)), (1, 3), 0),
    "event_queue_post": lambda w: w.attempt(w.event_queue(), (1, 2), False),
    "event_queue_process": lambda w: w.make(w.event_queue(), EOwnerProcess),
    "event_queue_reply": answer_a_call,
    "event_queue_set_label": lambda w: w.attempt(w.event_queue(), ("label",)),
    "handle_close": lambda w: w.attempt(
        w.exec.semaphore_create(None, 0, EOwnerProcess)
    ),
    "handle_count": lambda w: w.attempt(KCurrentThreadHandle),
    "handle_duplicate": lambda w: w.make(
        KCurrentThreadHandle, w.semaphore(), EOwnerThread
    ),
    "handle_find_next": lambda w: w.attempt(TObjectType.EThread, 0, "*"),
    "handle_full_name": lambda w: w.attempt(w.semaphore(), 200),
    "handle_info": lambda w: w.attempt(w.semaphore()),
    "handle_name": lambda w: w.attempt(w.semaphore(), 200),
    "handle_notify_destruction": lambda w: w.request(w.semaphore()),
    "handle_notify_destruction_cancel": cancel_destruction_notice,
    "handle_open_found": lambda w: open_named(w, w.call),
    "handle_open_global": lambda w: open_named(w, w.call),
    "host_call": lambda w: w.attempt(lambda: None),
    "library_attach": attach,
    "library_attached": end_attachment,
    "library_file_name": lambda w: w.attempt(load_library(w)),
    "library_load": load_library,
    "library_lookup": lambda w: w.attempt(load_library(w), 1),
    "library_uids": lambda w: w.attempt(load_library(w)),
    "loader_count_users": lambda w: by_the_loader(
        w, "Z:\\sys\\bin\\oomchild.exe", find=as_the_loader
    ),
    "loader_create_process": lambda w: by_the_loader(
        w, "Z:\\sys\\bin\\oomchild.exe", None, "", EOwnerProcess, 0
    ),
    "loader_image": lambda w: by_the_loader(w, "oom.dll", find=as_the_loader),
    "loader_load_library": lambda w: by_the_loader(
        w, "Z:\\sys\\bin\\oom.dll", None, EOwnerThread
    ),
    "message_client": lambda w: w.make(w.message(), EOwnerProcess),
    "message_client_is_realtime": lambda w: w.attempt(w.message()),
    "message_client_process_flags": lambda w: w.attempt(w.message()),
    "message_client_status": lambda w: w.attempt(w.message()),
    "message_complete": lambda w: w.attempt(w.message(), 0),
    "message_complete_handle": complete_with_handle,
    "message_data": lambda w: w.attempt(w.message()),
    "message_des_length": lambda w: w.attempt(
        w.message((b"data",), TArgType.EDesC8), 0
    ),
    "message_des_max_length": ask_maximum,
    "message_des_wide": lambda w: w.attempt(w.message((b"data",), TArgType.EDesC8), 0),
    "message_end_client": lambda w: w.attempt(w.message_of_another(), *KILL),
    "message_identity": lambda w: w.attempt(w.message()),
    "message_open_handle": open_passed_handle,
    "message_queue_create": lambda w: w.make(None, 2, 4, EOwnerProcess),
    "message_queue_notify_data": lambda w: w.request(w.queue()),
    "message_queue_notify_data_cancel": lambda w: w.attempt(w.queue()),
    "message_queue_notify_space": lambda w: w.request(w.queue(b"data", b"data")),
    "message_queue_notify_space_cancel": lambda w: w.attempt(w.queue()),
    "message_queue_receive": lambda w: w.attempt(w.queue(b"data"), 4),
    "message_queue_send": lambda w: w.attempt(w.queue(), b"data"),
    "message_queue_size": lambda w: w.attempt(w.queue()),
    "message_read": lambda w: w.attempt(
        w.message((b"data",), TArgType.EDesC8), 0, 0, 99, False
    ),
    "message_set_process_priority": set_client_priority,
    "message_set_session_ptr": set_cookie,
    "message_write": write_to_client,
    "mutex_create": lambda w: w.make(None, EOwnerProcess),
    "mutex_is_held": look_whether_held,
    "mutex_signal": lambda w: w.attempt(w.held_mutex()),
    "mutex_wait": take_and_let_go,
    "parameter_length": lambda w: claim_left_data(w, 1),
    "parameter_open": open_left_semaphore,
    "parameter_read": lambda w: claim_left_data(w, 1, 99),
    "parameter_set_data": lambda w: w.attempt(w.process(), 1, b"data"),
    "parameter_set_handle": lambda w: w.attempt(w.process(), 1, w.semaphore(name="")),
    "process_command_line": lambda w: w.attempt(KCurrentProcessHandle),
    "process_create": create_process,
    "process_creator_identity": lambda w: w.attempt(),
    "process_critical": lambda w: w.attempt(),
    "process_end": lambda w: w.attempt(w.process(), *KILL),
    "process_exit_info": lambda w: w.attempt(w.process()),
    "process_file_name": lambda w: w.attempt(w.process()),
    "process_id": lambda w: w.attempt(w.process()),
    "process_identity": lambda w: w.attempt(w.process()),
    "process_logon": lambda w: w.request(w.process()),
    "process_logon_cancel": lambda w: logon_and_cancel(w, w.process()),
    "process_open": lambda w: w.make(w.exec.process_id(w.process()), EOwnerProcess),
    "process_priority": lambda w: w.attempt(w.process()),
    "process_rename": lambda w: w.attempt(f"renamed{w.nth}"),
    "process_rendezvous": lambda w: w.attempt(0),
    "process_rendezvous_cancel": lambda w: logon_and_cancel(w, w.process()),
    "process_rendezvous_logon": lambda w: w.request(w.process()),
    "process_resume": resume_process,
    "process_set_critical": set_process_critical,
    "process_set_just_in_time": lambda w: w.attempt(KCurrentProcessHandle, True),
    "process_set_priority": lambda w: w.attempt(KCurrentProcessHandle, 350),
    "process_set_priority_control": lambda w: w.attempt(KCurrentProcessHandle, True),
    "process_uids": lambda w: w.attempt(w.process()),
    "property_attach": lambda w: w.make(w.secure_id(), KEY, EOwnerProcess),
    "property_cancel": subscribe,
    "property_define": define,
    "property_delete": delete,
    "property_get_data": lambda w: w.attempt(w.property(TPropertyType.EByteArray)),
    "property_get_int": lambda w: w.attempt(w.property()),
    "property_set_data": lambda w: w.attempt(
        w.property(TPropertyType.EByteArray), b"data"
    ),
    "property_set_int": lambda w: w.attempt(w.property(), 1),
    "property_subscribe": subscribe,
    "request_complete": lambda w: w.attempt(KCurrentThreadHandle, ClientStatus(), 0),
    "request_count": lambda w: w.attempt(KCurrentThreadHandle),
    "request_signal": lambda w: w.attempt(KCurrentThreadHandle, 1),
    "request_wait": lambda w: (
        w.exec.request_signal(KCurrentThreadHandle, 1),
        w.attempt(ClientStatus(0)),
    ),
    "request_wait_any": wait_for_signal,
    "semaphore_create": lambda w: w.make(None, 0, EOwnerProcess),
    "semaphore_signal": lambda w: w.attempt(w.semaphore(), 1),
    "semaphore_wait": lambda w: w.attempt(w.semaphore(1), FOR_EVER),
    "server_create": lambda w: w.make("oom", SHARABLE, 0),
    "server_receive": receive,
    "server_receive_cancel": cancel_receive,
    "server_request_receive": lambda w: w.request(w.server(), ClientCell()),
    "server_transfer_session": transfer,
    "session_create": lambda w: w.make(w.server(), 4, SHARABLE, None),
    "session_request": lambda w: (w.server(), w.request(w.session(), 5, (), 0)),
    "session_send": lambda w: (w.server(), w.attempt(w.session(), 5, (), 0)),
    "session_send_receive": send_and_wait,
    "session_server_identity": lambda w: (w.server(), w.attempt(w.session())),
    "session_share": share,
    "thread_create": create_thread,
    "thread_critical": lambda w: w.attempt(),
    "thread_end": lambda w: w.attempt(w.thread(), *KILL),
    "thread_exit": lambda w: in_a_thread(w, lambda exec_: exec_.thread_exit(0)),
    "thread_exit_info": lambda w: w.attempt(w.thread()),
    "thread_id": lambda w: w.attempt(w.thread()),
    "thread_logon": lambda w: w.request(w.thread()),
    "thread_logon_cancel": lambda w: logon_and_cancel(w, w.thread()),
    "thread_open": lambda w: w.make(w.exec.thread_id(w.thread()), EOwnerProcess),
    "thread_priority": lambda w: w.attempt(w.thread()),
    "thread_process": lambda w: w.make(w.thread(), EOwnerProcess),
    "thread_rename": lambda w: w.attempt(f"renamed{w.nth}"),
    "thread_rendezvous": lambda w: w.attempt(0),
    "thread_rendezvous_cancel": lambda w: logon_and_cancel(w, w.thread()),
    "thread_rendezvous_logon": lambda w: w.request(w.thread()),
    "thread_resume": lambda w: w.attempt(w.thread()),
    "thread_set_critical": lambda w: w.attempt(w.exec.thread_critical()),
    "thread_set_priority": lambda w: w.attempt(w.thread(), 10),
    "thread_set_realtime_state": lambda w: w.attempt(0),
    "thread_suspend": lambda w: w.attempt(w.thread()),
    "time_inactivity": lambda w: w.attempt(),
    "time_now": lambda w: w.attempt(),
    "time_offset": lambda w: w.attempt(),
    "time_reset_inactivity": lambda w: w.attempt(),
    "time_set_offset": lambda w: by_who_sets_the_time(w, 3_600),
    "time_set_utc": lambda w: by_who_sets_the_time(w, 2_000_000_000_000_000),
    "time_sleep": lambda w: w.attempt(1_000, True),
    "time_sleep_until": lambda w: w.attempt(w.exec.time_now() + 1_000_000),
    "time_uptime": lambda w: w.attempt(),
    "timer_after": lambda w: w.request(w.timer(), 1_000, at=-2),
    "timer_again_high_res": again,
    "timer_at": at_wall_time,
    "timer_cancel": cancel_timer,
    "timer_create": lambda w: w.make(),
    "timer_high_res": lambda w: w.request(w.timer(), 1_000, at=-2),
    "timer_inactivity": lambda w: w.request(w.timer(), 1_000, at=-2),
    "timer_lock": lambda w: w.request(w.timer(), 3, at=-2),
    "tls_free": lambda w: w.attempt(1, 2),
    "tls_get": lambda w: w.attempt(1, 2),
    "tls_set": store_word,
    "undertaker_create": lambda w: w.make(),
    "undertaker_logon": logon_undertaker,
    "undertaker_logon_cancel": cancel_undertaker,
}

# What each call allocates, in order; the others nothing.
ALLOCATIONS: Final[dict[str, list[str]]] = {
    "change_notifier_create": ["EChangeNotifier", "handle"],
    "chunk_adjust": ["chunk memory"],
    "chunk_adjust_double_ended": ["chunk memory"],
    "chunk_allocate": ["chunk memory"],
    "chunk_commit": ["chunk memory"],
    "chunk_create": ["chunk reservation", "EChunk", "handle"],
    "condition_variable_create": ["ECondVar", "handle"],
    "debug_publish": ["published text"],
    "event_hook_add": ["raw event"],
    "event_hook_request": ["event request"],
    "event_queue_call": ["event"],
    "event_queue_create": ["EEventQueue", "handle"],
    "event_queue_merge": ["event"],
    "event_queue_post": ["event"],
    "event_queue_process": ["handle"],
    "cap_duplicate": ["handle"],
    "env_set": ["handle"],
    "fpage_create": ["EFpage", "handle"],
    "gate_create": ["EIpcGate", "handle"],
    "ipc_save_reply": ["EReplyCap", "handle"],
    "irq_create": ["EIrq", "handle"],
    "handle_duplicate": ["handle"],
    "handle_notify_destruction": ["notification"],
    "handle_open_found": ["handle"],
    "handle_open_global": ["handle"],
    "library_load": ["ELibrary", "handle"],
    "loader_create_process": ["EProcess", "stack", "EThread", "handle"],
    "loader_load_library": ["ELibrary", "handle"],
    "message_client": ["handle"],
    "message_complete_handle": ["handle"],
    "message_open_handle": ["handle"],
    "message_queue_create": ["MsgQueueSlots", "EMsgQueue", "handle"],
    "mutex_create": ["EMutex", "handle"],
    "parameter_open": ["handle"],
    "parameter_set_data": ["parameter"],
    "parameter_set_handle": ["parameter"],
    "process_create": ["EProcess", "stack", "EThread", "handle"],
    "process_logon": ["logon"],
    "process_open": ["handle"],
    "process_rename": ["name"],
    "process_rendezvous_logon": ["logon"],
    "property_attach": ["EPropertyRef", "handle"],
    "property_define": ["property"],
    "property_set_data": ["property value"],
    "property_subscribe": ["subscription"],
    "semaphore_create": ["ESemaphore", "handle"],
    "server_create": ["EServer", "handle"],
    "session_create": ["ESession", "handle"],
    "session_request": ["message"],
    "session_send": ["message"],
    "session_share": ["handle"],
    "thread_create": ["stack", "EThread", "handle"],
    "thread_logon": ["logon"],
    "thread_open": ["handle"],
    "thread_process": ["handle"],
    "thread_rename": ["name"],
    "thread_rendezvous_logon": ["logon"],
    "timer_after": ["deadline"],
    "timer_again_high_res": ["deadline"],
    "timer_at": ["deadline"],
    "timer_create": ["ETimer", "handle"],
    "timer_high_res": ["deadline"],
    "timer_inactivity": ["deadline"],
    "timer_lock": ["deadline"],
    "tls_set": ["tls"],
    "undertaker_create": ["EUndertaker", "handle"],
    "undertaker_logon": ["handle"],
}


def outcome(scenario: Callable[[World], object], world: World) -> int:
    """Play the scenario, and clear up."""
    try:
        scenario(world)
    except KernelError as error:
        return error.code
    finally:
        world.close()
    return KErrNone


def test_there_is_a_scenario_for_every_call_and_no_other() -> None:
    assert sorted(SCENARIOS) == declared_calls()
    assert set(ALLOCATIONS) <= set(SCENARIOS)


@pytest.mark.parametrize("call", declared_calls())
def test_a_call_that_gets_no_memory_says_so_and_changes_nothing(
    machine: Kernel, call: str
) -> None:
    scenario = SCENARIOS[call]
    failed: list[str] = []
    with machine.attach():
        cells = current_exec.get().debug_heap_cells()
        for nth in count(1):
            world = World(machine, call, nth)
            code = outcome(scenario, world)
            machine.wait_idle()
            machine.debug.check()
            assert current_exec.get().debug_heap_cells() == cells
            if code != KErrNoMemory:
                break
            failed += world.failed
        assert code == KErrNone
    assert failed == ALLOCATIONS.get(call, [])
