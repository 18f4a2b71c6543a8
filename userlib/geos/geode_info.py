"""What everybody can know of a geode: its label, which its process thread publishes."""

from typing import NamedTuple

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNotFound, Leave
from kernel.abi.handles import (
    EOwnerProcess,
    EOwnerThread,
    KCurrentProcessHandle,
    TObjectType,
)
from userlib.geos.context import current_geode, current_thread
from userlib.geos.event import pack_value, unpack_value
from userlib.geos.values import (
    NULL_OPTR,
    GeodeHandle,
    GeodeToken,
    Optr,
    ThreadHandle,
)
from userlib.symbian.process import RProcess

KSystemQueue = "geos-system"  # the global name of the system geode's queue
_KGeode = "geode"


class GeodeInfo(NamedTuple):
    """One geode. Original: none; parts of the core block."""

    handle: GeodeHandle
    process_id: int
    name: str
    token: GeodeToken | None
    app_object: Optr


def publish_geode(info: GeodeInfo, more: tuple[object, ...] = ()) -> None:
    """Label the queue of the calling process thread. Original: none."""
    label = (_KGeode, *(pack_value(field) for field in info[1:]), *more)
    current_exec.get().event_queue_set_label(info.handle, label)


def geode_info(geode: int = 0) -> GeodeInfo | None:
    """What is known of a geode, 0: the caller's own; None if it is gone, or is none.

    Original: none; GeodeGetInfo.
    """
    handle = geode or own_geode()
    try:
        label = current_exec.get().event_queue_label(handle)
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
        return None
    if label[:1] != (_KGeode,):
        return None
    process_id, name, token, app = (unpack_value(field) for field in label[1:5])
    return GeodeInfo(GeodeHandle(handle), process_id, name, token, app)


def own_geode() -> GeodeHandle:
    """The geode that the calling thread belongs to; 0 if to none. Original: none."""
    state = current_geode.get()
    if state is not None:
        return state.handle
    own = current_exec.get().process_id(KCurrentProcessHandle)
    for info in geodes():
        if info.process_id == own:
            return info.handle
    return GeodeHandle(0)


def geodes() -> tuple[GeodeInfo, ...]:
    """All that run, the oldest first. Original: none; GeodeFind."""
    handles = current_exec.get().event_queue_list()
    found = (geode_info(handle) for handle in handles)
    return tuple(info for info in found if info is not None)


def geode_get_process_handle() -> GeodeHandle:
    """The calling geode; 0 outside any. Original: GeodeGetProcessHandle."""
    return own_geode()


def geode_get_app_object(geode: int = 0) -> Optr:
    """Its application object, of any geode, 0: the caller's own; null if it has none.

    Original: GeodeGetAppObject.
    """
    info = geode_info(geode)
    return NULL_OPTR if info is None else info.app_object


def geode_get_token(geode: int = 0) -> GeodeToken | None:
    """Its token, if it is there and has one. Original: none; GeodeGetInfo."""
    info = geode_info(geode)
    return None if info is None else info.token


def geode_is_alive(geode: int) -> bool:
    """Whether it runs. Original: none."""
    return geode_info(geode) is not None


def geode_open_process(geode: int) -> RProcess:
    """Its process, to log on to its end for instance. Raises: Leave(KErrNotFound).

    Original: none.
    """
    return RProcess(current_exec.get().event_queue_process(geode, EOwnerProcess))


def own_thread() -> ThreadHandle:
    """The calling thread's queue; 0 if it has none. Original: none."""
    thread = current_thread.get()
    return ThreadHandle(0) if thread is None else thread.handle


def system_geode() -> GeodeHandle:
    """The geode of the user interface itself; 0 if the machine has none.

    Original: none; the handle of the geode "ui".
    """
    exec_ = current_exec.get()
    try:
        handle = exec_.handle_open_global(
            TObjectType.EEventQueue, KSystemQueue, EOwnerThread
        )
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
        return GeodeHandle(0)
    try:
        return GeodeHandle(exec_.event_queue_id(handle))
    finally:
        exec_.handle_close(handle)
