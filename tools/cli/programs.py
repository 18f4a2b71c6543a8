"""What PROGRAM stands for: a file, a program the machine has, or a module.

Something that looks like a path is a file and nothing else: a mistyped file name is not
looked for among the modules. What is wrong with a program is found out here, before a
machine boots.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from traceback import walk_tb

from kernel.abi.compiled import BAD_SOURCE, compile_module
from kernel.abi.config import Executable, MachineConfig
from tools.cli.refusal import Refusal, nearest
from tools.cli.status import Status
from tools.idl.importer import install

KEntry = "e32main"


@dataclass(frozen=True, slots=True)
class Found:
    """A program's name in the machine; without *executable* the machine has it."""

    name: str
    executable: Executable | None = None


def find_program(text: str, registered: Iterable[str]) -> Found:
    """What *text* names. Raises: Refusal, with the nearest that there is."""
    known = {name.casefold(): name for name in registered}
    if text.endswith(".py") or "/" in text or "\\" in text:
        return _file(Path(text), known)
    if name := known.get(text.casefold().removesuffix(".exe")):
        return Found(name)
    return _module(text, known)


def given_programs(texts: Iterable[str], known: Iterable[str]) -> dict[str, Executable]:
    """What `--program` adds. Raises: Refusal."""
    given: dict[str, Executable] = {}
    for text in texts:
        name, equals, path = text.rpartition("=")
        if not path or (equals and not name):
            raise Refusal(
                f"bad program '{text}'", "write it as NAME=FILE.py or FILE.py"
            )
        found = find_program(str(Path(path)) if "/" in path else f"./{path}", known)
        assert found.executable is not None  # what looks like a path is no known name
        given[name or found.name] = found.executable
    return given


def add_applications(folder: Path, config: MachineConfig) -> MachineConfig:
    """What `--geos` adds. Raises: Refusal."""
    from tools.geos import BadApplicationError, geos_machine_config

    _import_from(folder)  # as for the program itself
    try:
        return geos_machine_config(folder, config)
    except BadApplicationError as error:
        raise Refusal(str(error), status=Status.UNRUNNABLE) from error


def _file(path: Path, known: dict[str, str]) -> Found:
    if not path.is_file():
        raise _missing_file(path)
    if path.stem.casefold() in known:
        raise Refusal(
            f"'{path.stem}' is the name of a program every machine has",
            f"rename {path.name}",
        )
    _import_from(path.parent)  # as for a script of this computer
    _check_source(path)
    return Found(path.stem, Executable(path.resolve()))


def _missing_file(path: Path) -> Refusal:
    if path.is_dir():
        return Refusal(f"'{path}' is a directory", "name one of its files")
    near = sorted(one.name for one in path.parent.glob("*.py"))
    meant = path.name if path.suffix else f"{path.name}.py"
    return Refusal(f"no file '{path}'", _did_you_mean(meant, near), Status.NOT_FOUND)


def _module(text: str, known: dict[str, str]) -> Found:
    _import_from(Path.cwd())  # as python -m does
    spec = _spec(text)
    if spec is None:
        hint = _did_you_mean(text, known.values())
        raise Refusal(f"no program '{text}'", hint, Status.NOT_FOUND)
    if spec.origin is None or not spec.origin.endswith(".py"):
        raise Refusal(
            f"module '{text}' has no source to run",
            "name a .py file",
            Status.UNRUNNABLE,
        )
    _check_source(Path(spec.origin))
    return Found(text.rpartition(".")[2], Executable(text))


def _import_from(folder: Path) -> None:
    """Let programs import the folder's modules, and what its descriptions become."""
    sys.path.insert(0, str(folder.resolve()))
    install(folder)


def _spec(name: str) -> ModuleSpec | None:
    """The module's spec; none if a package on the way to it is missing."""
    if not all(part.isidentifier() for part in name.split(".")):
        return None
    try:
        return find_spec(name)
    except ModuleNotFoundError:
        return None


def _did_you_mean(text: str, known: Iterable[str]) -> str:
    near = nearest(text, known)
    if near:
        return f"did you mean '{near}'?"
    return "name a .py file, a module, or a program of the machine"


def _check_source(path: Path) -> None:
    """It must compile, with its header; something in it must be called e32main."""
    try:
        module = compile_module(path.read_bytes(), str(path))
    except SyntaxError as error:
        text = f"{path}:{error.lineno or 1}: {error.msg}"
        raise Refusal(text, "", Status.UNRUNNABLE) from error
    except BAD_SOURCE as error:
        raise Refusal(_bad_header(path, error), "", Status.UNRUNNABLE) from error
    if KEntry not in module.code.co_names:
        raise Refusal(
            f"{path}: there is no {KEntry}",
            f"write 'def {KEntry}():', where a program begins",
            Status.UNRUNNABLE,
        )


def _bad_header(path: Path, error: BaseException) -> str:
    """What is wrong with its IMAGE; or with all of it, if none of it was run."""
    lines = [
        line
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_filename == str(path)
    ]
    if not lines:
        return f"{path}: {error}"
    return f"{path}:{lines[-1]}: {type(error).__name__} in IMAGE: {error}"
