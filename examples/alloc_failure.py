"""Testing a server with a heap that fails: at every allocation, one after the other.

    eka run examples/alloc_failure.py

prints

    careful:
      allocation 1 fails: KErrNoMemory, and nothing is left over
      allocation 2 fails: KErrNoMemory, and nothing is left over
      allocation 3 fails: KErrNoMemory, and nothing is left over
      none fails any more
    careless:
      allocation 1 fails: KErrNoMemory, and nothing is left over
      allocation 2 fails: KErrNoMemory, and the server panicked ALLOC: a leak
"""

from collections.abc import Callable
from contextlib import ExitStack
from enum import IntEnum
from itertools import count

from userlib import (
    CServer2,
    CSession2,
    KErrNone,
    KErrNotSupported,
    RMessage2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TVersion,
    UHeap,
    code_name,
    user_heap,
)

KParts = ("header", "pixels", "preview")


class TAlbum(IntEnum):
    """The requests; the last two are for tests."""

    EAddPicture = 0
    EFailNext = 1  # 0: which allocation, counted from now
    ECheck = 2


def careful() -> list[int]:
    """A new picture: cells of the server's heap, all three or none."""
    with ExitStack() as undo:
        picture = []
        for part in KParts:
            picture.append(user_heap().alloc(part))
            undo.callback(user_heap().free, picture[-1])
        undo.pop_all()  # keep them
    return picture


def careless() -> list[int]:
    """The same, by somebody who has never seen it fail."""
    return [user_heap().alloc(part) for part in KParts]


class AlbumSession(CSession2):
    """A client's album."""

    def __init__(self, new_picture: Callable[[], list[int]]) -> None:
        self.new_picture = new_picture
        self.pictures: list[list[int]] = []

    def service(self, message: RMessage2) -> None:
        """A leave completes the request with its code."""
        match message.function:
            case TAlbum.EAddPicture:
                self.pictures.append(self.new_picture())
            case TAlbum.EFailNext:
                UHeap.mark()
                UHeap.fail_next(message.int0)
            case TAlbum.ECheck:
                UHeap.reset()
                # Panics unless there are as many cells more as there should be.
                UHeap.mark_end(sum(map(len, self.pictures)))
            case _:
                message.complete(KErrNotSupported)
                return
        message.complete(KErrNone)


class AlbumServer(CServer2):
    """Makes pictures in one of the two ways."""

    def __init__(self, new_picture: Callable[[], list[int]]) -> None:
        super().__init__()
        self.new_picture = new_picture

    def new_session(self, version: TVersion, message: RMessage2) -> AlbumSession:
        return AlbumSession(self.new_picture)


def test(new_picture: Callable[[], list[int]]) -> None:
    """Let allocation 1 fail, then 2, and so on until there is no such allocation."""
    name = new_picture.__name__
    print(f"{name}:")
    server = RThread().launch(name, lambda: AlbumServer(new_picture).run(name))
    with server, RSessionBase().create_session(name) as album:
        for n in count(1):
            album.send_receive(TAlbum.EFailNext, TIpcArgs(n))
            code = album.try_send_receive(TAlbum.EAddPicture)
            is_clean = album.try_send_receive(TAlbum.ECheck) == KErrNone
            if code == KErrNone and is_clean:
                print("  none fails any more")
                return
            print(f"  allocation {n} fails: {code_name(code)}", end=", ")
            if not is_clean:
                panic, _, _cell = server.exit_category().partition(":")
                print(f"and the server panicked {panic}: a leak")
                return
            print("and nothing is left over")


def e32main() -> None:
    """The same test, of a server that is right and of one that is wrong."""
    test(careful)
    test(careless)
