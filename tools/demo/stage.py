"""What the demo counts: this computer's Python, seen as two read-only drives.

C: is the standard library's source tree and E: the installed packages, which are only
drawn on until there are `KEnoughFiles`. The drives are the real directories: nothing is
copied, and the choice of files is made twice, by the program through the file server
and here by walking the host, so that the two can be compared.
"""

import os
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servers.fileserver.names import KMaxVolumePath, fold, is_legal_component

KEnoughFiles: Final = 2_000
KSkipped: Final = ("site-packages", "dist-packages")  # below C:; they are E:'s


@dataclass(frozen=True, slots=True)
class Stage:
    """Directories of this computer by drive letter, in the order they are used."""

    drives: dict[str, Path]
    enough: int = KEnoughFiles

    def files(self) -> dict[str, Path]:
        """Host files by their emulated names: all of C:, then the rest up to enough."""
        chosen: dict[str, Path] = {}
        for place, (letter, root) in enumerate(self.drives.items()):
            found = sorted(_sources(letter, root))
            room = max(0, self.enough - len(chosen)) if place else len(found)
            chosen.update(found[:room])
        return chosen


def this_python() -> Stage:
    """The stage of the interpreter that is running."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    packages = Path(sysconfig.get_path("purelib"))
    drives = {"C": stdlib}
    if packages.is_dir():
        drives["E"] = packages
    return Stage(drives)


def _sources(letter: str, root: Path) -> Iterator[tuple[str, Path]]:
    """Every `*.py` below *root* that a drive shows: ordinary files with legal names."""
    for folder, subfolders, names in os.walk(root):
        shown = _shown(subfolders)
        subfolders[:] = [
            name for name in shown if letter != "C" or name not in KSkipped
        ]
        inside = "".join(f"{part}\\" for part in Path(folder).relative_to(root).parts)
        for name in _shown([*subfolders, *names]):
            host = Path(folder, name)
            if name.endswith(".py") and host.is_file() and not host.is_symlink():
                path = f"\\{inside}{name}"
                if len(path) <= KMaxVolumePath:
                    yield f"{letter}:{path}", host


def _shown(names: Iterable[str]) -> list[str]:
    """Names that an emulated program can say; of two that differ in case, the first."""
    shown: dict[str, str] = {}
    for name in sorted(filter(is_legal_component, names)):
        shown.setdefault(fold(name), name)
    return list(shown.values())
