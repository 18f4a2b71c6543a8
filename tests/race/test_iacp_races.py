"""Servers and clients that come, go and die at once, on many schedules.

Whatever the order: each completion fires once a slot, each connection ends when its
last party has left, and no list outlives its servers and connections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eka import Executable, Image, Kernel
from kernel.abi.security import TCapability
from servers.iacp.boot import iacp_config
from tools.iacp_report import KNothing, iacp_report
from tools.testing.guard import loose_ends
from userlib import RProcess, TRequestStatus, User
from userlib.geos import (
    MSG_META_ATTACH,
    MSG_META_DUMMY,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_IACP_PROCESS_MESSAGE,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    TO_SELF,
    AppLaunchBlock,
    ApplicationImage,
    Event,
    GenProcessClass,
    Geode,
    GeodeToken,
    MetaClass,
    geode_alloc_queue,
    geode_exit,
    geode_free_queue,
    geode_is_alive,
    geode_open_process,
    geodes,
    iacp,
    method,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import IACPCE_SERVER_EXITED, IACPS_CLIENT

if TYPE_CHECKING:
    from collections.abc import Callable

T = GeodeToken(b"SRVR", 8)
SEEDS = range(40)
ROUNDS = 3
TRUSTED = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


class Server(MetaClass):
    """Handles what it is sent, and leaves when the client does."""

    finishes = True

    @method(MSG_META_IACP_PROCESS_MESSAGE)
    def process(
        self, msg_to_send: Event, topt: int, completion_msg: Event | None
    ) -> None:
        iacp.process_message(self, msg_to_send, topt, completion_msg)

    @method(MSG_META_IACP_NEW_CONNECTION)
    def new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        if self.finishes:
            iacp.finish_connect(connection, self)

    @method(MSG_META_IACP_LOST_CONNECTION)
    def lost_connection(self, connection: int, server_num: int) -> None:
        if server_num == 0:
            iacp.lost_connection(self, connection)

    @method(MSG_META_IACP_SHUTDOWN_CONNECTION)
    def shutdown_connection(self, connection: int) -> None:
        iacp.shutdown_connection(self, connection)


class ServerProcess(GenProcessClass):
    """Registers an object, changes its mode, unregisters, and dies serving."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        server = Server()
        for _ in range(ROUNDS):
            iacp.register_server(T, server, 0)
            iacp.register_server(T, server, 2)
            iacp.unregister_server(T, server)
        iacp.register_server(T, server, 2)
        iacp.register_server(T, server, 0)
        geode_exit()


class ClientProcess(GenProcessClass):
    """Connects, sends, waits for a completion of every slot, and leaves."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        client = Server()
        for number in range(ROUNDS):
            made = iacp.connect(T, 0x10 | 2 * (number % 2), None, client)
            if made.connection:
                self.talk(made.connection, made.num_servers)
        geode_exit()

    def talk(self, connection: int, servers: int) -> None:
        queue = geode_alloc_queue()
        for _ in range(2):
            completion = record(queue, MSG_META_DUMMY)
            event = record(None, MSG_META_DUMMY)
            reached = iacp.send_message(
                connection, event, TO_SELF, completion, IACPS_CLIENT
            )
            assert 0 <= reached <= servers
        for _ in range(2 * servers):
            queue_get_message(queue)
        geode_free_queue(queue)
        iacp.shutdown(connection)


def play(
    seed: int,
    program: Callable[[], None],
    *geodes: Geode,
    images: tuple[ApplicationImage, ...] = (),
) -> None:
    """A list that is left is a failure, as are a deadlock, a leak, an exception."""
    kernel = Kernel(iacp_config(*images), backend="explore", clock="virtual", seed=seed)
    with kernel as machine:
        for geode in geodes:
            machine.register(geode.name, geode.run)
        machine.register("program", Executable(program, TRUSTED))
        assert str(machine.run("program")) == "exited with KErrNone"
        machine.wait_idle()
        assert iacp_report(machine) == KNothing
        machine.debug.check()
    assert loose_ends(kernel, ()) == []


def start(*names: str) -> list[RProcess]:
    started = [RProcess().create(name) for name in names]
    for process in started:
        process.resume()
    return started


def wait_for(processes: list[RProcess]) -> None:
    for process in processes:
        status = TRequestStatus()
        process.logon(status)
        User.wait_for_request(status)
        process.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_servers_die_while_clients_come_and_go(seed: int) -> None:
    names = ("S1", "S2", "C1", "C2")
    sides = {"S": ServerProcess, "C": ClientProcess}
    geodes = [Geode(name, process=sides[name[0]]) for name in names]
    play(seed, lambda: wait_for(start(*names)), *geodes)


class StayingServer(GenProcessClass):
    """Registers an object, and stays until it is killed."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        iacp.register_server(T, Server(), 2)


class StubbornClient(ClientProcess):
    """Goes on until there is nobody to talk to."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        client = Server()
        made = iacp.connect(T, 0x10, None, client)
        while made.connection:
            self.talk(made.connection, made.num_servers)
            made = iacp.connect(T, 0x10, None, client)
        geode_exit()


def servers_registered() -> int:
    return sum(len(each.servers) for each in iacp.lists())


def kill_those_who_talk(victims: str) -> None:
    """All clients, or all servers, one by one as they are found in a connection."""
    left = 2
    while left:
        for each in iacp.connections():
            members = each.servers if victims == "S" else (each.client,)
            for member in members:
                if member is not None and geode_is_alive(member.geode):
                    with geode_open_process(member.geode) as process:
                        process.kill(0)
                    left -= 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("victims", ["S", "C"])
def test_killing_one_side_ends_every_connection(victims: str, seed: int) -> None:
    def program() -> None:
        servers = start("S1", "S2")
        while servers_registered() < len(servers):
            pass
        clients = start("C1", "C2")
        kill_those_who_talk(victims)
        for server in servers:
            server.kill(0)
        wait_for(servers + clients)

    sides = {"S": StayingServer, "C": StubbornClient}
    names = ("S1", "S2", "C1", "C2")
    play(seed, program, *(Geode(name, process=sides[name[0]]) for name in names))


class LaunchedOrNot(GenProcessClass):
    """Registers, or dies as it starts: every second one."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        if self.optr.geode % 2:
            geode_exit()
        iacp.register_server(T, Server(), 2)


class Launcher(ClientProcess):
    """Launches a server if it has to, and talks to it."""

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock) -> None:
        client = Server()
        for _ in range(ROUNDS):
            block = iacp.create_default_launch_block(0)
            made = iacp.connect(T, 0x10, block, client)
            assert made.connection or made.error is IACPCE_SERVER_EXITED
            if made.connection:
                self.talk(made.connection, made.num_servers)
        geode_exit()


@pytest.mark.parametrize("seed", SEEDS)
def test_one_server_is_launched_for_all_who_want_it(seed: int) -> None:
    most: list[int] = []

    def program() -> None:
        wait_for(start("C1", "C2", "C3"))
        served = [each for each in geodes() if each.name == "app"]
        most.append(len(served))
        for info in served:
            with geode_open_process(info.handle) as process:
                process.kill(0)

    geode = Geode("app", T, LaunchedOrNot)
    images = (ApplicationImage("APP", T, geode.run),)
    names = ("C1", "C2", "C3")
    clients = [Geode(name, process=Launcher) for name in names]
    play(seed, program, *clients, images=images)
    assert most == [1]
