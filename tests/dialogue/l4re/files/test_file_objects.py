"""MappedFileObject by its interfaces alone: clients call what the wire has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servers.fileserver.client import RFs
from servers.l4fs.filesystem_client import client_Filesystem
from servers.l4fs.mapped_file_object_client import client_MappedFileObject
from servers.l4fs.opener_client import client_Opener
from servers.l4fs.opener_context_object_client import client_OpenerContextObject
from servers.l4fs.protocol import (
    NOTIFY_CLOSED,
    NOTIFY_CONTENT,
    NOTIFY_OPENED,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    OBJECT_HAS_SIZE,
    OBJECT_SUPPORTS_MMAP,
    OBJECT_WRITABLE,
)
from userlib import User
from userlib.l4re import Cap, Fpage, Irq, L4Error, L4MemoryRight, Loader, Rights

if TYPE_CHECKING:
    from eka import Kernel
    from tests.dialogue.l4re.files.conftest import Storyteller

R = int(L4MemoryRight.R)
RW = int(L4MemoryRight.R | L4MemoryRight.W)
PAGE = 0x1000
TEXT = bytes(range(250)) * 40  # 10,000 bytes


def context_of(fs: Cap) -> Any:
    """A new context, by the steps of the interfaces."""
    with client_Filesystem(fs).open_for_user(7) as opener:
        return client_OpenerContextObject(client_Opener(opener).context())


def open_in(context: Any, path: str, flags: int) -> Any:
    with context.map(0, 0, RW) as memory:
        packed = path.encode() + b"\0"
        memory.view(0, len(packed))[:] = packed
    return context.open(flags)


def opened(tell: Storyteller, path: str = "f", flags: int = O_RDWR) -> Any:
    """A client of the file."""
    return client_MappedFileObject(open_in(context_of(tell.fs()), path, flags).file)


def cap_of(client: Any) -> Cap:
    cap: Cap = client._cap
    return cap


def page_at(file: Any, offset: int, flags: int = RW) -> Fpage:
    """One page: for another address nothing larger is aligned."""
    page: Fpage = file.map(offset, offset + PAGE, flags)
    assert page.order == 12
    return page


@pytest.mark.case("L4-70")
def test_an_opener_gives_a_new_context_each_time(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        with client_Filesystem(tell.fs()).open_for_user(7) as cap:
            opener = client_Opener(cap)
            first, second = opener.context(), opener.context()
        assert first
        assert second
        assert not first.equals(second)
        assert first.equals(first.duplicate())
        contexts = [client_OpenerContextObject(one) for one in (first, second)]
        for context in contexts:
            assert open_in(context, "f", O_RDONLY).size == 10_000
        first.close()
        assert tell.code_of(contexts[0].open, O_RDONLY) == 2004
        assert open_in(contexts[1], "f", O_RDONLY).size == 10_000

    tell(story)


@pytest.mark.case("L4-87")
def test_a_file_is_opened_by_a_path_in_the_contexts_memory(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        context = context_of(tell.fs())
        size, cap, flags = open_in(context, "f", O_RDWR)
        assert size == 10_000
        assert flags == OBJECT_HAS_SIZE | OBJECT_SUPPORTS_MMAP | OBJECT_WRITABLE
        assert cap.rights() == Rights.RW
        file = client_MappedFileObject(cap)
        assert file.info() == (0x3000, RW)
        with file.map(0, 0, R) as page:
            assert bytes(page.view(0, 100)) == TEXT[:100]
        size, cap, flags = open_in(context, "/f", O_RDONLY)
        assert (size, flags) == (10_000, OBJECT_HAS_SIZE | OBJECT_SUPPORTS_MMAP)
        assert cap.rights() == Rights.R
        assert client_MappedFileObject(cap).info() == (0x3000, R)

    tell(story)


@pytest.mark.case("L4-88")
def test_mmap_tells_the_limits_of_the_part_in_whole_pages(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        assert file.mmap(5000, 100, 0, 0) == (4096, 8192, 10_000)
        assert file.info().size == PAGE
        with file.map(0, 0, R) as page:
            assert bytes(page.view()) == TEXT[4096:8192]
        assert tell.code_of(file.map, PAGE, 0, R) == 34
        assert tell.code_of(file.mmap, 0, 0, 0, 0) == 22
        assert tell.code_of(file.mmap, 1 << 62, 1, 0, 0) == 34
        assert file.info().size == PAGE

    tell(story)


@pytest.mark.case("L4-89")
def test_what_is_outside_the_visible_range_reads_as_zero(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        file.mmap(5000, 100, 5000, 5100)
        with file.map(0, 0, RW) as page:
            seen = bytes(page.view())
            assert seen[:904] == bytes(904)
            assert seen[904:1004] == TEXT[5000:5100]
            assert seen[1004:] == bytes(PAGE - 1004)
            page.view()[:] = b"x" * PAGE
            assert file.flush(PAGE) == 10_000
        changed = TEXT[:5000] + b"x" * 100 + TEXT[5100:]
        assert tell.stored("C:\\f") == changed

    tell(story)


@pytest.mark.case("L4-90")
def test_clients_see_what_others_write_without_a_flush(tell: Storyteller) -> None:
    def other() -> None:
        file = opened(tell)
        with page_at(file, PAGE) as page:
            assert bytes(page.view(0, 5)) == b"first"
            page.view(0, 6)[:] = b"second"

    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        with page_at(file, PAGE) as page:
            view = page.view(0, 6)
            view[:5] = b"first"
            tell.run_client()
            assert bytes(view) == b"second"
            assert tell.stored("C:\\f") == TEXT

    tell(story, other)


@pytest.mark.case("L4-91")
def test_what_is_written_behind_the_end_becomes_the_files_by_a_flush(
    tell: Storyteller,
) -> None:
    def story() -> None:
        tell.store("C:\\f", b"short")
        file = opened(tell)
        assert file.mmap(0, 3 * PAGE, 0, 0) == (0, 3 * PAGE, 5)
        for offset, text in ((0, b"SHORT and long"), (2 * PAGE, b"far")):
            with page_at(file, offset) as page:
                page.view(0, len(text))[:] = text
        assert file.flush(5) == 5
        assert tell.stored("C:\\f") == b"SHORT"
        assert file.flush(2 * PAGE + 3) == 2 * PAGE + 3
        whole = b"SHORT and long".ljust(2 * PAGE, b"\0") + b"far"
        assert tell.stored("C:\\f") == whole
        cap_of(file).close()
        size, cap, _ = open_in(context_of(tell.fs()), "f", O_RDONLY)
        assert size == len(whole)
        with page_at(client_MappedFileObject(cap), 2 * PAGE, R) as page:
            assert bytes(page.view(0, 4)) == b"far\0"

    tell(story)


@pytest.mark.case("L4-92")
def test_writing_through_a_capability_without_w_is_refused(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        reader = client_MappedFileObject(cap_of(file).duplicate(Rights.R))
        assert tell.code_of(reader.map, 0, 0, RW) == 1
        with reader.map(0, 0, R) as page:
            assert page.view().readonly
        assert tell.code_of(reader.clear, 0, 1) == 13
        assert tell.code_of(reader.copy_in, 0, cap_of(file), 0, 1) == 13
        assert tell.code_of(reader.resize, 1) == 1
        assert reader.info().flags == R
        cap_of(reader).close()
        only_read = opened(tell, flags=O_RDONLY)
        assert tell.code_of(only_read.map, 0, 0, RW) == 1
        assert tell.code_of(only_read.resize, 1) == 1

    tell(story)


def triggers(irq: Irq) -> int:
    """How often it was triggered, until nothing new came for a while."""
    count, code = 0, 0
    while not code:
        code = code_of(irq)
        count += 1
    assert code == 2003  # in vain
    return count - 1


def code_of(irq: Irq) -> int:
    try:
        irq.receive(0.05)
    except L4Error as error:
        return error.code
    return 0


@pytest.mark.case("L4-93")
def test_other_users_are_told_of_a_flush(tell: Storyteller) -> None:
    counts: list[int] = []

    def other() -> None:
        irq = Irq().create()
        irq.bind(4)
        file = opened(tell)
        file.subscribe(irq.mode("rw"), NOTIFY_CONTENT)
        counts.append(triggers(irq))

    def story() -> None:
        tell.store("C:\\f", TEXT)
        own = Irq().create()
        own.bind(4)
        file = opened(tell)
        file.subscribe(own.mode("rw"), NOTIFY_CONTENT)
        with tell.start() as app:
            User.after(20_000)  # it has subscribed, and waits for 50 ms
            file.flush(0)
            file.flush(0)
            assert app.wait() == 0
        assert triggers(own) == 0

    tell(story, other)
    assert counts in ([1], [2])


def test_users_are_told_of_others_who_open_resize_and_close(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        told = {}
        for label, flag in enumerate((NOTIFY_OPENED, NOTIFY_CONTENT, NOTIFY_CLOSED)):
            told[flag] = Irq().create()
            told[flag].bind(4 * label)
            file.subscribe(told[flag].mode("rw"), flag)

        def heard() -> list[int]:
            return [flag for flag, irq in told.items() if triggers(irq)]

        assert heard() == []
        other = opened(tell)
        assert heard() == [NOTIFY_OPENED]
        other.resize(100)
        assert heard() == [NOTIFY_CONTENT]
        file.resize(200)
        assert heard() == []
        cap_of(other).close()
        assert heard() == [NOTIFY_CLOSED]
        truncating = opened(tell, flags=O_RDWR | O_TRUNC)
        assert heard() == [NOTIFY_OPENED, NOTIFY_CONTENT]
        for irq in told.values():
            file.unsubscribe(irq.mode("rw"))
        truncating.flush(0)
        cap_of(truncating).close()
        assert heard() == []

    tell(story)


def test_subscriptions_that_make_no_sense_are_refused(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        irq, other = Irq().create(), Irq().create()
        notifier = irq.mode("rw")
        assert tell.code_of(file.subscribe, notifier, 0) == 22
        assert tell.code_of(file.subscribe, notifier, 9) == 22
        assert tell.code_of(file.subscribe, irq.mode("r"), NOTIFY_CONTENT) == 1
        assert tell.code_of(file.unsubscribe, notifier) == 2
        file.subscribe(notifier, NOTIFY_CONTENT)
        assert tell.code_of(file.subscribe, notifier, NOTIFY_CLOSED) == 17
        assert tell.code_of(file.unsubscribe, other.mode("rw")) == 2
        file.subscribe(other.mode("rw"), NOTIFY_CONTENT)
        opened(tell).subscribe(notifier, NOTIFY_CONTENT)  # for another user: anew
        file.unsubscribe(irq.mode("r"))  # the same Irq, whatever else one may do
        assert tell.code_of(file.unsubscribe, notifier) == 2

    tell(story)


def test_a_notifier_that_is_no_irq_harms_nobody(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file, other = opened(tell), opened(tell)
        gate = Loader().new_channel()
        file.subscribe(gate.mode("rw"), NOTIFY_CONTENT)
        other.flush(0)
        assert tell.code_of(file.unsubscribe, gate.mode("rw")) == 2

    tell(story)


def l4fs_threads(machine: Kernel) -> int:
    machine.wait_idle()
    processes = machine.debug.snapshot().processes
    (found,) = [len(one.threads) for one in processes if one.name.startswith("l4fs")]
    return found


@pytest.mark.case("L4-94")
def test_a_files_thread_and_provider_go_with_its_users(
    machine: Kernel, tell: Storyteller
) -> None:
    with machine.attach(), RFs().connect() as session:
        loader = Loader()
        channel = loader.new_channel()
        app = loader.start("l4fs", caps={"server": channel.svr()})
        tell.store("C:\\f", TEXT)
        before = l4fs_threads(machine)
        context = context_of(channel)
        assert l4fs_threads(machine) == before + 1
        first = open_in(context, "f", O_RDWR).file
        second = open_in(context, "F", O_RDONLY).file
        cap_of(context).close()
        assert l4fs_threads(machine) == before + 2
        assert session.is_file_open("C:\\f")
        first.close()
        assert l4fs_threads(machine) == before + 1
        assert session.is_file_open("C:\\f")
        with client_MappedFileObject(second).map(0, 0, R) as page:
            view = page.view(0, 10)
            assert bytes(view) == TEXT[:10]
            second.close()
            assert l4fs_threads(machine) == before
            assert not session.is_file_open("C:\\f")
            with pytest.raises(ValueError, match="released"):
                bytes(view)  # nothing stays mapped of a file that nobody has open
            with pytest.raises(L4Error):
                page.view(0, 10)
        channel.close()
        app.close()


def test_a_range_is_the_largest_that_fits_and_is_aligned(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", bytes(64 * PAGE))
        file = opened(tell)
        asked = {
            (0, 0): 18,  # all 64 pages
            (5, 5): 18,
            (5, 4): 12,  # odd here, even there
            (5, 7): 13,  # 4 and 5
            (5, 0x105): 18,
            (5, 0x115): 16,
        }
        for (page, spot), order in asked.items():
            with file.map(page * PAGE + 77, spot * PAGE + 3, R) as found:
                assert (page, spot, found.order) == (page, spot, order)
        file.mmap(3 * PAGE, 6 * PAGE, 0, 0)  # pages 3 to 8
        expected = [12, 14, 14, 14, 14, 12]
        for page, order in enumerate(expected):
            with file.map(page * PAGE, (3 + page) * PAGE, R) as found:
                assert (page, found.order) == (page, order)
        file.mmap(0, 64 * PAGE, 100, 5 * PAGE + 1)  # one edge, four pages, one edge
        for page, order in enumerate([12, 12, 13, 13, 12, 12, 12]):
            with file.map(page * PAGE, page * PAGE, R) as found:
                assert (page, found.order) == (page, order)

    tell(story)


def test_resizing_cuts_pages_off_and_shows_zeros(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file, other = opened(tell), opened(tell)
        other.mmap(0, 4 * PAGE, 0, 0)
        with page_at(other, 0) as first, page_at(other, PAGE) as second:
            views = [first.view(), second.view()]
            assert file.resize(10) == 10
            assert bytes(views[0]) == TEXT[:10] + bytes(PAGE - 10)
            with pytest.raises(ValueError, match="released"):
                bytes(views[1])
        assert tell.stored("C:\\f") == TEXT[:10]
        with page_at(other, PAGE) as behind:
            behind.view(0, 3)[:] = b"new"
        assert file.resize(2 * PAGE) == 2 * PAGE
        assert file.info().size == 2 * PAGE
        assert file.flush(0) == 2 * PAGE
        whole = TEXT[:10].ljust(PAGE, b"\0") + b"new".ljust(PAGE, b"\0")
        assert tell.stored("C:\\f") == whole

    tell(story)


def test_a_full_drive_refuses_growth_and_nothing_is_lost(tell: Storyteller) -> None:
    def story() -> None:
        loader = Loader()
        channel = loader.new_channel()
        app = loader.start("l4fs", "D:\\", caps={"server": channel.svr()})
        file = client_MappedFileObject(
            open_in(context_of(channel), "f", O_RDWR | O_CREAT).file
        )
        file.mmap(0, PAGE, 0, 0)
        with page_at(file, 0) as page:
            page.view(0, 4)[:] = b"data"
        assert file.flush(4) == 4
        assert tell.code_of(file.resize, 1 << 20) == 28
        assert file.mmap(0, 1 << 20, 0, 0).size == 4
        with page_at(file, 0) as page:
            page.view(0, 5)[:] = b"DATA!"
        assert tell.code_of(file.flush, 1 << 20) == 28
        assert file.flush(5) == 5
        assert tell.stored("D:\\f") == b"DATA!"
        app.kill()
        app.close()

    tell(story)


def test_clear_stops_at_the_end(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        assert tell.code_of(file.clear, 0x3001, 1) == 34
        file.clear(9000, 1 << 40)
        file.clear(100, 8000)
        file.clear(0x3000, 0)
        assert file.flush(0) == 10_000
        whole = TEXT[:100] + bytes(8000) + TEXT[8100:9000] + bytes(1000)
        assert tell.stored("C:\\f") == whole

    tell(story)


def test_copy_in_copies_between_objects_of_one_server(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        tell.store("C:\\g", bytes(5000))
        file, copy = opened(tell), opened(tell, "g")
        copy.copy_in(10, cap_of(file), 100, 3000)
        copy.copy_in(4990, cap_of(file), 0, 1 << 50)  # as far as both go
        copy.copy_in(0, cap_of(file), 0, 0)
        assert copy.flush(5000) == 5000
        whole = bytes(10) + TEXT[100:3100] + bytes(1980) + TEXT[:10]
        assert tell.stored("C:\\g") == whole
        for start, source in ((0, 1), (1, 0)):  # of itself, both ways
            before = bytes(file.map(0, 0, R).view(0, PAGE))
            file.copy_in(start, cap_of(file), source, PAGE)
            after = bytes(file.map(0, 0, R).view(0, PAGE))
            moved = before[1:] if source else before[:1] + before[:-1]
            assert after[: len(moved)] == moved
        foreign = Loader().new_channel()
        assert tell.code_of(copy.copy_in, 0, foreign, 0, 1) == 22
        assert tell.code_of(copy.copy_in, 0, cap_of(file), 1 << 40, 1) == 34
        assert tell.code_of(copy.copy_in, 1 << 40, cap_of(file), 0, 1) == 34
        context = context_of(tell.fs())
        context.copy_in(0, cap_of(file), 3, 5)
        with context.map(0, 0, R) as memory:
            assert bytes(memory.view(0, 5)) == bytes(file.map(0, 0, R).view(3, 5))

    tell(story)


def test_allocate_and_map_info(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        file = opened(tell)
        assert file.map_info() == (0, 0)
        file.allocate(0, 0)
        file.allocate(100, 9000)
        assert tell.code_of(file.allocate, 0x2FFF, 2) == 34
        file.mmap(0, 1 << 40, 0, 0)
        assert tell.code_of(file.allocate, 0, 1 << 39) == 12

    tell(story)


def test_edges_of_a_visible_range_exchange_what_both_sides_change(
    tell: Storyteller,
) -> None:
    def story() -> None:
        tell.store("C:\\f", TEXT)
        whole, part = opened(tell), opened(tell)
        part.mmap(0, 3 * PAGE, 100, 9000)
        with page_at(whole, 0) as all_of_it, page_at(part, 0) as some:
            all_of_it.view(50, 2)[:] = b"no"
            all_of_it.view(200, 3)[:] = b"new"
            some.view(300, 4)[:] = b"edge"
            some.view(60, 4)[:] = b"gone"
            part.flush(0)
            assert bytes(all_of_it.view(48, 6)) == TEXT[48:50] + b"no" + TEXT[52:54]
            assert bytes(all_of_it.view(60, 4)) == TEXT[60:64]
            assert bytes(all_of_it.view(300, 4)) == b"edge"
            assert bytes(some.view(200, 3)) == b"new"
            assert bytes(some.view(50, 2)) == bytes(2)
        with part.map(2 * PAGE, 2 * PAGE, RW) as last:
            assert bytes(last.view(9000 - 8192, 5)) == bytes(5)
        part.mmap(0, 3 * PAGE, 100, 200)
        with part.map(PAGE, PAGE, RW) as hidden:
            assert bytes(hidden.view()) == bytes(PAGE)
            assert hidden.view().readonly
        part.clear(0, 3 * PAGE)
        cap_of(part).close()
        User.after(1_000)
        with page_at(whole, 0) as all_of_it:
            assert bytes(all_of_it.view(100, 100)) == bytes(100)
            assert bytes(all_of_it.view(300, 4)) == b"edge"

    tell(story)


def test_what_a_killed_client_had_open_is_closed_and_stored(
    machine: Kernel, tell: Storyteller
) -> None:
    def other() -> None:
        file = opened(tell)
        with page_at(file, 0) as page:
            page.view(0, 4)[:] = b"left"
            irq = Irq().create()
            file.subscribe(irq.mode("rw"), NOTIFY_CONTENT)
            User.after(1_000_000_000)

    def story() -> None:
        tell.store("C:\\f", TEXT)
        with tell.start() as app, RFs().connect() as session:
            User.after(50_000)
            assert session.is_file_open("C:\\f")
            app.kill(3)
            assert app.wait() == 3
            User.after(50_000)
            assert not session.is_file_open("C:\\f")
            assert tell.stored("C:\\f") == b"left" + TEXT[4:]

    tell(story, other)
    assert l4fs_threads(machine) == 1
