"""Servers that register, and clients that connect to them.

Original: IACPRegisterServer, IACPConnect and their kin (iacpMain.asm,
iacpConnect.asm); geos-iacp 3.1 to 3.5, 3.9, 3.10.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias, cast

from userlib.geos.errors import GeodeLoadError
from userlib.geos.event import pack_value
from userlib.geos.geode_info import geode_get_app_object
from userlib.geos.iacp_arguments import (
    Object,
    checked_connection,
    checked_mode,
    checked_number,
    checked_text,
    demand_time,
    optr_of,
    packed_block,
    packed_server,
    packed_token,
)
from userlib.geos.iacp_constants import (
    IACP_NO_CONNECTION,
    IACPCF_CLIENT_OD_SPECIFIED,
    IACPCF_SERVER_MODE,
    IACPSM_IN_FLUX,
    IACPConnectError,
    IACPConnectFlags,
    IACPServerMode,
)
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.geos.paths import SP_DOCUMENT, FileError
from userlib.geos.values import AppLaunchBlock, GeodeToken, Optr

ConnectError: TypeAlias = IACPConnectError | GeodeLoadError | FileError

_KAllFlags: Final = sum(IACPConnectFlags, IACPCF_SERVER_MODE)
_KForEver: Final = -1  # instead of a time


class ConnectResult(NamedTuple):
    """What a connect comes to. *connection* 0 tells that there is none, and an *error*.

    *num_servers* is how many were connected to; *first_owner* the geode of the first.
    Original: the results of IACPConnect, in registers.
    """

    connection: int
    num_servers: int
    error: ConnectError | None
    first_owner: int


def register_server(
    token: GeodeToken, server: Object, mode: int, flags: int = 0
) -> None:
    """Let *server* serve *token*; if it does, give it another mode and flags.

    It keeps its place then, and connections stay as they are. Whoever waits for a
    server of this geode that was launched goes on.

    Raises: ValueError for what is no IACPServerMode; GeosFatalError ILLEGAL_HANDLE if
        there is no object. Original: IACPRegisterServer.
    """
    RIACP.of_thread().tell(
        TIACPMessage.ERegisterServer,
        packed_token(token),
        packed_server(server),
        int(checked_mode(mode)),
        checked_number(flags, "what is asked of a server by flags"),
    )


def unregister_server(token: GeodeToken, server: Object) -> None:
    """No longer. Its connections stay, until it shuts them down.

    Original: IACPUnregisterServer.
    """
    RIACP.of_thread().tell(
        TIACPMessage.EUnregisterServer,
        packed_token(token),
        pack_value(optr_of(server)),
    )


def connect(
    token: GeodeToken,
    flags: int = 0,
    launch_block: AppLaunchBlock | None = None,
    client: Object | None = None,
    *,
    timeout_us: int | None = None,
) -> ConnectResult:
    """Connect to the servers of *token*, and launch one if there is none.

    Each gets NEW_CONNECTION before this returns. The client's object is *client* with
    IACPCF_CLIENT_OD_SPECIFIED, else the application object of the caller's geode. Who
    is connected is decided here for good: nobody joins later, nor takes a place.

    Blocks: with a *launch_block*, until what is launched has registered, at most for
        *timeout_us*; while the file server looks for its document; while a user is
        asked. Never call it with one on a thread that the launch needs.
    Raises: GeosTimeout; ValueError for flags that there are not, a mode that cannot be
        asked for or a negative time; GeosFatalError if there is no client object,
        IACPCF_FIRST_ONLY is missing for a document or the launch model, or the mode is
        too low for that.
    Original: IACPConnect; the time is ours.
    """
    _check_flags(flags)
    demand_time(timeout_us)
    wanted, block = packed_token(token), packed_block(launch_block)
    return _result(
        RIACP.of_thread().ask(
            TIACPMessage.EConnect,
            wanted,
            int(flags),
            block,
            pack_value(_client(flags, client)),
            _KForEver if timeout_us is None else timeout_us,
        ),
        in_document=False,
    )


def connect_to_document_server(
    directory: str,
    filename: str,
    disk: int,
    flags: int = 0,
    client: Object | None = None,
) -> ConnectResult:
    """Connect to the server that has a document open, in whatever mode it is.

    Of *flags* only IACPCF_CLIENT_OD_SPECIFIED matters. Nothing is launched or held.

    Blocks: while the file server looks for the file.
    Raises: GeosFatalError if there is no client object.
    Original: IACPConnectToDocumentServer.
    """
    return _result(
        RIACP.of_thread().ask(
            TIACPMessage.EConnectToDocument,
            checked_number(disk, "a disk handle"),
            checked_text(directory, "a directory"),
            checked_text(filename, "a file's name"),
            pack_value(_client(flags, client)),
        ),
        in_document=True,
    )


def create_default_launch_block(app_mode: int) -> AppLaunchBlock:
    """A block in that mode, whose disk is the document directory; all else is zero.

    Original: IACPCreateDefaultLaunchBlock.
    """
    mode = checked_number(app_mode, "the mode of an application")
    return AppLaunchBlock(app_mode=mode, disk_handle=SP_DOCUMENT)


def finish_connect(
    connection: int,
    server: Object | None = None,  # noqa: ARG001 - as the original
) -> None:
    """Let through what waits for a server that was not ready; else nothing happens.

    Original: IACPFinishConnect, which ignores *server* too.
    """
    RIACP.of_thread().tell(TIACPMessage.EFinishConnect, checked_connection(connection))


def get_server_number(connection: int, server: Object | None) -> int:
    """Which server of the connection it is, from 1; 0 if none, or none any more.

    Original: IACPGetServerNumber.
    """
    return RIACP.of_thread().tell(
        TIACPMessage.EGetServerNumber,
        checked_connection(connection),
        pack_value(optr_of(server)),
    )


def _check_flags(flags: int) -> None:
    mode = int(flags & IACPCF_SERVER_MODE)
    if flags & ~_KAllFlags:
        raise ValueError(f"there are no such connect flags: {flags:#x}")
    if mode == IACPSM_IN_FLUX or mode not in IACPServerMode.__members__.values():
        raise ValueError(f"a client cannot ask for mode {mode}")


def _client(flags: int, client: Object | None) -> Optr:
    if flags & IACPCF_CLIENT_OD_SPECIFIED:
        return optr_of(client)
    return geode_get_app_object()


def _result(answer: object, *, in_document: bool) -> ConnectResult:
    connection, servers, error, owner = cast(Sequence[int], answer)
    failed = connection == IACP_NO_CONNECTION
    return ConnectResult(
        connection,
        servers,
        _error(error, in_document=in_document) if failed else None,
        owner,
    )


def _error(number: int, *, in_document: bool) -> ConnectError:
    kinds: tuple[type[ConnectError], ...] = (IACPConnectError, GeodeLoadError)
    if in_document:
        kinds = (FileError, *kinds)
    for kind in kinds:
        if number in kind.__members__.values():
            return kind(number)
    raise AssertionError(f"the server answered with error {number}")
