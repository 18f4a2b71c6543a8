"""The generated modules as files: made, compared, replaced."""

import os
import shutil
from collections.abc import Collection, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.idl.compilation import Compilation, Module
from tools.idl.emit_client import client_module
from tools.idl.emit_interface import interface_module
from tools.idl.emit_server import server_module

EMITTERS: Final = (
    ("interface", interface_module),
    ("client", client_module),
    ("server", server_module),
)
KINDS: Final = tuple(kind for kind, _emit in EMITTERS)


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A module and where it goes."""

    path: Path
    text: str

    @property
    def is_current(self) -> bool:
        """Whether the file is there, and is just this."""
        try:
            return self.path.read_bytes() == self.text.encode()
        except OSError:
            return False


def generate(
    compilation: Compilation,
    folder: str | Path | None = None,
    *,
    kinds: Collection[str] = KINDS,
    package: str = "",
    imported: bool = False,
) -> list[GeneratedFile]:
    """The modules of a good compilation; nothing is written.

    *folder* is where they go, otherwise beside their description; *imported* also
    makes those of the files it imports; *package* is where modules import siblings
    from.

    Raises: ValueError if the compilation has errors.
    """
    if not compilation.is_good:
        raise ValueError(f"{compilation.path} has errors")
    modules = compilation.modules if imported else compilation.modules[:1]
    return [
        GeneratedFile(target_of(module, kind, folder), emit(module, package))
        for module in modules
        for kind, emit in EMITTERS
        if kind in kinds
    ]


def target_of(module: Module, kind: str, folder: str | Path | None) -> Path:
    """Where the module of that kind goes."""
    place = module.path.parent if folder is None else Path(folder)
    return place / f"{module.stem}_{kind}.py"


def write_files(files: Sequence[GeneratedFile]) -> list[Path]:
    """Write what is not current, and say what that was: all of it, or nothing.

    New texts are written beside the old files, and take their names once all are
    there.

    Raises: OSError.
    """
    stale = [file for file in files if not file.is_current]
    with ExitStack() as cleanup:
        waiting = []
        for file in stale:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            if file.path.is_dir():
                raise IsADirectoryError(f"{file.path} is a directory")
            draft = file.path.with_name(f".{file.path.name}.{os.getpid()}.new")
            cleanup.callback(_discard, draft)
            draft.write_bytes(file.text.encode())
            if file.path.exists():
                shutil.copymode(file.path, draft)
            waiting.append((draft, file.path))
        for draft, path in waiting:
            draft.replace(path)
    return [file.path for file in stale]


def _discard(draft: Path) -> None:
    with suppress(FileNotFoundError):
        draft.unlink()
