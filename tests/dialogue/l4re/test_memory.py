"""A loop lives on when the kernel has no memory for what it is at."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.heap import TAllocFail
from tests.dialogue.l4re.conftest import generated
from userlib import RChunk
from userlib.l4re import (
    L4_EIO,
    L4_ENOMEM,
    L4_IPC_REMAPFAILED,
    L4_IPC_SEMAPFAILED,
    Cap,
    Completion,
    Fpage,
    L4Error,
    Loader,
    ServerLoop,
    ipc_server_new_for,
)

if TYPE_CHECKING:
    from types import SimpleNamespace

    from eka import Kernel

DESCRIPTION = """
interface Thing { void poke(out int count); };
interface Hoard {
    void give(out cap thing);
    void alone(out cap thing);
    void take(in cap thing);
    [deferred] void later(in cap thing, out cap other);
    void page(in fpage page, out fpage other);
    void watch();
};
"""


@pytest.fixture(scope="module")
def hoard(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """What is made of the description."""
    source = tmp_path_factory.mktemp("idl") / "hoard.idl"
    source.write_text(DESCRIPTION, "utf-8")
    return generated(tmp_path_factory.mktemp("hoard"), source)


def serve(hoard: SimpleNamespace, heard: list[Exception]) -> None:
    """Whatever needs memory."""
    chunk = RChunk().create_local(0x2000, 0x2000)
    thing: Any = type("Thing", (hoard.Thing,), {"poke": lambda _self: 1})

    class server_Hoard(hoard.Hoard):  # noqa: N801
        def give(self) -> Cap:
            return loop.register(hoard.Thing, thing())

        def alone(self) -> Cap:
            return ipc_server_new_for(hoard.Thing, thing())

        def take(self, thing: Cap) -> None:
            thing.keep().close()

        def later(self, thing: Cap, completion: Completion) -> None:
            completion.reply(thing)

        def page(self, page: Fpage) -> Fpage:
            page.view()[0] = 1
            return Fpage.mapped(chunk, 0, 12)

        def watch(self) -> None:
            loop.unregister_irq(loop.register_irq(lambda: None))

    with ServerLoop(heard.append) as loop:
        loop.register(hoard.Hoard, server_Hoard(), "server")
        loop.run()


def use(hoard: SimpleNamespace, channel: Cap) -> None:
    """Every operation once; nothing stays."""
    it = hoard.client_Hoard(channel)
    with RChunk().create_local(0x1000, 0x1000) as chunk:
        it.page(Fpage.of_chunk(chunk, 0, 12)).close()
    with it.give() as own, it.alone() as other:
        for thing in (own, other, channel):
            it.take(thing)
            it.later(thing).close()
        it.watch()
        things = [hoard.client_Thing(cap) for cap in (own, other)]
        assert [one.poke() for one in things] == [1, 1]


@pytest.mark.parametrize("burst", [1, 3])
def test_each_allocation_of_a_loop_may_fail(
    machine: Kernel, hoard: SimpleNamespace, burst: int
) -> None:
    """Its client is told so; no object, thread or handle stays of what did not work."""
    heard: list[Exception] = []
    codes: list[int] = []

    def state() -> tuple[int, int, int]:
        machine.wait_idle()
        processes = machine.debug.snapshot().processes
        (found,) = [one for one in processes if one.name.startswith("server")]
        return found.id, len(found.threads), found.handles

    def code_of_use(channel: Cap) -> int:
        try:
            use(hoard, channel)
        except L4Error as error:
            return error.ipc_code or error.code
        return 0

    machine.register("server", lambda: serve(hoard, heard))
    with machine.attach():
        loader = Loader()
        with (
            loader.new_channel() as channel,
            loader.start("server", caps={"server": channel.svr()}),
        ):
            use(hoard, channel)
            before = state()
            for nth in count(1):
                failed = len(machine.debug.failed_allocations)
                fail = TAllocFail.EBurstFailNext
                machine.debug.fail_alloc(fail, nth, burst, scope=before[0])
                codes.append(code_of_use(channel))
                machine.debug.fail_alloc(TAllocFail.ENone, scope=before[0])
                assert (nth, state()) == (nth, before)
                machine.debug.check()
                if len(machine.debug.failed_allocations) == failed:
                    break
    told = {L4_EIO, L4_ENOMEM, L4_IPC_SEMAPFAILED, L4_IPC_REMAPFAILED}
    assert codes.pop() == 0  # nothing failed any more
    assert len(codes) > 20
    assert set(codes) <= told
    assert {L4_EIO, L4_ENOMEM} < set(codes)
    assert len(heard) >= codes.count(L4_EIO)
