"""Objects behind capabilities that reach them without a kernel."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kernel.abi.l4_ipc import TIpcItem
from tools.idl.importer import idl_import
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4_ENOREPLY
from userlib.l4re.dispatch import ServerConfig
from userlib.l4re.fpage import Fpage
from userlib.l4re.messages import NEVER, ExpectedItems, Message, Reply, Timeout

Import = Callable[..., ModuleType]

NOTHING = ExpectedItems()


class Port:
    """A caller who waits; keeps what it was answered."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.is_waiting = True

    def answer(self, reply: Reply) -> bool:
        self.replies.append(reply)
        return self.is_waiting


class LocalCap(Cap):
    """A capability whose object is here: every message goes straight to its handler."""

    def __init__(self, config: ServerConfig, obj: object, rights: int = 0) -> None:
        super().__init__(0x1000)
        self.config = config
        self.obj = obj
        self.rights = rights
        self.port = Port()
        self.sent: list[tuple[int, bytes, Sequence[Cap | Fpage]]] = []
        self.expected: list[ExpectedItems] = []
        self.errors: list[Exception] = []

    def round_trip(
        self,
        protocol: int,
        words: bytes,
        items: Sequence[Cap | Fpage],
        buffers: tuple[int, ...],
        timeout: Timeout,
    ) -> tuple[int, bytes, Sequence[Cap | Fpage]]:
        caps = buffers.count(TIpcItem.EObject)
        self.expected.append(ExpectedItems(caps, len(buffers) - caps))
        self.sent.append((protocol, words, items))
        message = Message(self.rights, protocol, words, items, lambda: self.port)
        reply = self.config.handle(self.obj, message)
        if reply.error is not None:
            self.errors.append(reply.error)
        if not reply.is_sent:
            return -L4_ENOREPLY, b"", ()
        return reply.label, reply.words, reply.items

    def send(
        self,
        protocol: int,
        words: bytes = b"",
        items: Sequence[Cap | Fpage] = (),
        timeout: Timeout = NEVER,
    ) -> int:
        self.call(protocol, words, items)
        return 0


@pytest.fixture
def local() -> type[LocalCap]:
    return LocalCap


@pytest.fixture
def imported(tmp_path: Path) -> Iterator[Import]:
    """The client, interface and server modules of a description, as one."""
    with idl_import(tmp_path):

        def make(text: str) -> ModuleType:
            (tmp_path / "made.idl").write_text(text)
            module = ModuleType("made")
            for kind in ("interface", "client", "server"):
                names: dict[str, Any] = vars(importlib.import_module(f"made_{kind}"))
                vars(module).update(
                    (name, value) for name, value in names.items() if name[:2] != "__"
                )
            return module

        yield make
