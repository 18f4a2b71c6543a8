"""Mounts: other filesystems that answer for some of a context's paths."""

from contextlib import ExitStack
from typing import Final, NamedTuple

from servers.fileserver.names import fold
from servers.l4fs.codes import l4_errors
from servers.l4fs.remote import RemoteContext
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4_EEXIST
from userlib.l4re.errors import L4Error

Components = tuple[str, ...]


class Mount(NamedTuple):
    """A filesystem, and the way to it."""

    fs: Cap
    context: RemoteContext


class Route(NamedTuple):
    """Where a path leads: to a mount, or nowhere but here; and the rest of the path."""

    mount: Mount | None
    path: str


class Mounts:
    """Those of one context.

    Requires: the context's thread.
    """

    def __init__(self, user: int) -> None:
        self._user: Final = user
        self._all: Final[dict[Components, Mount]] = {}  # by folded components

    def add(self, path: str, fs: Cap) -> None:
        """Paths that begin with *path* are *fs*'s from now on.

        Raises: L4Error with L4_EEXIST; what the other filesystem answers.
        """
        place = folded(path)
        if place in self._all:
            raise L4Error(L4_EEXIST)
        with l4_errors(), ExitStack() as undo:
            context = RemoteContext(fs, self._user)
            undo.callback(context.close)
            self._all[place] = Mount(fs.keep(), context)
            undo.pop_all()

    def route(self, path: str) -> Route:
        """By the longest beginning that is mounted."""
        parts = components(path)
        whole = folded(path)
        for length in range(len(parts), -1, -1):
            mount = self._all.get(whole[:length])
            if mount is not None:
                return Route(mount, "/".join(parts[length:]))
        return Route(None, path)

    def close(self) -> None:
        """Let go of all of them."""
        for fs, context in self._all.values():
            context.close()
            fs.close()
        self._all.clear()


def components(path: str) -> Components:
    """The names in a path, whichever way it leans."""
    return tuple(name for name in path.replace("\\", "/").split("/") if name)


def folded(path: str) -> Components:
    """The same as they are compared."""
    return tuple(map(fold, components(path)))
