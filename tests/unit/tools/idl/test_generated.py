"""Modules made of descriptions: what they hold, how they read, that they work."""

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tools.idl.compilation import Compilation, Options, compile_file
from tools.idl.importer import idl_import
from tools.idl.layout import reply_layout, request_layout
from tools.idl.output import generate, write_files
from userlib.l4re.errors import L4Error
from userlib.l4re.half import reply_half, request_half
from userlib.l4re.interface import OperationInfo, ParameterInfo

Describe = Callable[..., Compilation]
Import = Callable[..., ModuleType]

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "examples" / "l4re"
SERVER = ROOT / "servers" / "l4fs"

EVERYTHING = """#include <l4/re/protocols.h>
interface Every {
    [opcode(5), rights(W, S)]
    void list(in sequence<int, 4> list, out sequence<short> s);
    void str(in string s, out string list);
    void bytes(in bytes b, out bytes bytes, out size_t count, out size_t index);
    [deferred] void Cap(in cap c, in int completion, in int self, out cap d);
    void fpage(in fpage c, out fpage d);
    [oneway] void from(in unsigned char class, in int8_t x);
    void name();
    void gate_deleted(inout long long from);
    void an_operation_with_a_name_that_leaves_no_room_for_anything_else_on_its_line(
        in sequence<unsigned long long> a_parameter_with_a_long_name_of_its_own,
        out offset_t and_another, out offset_t and_yet_another, in cap c);
    [deferred] void Sequence(in sequence<int> completions);
    [deferred] void wait();
};
interface P { [opcode(100)] void f(out int a, out int b); void only(); };
interface Q {
    [opcode(103)] void f(out int a, out int b);
    [oneway] void go(in string s);
};
interface PQ composes P, Q;
interface R { [opcode(110)] void f(out int a, out int b); };
interface PQR composes R, PQ;
interface QP composes Q, P;
interface Twisted composes PQ, QP;
interface Empty { };
interface One composes Empty;
interface class { void def(in int lambda, out int None); };
interface All composes PQR, Every, class;
"""

# Operations called like what generated modules use themselves.
OWN_NAMES = """interface T {
    void tuple(in int x, out string y);
    void again(in int tuple, out string y);
    void Callable(in string x);
    [deferred] void Completion(in string s, out string t);
    [deferred] void later(in cap c, out cap d);
    void abstractmethod();
    void both(out int a, out int b);
    void T();
    void self(in int cls);
    void register();
    void mro();
    void object();
    void super();
    void Interface();
    void NamedTuple();
    void dataclass();
    void property();
    void Stub();
    void Sequence(in sequence<int> list, out sequence<int> Sequence);
};
interface ptr { void cap(in cap c); void ptr(in int ptr); };
interface print { void type(in string print, out string type); };
interface TP composes T, ptr, print;
"""


@pytest.fixture
def imported(tmp_path: Path) -> Iterator[Import]:
    """Import a module made of descriptions, given by their stems."""
    with idl_import(tmp_path, EXAMPLES):

        def do_import(name: str, **descriptions: str) -> ModuleType:
            for stem, text in descriptions.items():
                (tmp_path / f"{stem}.idl").write_text(text)
            return importlib.import_module(name)

        yield do_import


def made(compilation: Compilation, folder: Path, **wanted: object) -> list[str]:
    """Write the modules; the names of what was not there or not the same."""
    files = generate(compilation, folder, **wanted)  # type: ignore[arg-type] # by name
    return sorted(path.name for path in write_files(files))


@pytest.mark.case("L4-36")
def test_imported_files_are_generated_only_when_asked_for(
    folder: Path, tmp_path: Path
) -> None:
    compilation = compile_file(folder / "calc_counter.idl")
    own = [f"calc_counter_{kind}.py" for kind in ("client", "interface", "server")]
    assert made(compilation, tmp_path / "out") == own
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == own
    others = [
        f"{stem}_{kind}.py"
        for stem in ("calc", "counter")
        for kind in ("client", "interface", "server")
    ]
    assert made(compilation, tmp_path / "out", imported=True) == sorted(others)
    assert len(list((tmp_path / "out").iterdir())) == 9


@pytest.mark.case("L4-37")
def test_interfaces_are_abstract(imported: Import) -> None:
    calc = imported("calc_interface").Calc
    with pytest.raises(TypeError, match="abstract"):
        calc()
    operations = {
        name: lambda _self, _left, _right: 0 for name in ("add", "subtract", "multiply")
    }
    with pytest.raises(TypeError, match="divide"):
        type("server_Calc", (calc,), operations)()
    complete = type("server_Calc", (calc,), {**operations, "divide": operations["add"]})
    assert isinstance(complete(), calc)


@pytest.mark.case("L4-38")
def test_opcodes_and_results_have_names() -> None:
    calc = importlib.import_module("examples.l4re.calc_interface")
    mapped = importlib.import_module("servers.l4fs.mapped_file_interface")
    assert calc.Calc_opcode.DIVIDE == 3
    assert mapped.MappedFile_opcode.MMAP == 7
    assert mapped.MappedFile_mmap_result._fields == ("start_pos", "end_pos", "size")
    result = inspect.signature(mapped.MappedFile.mmap).return_annotation
    assert result is mapped.MappedFile_mmap_result
    assert issubclass(result, tuple)


@pytest.mark.case("L4-39")
def test_a_compound_is_each_of_its_components(imported: Import) -> None:
    calc, counter = imported("calc_client"), imported("counter_client")
    compound = imported("calc_counter_client")
    assert issubclass(compound.CalcCounter, calc.Calc)
    assert issubclass(compound.CalcCounter, counter.Counter)
    assert issubclass(compound.client_CalcCounter, calc.client_Calc)
    assert issubclass(compound.client_CalcCounter, counter.client_Counter)


@pytest.mark.case("L4-40")
def test_keywords_get_an_underscore_in_python_only(imported: Import) -> None:
    text = "interface A { void class(in int from, out int is); };"
    module = imported("a_interface", a=text)
    (info,) = module.A.INFO.operations
    assert list(inspect.signature(module.A.class_).parameters) == ["self", "from_"]
    assert (info.name, info.method) == ("class", "class_")
    assert [parameter.name for parameter in info.parameters] == ["from", "is"]
    other = imported("b_interface", b=text.replace("class", "c").replace("from", "f"))
    assert request_half(info).pack((7,)) == request_half(
        other.A.INFO.operations[0]
    ).pack((7,))


def test_operations_named_like_attributes_of_the_bases_get_one_too(
    imported: Import,
) -> None:
    text = (
        "interface A { void name(); void value(); void INFO(); void gate_deleted(); };"
    )
    module = imported("a_interface", a=text)
    assert module.A.__abstractmethods__ == {
        "name_",
        "value_",
        "INFO_",
        "gate_deleted_",
    }
    assert [member.name for member in module.A_opcode] == [
        "NAME",
        "VALUE",
        "INFO",
        "GATE_DELETED",
    ]


@pytest.mark.case("L4-41")
def test_modules_of_the_file_server_are_typed_and_import_no_others() -> None:
    modules = sorted(made_in(SERVER))
    assert len(modules) == 30
    for path in modules:
        assert imports_of(path) <= {"userlib.l4re.runtime"} | {
            f"servers.l4fs.{other.stem}" for other in modules
        }
    assert problems("mypy", "--strict", *map(str, modules)) == ""


@pytest.mark.parametrize(
    ("text", "codes"),
    [(EVERYTHING, ["W702"]), (OWN_NAMES, [])],
    ids=["everything", "names"],
)
def test_generated_modules_pass_mypy_and_ruff_whatever_they_are_made_of(
    describe: Describe, tmp_path: Path, text: str, codes: list[str]
) -> None:
    found = describe(text)
    assert [one.code for one in found.diagnostics] == codes
    paths = [str(tmp_path / name) for name in made(found, tmp_path)]
    assert len(paths) == 3
    assert problems("mypy", "--strict", "--explicit-package-bases", *paths) == ""
    assert problems("ruff", "check", *paths) == ""
    assert problems("ruff", "format", "--check", *paths) == ""


@pytest.mark.parametrize("folder", [EXAMPLES, SERVER], ids=["examples", "servers"])
def test_committed_modules_are_what_is_generated_now(folder: Path) -> None:
    package = "servers.l4fs" if folder == SERVER else ""
    files = [
        file
        for path in sorted(folder.glob("*.idl"))
        for file in generate(compile_file(path), package=package)
    ]
    assert [file.path.name for file in files if not file.is_current] == []
    assert {file.path for file in files} == made_in(folder)
    paths = [str(file.path) for file in files]
    assert problems("ruff", "check", *paths) == ""
    assert problems("ruff", "format", "--check", *paths) == ""


def test_committed_examples_pass_mypy() -> None:
    paths = [str(path) for path in sorted(made_in(EXAMPLES))]
    assert problems("mypy", "--strict", "--explicit-package-bases", *paths) == ""


def made_in(folder: Path) -> set[Path]:
    """The generated modules of a folder."""
    return {
        path
        for path in folder.glob("*.py")
        if path.read_text().startswith("# Made by eka idl from ")
    }


def imports_of(path: Path) -> set[str]:
    return {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    } | {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def problems(tool: str, *args: str) -> str:
    """What a checker says of files, with the project's settings; nothing if good."""
    settings = {"mypy": "--config-file", "ruff": "--config"}[tool]
    words = [str(Path(sys.executable).with_name(tool)), *args]
    words[2:2] = [settings, str(ROOT / "pyproject.toml")]
    folders = {str(Path(arg).parent) for arg in args if arg.endswith(".py")}
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={"MYPYPATH": ":".join([str(ROOT), *folders]), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_checkers_that_these_tests_ask_do_find_problems(tmp_path: Path) -> None:
    bad = tmp_path / "bad_example.py"
    bad.write_text("def f(x) -> int:\n  return '1'\n")
    assert "no-untyped-def" in problems("mypy", "--strict", str(bad))
    assert "ANN001" in problems("ruff", "check", str(bad))
    assert problems("ruff", "format", "--check", str(bad)) != ""


def test_output_is_the_same_wherever_it_is_made(
    describe: Describe, tmp_path: Path
) -> None:
    first = generate(describe(EVERYTHING))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.idl").write_text(EVERYTHING)
    second = generate(compile_file(tmp_path / "other" / "a.idl"))
    assert [file.text for file in first] == [file.text for file in second]
    assert first[0].text.startswith("# Made by eka idl from a.idl: do not edit")
    assert "# #include <l4/re/protocols.h>" in first[0].text


def test_modules_of_everything_can_be_imported(imported: Import) -> None:
    client = imported("a_client", a=EVERYTHING)
    server = imported("a_server")
    for name in ("Every", "PQ", "PQR", "Twisted", "One", "class", "All"):
        assert hasattr(client, f"client_{name}")
        assert hasattr(server, f"config_{name}")
    interface = imported("a_interface")
    assert issubclass(interface.Twisted, interface.P)
    assert interface.PQR_f_result(1, 2) == interface.R_f_result(1, 2)
    assert issubclass(interface.PQR_f_result, interface.PQ_f_result)


def test_operations_may_be_called_like_what_the_modules_use(imported: Import) -> None:
    interface = imported("a_interface", a=OWN_NAMES)
    server, client = imported("a_server"), imported("a_client")
    seen: list[object] = []
    methods = {
        name: lambda *given: seen.append(given[1:]) for name in methods_of(interface.TP)
    }
    obj = type("server_TP", (interface.TP,), methods)()
    assert obj.tuple(3) is obj.object() is obj.Sequence([1]) is None
    assert seen == [(3,), (), ([1],)]
    for name in methods:
        assert callable(getattr(client.client_TP, name))
        assert callable(getattr(server.object_TP, name))
    table = interface.iface_ptr(cap=lambda _self, _c: 0, ptr=lambda _self, ptr: ptr - 3)
    local = server.object_ptr(interface.ref_ptr(), table)
    assert local.ptr(3) is None
    with pytest.raises(L4Error, match="L4_EPERM"):
        local.ptr(2)


def methods_of(interface: type) -> frozenset[str]:
    """The names of its abstract methods."""
    names: frozenset[str] = interface.__abstractmethods__
    return names


def test_a_package_is_where_siblings_come_from(folder: Path) -> None:
    compilation = compile_file(folder / "calc_counter.idl")
    (file,) = generate(compilation, kinds=["client"], package="my.parts")
    assert "from my.parts.calc_client import client_Calc" in file.text


def test_the_compiler_and_the_runtime_agree_on_layouts(imported: Import) -> None:
    imported("a_interface", a=EVERYTHING)
    interface = imported("a_interface")
    (path,) = {
        Path(module.__file__ or "").with_name("a.idl") for module in (interface,)
    }
    model = compile_file(path).interfaces["Every"]
    infos: Sequence[OperationInfo] = interface.Every.INFO.operations
    sizes = [
        (request_half(info).words_when_empty(), reply_half(info).words_when_empty())
        for info in infos
    ]
    assert sizes == [
        (request_layout(operation).words, reply_layout(operation).words)
        for operation in model.operations
    ]


def test_what_the_compiler_knew_is_there_at_run_time(imported: Import) -> None:
    info = imported("a_interface", a=EVERYTHING).Every.INFO.operations[0]
    assert (info.name, info.opcode, info.rights) == ("list", 5, 3)
    assert info.parameters == (
        ParameterInfo("list", "in", "sequence<int, 4>", "[i4:4]"),
        ParameterInfo("s", "out", "sequence<short>", "[i2]"),
    )


def test_nothing_is_generated_of_a_bad_description(describe: Describe) -> None:
    with pytest.raises(ValueError, match="has errors"):
        generate(describe("interface A composes B;"))


def test_search_folders_are_for_imports(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.idl").write_text('import "calc.idl"; interface M composes Calc;')
    assert not compile_file(tmp_path / "mine.idl").is_good
    assert compile_file(tmp_path / "mine.idl", Options(search=[folder])).is_good
