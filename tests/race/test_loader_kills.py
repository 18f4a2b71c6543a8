"""A thread that is killed while the loader works for it leaves nothing behind."""

import pytest

from eka import Kernel, MachineConfig
from tools.boot import machine_config as standard_config
from userlib import (
    RLibrary,
    RProcess,
    RSemaphore,
    RThread,
    TFindLibrary,
    TRequestStatus,
    User,
)


@pytest.fixture
def machine_config() -> MachineConfig:
    return standard_config(services=("fileserver",))


def test_the_loader_serves_on_when_its_clients_are_killed(machine: Kernel) -> None:
    machine.register("child", lambda: None)
    machine.register("library.dll", lambda: (lambda: 1,))
    steps = RSemaphore()

    def client() -> None:
        while True:
            steps.signal()
            with RProcess().create("child") as process:
                process.kill(0)
            RLibrary().load("library").close()

    def program() -> None:
        steps.create_local(0)
        for number in range(30):
            with RThread().create("", client) as thread:
                status = TRequestStatus()
                thread.logon(status)
                thread.resume()
                for _ in range(1 + number % 4):
                    steps.wait()
                thread.kill(1)
                User.wait_for_request(status)
        steps.close()
        assert list(TFindLibrary()) == []
        with RProcess().create("child") as process:
            process.kill(0)

    assert str(machine.run(program)) == "exited with KErrNone"
