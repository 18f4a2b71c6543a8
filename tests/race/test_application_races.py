"""Applications that are launched, quit, detached and killed while clients come and go.

Whatever the order: nobody waits for ever, what is sent is completed, and in the end an
application that nobody needs is gone, with its list.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from eka import Kernel
from servers.iacp.boot import iacp_config
from tools.testing.guard import loose_ends
from userlib import KErrGeneral, TRequestStatus, User
from userlib.geos import (
    MSG_META_DETACH,
    MSG_META_DUMMY,
    MSG_META_QUIT,
    OPEN_APPLICATION,
    OPEN_ENGINE,
    TO_PROCESS,
    TO_SELF,
    AppInstanceReference,
    AppLaunchBlock,
    AppLaunchFlags,
    ApplicationImage,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    begin_load,
    geode_alloc_queue,
    geode_exit,
    geode_free_queue,
    geodes,
    iacp,
    method,
    obj_message,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import (
    IACPCE_SERVER_EXITED,
    IACPCF_FIRST_ONLY,
    IACPS_CLIENT,
    IACPSM_USER_INTERACTIBLE,
)

T = GeodeToken(b"SRVR", 8)
NONE = GeodeToken(b"CLNT", 8)
SEEDS = range(25)
CLIENTS = 3
VISITS = 3
ENDINGS = (MSG_META_QUIT, MSG_META_QUIT, MSG_META_DETACH)


class Visits:
    """What one client does, drawn from a seed of its own."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)

    def block(self) -> AppLaunchBlock:
        flags = self.random.choice((0, 0, AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY))
        mode = self.random.choice((OPEN_APPLICATION, OPEN_ENGINE))
        return AppLaunchBlock(app_mode=mode, launch_flags=flags)

    def visit(self) -> None:
        """Connect, send, wait, and leave; end the server, or oneself, perhaps."""
        random = self.random
        mode = random.choice((0, 0, IACPSM_USER_INTERACTIBLE))
        block = self.block()
        made = iacp.connect(T, mode | random.choice((0, IACPCF_FIRST_ONLY)), block)
        if made.error is not None:
            assert made.error == IACPCE_SERVER_EXITED
            return
        self.send(made, random.choice((TO_SELF, TO_PROCESS)))
        what = random.randrange(8)
        if what == 0:
            geode_exit(KErrGeneral)
        if what <= 2:
            self.end_servers()
        iacp.shutdown(made.connection)

    def send(self, made: iacp.ConnectResult, travel: int) -> None:
        queue = geode_alloc_queue()
        for _ in range(2):
            iacp.send_message(
                made.connection,
                record(None, MSG_META_DUMMY),
                travel,
                record(queue, MSG_META_DUMMY),
                IACPS_CLIENT,
            )
        for _ in range(2 * made.num_servers):
            queue_get_message(queue)
        geode_free_queue(queue)

    def end_servers(self) -> None:
        for info in geodes():
            if info.token == T:
                obj_message(info.app_object, self.random.choice(ENDINGS))


def make_client(seed: int) -> Geode:
    class ClientProcess(GenProcessClass):
        """Visits as soon as it is open, then quits."""

        @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
        def open(self, app_launch_block: AppLaunchBlock | None) -> None:
            assert app_launch_block is not None
            self.callsuper()
            visits = Visits(f"{seed} {app_launch_block.extra_data}")
            for _ in range(VISITS):
                visits.visit()
            geode_exit()

    return Geode("client", NONE, ClientProcess, GenApplicationClass, ui_thread=True)


def launch_clients() -> None:
    """All at once; wait until each has ended."""
    ends = []
    for number in range(CLIENTS):
        ended = TRequestStatus()
        block = AppLaunchBlock(AppInstanceReference("CLIENT"), extra_data=number)
        loaded = begin_load(block, lambda process, e=ended: process.logon(e))
        ends.append((loaded, ended))
    for loaded, ended in ends:
        User.wait_for_request(ended)
        loaded.process.close()


def quit_all() -> None:
    """As a user does it, with whatever was left open."""
    for info in geodes():
        if info.token == T:
            obj_message(info.app_object, MSG_META_QUIT)


def story(seed: int, backend: str = "explore") -> tuple[Any, ...]:
    """What is left in the end: servers, lists, connections, loose ends."""
    server = Geode("server", T, GenProcessClass, GenApplicationClass, ui_thread=True)
    config = iacp_config(
        ApplicationImage("SERVER", T, server.run),
        ApplicationImage("CLIENT", NONE, make_client(seed).run),
    )
    with Kernel(config, backend=backend, clock="virtual", seed=seed) as machine:
        machine.run(launch_clients)
        machine.wait_idle()
        machine.run(quit_all)
        machine.wait_idle()
        with machine.attach():
            left = (
                [info.name for info in geodes() if info.name != "system"],
                list(iacp.lists()),
                list(iacp.connections()),
            )
        machine.debug.check()
    return (*left, loose_ends(machine, ()))


def test_nobody_is_left_behind_on_many_schedules() -> None:
    for seed in SEEDS:
        assert (seed, *story(seed)) == (seed, [], [], [], [])


@pytest.mark.parametrize("backend", ["threads", "priority"])
def test_nobody_is_left_behind_by_real_threads(backend: str) -> None:
    assert story(1, backend) == ([], [], [], [])
