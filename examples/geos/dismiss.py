"""The first sample: a client tells a server to quit, and need not wait for it.

    eka run --geos examples/geos examples/geos/dismiss.py

prints

    without a server the client shows: cannot connect, is it launched?
    with one it shows, in whatever order: completion received, sent
    the server is gone, and its list too

The client is `client1.py`, the server `server.py`. The server's application object does
the rest: it finishes what it was sent, waits for its clients to leave, and ends.
"""

from client1 import Client1ProcessClass
from status_text import launch, lines_of

from userlib import TRequestStatus, User
from userlib.geos import MF_CALL, geode_open_process, iacp, obj_message


def e32main() -> None:
    """Let the client try without a server, then with one; see the server go."""
    client = launch("client1")
    send = Client1ProcessClass.MSG_CLIENT1_SEND
    obj_message(client, send, MF_CALL)
    (refused,) = lines_of(client)
    print(f"without a server the client shows: {refused}")
    server = launch("server")
    ended = TRequestStatus()
    with geode_open_process(server) as process:
        process.logon(ended)
        obj_message(client, send, MF_CALL)
        User.wait_for_request(ended)
    shown = sorted(lines_of(client)[1:])
    print(f"with one it shows, in whatever order: {', '.join(shown)}")
    tokens = [servers.token.chars for servers in iacp.lists()]
    print(f"the server is gone, and its list {'not' if b'SRVR' in tokens else 'too'}")
