"""Which application serves a token.

Original: IACPLocateServer (iacpConnect.asm); geos-iacp 3.11.
"""

from collections.abc import Callable

from kernel.abi.names import fold
from servers.iacp.bindings import Bindings
from userlib.geos.registry import (
    ApplicationTree,
    KnownApplication,
    application_images,
)
from userlib.geos.values import AppInstanceReference, GeodeToken


def locate(token: GeodeToken, bindings: Bindings) -> AppInstanceReference | None:
    """The application bound to *token*; else the first whose own token it is.

    The tree of the applications goes before that of the system's. A binding to what is
    not there counts for nothing.
    """
    bound = bindings.find(token)
    found = None
    if bound is not None:
        wanted = fold(bound)
        found = _first(lambda image: fold(image.path) == wanted)
    if found is None:
        found = _first(lambda image: image.token == token)
    if found is None:
        return None
    return AppInstanceReference(file_name=found.path, disk_handle=found.tree)


def _first(wanted: Callable[[KnownApplication], bool]) -> KnownApplication | None:
    images = application_images()
    for tree in ApplicationTree:
        for image in images:
            if image.tree is tree and wanted(image):
                return image
    return None
