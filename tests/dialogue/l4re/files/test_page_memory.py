"""Memory is short: pages are recycled, and nothing that was written is lost."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import TYPE_CHECKING

from kernel.abi.heap import TAllocFail
from servers.fileserver.client import RFs
from servers.l4fs.client import FileContext, MappedFile
from servers.l4fs.protocol import NOTIFY_CONTENT, O_CREAT, O_RDWR
from userlib import KErrNone, User
from userlib.l4re import Cap, Irq, Loader

if TYPE_CHECKING:
    from eka import Kernel
    from tests.dialogue.l4re.files.conftest import Storyteller

NEW = O_RDWR | O_CREAT
PAGE = 0x1000
FEW = "pages=64"


def test_more_is_written_than_there_is_memory(tell: Storyteller) -> None:
    """Two files of 100 pages each with 64 pages in memory, in random pieces."""

    def story() -> None:
        random = Random(5)
        with FileContext(tell.fs()) as context:
            names = ("f", "g")
            files = [context.open(name, NEW) for name in names]
            models = [bytearray(100 * PAGE) for _ in names]
            for file in files:
                file.resize(100 * PAGE)
            for _ in range(80):
                which = random.randrange(2)
                start = random.randrange(99 * PAGE)
                data = random.randbytes(random.randrange(1, 3 * PAGE))[
                    : 100 * PAGE - start
                ]
                files[which].write_at(start, data)
                models[which][start : start + len(data)] = data
                start = random.randrange(99 * PAGE)
                which = random.randrange(2)
                found = files[which].read_at(start, 3000)
                assert found == models[which][start : start + 3000]
            for file in files:
                file.close()
        for name, model in zip(names, models, strict=True):
            assert tell.stored(f"C:\\{name}") == model

    tell(story, args=FEW)


def test_many_threads_write_to_many_files_in_little_memory(tell: Storyteller) -> None:
    """Each writes pages of its own; all of them take memory from the others."""

    def write(number: int) -> int:
        name = f"f{number % 2}"
        with MappedFile.open(tell.fs(), name, NEW) as file:
            for page in range(number // 2, 40, 2):
                file.write_at(page * PAGE, bytes((number + 1, page)) * (PAGE // 2))
        return 0

    def story() -> None:
        with FileContext(tell.fs()) as context:
            for number in range(2):
                with context.open(f"f{number}", NEW) as file:
                    file.resize(40 * PAGE)
        workers = [
            tell.worker(lambda number=number: write(number)) for number in range(4)
        ]
        assert [worker.join() for worker in workers] == [0] * 4
        for which in range(2):
            found = tell.stored(f"C:\\f{which}")
            for page in range(40):
                number = which + 2 * (page % 2)
                expected = bytes((number + 1, page)) * (PAGE // 2)
                assert found[page * PAGE : (page + 1) * PAGE] == expected

    tell(story, args=FEW)


def test_what_has_no_place_in_the_file_yet_is_not_recycled(tell: Storyteller) -> None:
    def story() -> None:
        tell.store("C:\\g", bytes(60 * PAGE))
        with FileContext(tell.fs()) as context:
            with context.open("f", NEW) as file, context.open("g", O_RDWR) as other:
                file.write_at(20 * PAGE, b"kept")
                assert len(other.read()) == 60 * PAGE
                other[:] = bytes(range(240)) * (60 * PAGE // 240)
                assert tell.stored("C:\\f") == b""
                file.flush()
                assert tell.stored("C:\\f") == bytes(20 * PAGE) + b"kept"
            with context.open("f", O_RDWR) as file:
                written = [  # none of these pages is the file's
                    tell.code_of(file.write_at, (30 + page) * PAGE, b"x" * PAGE)
                    for page in range(70)
                ]
                assert written == sorted(written)
                assert set(written) == {0, 12}
                good = written.count(0)
                assert file.flush() == (30 + good) * PAGE
                assert file.read_at(20 * PAGE, 4) == b"kept"
                assert file.read_at(30 * PAGE, 70 * PAGE) == b"x" * good * PAGE

    tell(story, args=FEW)


def test_a_page_that_cannot_be_stored_stays_in_memory(tell: Storyteller) -> None:
    """The file server refuses everything for a while, and no byte is missed."""

    def story() -> None:
        tell.store("C:\\f", bytes(50 * PAGE))
        tell.store("C:\\g", bytes(60 * PAGE))
        with (
            RFs().connect() as session,
            FileContext(tell.fs()) as context,
            context.open("f", O_RDWR) as file,
            context.open("g", O_RDWR) as other,
        ):
            for page in range(50):
                file[page * PAGE] = page
            session.set_error_condition(-21)
            assert tell.code_of(other.read_at, 0, 60 * PAGE) in {12, 13}
            session.set_error_condition(KErrNone)
            assert other.read_at(0, 60 * PAGE) == bytes(60 * PAGE)
            assert [file[page * PAGE] for page in range(50)] == list(range(50))
        assert tell.stored("C:\\f")[::PAGE] == bytes(range(50))

    tell(story, args=FEW)


def test_a_file_that_cannot_be_stored_in_the_end_is_closed_all_the_same(
    tell: Storyteller,
) -> None:
    def story() -> None:
        tell.store("C:\\f", bytes(50))
        with RFs().connect() as session:
            file = MappedFile.open(tell.fs(), "f", O_RDWR)
            file[3] = 4
            session.set_error_condition(-21)
            assert tell.code_of(file.close) == 13
            User.after(10_000)
            session.set_error_condition(KErrNone)
            assert not session.is_file_open("C:\\f")
            with MappedFile.open(tell.fs(), "f", O_RDWR) as again:
                assert again.read() == bytes(50)

    tell(story)


def test_each_allocation_of_the_component_may_fail(
    machine: Kernel, tell: Storyteller
) -> None:
    """Either a client is told so, or nothing is missing; and the next one is served."""
    data = bytes(range(200))

    def use(context: FileContext) -> None:
        with context.open("f", NEW) as file, Irq().create() as irq:
            file.subscribe(irq, NOTIFY_CONTENT)
            file.resize(0)
            file.write(data)
            assert file.flush() == 200
            file.expose(0, 100, (50, 100))
            assert file.read_at(0, 100) == bytes(50) + data[50:100]
            assert context.stat("f").size == 200

    def use_it(fs: Cap) -> None:
        with FileContext(fs) as context:
            use(context)

    def state() -> tuple[int, ...]:
        machine.wait_idle()
        found = machine.debug.snapshot()
        (process,) = [one for one in found.processes if one.name.startswith("l4fs")]
        return process.id, len(process.threads), process.handles

    with machine.attach(), RFs().connect() as session:
        loader = Loader()
        with (
            loader.new_channel() as channel,
            loader.start("l4fs", caps={"server": channel.svr()}),
        ):
            use_it(channel)
            before, refused = state(), 0
            for nth in count(1):
                failed = len(machine.debug.failed_allocations)
                fail = TAllocFail.EFailNext
                machine.debug.fail_alloc(fail, nth, scope=before[0])
                code = tell.code_of(use_it, channel)
                # No memory; or, of the kernel, none to pass a capability on with.
                assert (nth, code in {0, 12, 2016, 2017}) == (nth, True)
                refused += code != 0
                machine.debug.fail_alloc(TAllocFail.ENone, scope=before[0])
                assert (nth, state()) == (nth, before)
                assert not session.is_file_open("C:\\f")
                if len(machine.debug.failed_allocations) == failed:
                    break
            assert refused > 20
            assert tell.stored("C:\\f") == data
