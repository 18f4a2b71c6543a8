"""The second sample: a client has its server launched, sends, and waits for an end.

    eka run --geos examples/geos examples/geos/launch_and_wait.py

prints

    there is no server
    the client shows: sent, completion received
    the server shows: message received
    the client shows again: sent, completion received
    the same server shows: message received, message received

The client is `client2.py`, the server `server.py`. The first message is sent before the
server's user interface is up: the connection holds it until then.
"""

from client2 import Client2ProcessClass
from status_text import launch, lines_of

from userlib.geos import MF_CALL, GeodeHandle, geodes, obj_message


def servers() -> list[GeodeHandle]:
    """The geodes that are servers."""
    return [info.handle for info in geodes() if info.name == "server"]


def e32main() -> None:
    """Let the client send twice: the first time nobody is there to send to."""
    client = launch("client2")
    send = Client2ProcessClass.MSG_CLIENT2_SEND
    assert servers() == []
    print("there is no server")
    obj_message(client, send, MF_CALL)
    (server,) = servers()
    print(f"the client shows: {', '.join(lines_of(client))}")
    print(f"the server shows: {', '.join(lines_of(server))}")
    obj_message(client, send, MF_CALL)
    assert servers() == [server]
    print(f"the client shows again: {', '.join(lines_of(client)[2:])}")
    print(f"the same server shows: {', '.join(lines_of(server))}")
