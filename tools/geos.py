"""Machines whose GEOS applications are the files of a directory of this computer.

A file is an application if it declares what it is, at its top level:

    GEODE = Geode("srvr", GeodeToken(b"SRVR", 8), ServerProcess, ServerApplication)

To learn its token such a file is imported here once, before there is a machine; in the
machine every geode has its module afresh.
"""

import ast
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from kernel.abi.compiled import BAD_SOURCE
from kernel.abi.config import Executable, MachineConfig
from servers.iacp.boot import iacp_config
from userlib.geos.geode import Geode
from userlib.geos.registry import ApplicationImage

KDeclaration = "GEODE"


class BadApplicationError(Exception):
    """A file that declares a geode, and cannot be one; says which, and why not."""


def geos_machine_config(folder: Path, config: MachineConfig) -> MachineConfig:
    """*config* with the applications of *folder*, the system geode and IACP.

    Raises: BadApplicationError.
    """
    return iacp_config(*applications_in(folder), config=config)


def applications_in(folder: Path) -> tuple[ApplicationImage, ...]:
    r"""The applications among the files of *folder*, each after its file: `DIR\NAME`.

    A directory's files go before its sub-directories, each in the order of names, as
    the original's search for a token does. Links to directories are not followed, and
    what is no place for programs is left out: hidden directories, and virtual
    environments. Raises: BadApplicationError.
    """
    return tuple(
        _image(file, folder, geode)
        for file in _files(folder)
        if (geode := _declared_geode(file)) is not None
    )


def _files(folder: Path) -> Iterator[Path]:
    entries = sorted(folder.iterdir())
    yield from (one for one in entries if one.suffix == ".py" and one.is_file())
    for directory in entries:
        if directory.is_dir() and not directory.is_symlink() and _is_place(directory):
            yield from _files(directory)


def _is_place(directory: Path) -> bool:
    is_hidden = directory.name.startswith((".", "__pycache__"))
    return not is_hidden and not (directory / "pyvenv.cfg").exists()


def _declared_geode(file: Path) -> Geode | None:
    """What the file says it is; nothing, if it is no application of its own.

    A geode without a token is none: nobody could ask for it. A file that does not even
    mention one may be as wrong as it likes.
    """
    try:
        source = file.read_bytes()
        if KDeclaration.encode() not in source:
            return None
        if not _declares(ast.parse(source, str(file))):
            return None
        geode = _load(file)
    except BAD_SOURCE as error:
        raise BadApplicationError(f"'{file}' cannot be read: {error}") from error
    if not isinstance(geode, Geode):
        raise BadApplicationError(f"'{file}' has a {KDeclaration} that is no Geode")
    return geode if geode.token is not None else None


def _declares(tree: ast.Module) -> bool:
    targets = (
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )
    return any(isinstance(one, ast.Name) and one.id == KDeclaration for one in targets)


def _load(file: Path) -> object:
    """The declaration of a file that is not left among this process's modules."""
    name = f"eka.application.{file.stem}"
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return getattr(module, KDeclaration, None)


def _image(file: Path, folder: Path, geode: Geode) -> ApplicationImage:
    assert geode.token is not None
    return ApplicationImage(
        path="\\".join(file.relative_to(folder).with_suffix("").parts),
        token=geode.token,
        program=Executable(file.resolve()),
        multi_launchable=geode.multi_launchable,
    )
