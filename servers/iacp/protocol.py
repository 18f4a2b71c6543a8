"""What the IACP server is started with.

What its clients send is in the user library.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from userlib.geos.iacp_constants import UILM_SINGLE_INSTANCE, UILaunchModel
from userlib.geos.iacp_protocol import (
    IACPFault,
    KIACPServerName,
    KIACPVersion,
    TIACPMessage,
)
from userlib.geos.paths import SP_DOCUMENT, SP_TOP
from userlib.geos.values import GeodeToken

__all__ = [
    "IACPFault",
    "IACPSpec",
    "KDefaultIACP",
    "KIACPProgram",
    "KIACPServerName",
    "KIACPVersion",
    "TIACPMessage",
]

KIACPProgram: Final = "iacp"

# Asked whether the running application will do: the token, and the name to show.
OnAskReuse: TypeAlias = Callable[[GeodeToken, str], bool]
# Told of a server that registers, or changes its mode; None: of the last one that left.
OnServerChange: TypeAlias = Callable[[GeodeToken, int | None], None]

KStandardPaths: Final[Mapping[int, str]] = MappingProxyType(
    {SP_TOP: "C:\\", SP_DOCUMENT: "C:\\DOCUMENT"}
)


@dataclass(frozen=True, slots=True)
class IACPSpec:
    """What is the system's, and not a program's.

    *launch_model* says whether another copy of a running application is launched, for
    clients that obey it. With `UILM_MULTIPLE_INSTANCES` *on_ask_reuse* decides, in a
    thread of its own, which may take its time; without one the running copy is used.
    *on_server_change* is called by the server and must not make it wait.
    *standard_paths* are the directories that odd disk handles stand for.
    """

    launch_model: UILaunchModel = UILM_SINGLE_INSTANCE
    on_ask_reuse: OnAskReuse | None = None
    on_server_change: OnServerChange | None = None
    standard_paths: Mapping[int, str] = field(default_factory=lambda: KStandardPaths)


KDefaultIACP: Final = IACPSpec()
