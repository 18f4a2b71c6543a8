"""Finds candidates: looks into directories, reads, compiles.

A file `NAME.py` stands for `NAME.exe` and `NAME.dll`, after those; `NAME{version}.dll`
says its version in its name. What a file is, its header says.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KernelError,
    KErrAccessDenied,
    KErrCorrupt,
    KErrInUse,
    KErrLocked,
    KErrNotFound,
    KErrPathNotFound,
    Leave,
)
from kernel.abi.executable_name import (
    ExecutableName,
    KDllSuffix,
    KExeSuffix,
    KPythonSuffix,
    parse_executable_name,
)
from kernel.abi.names import fold
from servers.loader.drives import Drives
from servers.loader.foreign import CorruptFile, compile_foreign
from servers.loader.places import Place, search_places
from servers.loader.protocol import LoaderSpec, installation_hash
from servers.loader.wanted import Candidate, Misfit, Wanted, choose

_KCompiled: Final = 64  # modules that are kept, for programs that are started often
_BUSY: Final = (KErrInUse, KErrAccessDenied, KErrLocked)
_GONE: Final = (KErrNotFound, KErrPathNotFound)


class Finder:
    """The loader's eyes. Threads: the loader's."""

    def __init__(self, spec: LoaderSpec, drives: Drives) -> None:
        self._spec: Final = spec
        self._drives: Final = drives
        self._compile: Final = lru_cache(_KCompiled)(compile_foreign)

    def find(
        self, name: ExecutableName, wanted: Wanted, search_path: str = ""
    ) -> Candidate:
        """The executable that is loaded for a request.

        Raises: KErrNotFound, KErrBadName; why no candidate will do.
        """
        letters = {*self._drives.letters(), "Z"}
        places = search_places(
            name, search_path, letters, enforce_sys_bin=self._spec.enforce_sys_bin
        )
        wanted = replace(wanted, version=name.version)
        return choose(
            wanted, (found for place in places for found in self._at(place, name))
        )

    def is_installed(self, file_name: str, contents: bytes) -> bool:
        """Whether a file may be executed where it is."""
        if not self._spec.check_hashes or not self._drives.is_removable(file_name[0]):
            return True
        recorded = self._drives.recorded_hash(file_name.rpartition("\\")[2])
        return recorded == installation_hash(contents)

    def _at(self, place: Place, name: ExecutableName) -> Iterator[Candidate]:
        if place.is_rom:
            yield from _own(place, name)
        matches = [
            (_rank(stored, name), entry, stored)
            for entry in self._drives.names(f"{place.text}{name.base}*")
            if (stored := _stored(entry, name)) is not None
        ]
        for _, entry, stored in sorted(matches, key=lambda match: match[:2]):
            candidate = self._read(place.text + entry)
            if candidate is not None:
                yield _with_version(candidate, stored.version)

    def _read(self, file_name: str) -> Candidate | None:
        """A file as a candidate; None if it is gone by now."""
        try:
            contents = self._drives.read(file_name)
        except Leave as leave:
            if leave.code in _GONE:
                return None
            if leave.code in _BUSY:
                return Candidate(file_name, misfit=Misfit.BUSY)
            raise
        if not self.is_installed(file_name, contents):
            return Candidate(file_name, misfit=Misfit.HASH)
        try:
            module = self._compile(contents, file_name)
        except ImportError:
            return Candidate(file_name, misfit=Misfit.IMPORT)
        except CorruptFile:
            return Candidate(file_name, misfit=Misfit.CORRUPT)
        return Candidate(file_name, module.image, module)


def _own(place: Place, name: ExecutableName) -> Iterator[Candidate]:
    """One of the machine's own executables, if there is one of that name."""
    try:
        root, image = current_exec.get().loader_image(name.root)
    except KernelError as error:
        if error.code == KErrCorrupt:
            yield Candidate(place.text + name.root, misfit=Misfit.CORRUPT)
        return
    yield Candidate(place.text + root, image)


def _stored(entry: str, name: ExecutableName) -> ExecutableName | None:
    """The parts of a file's name, if it is one that *name* may mean."""
    try:
        stored = parse_executable_name(entry, "")
    except KernelError:
        return None
    if fold(stored.base) != fold(name.base):
        return None
    return stored if _rank(stored, name) is not None else None


def _rank(stored: ExecutableName, name: ExecutableName) -> int | None:
    """0: the extension that was asked for; 1: what stands for it; None: another."""
    extension = fold(stored.extension)
    if extension == fold(name.extension):
        return 0
    is_usual = fold(name.extension) in (KExeSuffix, KDllSuffix)
    return 1 if is_usual and extension == KPythonSuffix else None


def _with_version(candidate: Candidate, version: int | None) -> Candidate:
    """The version in a file's name is the one that counts."""
    if version is None or candidate.module is None:
        return candidate
    image = replace(candidate.image, version=version)
    return replace(
        candidate, image=image, module=replace(candidate.module, image=image)
    )
