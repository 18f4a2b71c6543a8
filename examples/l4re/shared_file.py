"""Two programs' threads share a file's memory, and one tells the other when it is done.

    eka run examples/l4re/shared_file.py

prints

    writer: the file has 0 bytes
    writer: 5000 bytes in memory, none stored
    reader: told that there is something new
    reader: 5000 bytes, the last five are b'there'
    reader: leaves a note in memory
    writer: finds b'thanks' without having asked

The component `l4fs` serves files of the file server as memory. A MappedFile maps pages
of it when they are touched; `flush` has them stored, and triggers the Irqs of those
who subscribed.
"""

from servers.fileserver.client import RFs
from servers.l4fs.client import MappedFile
from servers.l4fs.protocol import NOTIFY_CONTENT, O_CREAT, O_RDWR
from userlib import RFastLock, RThread, TRequestStatus, User
from userlib.l4re import Cap, Irq, Loader

LABEL = 4


def read(fs: Cap, is_open: RFastLock) -> None:
    """Wait to be told, then look."""
    told = Irq().create()
    told.bind(LABEL)
    with MappedFile.open(fs, "shared.txt", O_RDWR | O_CREAT) as file:
        file.subscribe(told, NOTIFY_CONTENT)
        is_open.signal()
        told.receive()
        print("reader: told that there is something new")
        print("reader:", len(file), "bytes, the last five are", file[-5:])
        print("reader: leaves a note in memory")
        file[0:6] = b"thanks"


def write(fs: Cap) -> None:
    """Write, store, and look what became of it."""
    is_open = RFastLock().create_local()
    is_open.wait()
    done = TRequestStatus()
    with RThread().create("reader", lambda: read(fs, is_open)) as reader:
        reader.logon(done)
        reader.resume()
        is_open.wait()
        with MappedFile.open(fs, "shared.txt", O_RDWR) as file, RFs().connect() as rfs:
            print("writer: the file has", len(file), "bytes")
            file.write(b"there".rjust(5000))
            assert rfs.entry("C:\\shared.txt").size == 0
            print("writer:", len(file), "bytes in memory, none stored")
            file.flush()
            User.wait_for_request(done)
            print("writer: finds", file[0:6], "without having asked")
    is_open.close()


def e32main() -> None:
    """Start the component, and use it through its gate."""
    loader = Loader()
    with (
        loader.new_channel() as channel,
        loader.start("l4fs", caps={"server": channel.svr()}),
    ):
        write(channel)
