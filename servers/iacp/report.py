"""A server list as text, for debuggers.

    "SRVR",8
      server N single    geode 7 "server" chunk 1
      server I multiple  geode 9 "viewer" chunk 1
      connection 3: client geode 12 "editor" chunk 1, holds 2
        1 geode 7 "server" chunk 1
      connection 2: no client
        1 shutdown
        2 geode 9 "viewer" chunk 1

The letter is the mode: not user-interactible, in flux, user-interactible. A geode's
name is that of its process, as the kernel shows it.

Original: the debugger's command `iacp` (iacp.tcl).
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from servers.iacp.connection import Connection
from servers.iacp.launches import Launches
from servers.iacp.lists import ServerEntry, ServerList
from userlib.geos.iacp_constants import IACPSF_MULTIPLE_INSTANCES
from userlib.geos.values import GeodeToken, Optr

NameOf: TypeAlias = Callable[[int], str]  # of a geode

KReportName: Final = "IACP"  # what the names of published texts begin with
KLaunchesName: Final = f"{KReportName} launches"
_KModes: Final = "NFI"
_KMostConnections: Final = 200  # the newest of a list


def report_name(token: GeodeToken) -> str:
    """What a list's text is published under."""
    return f"{KReportName} {token_text(token)}"


def report(found: ServerList, name_of: NameOf) -> str:
    """The list, a line for everything."""
    lines = [token_text(found.token)]
    lines += [f"  {_entry_text(entry, name_of)}" for entry in found.servers]
    for connection in found.connections[:_KMostConnections]:
        lines += [f"  {line}" for line in _connection_lines(connection, name_of)]
    left = len(found.connections) - _KMostConnections
    if left > 0:
        lines.append(f"  and {left} older connections")
    return "\n".join(lines)


def report_launches(launches: Launches) -> str:
    """Who waits for which application; nothing if nobody does."""
    lines = [f"  {token_text(launch.token)}: {launch}" for launch in launches]
    return "\n".join(["launches", *lines]) if lines else ""


def token_text(token: GeodeToken) -> str:
    """`"SRVR",8`; what is no printable character is escaped."""
    chars = token.chars.decode("latin-1").encode("unicode_escape").decode()
    return f'"{chars}",{token.manuf_id}'


def _entry_text(entry: ServerEntry, name_of: NameOf) -> str:
    mode = _KModes[entry.mode] if entry.mode < len(_KModes) else "?"
    many = "multiple" if entry.flags & IACPSF_MULTIPLE_INSTANCES else "single"
    return f"server {mode} {many:9} {_optr_text(entry.server, name_of)}"


def _connection_lines(connection: Connection, name_of: NameOf) -> Iterator[str]:
    client = connection.client
    who = "no client" if client is None else f"client {_optr_text(client, name_of)}"
    held = "" if connection.held is None else f", holds {len(connection.held)}"
    yield f"connection {connection.number}: {who}{held}"
    for number, server in enumerate(connection.servers, 1):
        text = "shutdown" if server is None else _optr_text(server, name_of)
        yield f"  {number} {text}"


def _optr_text(optr: Optr, name_of: NameOf) -> str:
    return f'geode {optr.geode} "{name_of(optr.geode)}" chunk {optr.chunk}'
