"""Launching applications.

The loader makes the process and its first queue, and posts MSG_META_ATTACH before the
process runs. The queue's name is what keeps an application that can run only once from
being launched twice: it is taken as long as the process lives.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KErrAlreadyExists,
    KErrCorrupt,
    KErrNoMemory,
    KErrNotFound,
    KErrNotSupported,
    Leave,
)
from kernel.abi.exit import TExitType
from kernel.abi.handles import EOwnerProcess
from kernel.abi.names import fold
from userlib.geos.constants import MF_FORCE_QUEUE
from userlib.geos.errors import GeodeLoadError, GeodeLoadFailure
from userlib.geos.geode import KQueueSlot
from userlib.geos.messaging import obj_message
from userlib.geos.meta import MSG_META_ATTACH
from userlib.geos.registry import KnownApplication, application_images
from userlib.geos.values import AppLaunchBlock, GeodeHandle
from userlib.symbian.handle import RHandleBase
from userlib.symbian.process import RProcess
from userlib.symbian.status import TRequestStatus

_KErrors: Final = (
    (KErrNotFound, GeodeLoadError.GLE_FILE_NOT_FOUND),
    (KErrCorrupt, GeodeLoadError.GLE_NOT_GEOS_EXECUTABLE_FILE),
    (KErrNotSupported, GeodeLoadError.GLE_NOT_GEOS_EXECUTABLE_FILE),
    (KErrNoMemory, GeodeLoadError.GLE_MEMORY_ALLOCATION_ERROR),
    (KErrAlreadyExists, GeodeLoadError.GLE_NOT_MULTI_LAUNCHABLE),
)


class LoadedGeode(NamedTuple):
    """A geode that is being started. Original: none."""

    handle: GeodeHandle
    process: RProcess  # to be closed by whoever has it


def user_load_application(block: AppLaunchBlock) -> GeodeHandle:
    """Launch the application that the block names.

    Blocks: until it handles events.
    Raises: GeodeLoadFailure with the error, GLE_LIBRARY_INIT_ERROR if it ended at once.
    Original: UserLoadApplication.
    """
    status = TRequestStatus()
    loaded = begin_load(block, lambda process: process.request_rendezvous(status))
    with loaded.process as process:
        current_exec.get().request_wait(status.client)
        if process.exit_type() is not TExitType.EExitPending:
            info = process.exit_info()
            raise GeodeLoadFailure(
                GeodeLoadError.GLE_LIBRARY_INIT_ERROR,
                f"{block.app_ref.file_name} {info} as it started",
            )
    return loaded.handle


def begin_load(
    block: AppLaunchBlock, before_resume: Callable[[RProcess], None] | None = None
) -> LoadedGeode:
    """As user_load_application, without waiting: the geode may still be starting.

    *before_resume* is called with its process, which does not run yet.
    Raises: GeodeLoadFailure.
    Original: none; the first half of GeodeLoad.
    """
    path = block.app_ref.file_name
    image = find_image(path)
    if image is None:
        raise GeodeLoadFailure(
            GeodeLoadError.GLE_FILE_NOT_FOUND, path or "the block names no file"
        )
    try:
        return _start(image, block, before_resume)
    except Leave as leave:
        raise GeodeLoadFailure(_error(leave), f"{path}: {leave}") from leave


def find_image(path: str) -> KnownApplication | None:
    """The application of that path, letter case aside. Original: none."""
    wanted = fold(path)
    for image in application_images():
        if fold(image.path) == wanted:
            return image
    return None


def _error(leave: Leave) -> GeodeLoadError:
    for code, error in _KErrors:
        if leave.code == code:
            return error
    return GeodeLoadError.GLE_FILE_READ_ERROR


def _start(
    image: KnownApplication,
    block: AppLaunchBlock,
    before_resume: Callable[[RProcess], None] | None,
) -> LoadedGeode:
    exec_ = current_exec.get()
    name = "" if image.multi_launchable else f"geos-{image.program_name}"
    with RHandleBase(exec_.event_queue_create(name, EOwnerProcess)) as queue:
        handle = GeodeHandle(exec_.event_queue_id(queue.handle))
        process = RProcess().create(image.program_name)
        process.set_parameter(KQueueSlot, queue)
        obj_message(handle, MSG_META_ATTACH, MF_FORCE_QUEUE, app_launch_block=block)
        if before_resume is not None:
            before_resume(process)
        process.resume()
    return LoadedGeode(handle, process)
