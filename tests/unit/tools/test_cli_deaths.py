"""What `eka run` says of threads that died: who, of what, and at which line."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli

SERVER = """
from userlib import CServer2, CSession2, RSessionBase, RThread

class Broken(CSession2):
    def service(self, message):
        message.complet(0)

class Server(CServer2):
    def new_session(self, version, message):
        return Broken()

def e32main():
    RThread().launch("server", lambda: Server().run("broken"))
    with RSessionBase().create_session("broken") as session:
        session.send_receive(0)
"""
BAD_HANDLE = """
from userlib import RMutex

def e32main():
    with RMutex().create_local() as mutex:
        try:
            mutex.wait()
            {}[1]
        except KeyError:
            RMutex(0).signal()
"""
BAD_THREAD = """
from userlib import CActiveScheduler, RThread

def serve():
    CActiveScheduler.start()

def e32main():
    RThread().launch("server", serve)
"""
PANIC_ON_PURPOSE = """
from userlib import RThread, TRequestStatus, User

def e32main():
    with RThread().create("victim", lambda: User.panic("Demo", 1)) as victim:
        ended = TRequestStatus()
        victim.logon(ended)
        victim.resume()
        User.wait_for_request(ended)
    return ended.value
"""
DIE_UNHEARD = """
from userlib import RThread, TRequestStatus, User

def e32main():
    with RThread().create("victim", lambda: 1 // 0) as victim:
        ended = TRequestStatus()
        victim.logon(ended)
        victim.resume()
        User.wait_for_request(ended)
"""
PANIC_THEN_HANG = """
from userlib import RSemaphore, RThread, User

def e32main():
    with RSemaphore().create_local(0) as done:
        RThread().create("helper", lambda: User.panic("Demo", 1)).resume()
        done.wait()
"""
BAD_HANDLE_TOLD = (
    "EBadHandle: no such handle is open: was it created or connected, and not closed "
    "since?"
)


@pytest.fixture(params=("threads", "explore", "priority"))
def run(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> "Run":
    monkeypatch.syspath_prepend(str(tmp_path))  # undone afterwards, additions and all
    return Run(tmp_path / "program.py", request.param)


class Run:
    """Runs a source."""

    def __init__(self, file: Path, backend: str) -> None:
        self.file = file
        self.backend = backend

    def __call__(self, source: str, *options: str) -> Result:
        self.file.write_text(source)
        line = ("run", "--backend", self.backend, *options, str(self.file))
        return CliRunner().invoke(cli, line)


def test_the_exception_of_a_server_is_told_before_what_came_of_it(run: Run) -> None:
    """Its client learns no more than that the server was terminated."""
    result = run(SERVER)
    hint = ". Did you mean: 'complete'?" if sys.version_info >= (3, 12) else ""
    assert result.stderr == (
        "eka: program.exe[00000000]0001::server died: AttributeError: "
        f"'RMessage2' object has no attribute 'complet'{hint} ({run.file}:6); "
        "--debug shows the traceback\n"
        "eka: program panicked USER 175: Leave: KErrServerTerminated (-15) "
        f"({run.file}:15); --debug shows the traceback\n"
    )
    assert result.exit_code == 121


def test_a_panic_names_the_programs_line(run: Run) -> None:
    """Not that of the `with` that is left then, nor that of what was handled."""
    result = run(BAD_HANDLE)
    assert result.stderr == (
        f"eka: program panicked KERN-EXEC 0, {BAD_HANDLE_TOLD} ({run.file}:10); "
        "--debug shows the traceback\n"
    )
    assert result.exit_code == 121


def test_debug_shows_the_way_to_a_panic_and_nothing_else(run: Run) -> None:
    lines = run(BAD_HANDLE, "--debug").stderr.splitlines()
    assert lines[:2] == [
        f"eka: program panicked KERN-EXEC 0, {BAD_HANDLE_TOLD}",
        "Traceback (most recent call last):",
    ]
    assert "    RMutex(0).signal()" in lines
    assert not [line for line in lines if "KeyError" in line or "another" in line]


def test_a_panic_of_another_thread_is_told_if_the_program_failed(run: Run) -> None:
    result = run(BAD_THREAD)
    assert result.stderr.splitlines()[0] == (
        "eka: program.exe[00000000]0001::server panicked E32USER-CBase 44, "
        "ENoScheduler: the thread has no active scheduler: install one first "
        f"({run.file}:5); --debug shows the traceback"
    )
    assert result.exit_code == 121


def test_a_panic_on_purpose_is_not_told(run: Run) -> None:
    result = run(PANIC_ON_PURPOSE)
    assert (result.stderr, result.exit_code) == ("", 1)


def test_an_exception_is_told_even_if_the_program_is_content(run: Run) -> None:
    result = run(DIE_UNHEARD)
    assert result.stderr == (
        "eka: program.exe[00000000]0001::victim died: ZeroDivisionError: integer "
        f"division or modulo by zero ({run.file}:5); --debug shows the traceback\n"
    )
    assert result.exit_code == 0


def test_a_deadlock_tells_who_panicked_before(run: Run) -> None:
    result = run(PANIC_THEN_HANG)
    assert result.stderr.splitlines()[-1] == (
        "eka: program.exe[00000000]0001::helper panicked Demo 1 "
        f"({run.file}:6); --debug shows the traceback"
    )
    assert result.exit_code == 120
