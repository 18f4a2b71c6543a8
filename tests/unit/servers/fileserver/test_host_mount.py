"""A host directory as a drive: nothing outside it is ever reached or shown."""

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrBadName,
    KErrDiskFull,
    KErrInUse,
    KErrNotFound,
    KErrNotSupported,
    KErrPathNotFound,
    KErrTooBig,
)
from servers.fileserver import host_file, host_index
from servers.fileserver.failure import Refused
from servers.fileserver.host_errors import host_code, host_errors
from servers.fileserver.host_index import HostIndex
from servers.fileserver.host_mount import HostMount
from servers.fileserver.modes import KEntryAttHidden, KEntryAttReadOnly
from servers.fileserver.names import parse_name

ESCAPES = (
    "..\\secret.txt",
    "C:\\..\\secret.txt",
    "\\.\\secret.txt",
    "\\T\\..\\..\\secret.txt",
    "\\T\\ .. \\secret.txt",
    "/etc/passwd",
    "\\T/../../secret.txt",
    "\\nul\0l",
    "\\..",
    "\\.",
    "\\T\\..",
    "\\\\server\\share",
    "\\udc2e\udc2e\\secret.txt",
    "\\\udc2f",
)


def code_of(function: Callable[..., object], *args: object, **more: object) -> int:
    with pytest.raises(Refused) as caught:
        function(*args, **more)
    return caught.value.code


def names(mount: HostMount, *path: str) -> list[str]:
    return [entry.name for entry in mount.entries(path)]


@pytest.mark.parametrize("text", ESCAPES, ids=ascii)
def test_no_text_names_what_is_outside(text: str) -> None:
    def understood() -> None:
        parse_name(text, "C:\\T\\").check()

    assert code_of(understood) == KErrBadName


def test_a_symbolic_link_is_not_followed(host: HostMount, root: Path) -> None:
    (root / "file").symlink_to("../secret.txt")
    (root / "dir").symlink_to("../outside")
    (root / "inside").mkdir()
    (root / "back").symlink_to("inside")
    assert names(host) == ["inside"]
    assert code_of(host.open, ("file",), write=False) == KErrNotFound
    assert code_of(host.entry, ("file",)) == KErrNotFound
    assert code_of(host.open, ("dir", "deep.txt"), write=True) == KErrPathNotFound
    assert code_of(host.entries, ("dir",)) == KErrPathNotFound
    assert code_of(host.entries, ("back",)) == KErrPathNotFound
    assert code_of(host.create, ("dir", "new"), 0) == KErrPathNotFound


def test_nothing_is_put_in_the_place_of_a_link(host: HostMount, root: Path) -> None:
    (root / "link").symlink_to("../secret.txt")
    assert code_of(host.create, ("link",), 0) == KErrAccessDenied
    assert code_of(host.make_dir, ("link",), 0) == KErrAccessDenied
    host.create(("file",), 0).close()
    assert code_of(host.rename, ("file",), ("link",), replace=False) == (
        KErrAccessDenied
    )
    assert code_of(host.rename, ("file",), ("link",), replace=True) == KErrAccessDenied
    assert (root / "link").read_bytes() == b"secret"
    assert (root / "file").read_bytes() == b""


@pytest.fixture
def believing(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Makes indexes tell names that the host has meanwhile changed."""

    def believe(names: dict[str, str]) -> None:
        monkeypatch.setattr(HostIndex, "names", lambda _self, _fd: names)

    return believe


def test_a_link_swapped_in_for_a_directory_is_not_followed(
    host: HostMount, root: Path, believing: Callable[[dict[str, str]], None]
) -> None:
    """The index still says directory while the host has a link to the outside."""
    believing({"dir": "dir", "deep.txt": "deep.txt"})
    (root / "dir").symlink_to("../outside")
    for work in (host.entry, host.delete, host.remove_dir):
        assert code_of(work, ("dir", "deep.txt")) == KErrPathNotFound
    assert code_of(host.open, ("dir", "deep.txt"), write=True) == KErrPathNotFound
    assert code_of(host.create, ("dir", "new"), 0) == KErrPathNotFound
    assert (root.parent / "outside" / "deep.txt").read_bytes() == b"secret"


def test_a_link_swapped_in_for_a_file_is_not_followed(
    host: HostMount, root: Path, believing: Callable[[dict[str, str]], None]
) -> None:
    believing({"file": "file"})
    (root / "file").symlink_to("../secret.txt")
    assert code_of(host.open, ("file",), write=False) == KErrAccessDenied
    assert code_of(host.open, ("file",), write=True) == KErrAccessDenied
    assert code_of(host.entry, ("file",)) == KErrNotFound
    host.delete(("file",))  # the link itself goes
    assert (root.parent / "secret.txt").read_bytes() == b"secret"


def test_a_file_swapped_for_another_is_not_written_to(
    host: HostMount, root: Path
) -> None:
    (root / "file").write_bytes(b"first")
    file = host.open(("file",), write=False)
    (root / "new").write_bytes(b"second")
    (root / "new").replace(root / "file")
    assert code_of(file.ensure_writable) == KErrInUse
    assert file.read(0, 10) == b"first"
    assert (root / "file").read_bytes() == b"second"


def test_what_is_no_ordinary_file_is_not_offered(
    host: HostMount, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(root / "fifo")
    monkeypatch.chdir(root)  # a socket's name has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    assert sorted(path.name for path in root.iterdir()) == ["fifo", "socket"]
    assert names(host) == []
    for name in ("fifo", "socket"):
        assert code_of(host.open, (name,), write=False) == KErrNotFound
        assert code_of(host.create, (name,), 0) == KErrAccessDenied


def test_a_fifo_swapped_in_does_not_hold_the_drive(
    host: HostMount, root: Path, believing: Callable[[dict[str, str]], None]
) -> None:
    believing({"file": "file"})
    os.mkfifo(root / "file")
    assert code_of(host.open, ("file",), write=False) == KErrAccessDenied
    assert code_of(host.open, ("file",), write=True) == KErrAccessDenied


def test_names_that_clients_cannot_say_are_left_out(
    host: HostMount, root: Path
) -> None:
    for name in (b"a\\b", b"a:b", b"a*", b"dot.", b"space ", b"\xff\xfe", b"a|b"):
        (root / os.fsdecode(name)).write_bytes(b"")
    (root / "good.txt").write_bytes(b"good")
    assert names(host) == ["good.txt"]


def test_a_directory_with_something_unsayable_is_not_empty(
    host: HostMount, root: Path
) -> None:
    (root / "dir").mkdir()
    (root / "dir" / "a:b").write_bytes(b"kept")
    assert names(host, "dir") == []
    assert code_of(host.remove_dir, ("dir",)) == KErrInUse


def test_of_names_that_differ_in_case_only_the_first_is_there(
    host: HostMount, root: Path
) -> None:
    for name in ("file.txt", "File.TXT", "FILE.txt"):
        (root / name).write_bytes(name.encode())
    assert names(host) == ["FILE.txt"]
    file = host.open(("file.txt",), write=False)
    assert file.read(0, 20) == b"FILE.txt"
    file.close()
    assert code_of(host.create, ("fiLE.txt",), 0) == KErrAlreadyExists
    host.delete(("file.txt",))
    assert names(host) == ["File.TXT"]


def test_replace_among_names_that_differ_in_case_loses_none_unasked(
    host: HostMount, root: Path
) -> None:
    (root / "TARGET").write_bytes(b"shown")
    (root / "target").write_bytes(b"hidden")
    (root / "new").write_bytes(b"new")
    host.rename(("new",), ("target",), replace=True)
    assert (root / "TARGET").read_bytes() == b"new"
    assert (root / "target").read_bytes() == b"hidden"


def test_names_fold_beyond_ascii(host: HostMount) -> None:
    host.create(("Grüße",), 0).close()
    assert host.entry(("GRÜßE",)).name == "Grüße"
    assert code_of(host.entry, ("GRÜSSE",)) == KErrNotFound


def test_a_name_too_long_for_the_host_is_a_bad_one(host: HostMount) -> None:
    assert code_of(host.create, ("ü" * 200,), 0) == KErrBadName


def test_changes_made_on_the_host_are_seen(host: HostMount, root: Path) -> None:
    assert names(host) == []
    (root / "a").write_bytes(b"")
    assert names(host) == ["a"]
    (root / "a").rename(root / "b")
    assert names(host) == ["b"]
    assert code_of(host.entry, ("a",)) == KErrNotFound


def test_an_old_directory_is_read_once(
    host: HostMount, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a").write_bytes(b"")
    os.utime(root, (0, 0))
    reads: list[int] = []
    original = host_index.read_names

    def read_names(fd: int) -> dict[str, str]:
        reads.append(fd)
        return original(fd)

    monkeypatch.setattr(host_index, "read_names", read_names)
    assert [host.entry(("A",)).name for _ in range(5)] == ["a"] * 5
    assert len(reads) == 1
    (root / "b").write_bytes(b"")
    assert names(host) == ["a", "b"]
    assert len(reads) == 2


def test_a_drive_whose_directory_went_is_empty_and_refuses(
    host: HostMount, root: Path
) -> None:
    root.rmdir()
    assert names(host) == []
    assert code_of(host.create, ("a",), 0) == KErrNotFound


def test_a_root_that_is_none() -> None:
    with pytest.raises(Refused):
        HostMount(Path("/nonexistent/nowhere"), read_only=True)


def test_only_the_read_only_attribute_has_a_place_on_the_host(
    host: HostMount, root: Path
) -> None:
    host.create(("a",), 0).close()
    assert code_of(host.set_entry, ("a",), None, KEntryAttHidden, 0) == (
        KErrNotSupported
    )
    host.set_entry(("a",), None, KEntryAttReadOnly, 0)
    assert host.entry(("a",)).is_read_only
    assert (root / "a").stat().st_mode & 0o222 == 0
    host.set_entry(("a",), None, 0, KEntryAttReadOnly)
    assert not host.entry(("a",)).is_read_only


class FailingHost:
    """A host whose write takes some bytes and then none."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.calls = 0

    def pwrite(self, fd: int, data: memoryview, position: int) -> int:
        self.calls += 1
        if self.calls > 1:
            raise OSError(self.code, os.strerror(self.code))
        return REAL_PWRITE(fd, data[:3], position)


REAL_PWRITE = os.pwrite


@pytest.mark.parametrize(
    ("error", "code"), [(errno.ENOSPC, KErrDiskFull), (errno.EFBIG, KErrTooBig)]
)
def test_a_write_that_the_host_breaks_off_does_not_lengthen_the_file(
    host: HostMount, monkeypatch: pytest.MonkeyPatch, error: int, code: int
) -> None:
    file = host.create(("a",), 0)
    file.write(0, b"whole", 0)
    monkeypatch.setattr(host_file.os, "pwrite", FailingHost(error).pwrite)
    assert code_of(file.write, 5, b"1234567", 0) == code
    assert file.size() == 5
    assert file.read(0, 20) == b"whole"
    file.close()


def test_a_host_that_gives_and_takes_a_little_at_a_time(
    host: HostMount, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_pread = os.pread
    monkeypatch.setattr(
        host_file.os, "pwrite", lambda fd, data, at: REAL_PWRITE(fd, data[:7], at)
    )
    monkeypatch.setattr(
        host_file.os, "pread", lambda fd, count, at: real_pread(fd, min(count, 5), at)
    )
    contents = bytes(range(256)) * 3
    file = host.create(("a",), 0)
    file.write(0, contents, 0)
    assert file.read(0, 10_000) == contents
    assert file.read(100, 33) == contents[100:133]
    file.close()


def test_errors_of_the_host_have_codes() -> None:
    assert host_code(OSError(errno.EACCES, "")) == KErrAccessDenied
    assert host_code(OSError(errno.ENOENT, "")) == KErrNotFound
    with pytest.raises(Refused), host_errors():
        Path("/nonexistent/\udcff").stat()
    with pytest.raises(Refused) as caught, host_errors():
        "ü".encode("ascii")
    assert caught.value.code == KErrBadName
    with pytest.raises(ZeroDivisionError), host_errors():
        _ = 1 // 0
