"""Clients of the filesystem component share files in little memory, and are killed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from kernel.abi.config import Executable
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from servers.fileserver.client import RFile, RFs
from servers.l4fs.client import FileContext
from servers.l4fs.protocol import O_CREAT, O_RDWR
from tools.boot import machine_config as standard_config
from userlib import RProcess, RSemaphore, User
from userlib.l4re import App, Cap, Env, Loader

if TYPE_CHECKING:
    from eka import Kernel, MachineConfig

pytestmark = pytest.mark.stress

PAGE = 0x1000
PAGES = 40
FILES = ("f0", "f1", "f2")
CLIENTS = 6
DOOMED = 3
ROUNDS = 25
MAY_KILL = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


@pytest.fixture
def machine_config() -> MachineConfig:
    return standard_config(services=("fileserver",))


def own_places(number: int) -> list[tuple[int, int]]:
    """Where a client writes: bytes that no other does, in pages that others do."""
    share = PAGE // CLIENTS
    return [(page * PAGE + number * share, share) for page in range(PAGES)]


def client() -> None:
    """Write and read in any order; all of its own bytes have to be as it left them."""
    number = int(RProcess().command_line())
    random = Random(number)
    steps = RSemaphore().open_global("steps")
    models = {name: dict.fromkeys(own_places(number), b"") for name in FILES}
    with FileContext(Env.current().get_cap("fs")) as context:
        for _ in range(ROUNDS):
            name = random.choice(FILES)
            with context.open(name, O_RDWR) as file:
                for _ in range(random.randrange(6)):
                    place, length = random.choice(own_places(number))
                    data = random.randbytes(length)
                    if random.random() < 0.3:
                        file.expose(place, length, (place, place + length))
                        file.write_at(place, data)
                        file.expose(0, PAGES * PAGE)
                    else:
                        file.write_at(place, data)
                    models[name][place, length] = data
                    steps.signal()
                for (place, length), data in models[name].items():
                    assert not data or file.read_at(place, length) == data
                if random.random() < 0.3:
                    file.flush()
        for name, model in models.items():
            with context.open(name) as file:
                for (place, length), data in model.items():
                    assert not data or file.read_at(place, length) == data


def make_files(fs: Cap) -> None:
    with FileContext(fs) as context:
        for name in FILES:
            with context.open(name, O_RDWR | O_CREAT) as file:
                file.resize(PAGES * PAGE)


def ned(seed: int) -> None:
    """Start all of them; kill some in the middle, wherever that is."""
    random = Random(seed)
    loader = Loader()
    channel = loader.new_channel()
    steps = RSemaphore().create_global("steps", 0)
    with loader.start("l4fs", "pages=64", caps={"server": channel.svr()}):
        make_files(channel)
        apps: list[App] = [
            loader.start("client", str(number), caps={"fs": channel})
            for number in range(CLIENTS)
        ]
        for app in apps[:DOOMED]:
            for _ in range(random.randrange(20)):
                steps.wait()
            app.kill(3)
        assert {app.wait() for app in apps[:DOOMED]} == {3}
        assert [app.wait() for app in apps[DOOMED:]] == [0] * (CLIENTS - DOOMED)
        for app in apps:
            app.close()
        User.after(1_000_000)
        with RFs().connect() as session:
            for name in FILES:
                assert not session.is_file_open(f"C:\\{name}")
                with RFile().open(session, f"C:\\{name}") as file:
                    assert file.size() == PAGES * PAGE
    channel.close()
    steps.close()


@pytest.mark.parametrize("seed", range(4))
def test_clients_find_what_they_wrote_whoever_dies_beside_them(
    machine: Kernel, seed: int
) -> None:
    machine.register("client", client)
    machine.register("ned", Executable(lambda: ned(seed), MAY_KILL))
    assert str(machine.run("ned")) == "exited with KErrNone"
    machine.wait_idle()
    processes = machine.debug.snapshot().processes
    (found,) = [one for one in processes if one.name.startswith("l4fs")]
    assert len(found.threads) == 1
