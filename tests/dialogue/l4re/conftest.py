"""What dialogues of L4Re programs share: generated modules, and the wiring of Ned."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tools.idl.compilation import compile_file
from tools.idl.output import generate, write_files
from userlib import RThread, TRequestStatus, User
from userlib.l4re import Cap, L4Error, Loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel
    from tools.pytest_plugin import Run

    CodeOf: TypeAlias = Callable[..., int]

EXAMPLES = Path(__file__).parents[3] / "examples" / "l4re"

TRIAL = """
[protocol(0x2001)] interface Trial {
    [opcode(0)] void answer(in int x, out int y);
    [oneway] void shout(in int x);
    [rights(W)] void change();
    [deferred] void later(in int who, out int value);
    void give(in int which, out cap thing);
    void take(in cap thing, out int known);
    void take_two(in cap one, in cap other);
    void positive();
    void later_nothing();
};
[protocol(7)] interface X { [opcode(0)] void left(out int value); };
[protocol(8)] interface Y { [opcode(0)] void right(out int value); };
interface Both composes X, Y;
[protocol(0x2002)] interface One { [opcode(3)] void close(in int code); };
[protocol(0x2003)] interface Other { [opcode(4)] void close(in int code); };
interface Closer composes One, Other;
"""


def generated(folder: Path, *sources: Path) -> SimpleNamespace:
    """Everything that the modules of these descriptions define, by its name."""
    names: dict[str, Any] = {}
    for source in sources:
        compilation = compile_file(source)
        assert compilation.is_good, compilation.diagnostics
        write_files(generate(compilation, folder, imported=True))
    sys.path.insert(0, str(folder))
    try:
        for path in sorted(folder.glob("*.py")):
            names.update(vars(importlib.import_module(path.stem)))
    finally:
        sys.path.remove(str(folder))
        for path in folder.glob("*.py"):
            sys.modules.pop(path.stem, None)
    return SimpleNamespace(**names)


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The documentation's Calc, Counter and CalcCounter."""
    folder = tmp_path_factory.mktemp("calc")
    return generated(folder, EXAMPLES / "calc_counter.idl")


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """One operation of each kind."""
    folder = tmp_path_factory.mktemp("trial")
    source = tmp_path_factory.mktemp("idl") / "trial.idl"
    source.write_text(TRIAL, "utf-8")
    return generated(folder, source)


class Wiring:
    """A Ned: starts a server and its clients, with a channel between them."""

    def __init__(self, machine: Kernel, run: Run) -> None:
        self.machine = machine
        self._run = run

    def __call__(
        self,
        serve: Callable[[], object],
        *clients: Callable[[], object],
        svr: Callable[[Cap], Cap] = Cap.svr,
        mode: Callable[[Cap], Cap] = lambda cap: cap,
    ) -> None:
        """Start *serve*, then all *clients*; wait until those have ended well.

        *svr* and *mode* make the capabilities that the two sides are given.
        """

        def ned() -> None:
            loader = Loader()
            with (
                loader.new_channel() as channel,
                loader.start("server", caps={"server": svr(channel)}),
            ):
                apps = [
                    loader.start(f"client{number}", caps={"server": mode(channel)})
                    for number, _ in enumerate(clients)
                ]
                for app in apps:
                    assert app.wait() == 0
                    assert str(app.process.exit_info()) == "exited with KErrNone"
                    app.close()

        self.machine.register("server", ending_well(serve))
        for number, client in enumerate(clients):
            self.machine.register(f"client{number}", ending_well(client))
        self._run(ned)


def ending_well(function: Callable[[], object]) -> Callable[[], None]:
    """A program that calls it, whatever it returns."""

    def program() -> None:
        function()

    return program


@pytest.fixture
def wire(machine: Kernel, run: Run) -> Wiring:
    """Runs a server and clients as processes that Ned starts."""
    return Wiring(machine, run)


class Worker:
    """A thread that does something, and can be waited for."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.result: Any = None
        self.thread = RThread().create("", self._run, args=(function, args))
        self.thread.resume()

    def _run(self, function: Callable[..., object], args: tuple[object, ...]) -> None:
        try:
            self.result = function(*args)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.result = error

    def join(self) -> Any:
        """What the function returned or raised."""
        status = TRequestStatus()
        self.thread.logon(status)
        User.wait_for_request(status)
        self.thread.close()
        return self.result


@pytest.fixture
def worker() -> type[Worker]:
    """Makes threads of the calling program."""
    return Worker


@pytest.fixture
def code_of() -> CodeOf:
    """The code of the L4Error that a function raises; 0 if it raises none."""

    def code_of(function: Callable[..., object], *args: object) -> int:
        try:
            function(*args)
        except L4Error as error:
            return error.code
        return 0

    return code_of
