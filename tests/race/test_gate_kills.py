"""Clients and servers that die in the middle of calls with items leave nothing behind.

Each of the three is killed at some point, over and over: a server, a client that waits
for ever, and one with time-outs. Whatever they had is gone with them, the others hear a
code that the specification has for it, and go on with the next server.
"""

from __future__ import annotations

from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.config import Executable
from kernel.abi.current import current_exec
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from tests.dialogue.l4re.conftest import generated
from userlib import RChunk, RProcess, User
from userlib.l4re import (
    L4_IPC_ENOT_EXISTENT,
    L4_IPC_REABORTED,
    L4_IPC_RETIMEOUT,
    L4_IPC_SECANCELED,
    L4_IPC_SETIMEOUT,
    Cap,
    Env,
    Fpage,
    L4Error,
    Loader,
    ServerLoop,
    Timeout,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from eka import Kernel
    from userlib.l4re import App

MAY_KILL = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))
ROUNDS = 12
PROGRAMS = ("server", "patient", "hasty")
ENDS = {
    L4_IPC_ENOT_EXISTENT,
    L4_IPC_REABORTED,
    L4_IPC_RETIMEOUT,
    L4_IPC_SECANCELED,
    L4_IPC_SETIMEOUT,
}
DESCRIPTION = """
interface Thing { void poke(out int count); };
interface Swap {
    void give(out cap thing);
    void take(in cap thing, out int known);
    [deferred] void later(in cap thing, out cap other);
    void page(in fpage page, out fpage other);
    [oneway] void shout(in cap thing);
};
"""


@pytest.fixture(scope="module")
def swap(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """What is made of the description."""
    source = tmp_path_factory.mktemp("idl") / "swap.idl"
    source.write_text(DESCRIPTION, "utf-8")
    return generated(tmp_path_factory.mktemp("swap"), source)


class Trade:
    """What the operations of Swap do."""

    def __init__(self, new_thing: Callable[[], Cap]) -> None:
        self.new_thing = new_thing
        self.kept: list[Cap] = []
        self.waiting: list[tuple[Any, Cap]] = []
        self.chunk = RChunk().create_local(0x2000, 0x2000)

    def give(self) -> Cap:
        """A new one."""
        return self.new_thing()

    def take(self, thing: Cap) -> bool:
        """Keep the latest three."""
        if thing.local_object is None:
            self.kept.append(thing.keep())
        if len(self.kept) > 3:
            self.kept.pop(0).close()
        return thing.local_object is not None

    def later(self, thing: Cap, completion: Any) -> None:
        """Each is answered with its own, when the next has come."""
        self.waiting.append((completion, thing.keep()))
        if len(self.waiting) > 1:
            owed, other = self.waiting.pop(0)
            owed.reply(other.grant() if len(self.kept) % 2 else other)
            other.close()

    def page(self, page: Fpage) -> Fpage:
        """One for another."""
        page.view()[0] = 1
        return Fpage.mapped(self.chunk, 0, 12)

    def shout(self, thing: Cap) -> None:
        """Nothing is answered."""
        assert thing


def serve(swap: SimpleNamespace) -> None:
    """Serve one Swap, and the Things that it gives."""
    counts = count(1)
    thing: Any = type("Thing", (swap.Thing,), {"poke": lambda _self: next(counts)})
    traded: Any = type("Swap", (Trade, swap.Swap), {})
    with ServerLoop() as loop:
        obj = traded(lambda: loop.register(swap.Thing, thing()))
        loop.register(swap.Swap, obj, "server")
        loop.run()


class Client:
    """Calls with capabilities and memory, in any order, until it is killed."""

    def __init__(self, swap: SimpleNamespace, timeout: Timeout) -> None:
        self.random = Random(RProcess().id())
        self.thing = swap.client_Thing
        self.things: list[Cap] = []
        self.page = Fpage.of_chunk(RChunk().create_local(0x1000, 0x1000), 0, 12)
        self.server = swap.client_Swap(Env.current().get_cap("server"), timeout)

    def run(self, ends: set[int]) -> None:
        """Add the codes of IPC that calls end with."""
        while True:
            User.after(1)  # so that virtual time goes on
            try:
                self.call(self.random.randrange(6))
            except L4Error as error:
                ends.add(error.ipc_code)

    def call(self, which: int) -> None:
        if which == 0:
            self.things.append(self.server.give())
        elif which == 1:
            self.server.take(Loader().new_channel().grant())
        elif which == 2:
            with Loader().new_channel() as own, self.server.later(own):
                pass
        elif which == 3:
            self.server.page(self.page).close()
        elif self.things and which == 4:
            self.server.take(self.things.pop(0).grant())
        elif self.things:
            self.server.take(self.things[-1])
            self.thing(self.things[-1]).poke()
            self.server.shout(self.things[-1])
        if len(self.things) > 3:
            self.things.pop(0).close()


def campaign(random: Random) -> list[tuple[int, int]]:
    """Kill one after the other; the objects of the kernel after each round, and before.

    Whoever runs it has what all of them are given.
    """
    kernel = current_exec.get()
    loader = Loader()
    found = []
    with loader.new_channel() as channel:

        def start(name: str) -> App:
            given = channel.svr() if name == "server" else channel
            return loader.start(name, caps={"server": given})

        before = kernel.debug_heap_cells()
        for _ in range(ROUNDS):
            apps = {name: start(name) for name in PROGRAMS}
            for _ in range(3):
                for _ in range(random.randrange(30)):
                    kernel.time_uptime()  # a point where others may run
                User.after(random.choice((0, 1, 50, 11_000)))
                name = random.choice(PROGRAMS)
                apps[name].kill(1)
                apps[name].close()
                apps[name] = start(name)
            for name in random.sample(PROGRAMS, len(PROGRAMS)):
                apps[name].kill(1)
                assert apps[name].wait() == 1
                apps[name].close()
            User.after(100)
            found.append((kernel.debug_heap_cells(), before))
    return found


def test_whoever_dies_in_a_call_leaves_nothing_behind(
    machine: Kernel, swap: SimpleNamespace
) -> None:
    ends: set[int] = set()
    found: list[tuple[int, int]] = []

    def ned() -> None:
        found.extend(campaign(Random(machine.seed)))

    machine.register("server", lambda: serve(swap))
    machine.register("patient", lambda: Client(swap, Timeout()).run(ends))
    machine.register("hasty", lambda: Client(swap, Timeout(0.01, 0.01)).run(ends))
    machine.register("ned", Executable(ned, MAY_KILL))
    assert str(machine.run("ned")) == "exited with KErrNone"
    machine.debug.check()
    assert [after - before for after, before in found] == [0] * ROUNDS
    assert machine.debug.snapshot().gates == ()
    assert ends <= ENDS
