"""Random work on a mount, against a dictionary of bytearrays: no byte is lost."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrInUse,
    KErrNotFound,
    KErrPathNotFound,
)
from servers.fileserver.failure import Refused
from servers.fileserver.host_mount import HostMount
from servers.fileserver.memory_mount import MemoryMount
from servers.fileserver.mount import MFile, MMount
from servers.fileserver.names import Components, fold_path

PATHS = st.lists(st.sampled_from(["a", "A", "b", "É", "é"]), min_size=1, max_size=3)
DATA = st.binary(max_size=3000)


def code_of(function: Callable[..., object], *args: object) -> int:
    with pytest.raises(Refused) as caught:
        function(*args)
    return caught.value.code


class Work(RuleBasedStateMachine):
    """The mount and what should be in it: None for directories."""

    def __init__(self) -> None:
        super().__init__()
        self.mount: MMount = self.make_mount()
        self.model: dict[Components, bytearray | None] = {(): None}
        self.names: dict[Components, str] = {}
        self.open: dict[Components, MFile] = {}

    def make_mount(self) -> MMount:
        return MemoryMount(1 << 22)

    def missing(self, path: Components) -> int:
        """The code for a path that is not there."""
        parent = fold_path(path[:-1])
        is_dir = parent in self.model and self.model[parent] is None
        return KErrNotFound if is_dir else KErrPathNotFound

    def expect_new(self, path: Components, *, of_dir: bool) -> int:
        key = fold_path(path)
        if key in self.model:
            same_kind = (self.model[key] is None) == of_dir
            return KErrAlreadyExists if same_kind else KErrAccessDenied
        missing = self.missing(path)
        return 0 if missing == KErrNotFound else missing

    @rule(path=PATHS)
    def create(self, path: list[str]) -> None:
        where = tuple(path)
        expected = self.expect_new(where, of_dir=False)
        if expected:
            assert code_of(self.mount.create, where, 7) == expected
            return
        file = self.mount.create(where, 7)
        self.model[fold_path(where)] = bytearray()
        self.names[fold_path(where)] = where[-1]
        self.open[fold_path(where)] = file

    @rule(path=PATHS)
    def make_dir(self, path: list[str]) -> None:
        where = tuple(path)
        expected = self.expect_new(where, of_dir=True)
        if expected:
            assert code_of(self.mount.make_dir, where, 7) == expected
            return
        self.mount.make_dir(where, 7)
        self.model[fold_path(where)] = None
        self.names[fold_path(where)] = where[-1]

    @rule(path=PATHS, data=DATA, place=st.integers(0, 4000))
    def write(self, path: list[str], data: bytes, place: int) -> None:
        key = fold_path(tuple(path))
        held = self.model.get(key)
        if held is None:
            return
        if key not in self.open:
            self.open[key] = self.mount.open(tuple(path), write=True)
        place = min(place, len(held))
        self.open[key].write(place, data, 8)
        held[place : place + len(data)] = data

    @rule(path=PATHS, size=st.integers(0, 5000))
    def set_size(self, path: list[str], size: int) -> None:
        key = fold_path(tuple(path))
        held = self.model.get(key)
        if held is not None and key in self.open:
            self.open[key].set_size(size, 9)
            held[:] = held[:size].ljust(size, b"\0")

    @precondition(lambda self: self.open)
    @rule(number=st.integers(0, 9))
    def close(self, number: int) -> None:
        key = sorted(self.open)[number % len(self.open)]
        self.open.pop(key).close()

    @rule(path=PATHS)
    def delete(self, path: list[str]) -> None:
        key = fold_path(tuple(path))
        if self.model.get(key) is not None and key not in self.open:
            self.mount.delete(tuple(path))
            del self.model[key]

    @rule(path=PATHS)
    def remove_dir(self, path: list[str]) -> None:
        key = fold_path(tuple(path))
        if key not in self.model or self.model[key] is not None:
            return
        is_empty = not any(k[: len(key)] == key and k != key for k in self.model)
        if not is_empty:
            assert code_of(self.mount.remove_dir, tuple(path)) == KErrInUse
            return
        self.mount.remove_dir(tuple(path))
        del self.model[key]

    @rule(old=PATHS, new=PATHS, replace=st.booleans())
    def rename(self, old: list[str], new: list[str], replace: bool) -> None:
        source, target = fold_path(tuple(old)), fold_path(tuple(new))
        if source not in self.model or target[: len(source)] == source != target:
            return
        is_file = self.model[source] is not None
        if target in self.model and target != source:
            replace = replace and is_file and self.model[target] is not None
            if not replace:
                return
        if any(key[: len(source)] == source for key in self.open):
            return
        if target in self.open or self.missing(tuple(new)) != KErrNotFound:
            return
        self.mount.rename(tuple(old), tuple(new), replace=replace and is_file)
        moved = {
            key: self.model.pop(key)
            for key in list(self.model)
            if key[: len(source)] == source
        }
        for key, held in moved.items():
            self.model[target + key[len(source) :]] = held
            name = new[-1] if key == source else self.names[key]
            self.names[target + key[len(source) :]] = name

    @invariant()
    def nothing_is_lost(self) -> None:
        for key, held in self.model.items():
            if held is None:
                inside = {k[-1] for k in self.model if k and k[:-1] == key}
                found = self.mount.entries(key)
                assert {fold_path((entry.name,))[0] for entry in found} == inside
                assert len(found) == len(inside)
                continue
            entry = self.mount.entry(key)
            assert (entry.size, entry.name) == (len(held), self.names[key])
            if key in self.open:
                assert self.open[key].read(0, 10_000) == held
            else:
                file = self.mount.open(key, write=False)
                assert file.read(0, 10_000) == held
                file.close()

    def teardown(self) -> None:
        for file in self.open.values():
            file.close()
        if isinstance(self.mount, MemoryMount):
            self.mount.check()


class HostWork(Work):
    """The same on a host directory."""

    @initialize()
    def is_seen_from_outside(self) -> None:
        assert list(self.root.iterdir()) == []

    def make_mount(self) -> MMount:
        self.root = Path(tempfile.mkdtemp())
        return HostMount(self.root, read_only=False)

    def teardown(self) -> None:
        for key, held in self.model.items():
            if held is not None:
                place = self.root.joinpath(
                    *(self.names[key[: n + 1]] for n in range(len(key)))
                )
                assert place.read_bytes() == held
        super().teardown()
        shutil.rmtree(self.root)


TestMemoryWork = Work.TestCase
TestHostWork = HostWork.TestCase
TestHostWork.settings = settings(max_examples=40, stateful_step_count=30)
