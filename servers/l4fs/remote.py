"""RemoteContext: a way to a filesystem component, with paths as text."""

from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from servers.l4fs.filesystem_client import client_Filesystem
from servers.l4fs.opener_client import client_Opener
from servers.l4fs.opener_context_interface import OpenerContext_open_result
from servers.l4fs.opener_context_object_client import client_OpenerContextObject
from servers.l4fs.protocol import O_RDONLY, KContextSize, TStat, pack_paths
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4MemoryRight

KReadWrite: Final = int(L4MemoryRight.R | L4MemoryRight.W)


class RemoteContext:
    """A thread's own way to open files: its opener context, and that one's memory.

    Threads: the one that made it.
    """

    def __init__(self, fs: Cap, user: int = 0) -> None:
        with ExitStack() as undo:
            self._opener: Final = client_Filesystem(fs).open_for_user(user)
            undo.callback(self._opener.close)
            self._cap: Final = client_Opener(self._opener).context()
            undo.callback(self._cap.close)
            self._context: Final = client_OpenerContextObject(self._cap)
            self._memory: Final = self._context.map(0, 0, KReadWrite)
            undo.pop_all()

    def _say(self, *paths: str) -> None:
        packed = pack_paths(*paths)
        self._memory.view(0, len(packed))[:] = packed

    def open_object(
        self, path: str, flags: int = O_RDONLY
    ) -> OpenerContext_open_result:
        """Open a file: its size, its capability, its object flags."""
        self._say(path)
        return self._context.open(flags)

    def stat(self, path: str) -> TStat:
        """What there is to know of a file or directory."""
        self._say(path)
        self._context.stat()
        return TStat.unpack(bytes(self._memory.view(0, KContextSize)))

    def remove(self, path: str) -> None:
        """Remove a file, or an empty directory."""
        self._say(path)
        self._context.remove()

    def mkdir(self, path: str, mode: int = 0o755) -> None:
        """Make a directory."""
        self._say(path)
        self._context.mkdir(mode)

    def rename(self, old: str, new: str) -> None:
        """Rename or move a file or directory."""
        self._say(old, new)
        self._context.rename()

    def mount(self, path: str, fs: Cap) -> None:
        """Let another filesystem answer for all paths that begin with this one."""
        self._say(path)
        self._context.mount(fs)

    def getfs(self, path: str = "") -> Cap:
        """The filesystem that answers for a path."""
        self._say(path)
        return self._context.getfs()

    def close(self) -> None:
        """Let go of it; files that it opened stay open."""
        self._memory.close()
        self._cap.close()
        self._opener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
