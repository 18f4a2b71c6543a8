"""The messages that IACP itself sends over a connection.

Original: MSG_META_IACP_NEW_CONNECTION, MSG_META_IACP_LOST_CONNECTION; geos-iacp 4.
"""

from kernel.abi.event_queue import EventData
from userlib.geos.messaging import record
from userlib.geos.meta import (
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
)
from userlib.geos.values import AppLaunchBlock


def new_connection(
    block: AppLaunchBlock | None, connection: int, *, just_launched: bool
) -> EventData:
    """For a server that was connected to."""
    return record(
        None,
        MSG_META_IACP_NEW_CONNECTION,
        app_launch_block=block,
        just_launched=just_launched,
        connection=connection,
    ).pack()


def lost_connection(connection: int, server_num: int) -> EventData:
    """For whom the other side has left; its number, if that was a server."""
    return record(
        None,
        MSG_META_IACP_LOST_CONNECTION,
        connection=connection,
        server_num=server_num,
    ).pack()
