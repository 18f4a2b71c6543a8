"""The program that a newcomer types first, letter by letter."""

from pathlib import Path

import pytest

from eka import Kernel

HELLO = """
from userlib import CServer2, CSession2, KErrNone, RSessionBase, RThread, TBuf, TIpcArgs

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


def test_hello_prints_its_greeting(
    machine: Kernel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "hello.py"
    program.write_text(HELLO)
    assert str(machine.run(program)) == "exited with KErrNone"
    assert capsys.readouterr().out == "hello, world\n"
