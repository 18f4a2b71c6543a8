"""What a newcomer gets wrong, and what `eka run` says about it.

The first program of the README with one mistake each. What a mistake prints has to
name the thread, what is wrong, and the line.
"""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli

HELLO = """\
from userlib import *

class HelloSession(CSession2):
    def service(self, message):
        message.write(1, f"hello, {message.read(0)}")
        message.complete(KErrNone)

class HelloServer(CServer2):
    def new_session(self, version, message):
        return HelloSession()

class RHello(RSessionBase):
    def greet(self, name):
        reply = TBuf(80)
        self.send_receive(0, TIpcArgs(name, reply))
        return str(reply)

def e32main():
    RThread().launch("server", lambda: HelloServer().run("hello"))
    with RHello().create_session("hello") as hello:
        print(hello.greet("world"))
"""
GONE = "panicked USER 175: Leave: KErrServerTerminated (-15)"
HINT = ". Did you mean: 'write'?" if sys.version_info >= (3, 12) else ""

# name: (what was written, what should have been, the lines on standard error);
# {at} is the program's file.
MISTAKES = {
    "a method misspelt in the server": (
        "message.wirte(",
        "message.write(",
        [
            (
                "::server died: AttributeError: 'RMessage2' object has no "
                f"attribute 'wirte'{HINT} ({{at}}:5)"
            ),
            f"{GONE} ({{at}}:15)",
        ],
    ),
    "service misspelt": (
        "def servise",
        "def service",
        ["Can't instantiate abstract class HelloSession", f"{GONE} ({{at}}:20)"],
    ),
    "an exception in the server": (
        "1 / 0; message.write(",
        "message.write(",
        ["::server died: ZeroDivisionError: division by zero", GONE],
    ),
    "a session not returned": (
        "        HelloSession()",
        "        return HelloSession()",
        [
            "TypeError: HelloServer.new_session returned no session, but None",
            f"{GONE} ({{at}}:20)",
        ],
    ),
    "not completed": (
        "pass",
        "message.complete(KErrNone)",
        [
            "deadlock: nothing can run any more",
            ("waits for the answer to <message fn 0 to hello: accepted>"),
            "which depends on program.exe[00000000]0001::server",
            "at {at}:15 in greet",
        ],
    ),
    "completed with what is no number": (
        "message.complete('ok')",
        "message.complete(KErrNone)",
        ["::server died: TypeError: ", GONE],
    ),
    "started without a scheduler": (
        'HelloServer().start("hello")',
        'HelloServer().run("hello")',
        [
            (
                "::server panicked E32USER-CBase 44, ENoScheduler: the thread has no "
                "active scheduler: install one first ({at}:19)"
            ),
            "panicked USER 175: Leave: KErrGeneral (-2) ({at}:19)",
        ],
    ),
    "a server that nobody started": (
        'create_session("helo")',
        'create_session("hello")',
        ["KernelError: KErrNotFound (-1): no server 'helo' ({at}:20)"],
    ),
    "not connected": (
        "with RHello() as hello",
        'with RHello().create_session("hello") as hello',
        [
            (
                "panicked KERN-EXEC 0, EBadHandle: no such handle is open: was it "
                "created or connected, and not closed since? ({at}:15)"
            ),
        ],
    ),
    "a constructor that forgets its base": (
        "class HelloServer(CServer2):\n    def __init__(self):\n        self.n = 0\n",
        "class HelloServer(CServer2):\n",
        [
            (
                "::server died: TypeError: HelloServer.__init__ does not call "
                "super().__init__()"
            ),
            "panicked USER 175",
        ],
    ),
    "arguments that are no TIpcArgs": (
        "send_receive(0, (name, reply))",
        "send_receive(0, TIpcArgs(name, reply))",
        ["TypeError: a message takes TIpcArgs(...), not ('world', TBuf"],
    ),
    "a string argument that is none": (
        "TIpcArgs(7, reply)",
        "TIpcArgs(name, reply)",
        ["Leave: KErrBadDescriptor (-38) ({at}:15)"],
    ),
    "too little room for the answer": (
        "TBuf(5)",
        "TBuf(80)",
        ["Leave: KErrOverflow (-9) ({at}:15)"],
    ),
}


def run(source: str, folder: Path, *options: str) -> tuple[Result, str]:
    program = folder / "program.py"
    program.write_text(source)
    return CliRunner().invoke(cli, ["run", *options, str(program)]), str(program)


@pytest.fixture(params=["threads", "explore", "priority"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_explains_itself(
    name: str, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    wrong, right, expected = MISTAKES[name]
    assert HELLO.count(right) == 1
    source = HELLO.replace(right, wrong)
    result, program = run(source, tmp_path, "--backend", backend)
    lines = iter(result.stderr.splitlines())
    found = [
        any(part.format(at=program) in line for line in lines) for part in expected
    ]
    assert all(found), result.stderr
    assert "Traceback" not in result.stderr


def test_a_time_that_is_no_int_is_refused(tmp_path: Path) -> None:
    source = "from userlib import *\ndef e32main():\n    User.after(0.5)\n"
    result, program = run(source, tmp_path)
    assert result.stderr.startswith(
        "eka: program panicked KERN-EXEC 3: TypeError: time_sleep: delay_us is int, "
        f"not 0.5 ({program}:3)"
    )


def test_debug_shows_the_tracebacks_of_servers_too(tmp_path: Path) -> None:
    source = HELLO.replace("message.write(1", "1 / 0; message.write(1")
    result, program = run(source, tmp_path, "--debug")
    assert f'File "{program}", line 5, in service' in result.stderr
    assert f'File "{program}", line 15, in greet' in result.stderr


def test_an_active_object_whose_constructor_forgets_its_base_is_refused(
    tmp_path: Path,
) -> None:
    source = """\
from userlib import *

class Watcher(CActive):
    def __init__(self):
        CActiveScheduler.add(self)

    def run(self):
        pass

def e32main():
    CActiveScheduler.install(CActiveScheduler())
    Watcher()
"""
    result, program = run(source, tmp_path)
    assert result.stderr.startswith(
        "eka: program panicked KERN-EXEC 3: TypeError: Watcher.__init__ does not call "
        f"super().__init__() ({program}:5)"
    )
