"""Geodes, objects and messages in the tradition of PC/GEOS.

Original: the kernel and the User library of PC/GEOS.
"""

from userlib.geos import constants, iacp, iacp_constants, meta
from userlib.geos.application import GenApplicationClass
from userlib.geos.constants import *  # noqa: F403 - all the original's constants
from userlib.geos.document import GenDocumentClass, GenDocumentGroupClass
from userlib.geos.errors import (
    GeodeLoadError,
    GeodeLoadFailure,
    GeosFatalError,
    GeosTimeout,
)
from userlib.geos.event import (
    Event,
    KDispatchIfUndeliverable,
    pack_value,
    unpack_value,
)
from userlib.geos.gen import GenClass
from userlib.geos.geode import (
    Geode,
    geode_create_thread,
    geode_exit,
    obj_free,
    obj_instantiate,
)
from userlib.geos.geode_info import (
    GeodeInfo,
    geode_get_app_object,
    geode_get_process_handle,
    geode_get_token,
    geode_info,
    geode_is_alive,
    geode_open_process,
    geodes,
    system_geode,
)
from userlib.geos.iacp_constants import *  # noqa: F403 - all the words of IACP
from userlib.geos.loading import (
    LoadedGeode,
    begin_load,
    find_image,
    user_load_application,
)
from userlib.geos.message import Message, message, method
from userlib.geos.messaging import (
    message_dispatch,
    message_set_destination,
    obj_duplicate_message,
    obj_free_message,
    obj_get_message_info,
    obj_message,
    record,
)
from userlib.geos.meta import *  # noqa: F403 - MetaClass and its messages
from userlib.geos.paths import (
    SP_DOCUMENT,
    SP_TOP,
    FileError,
    StandardPath,
    disk_handle,
)
from userlib.geos.process import (
    OPEN_APPLICATION,
    OPEN_ENGINE,
    RESTORE_FROM_STATE,
    GenProcessClass,
    ProcessClass,
)
from userlib.geos.queues import (
    geode_alloc_queue,
    geode_flush_queue,
    geode_free_queue,
    geode_info_queue,
    queue_get_message,
    queue_post_message,
)
from userlib.geos.registry import (
    SP_APPLICATION,
    SP_SYS_APPLICATION,
    ApplicationImage,
    ApplicationTree,
    KnownApplication,
    SystemClass,
    application_images,
    geos_config,
)
from userlib.geos.sending import destroy_event
from userlib.geos.text import GenTextClass
from userlib.geos.values import (
    NULL_OPTR,
    AppInstanceReference,
    AppLaunchBlock,
    ClassRef,
    GeodeHandle,
    GeodeToken,
    Optr,
    QueueHandle,
    ThreadHandle,
)

__all__ = [
    "NULL_OPTR",
    "OPEN_APPLICATION",
    "OPEN_ENGINE",
    "RESTORE_FROM_STATE",
    "SP_APPLICATION",
    "SP_DOCUMENT",
    "SP_SYS_APPLICATION",
    "SP_TOP",
    "AppInstanceReference",
    "AppLaunchBlock",
    "ApplicationImage",
    "ApplicationTree",
    "ClassRef",
    "Event",
    "FileError",
    "GenApplicationClass",
    "GenClass",
    "GenDocumentClass",
    "GenDocumentGroupClass",
    "GenProcessClass",
    "GenTextClass",
    "Geode",
    "GeodeHandle",
    "GeodeInfo",
    "GeodeLoadError",
    "GeodeLoadFailure",
    "GeodeToken",
    "GeosFatalError",
    "GeosTimeout",
    "KDispatchIfUndeliverable",
    "KnownApplication",
    "LoadedGeode",
    "Message",
    "Optr",
    "ProcessClass",
    "QueueHandle",
    "StandardPath",
    "SystemClass",
    "ThreadHandle",
    "application_images",
    "begin_load",
    "destroy_event",
    "disk_handle",
    "find_image",
    "geode_alloc_queue",
    "geode_create_thread",
    "geode_exit",
    "geode_flush_queue",
    "geode_free_queue",
    "geode_get_app_object",
    "geode_get_process_handle",
    "geode_get_token",
    "geode_info",
    "geode_info_queue",
    "geode_is_alive",
    "geode_open_process",
    "geodes",
    "geos_config",
    "iacp",
    "message",
    "message_dispatch",
    "message_set_destination",
    "method",
    "obj_duplicate_message",
    "obj_free",
    "obj_free_message",
    "obj_get_message_info",
    "obj_instantiate",
    "obj_message",
    "pack_value",
    "queue_get_message",
    "queue_post_message",
    "record",
    "system_geode",
    "unpack_value",
    "user_load_application",
]
__all__ += constants.__all__
__all__ += iacp_constants.__all__
__all__ += meta.__all__
