"""Data caging: fileserver specification 15, cases 120 to 124."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Executable, Image, Kernel
from servers.fileserver.client import RDir, RFile, RFs
from servers.fileserver.modes import (
    EFileShareAny,
    EFileShareExclusive,
    EFileShareReadersOnly,
    EFileShareReadersOrWriters,
    EFileStreamText,
    EFileWrite,
)
from userlib import (
    ECapabilityAllFiles,
    ECapabilityTCB,
    KErrNone,
    KErrPermissionDenied,
)

Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

DENIED = KErrPermissionDenied
As = Callable[..., None]


@pytest.fixture
def as_client(machine: Kernel) -> As:
    """Runs a story as a program with a secure id and capabilities."""

    def as_client(
        story: Callable[[RFs], None], *capabilities: int, sid: int = 0x10000001
    ) -> None:
        def program() -> None:
            with RFs().connect() as fs:
                fs.set_session_path("C:\\")
                story(fs)

        image = Image(uid3=sid, capabilities=frozenset(capabilities))
        machine.register("client", Executable(program, image))
        assert str(machine.run("client")) == "exited with KErrNone"

    return as_client


@pytest.fixture
def furnished(as_client: As, make: Helper) -> As:
    """As as_client, after files were put into every caged directory."""

    def furnish(fs: RFs) -> None:
        for folder in ("\\sys\\bin\\", "\\resource\\", "\\private\\20000002\\"):
            fs.mk_dir_all(folder)
            make(fs, folder + "f")
        fs.mk_dir_all("\\T\\sub\\")
        make(fs, "\\T\\f")

    as_client(furnish, ECapabilityTCB, ECapabilityAllFiles)
    return as_client


@pytest.mark.case("SF-120")
def test_sys_without_capabilities(furnished: As, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(RFile().create, fs, "\\sys\\bin\\new") == DENIED
        for name in ("\\sys\\bin\\f", "\\SYS\\BIN\\missing", "\\sys \\bin\\f"):
            assert refusal(RFile().open, fs, name) == DENIED, name
        assert refusal(fs.entry, "\\sys") == KErrNone
        assert refusal(RDir().open, fs, "\\sys\\*") == DENIED
        assert refusal(fs.rm_dir, "\\sys\\") == DENIED
        assert refusal(fs.rename, "\\sys", "\\gone") == DENIED

    furnished(story)


@pytest.mark.case("SF-121")
def test_resource_is_for_reading(furnished: As, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        for mode in (
            EFileShareExclusive,
            EFileShareReadersOnly,
            EFileShareReadersOrWriters,
        ):
            assert refusal(_opened, fs, "\\resource\\f", mode) == KErrNone
        for mode in (EFileShareAny, EFileWrite, EFileStreamText):
            assert refusal(_opened, fs, "\\resource\\f", mode) == DENIED
        assert refusal(fs.delete, "\\resource\\f") == DENIED

    furnished(story)


@pytest.mark.case("SF-122")
def test_private_directories(furnished: As, refusal: Helper) -> None:
    def owner(fs: RFs) -> None:
        assert refusal(_opened, fs, "\\Private\\20000002\\F", EFileWrite) == KErrNone
        assert [entry.name for entry in fs.entries("\\private\\20000002\\")] == ["f"]

    def other(fs: RFs) -> None:
        for name in ("\\private\\20000002\\f", "\\private\\20000002\\missing"):
            assert refusal(_opened, fs, name, 0) == DENIED
        assert refusal(RDir().open, fs, "\\private\\*") == DENIED
        assert refusal(fs.set_session_path, "\\private\\20000002\\") == DENIED
        assert refusal(fs.entry, "\\private") == KErrNone

    furnished(owner, sid=0x20000002)
    furnished(other)


@pytest.mark.case("SF-123")
def test_what_capabilities_open(furnished: As, refusal: Helper) -> None:
    def all_files(fs: RFs) -> None:
        assert refusal(_opened, fs, "\\sys\\bin\\f", 0) == KErrNone
        assert refusal(_opened, fs, "\\private\\20000002\\f", EFileWrite) == KErrNone
        assert refusal(fs.delete, "\\sys\\bin\\f") == DENIED

    def tcb(fs: RFs) -> None:
        assert refusal(fs.delete, "\\sys\\bin\\f") == KErrNone

    furnished(all_files, ECapabilityAllFiles)
    furnished(tcb, ECapabilityTCB)


@pytest.mark.case("SF-124")
def test_renaming_into_sys(furnished: As, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.rename, "C:\\T\\f", "C:\\sys\\f") == DENIED
        assert refusal(fs.rename, "C:\\T\\sub", "C:\\sys\\sub") == DENIED
        assert refusal(fs.replace, "C:\\T\\f", "C:\\sys\\f") == DENIED
        assert [entry.name for entry in fs.entries("C:\\T\\")] == ["f", "sub"]

    furnished(story)


def _opened(fs: RFs, name: str, mode: int) -> None:
    RFile().open(fs, name, mode).close()
