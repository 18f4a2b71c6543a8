"""Geodes: programs made of threads that handle events.

A geode is an emulated process. Its main thread is the process thread: it drains the
queue that the geode is known by, and runs the process object. A second thread, if the
geode wants one, runs the objects of the user interface, the application object first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone, KErrNotFound, Leave
from kernel.abi.event_queue import EventData
from kernel.abi.exit import TCritical
from kernel.abi.handles import EOwnerProcess, KCurrentProcessHandle, TObjectType
from userlib.geos.constants import MF_CALL, MF_FORCE_QUEUE
from userlib.geos.context import (
    GeodeState,
    GeosThread,
    current_geode,
    current_thread,
    event_thread,
)
from userlib.geos.event import pack_value, unpack_value
from userlib.geos.geode_info import GeodeInfo, publish_geode
from userlib.geos.messaging import obj_message
from userlib.geos.meta import MSG_META_ATTACH
from userlib.geos.object_class import GeosClass
from userlib.geos.process import GenProcessClass, ProcessClass
from userlib.geos.sending import deliver, send
from userlib.geos.values import (
    AppLaunchBlock,
    GeodeHandle,
    GeodeToken,
    Optr,
    ThreadHandle,
)
from userlib.symbian.process import RProcess
from userlib.symbian.thread import RThread

T = TypeVar("T", bound=GeosClass)

KQueueSlot: Final = 15  # where a loader leaves the process thread's queue


@dataclass(frozen=True, slots=True)
class Geode:
    """What a program declares of itself, as in `GEODE = Geode("srvr", token, …)`.

    Its `e32main` is `GEODE.run()`; its process gets the *name*. Without *ui_thread* the
    process thread runs the application object too. *set_up* makes further objects, on
    the thread that runs the application object, before anybody knows of it; it is given
    that object. Unless it is *multi_launchable* there is only one at a time of those
    that are launched.
    Original: a geode's parameter file.
    """

    name: str
    token: GeodeToken | None = None
    process: type[ProcessClass] = GenProcessClass
    application: type[GeosClass] | None = None
    ui_thread: bool = False
    set_up: Callable[[GeosClass], None] | None = None
    multi_launchable: bool = True

    def __post_init__(self) -> None:
        """Raises: TypeError if it could not run so."""
        if not isinstance(self.token, GeodeToken | None):
            raise TypeError(f"{self.name}: a token is a GeodeToken, not {self.token!r}")
        _demand_class(self.name, "process", self.process, ProcessClass)
        if self.application is not None:
            _demand_class(self.name, "application", self.application, GeosClass)

    def run(self) -> None:
        """Be the geode: the calling thread, its process's first, handles events.

        The first one is MSG_META_ATTACH, with the block that it was launched with, or
        an empty one if it was not launched by a loader.
        Blocks: until the geode ends.
        Original: none; GeodeLoad and ProcCallFixedOrMovable of the first thread.
        """
        self.run_as("")

    def run_as(self, queue_name: str, label: tuple[object, ...] = ()) -> None:
        """As run; the queue has a global name and a longer label. Original: none."""
        state = GeodeState(self.name, self.token)
        current_exec.get().process_rename(self.name)
        is_launched, thread = _first_thread(state, queue_name)
        state.handle = GeodeHandle(thread.handle)
        self.process()
        if self.application is not None:
            self._start_application(state)
        publish_geode(
            GeodeInfo(
                state.handle,
                current_exec.get().process_id(KCurrentProcessHandle),
                self.name,
                self.token,
                state.app_object,
            ),
            label,
        )
        if not is_launched:
            obj_message(
                thread.handle,
                MSG_META_ATTACH,
                MF_FORCE_QUEUE,
                app_launch_block=AppLaunchBlock(),
            )
        RProcess.rendezvous(KErrNone)
        run_event_loop(thread)

    def _start_application(self, state: GeodeState) -> None:
        def make() -> None:
            assert self.application is not None
            application = self.application()
            state.app_object = application.optr
            if self.set_up is not None:
                self.set_up(application)

        if self.ui_thread:
            geode_create_thread("ui", ProcessClass, make)
        else:
            make()


def _demand_class(
    geode: str, what: str, cls: type[GeosClass], wanted: type[GeosClass]
) -> None:
    if not (isinstance(cls, type) and issubclass(cls, wanted)):
        name = getattr(cls, "__name__", repr(cls))
        raise TypeError(
            f"{geode}: the {what} object is of a {wanted.__name__}, not of {name}"
        )


def _first_thread(state: GeodeState, queue_name: str) -> tuple[bool, GeosThread]:
    """Bind the queue that a loader left, or one of its own."""
    exec_ = current_exec.get()
    is_launched = True
    try:
        handle = exec_.parameter_open(
            KQueueSlot, TObjectType.EEventQueue, EOwnerProcess
        )
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
        is_launched = False
        handle = exec_.event_queue_create(queue_name or None, EOwnerProcess)
    return is_launched, _begin_thread(state, handle)


def _begin_thread(state: GeodeState, handle: int) -> GeosThread:
    """Make an event-driven thread of the calling one; the geode ends with it."""
    exec_ = current_exec.get()
    exec_.event_queue_bind(handle)
    thread = GeosThread(state, ThreadHandle(exec_.event_queue_id(handle)))
    if not state.handle:
        state.handle = GeodeHandle(thread.handle)
    current_thread.set(thread)
    current_geode.set(state)
    exec_.thread_set_critical(TCritical.EProcessPermanent)
    return thread


def geode_create_thread(
    name: str,
    thread_class: type[ProcessClass] = ProcessClass,
    set_up: Callable[[], None] | None = None,
) -> ThreadHandle:
    """A further event-driven thread of the caller's geode.

    Messages to the thread itself go to an object of *thread_class*. *set_up* runs on
    the thread before it handles events, and makes the objects it is to run.

    Blocks: until the thread handles events.
    Raises: what RThread.launch raises.
    Original: ThreadCreate, and MSG_PROCESS_CREATE_EVENT_THREAD.
    """
    state = event_thread().geode
    made: list[ThreadHandle] = []

    def body() -> None:
        handle = current_exec.get().event_queue_create(None, EOwnerProcess)
        thread = _begin_thread(state, handle)
        made.append(thread.handle)
        thread_class()
        if set_up is not None:
            set_up()
        RThread.rendezvous(KErrNone)
        run_event_loop(thread)

    RThread().launch(name, body).close()
    return made[0]


def geode_exit(reason: int = KErrNone) -> None:
    """End the caller's geode, with all its threads. Original: none; ThreadDestroy."""
    RProcess().kill(reason)


def obj_instantiate(cls: type[T], **fields: object) -> T:
    """An object of *cls*, run by the calling thread; `cls(**fields)` is the same.

    Original: ObjInstantiate.
    """
    return cls(**fields)


def obj_free(obj: GeosClass) -> None:
    """Let its thread run it no more; what is sent to it from now on is dropped.

    Raises: RuntimeError on another thread than its own. Original: ObjFreeChunk.
    """
    thread = event_thread()
    if thread.objects.get(obj.optr.chunk) is not obj:
        raise RuntimeError(f"{obj!r} is not run by this thread")
    del thread.objects[obj.optr.chunk]


def run_event_loop(thread: GeosThread) -> None:
    """Handle events until the thread is told to stop. Original: ThreadAttachToQueue."""
    exec_ = current_exec.get()
    while thread.is_running:
        wire, call = exec_.event_queue_get(thread.handle, 0)
        result = _handle(thread, wire, is_call=bool(call))
        if call:
            _answer(call, result)


def _handle(thread: GeosThread, wire: EventData, *, is_call: bool) -> object:
    chunk, number, packed, destination = wire
    values = tuple(map(unpack_value, packed))  # type: ignore[call-overload] # as `send` made it
    dest = unpack_value(destination)
    if isinstance(dest, Optr) and dest.thread != thread.handle:
        # Moved here out of another queue: its object is somebody else's.
        return send(dest, number, values, MF_CALL if is_call else MF_FORCE_QUEUE)  # type: ignore[arg-type] # as above
    return deliver(thread, chunk, number, values)  # type: ignore[arg-type] # as above


def _answer(call: int, result: object) -> None:
    try:
        current_exec.get().event_queue_reply(call, pack_value(result))
    except Leave as leave:
        if leave.code != KErrNotFound:  # the caller is dead
            raise
