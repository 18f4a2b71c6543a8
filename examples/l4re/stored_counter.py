r"""A component that uses the file server: its counter goes on where it was left.

    eka run examples/l4re/stored_counter.py

prints

    a first server counts 1, 2, 3
    C:\counter.txt holds b'3'
    a second server counts 4, 5

The clients of a Counter know nothing of files, and the file server nothing of gates.
"""

from counter_client import client_Counter
from counter_interface import Counter

from servers.fileserver.client import RFile, RFs
from userlib import RThread, TRequestStatus, User
from userlib.l4re import Env, Loader, ipc_server_loop_for, stop_server_loop

NAME = "C:\\counter.txt"


class server_Counter(Counter):
    """Each number is stored before anybody is told of it."""

    def __init__(self, fs: RFs) -> None:
        self._fs = fs

    def increment(self) -> int:
        number = self._stored() + 1
        with RFile().replace(self._fs, NAME) as file:
            file.write(b"%d" % number)
        return number

    def _stored(self) -> int:
        if not any(entry.name == "counter.txt" for entry in self._fs.entries("C:\\")):
            return 0
        with RFile().open(self._fs, NAME) as file:
            return int(file.contents())


def serve() -> None:
    """A session of the file server belongs to the thread that serves."""
    with RFs().connect() as fs:
        ipc_server_loop_for(Counter, server_Counter(fs), "counter")


def count(name: str, times: int) -> None:
    """Start a server, count, and stop it."""
    done = TRequestStatus()
    counter = client_Counter(Env.current().get_cap("counter"))
    with RThread().create(name, serve) as server:
        server.logon(done)
        server.resume()
        numbers = [str(counter.increment()) for _ in range(times)]
        print(f"a {name} server counts", ", ".join(numbers))
        stop_server_loop()
        User.wait_for_request(done)


def e32main() -> None:
    """Two servers, one after the other, behind the same gate."""
    channel = Loader().new_channel()
    Env.current().set_cap("counter", channel)
    count("first", 3)
    with RFs().connect() as fs, RFile().open(fs, NAME) as file:
        print(NAME, "holds", file.contents())
    count("second", 2)
    Env.current().remove_cap("counter")
    channel.close()
