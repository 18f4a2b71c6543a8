"""Importing straight from descriptions."""

import importlib
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from tools.idl.importer import MADE, idl_import
from tools.pytest_plugin import Run
from userlib.l4re.server import checked_config

ROOT = Path(__file__).resolve().parents[4]
BAD = "/* */\ninterface Bad { void f(in blob x); void g(in zz y); };\n"


def test_modules_come_straight_from_descriptions(folder: Path) -> None:
    with idl_import(folder):
        client = importlib.import_module("calc_counter_client")
        assert sorted(name for name in sys.modules if name.startswith("calc_")) == [
            "calc_client",
            "calc_counter_client",
            "calc_counter_interface",
            "calc_interface",
        ]
        assert client.__file__ == str(folder / "calc_counter_client.py")
    assert [name for name in sys.modules if name.startswith("calc_")] == []
    assert [path.suffix for path in folder.iterdir()] == [".idl"] * 3
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("calc_client")


def test_a_changed_description_is_another_module(folder: Path) -> None:
    for count in (4, 1):
        with idl_import(folder):
            calc = importlib.import_module("calc_interface")
            assert len(calc.Calc.INFO.operations) == count
        (folder / "calc.idl").write_text("interface Calc { void add(); };")


def test_modules_that_import_from_descriptions_are_forgotten_with_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a server of an earlier test would derive from another Calc than its user."""
    monkeypatch.syspath_prepend(str(folder))
    (folder / "calculator_of_mine.py").write_text(
        "from calc_interface import Calc\nclass Server(Calc): pass\n"
    )
    (folder / "known_before.py").write_text("")
    importlib.import_module("known_before")
    for _ in range(2):
        with idl_import(folder):
            server = importlib.import_module("calculator_of_mine").Server
            assert issubclass(server, importlib.import_module("calc_interface").Calc)
        assert "calculator_of_mine" not in sys.modules
    assert sys.modules.pop("known_before")
    kept = server
    with idl_import(folder):
        again = importlib.import_module("calc_interface").Calc
        made = type("Server", (kept,), dict.fromkeys(again.__abstractmethods__))()
        with pytest.raises(TypeError, match="calc_interface was imported twice"):
            checked_config(again, made)


def test_a_module_written_by_hand_comes_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(folder))
    (folder / "calc_client.py").write_text("HERE = 1\n")
    (folder / "calc_interface.py").write_bytes(MADE + b"calc.idl\nraise ValueError\n")
    with idl_import(folder):
        assert importlib.import_module("calc_client").HERE == 1
        assert importlib.import_module("calc_interface").Calc.INFO.name == "Calc"
    assert "calc_client" not in sys.modules


def test_packages_inside_the_folder_have_modules_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = folder / "parts_of_mine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plus.idl").write_text("interface Plus { void plus(); };")
    monkeypatch.syspath_prepend(str(folder))
    with idl_import(folder):
        client = importlib.import_module("parts_of_mine.plus_client")
        assert (
            client.client_Plus.__mro__[2].__module__ == "parts_of_mine.plus_interface"
        )
    assert "parts_of_mine" not in sys.modules


def test_constants_and_types_are_given_as_to_the_command(folder: Path) -> None:
    (folder / "names").write_text("type blob_t = unsigned short\nconst NINE = 9\n")
    (folder / "mine.idl").write_text(
        "[protocol(SEVEN)] interface M { [opcode(NINE)] void f(in blob_t x); };"
    )
    with idl_import(folder), pytest.raises(SyntaxError, match="'SEVEN'"):
        importlib.import_module("mine_interface")
    given = {"constants": {"SEVEN": 7}, "type_maps": [folder / "names"]}
    with idl_import(folder, **given):  # type: ignore[arg-type] # by their names
        info = importlib.import_module("mine_interface").M.INFO
        assert (info.protocol, info.operations[0].opcode) == (7, 9)
        assert info.operations[0].parameters[0].wire == "u2"
    (folder / "names").write_text("nonsense\n")
    with idl_import(folder, **given), pytest.raises(SyntaxError) as caught:  # type: ignore[arg-type]
        importlib.import_module("mine_interface")
    assert (caught.value.filename, caught.value.lineno) == (str(folder / "names"), 1)


def test_what_a_description_imports_is_found_where_it_is(folder: Path) -> None:
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "main.idl").write_text('import "sub/a.idl"; interface M composes A;')
    (folder / "sub" / "a.idl").write_text(
        'import "deep/b.idl"; interface A composes B;'
    )
    (folder / "sub" / "deep" / "b.idl").write_text("interface B { void f(); };")
    with idl_import(folder):
        client = importlib.import_module("main_client").client_M
        names = {cls.__module__ for cls in client.__mro__ if "_" in cls.__module__}
        assert {"main_client", "a_client", "b_client", "b_interface"} <= names
        assert callable(importlib.import_module("b_server").handle_B)
    assert "b_interface" not in sys.modules


def test_two_descriptions_that_would_be_one_module_are_refused(folder: Path) -> None:
    (folder / "sub").mkdir()
    other = folder / "sub" / "calc.idl"
    other.write_text("interface Other { void f(); };")
    (folder / "main.idl").write_text(
        'import "sub/calc.idl"; interface M composes Other;'
    )
    with (
        idl_import(folder),
        pytest.raises(ImportError, match="would both be calc_") as caught,
    ):
        importlib.import_module("main_client")
    assert str(folder / "calc.idl") in str(caught.value)
    assert str(other) in str(caught.value)


def test_what_is_wrong_with_a_description_stands_at_its_line(folder: Path) -> None:
    (folder / "bad.idl").write_text(BAD)
    with idl_import(folder), pytest.raises(SyntaxError) as caught:
        importlib.import_module("bad_client")
    error = caught.value
    assert (error.filename, error.lineno, error.offset) == (
        str(folder / "bad.idl"),
        2,
        27,
    )
    assert (
        error.msg == "E305: unknown type 'blob'; 'eka idl bad.idl' shows another error"
    )
    assert error.text == BAD.splitlines()[1]
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    assert [name for name in frames if name.startswith(str(ROOT / "tools"))] == []
    assert frames[-1] == str(folder / "bad.idl")


def test_a_program_that_is_run_imports_its_descriptions(
    folder: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    program = folder / "program.py"
    program.write_text(
        "from calc_client import client_Calc\n"
        "def e32main():\n    print(client_Calc.__name__)\n"
    )
    with idl_import(folder):
        run(program)
    assert capsys.readouterr().out == "client_Calc\n"


def eka_run(program: Path) -> tuple[int, str, str]:
    """Status, output and errors of `eka run`."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.cli.main", "run", str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_eka_run_imports_from_the_descriptions_beside_its_program(
    folder: Path,
) -> None:
    program = folder / "program.py"
    program.write_text(
        "from calc_client import client_Calc\n"
        "def e32main():\n    print(client_Calc.__name__)\n"
    )
    assert eka_run(program) == (0, "client_Calc\n", "")


def test_eka_run_says_what_is_wrong_with_a_description_in_one_line(
    folder: Path,
) -> None:
    (folder / "bad.idl").write_text(BAD)
    program = folder / "program.py"
    program.write_text("def e32main():\n    import bad_client\n")
    status, _out, errors = eka_run(program)
    assert status == 121
    assert "E305: unknown type 'blob'" in errors
    assert f"({folder / 'bad.idl'}:2)" in errors
    assert "Traceback" not in errors
