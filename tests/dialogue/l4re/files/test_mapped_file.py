"""The client library: MappedFile and FileContext, as programs use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servers.fileserver.client import RFs
from servers.fileserver.modes import KEntryAttReadOnly
from servers.l4fs.client import FileContext, MappedFile
from servers.l4fs.protocol import (
    NOTIFY_CONTENT,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from userlib.l4re import Cap, Irq, L4Error, Loader

if TYPE_CHECKING:
    from tests.dialogue.l4re.files.conftest import Storyteller

NEW = O_RDWR | O_CREAT


def test_bytes_are_read_and_written_by_position_and_by_place(
    tell: Storyteller,
) -> None:
    def story() -> None:
        with MappedFile.open(tell.fs(), "f", NEW) as file:
            assert (file.size(), file.read(), file.read(5)) == (0, b"", b"")
            assert file.write(b"hello, world") == 12
            assert (file.position, file.size(), len(file)) == (12, 12, 12)
            assert file.seek(7) == 7
            assert file.read(3) == b"wor"
            assert file.read() == b"ld"
            assert (file[0], file[-1], file[1:4], file[-5:]) == (
                ord("h"),
                ord("d"),
                b"ell",
                b"world",
            )
            file[0] = ord("J")
            file[-5:] = b"WORLD"
            assert file[:] == b"Jello, WORLD"
            assert file.read_at(9, 100) == b"RLD"
            assert file.read_at(100, 1) == b""
            with pytest.raises(IndexError):
                file[12] = 0
            with pytest.raises(ValueError, match="in a row"):
                file[::2]
            with pytest.raises(ValueError, match="as many bytes"):
                file[0:2] = b"abc"
            with pytest.raises(ValueError, match="not negative"):
                file.seek(-1)
            file.write_at(5000, b"far")
            assert file.size() == 5003
        assert tell.stored("C:\\f") == b"Jello, WORLD".ljust(5000, b"\0") + b"far"

    tell(story)


def test_a_file_of_megabytes_is_written_and_read(tell: Storyteller) -> None:
    """More than a piece of memory, more than a window, more than a request."""

    def story() -> None:
        data = b"".join(number.to_bytes(4, "big") for number in range(700_000))
        with MappedFile.open(tell.fs(), "f", NEW) as file:
            for start in range(0, len(data), 100_001):
                file.write(data[start : start + 100_001])
            assert file.flush() == len(data)
            file.seek(0)
            assert file.read() == data
        assert tell.stored("C:\\f") == data

    tell(story)


def test_two_users_share_what_they_write_and_flush_tells(tell: Storyteller) -> None:
    def other() -> None:
        with MappedFile.open(tell.fs(), "f", O_RDWR) as file:
            assert file.read() == b"by the first"
            file[3:6] = b"THE"
            file.seek(12)
            file.write(b", longer")
            assert file.flush() == 20

    def story() -> None:
        irq = Irq().create()
        irq.bind(4)
        with MappedFile.open(tell.fs(), "f", NEW) as file:
            file.write(b"by the first")
            file.flush()
            file.subscribe(irq, NOTIFY_CONTENT)
            with tell.start() as app:
                irq.receive()
                assert app.wait() == 0
            assert file[:] == b"by THE first, longer"
            file.unsubscribe(irq)
        assert tell.stored("C:\\f") == b"by THE first, longer"

    tell(story, other)


def test_a_file_that_another_cut_does_not_grow_again(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", bytes(9000))
        with (
            MappedFile.open(tell.fs(), "f", O_RDWR) as file,
            MappedFile.open(tell.fs(), "f", O_RDWR) as other,
        ):
            file[8000:8003] = b"old"
            assert file.flush() == 9000
            assert other.resize(100) == 100
            assert file.read_at(8000, 3) == b""
            file[50] = 7
            assert file.flush() == 100
            assert file.resize(8500) == 8500
            assert file[8000:8003] == bytes(3)

    tell(story)


def test_flags_and_paths_are_checked(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", b"text")
        with RFs().connect() as session, FileContext(tell.fs()) as context:
            context.mkdir("dir")
            tell.store("C:\\locked", b"text")
            session.set_att("C:\\locked", KEntryAttReadOnly, 0)
            refused = {
                ("gone", O_RDONLY): 2,
                ("no/where", NEW): 2,
                ("f", NEW | O_EXCL): 17,
                ("dir", O_RDONLY): 13,
                ("locked", O_RDWR): 13,
                ("a:b", O_RDONLY): 22,
                ("", O_RDONLY): 22,
                ("/", O_RDONLY): 22,
                ("..\\f", O_RDONLY): 22,
                ("f\0g", O_RDONLY): 22,
                ("\ud800", O_RDONLY): 22,
                ("x" * 5000, O_RDONLY): 36,
                ("f", O_RDWR | O_WRONLY): 22,
                ("f", O_RDONLY | O_TRUNC): 22,
                ("f", O_RDWR | O_EXCL): 22,
                ("f", 1 << 20): 22,
            }
            for (path, flags), code in refused.items():
                found = tell.code_of(context.open, path, flags)
                assert (path[:9], flags, found) == (path[:9], flags, code)
            with context.open("/F", O_RDWR | O_TRUNC) as file:
                assert file.size() == 0
                assert tell.code_of(context.open, "f", NEW | O_EXCL) == 17
            with context.open("locked") as file:
                assert file.read() == b"text"
                assert tell.code_of(file.write, b"x") == 1
                assert tell.code_of(file.resize, 1) == 1

    tell(story)


def test_one_may_write_where_others_only_read(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", b"text")
        with FileContext(tell.fs()) as context, context.open("f") as reader:
            assert reader.read() == b"text"
            with context.open("f", O_RDWR) as writer:
                writer.write(b"TEXT")
                assert reader[:] == b"TEXT"
            assert context.stat("f").size == 4
        assert tell.stored("C:\\f") == b"TEXT"

    tell(story)


def test_directories_and_names_are_changed(tell: Storyteller) -> None:
    def story() -> None:
        with FileContext(tell.fs()) as context:
            context.mkdir("one")
            context.mkdir("one/two")
            assert tell.code_of(context.mkdir, "one") == 17
            assert context.stat("").is_dir
            assert context.stat("one\\two").is_dir
            with context.open("one/f", NEW) as file:
                file.write(b"12345")
                assert tell.code_of(context.remove, "one/f") == 16
                assert tell.code_of(context.rename, "one/f", "g") == 16
            found = context.stat("one/f")
            assert (found.size, found.is_dir) == (5, False)
            assert found.modified_us >= 0
            context.rename("one/f", "one/two/g")
            assert tell.code_of(context.stat, "one/f") == 2
            assert tell.code_of(context.remove, "one/two") == 16
            context.remove("one/two/g")
            context.remove("one/two")
            context.remove("one")
            assert tell.code_of(context.stat, "one") == 2
            assert tell.code_of(context.remove, "one") == 2

    tell(story)


def test_a_mounted_filesystem_answers_for_its_paths(tell: Storyteller) -> None:
    def story() -> None:
        loader = Loader()
        channel = loader.new_channel()
        tell.store("C:\\f", b"here")
        with (
            loader.start("l4fs", "D:\\", caps={"server": channel.svr()}),
            FileContext(tell.fs()) as context,
        ):
            context.mount("mnt/d", channel)
            assert tell.code_of(context.mount, "MNT\\D", channel) == 17
            with context.open("mnt/d/g", NEW) as file:
                file.write(b"there")
            assert tell.stored("D:\\g") == b"there"
            with context.open("f") as file:
                assert file.read() == b"here"
            context.mkdir("mnt/d/dir")
            context.rename("mnt/d/g", "mnt/d/dir/h")
            assert context.stat("mnt/d/dir/h").size == 5
            assert tell.code_of(context.rename, "mnt/d/dir/h", "h") == 22
            context.remove("mnt/d/dir/h")
            assert tell.code_of(context.open, "mnt/d/g") == 2
            with context.getfs("mnt/d") as there, context.getfs() as here:
                assert there.equals(channel.duplicate(there.rights()))
                assert not here.equals(there)

    tell(story)


def test_a_component_stays_in_its_directory(tell: Storyteller) -> None:
    def story() -> None:
        with RFs().connect() as session:
            session.mk_dir_all("C:\\jail\\")
        tell.store("C:\\secret", b"text")
        loader = Loader()
        channel = loader.new_channel()
        with (
            loader.start("l4fs", "C:\\jail", caps={"server": channel.svr()}),
            FileContext(channel) as context,
        ):
            for path in (
                "secret",
                "/secret",
                "../secret",
                "C:\\secret",
                ".\\..\\secret",
            ):
                assert tell.code_of(context.open, path) in {2, 22}
            with context.open("f", NEW) as file:
                file.write(b"inside")
        assert tell.stored("C:\\jail\\f") == b"inside"

    tell(story)


def test_the_window_can_be_chosen(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", bytes(range(256)) * 40)
        with MappedFile.open(tell.fs(), "f", O_RDWR) as file:
            assert file.expose(5000, 100, (5000, 5100)) == range(4096, 8192)
            assert file.read_at(4999, 3) == bytes((0, 5000 % 256, 5001 % 256))
            file.write_at(4999, b"abc")
            assert tell.code_of(file.read_at, 0, 1) == 34
            file.expose(0, 10240)
            assert file[4998:5003] == bytes((134, 135)) + b"bc" + bytes((138,))

    tell(story)


def test_a_component_without_a_gate_says_so(tell: Storyteller) -> None:
    def story() -> None:
        loader = Loader()
        with loader.start("l4fs") as nameless:
            assert nameless.wait() == -2
        with loader.new_channel() as channel:
            for args, reason in (("", -1), ("pages=1", -6), ("pages=x C:\\", -6)):
                with loader.start("l4fs", args, caps={"server": channel}) as app:
                    assert app.wait() == reason

    tell(story)


def test_a_falsy_notifier_is_refused(tell: Storyteller) -> None:
    def story() -> None:
        with MappedFile.open(tell.fs(), "f", NEW) as file:
            with pytest.raises(L4Error) as refused:
                file.subscribe(Irq.of(Cap()), NOTIFY_CONTENT)
            assert refused.value.code == 22

    tell(story)
