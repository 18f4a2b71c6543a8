"""Misuse, death and disorder: fileserver specification 18 to 20, cases 129 to 136."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from kernel.abi.limits import KMaxTInt, KMinTInt
from servers.fileserver.client import RDir, RFile, RFs
from servers.fileserver.modes import EFileShareAny, EFileShareExclusive, EFileWrite
from servers.fileserver.protocol import TFsMessage
from userlib import (
    KErrNotSupported,
    RProcess,
    RSemaphore,
    RThread,
    TBuf,
    TBuf8,
    TIpcArgs,
    TRequestStatus,
    User,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SF-129")
def test_a_copy_of_a_closed_file(tell: Tell, make: Helper, exit_of: Helper) -> None:
    def by_the_copy(fs: RFs) -> None:
        file = RFile().open(fs, "F")
        other = copy.deepcopy(file)  # the session variable is part of it
        file.close()
        other.read(TBuf8(4))

    def by_itself(fs: RFs) -> None:
        file = RFile().open(fs, "F")
        file.close()
        file.read(TBuf8(4))

    def story(fs: RFs) -> None:
        make(fs, "F")
        assert str(exit_of(by_the_copy)) == "panicked Panic -8"
        assert str(exit_of(by_itself)) == "panicked KERN-EXEC 0"
        with RFile().open(fs, "F", EFileShareExclusive):
            assert fs.is_file_open("F")

    tell(story)


def test_a_handle_of_another_kind_panics(
    tell: Tell, make: Helper, exit_of: Helper
) -> None:
    def directory_as_file(fs: RFs) -> None:
        RDir().open(fs, "").send_receive(TFsMessage.EFileFlush)

    def file_as_directory(fs: RFs) -> None:
        RFile().open(fs, "F").send_receive(TFsMessage.EDirClose)

    def made_up(fs: RFs) -> None:
        fs.send_receive(TFsMessage.EFileFlush, TIpcArgs(0, 0, 0, 0x10000))

    def story(fs: RFs) -> None:
        make(fs, "F")
        for misuse in (directory_as_file, file_as_directory, made_up):
            assert str(exit_of(misuse)) == "panicked Panic -8"

    tell(story)


@pytest.mark.case("SF-134")
def test_buffers_that_are_too_short(tell: Tell, make: Helper, exit_of: Helper) -> None:
    def session_path(fs: RFs) -> None:
        fs.session_path(TBuf(3))

    def full_name(fs: RFs) -> None:
        RFile().open(fs, "F", EFileShareExclusive).full_name(TBuf(3))

    def entry(fs: RFs) -> None:
        fs.send_receive(TFsMessage.EEntry, TIpcArgs("F", TBuf8(3)))

    def story(fs: RFs) -> None:
        make(fs, "F")
        for misuse in (session_path, full_name, entry):
            assert str(exit_of(misuse)) == "panicked FSCLIENT -9"
        # The server is unharmed, and has closed what the dead had open.
        with RFile().open(fs, "F", EFileShareExclusive) as file:
            assert file.contents() == b"0123456789"

    tell(story)


def test_descriptors_that_are_none(tell: Tell, make: Helper, exit_of: Helper) -> None:
    def constant(fs: RFs) -> None:
        fs.send_receive(TFsMessage.ESessionPath, TIpcArgs("constant"))

    def integer(fs: RFs) -> None:
        fs.send_receive(TFsMessage.EDelete, TIpcArgs(5))

    def narrow(fs: RFs) -> None:
        fs.send_receive(TFsMessage.EDelete, TIpcArgs(b"F"))

    def no_handle_wanted(fs: RFs) -> None:
        fs.send_receive(TFsMessage.EFileOpen, TIpcArgs("F", EFileShareExclusive, 0, 0))

    def story(fs: RFs) -> None:
        make(fs, "F")
        for misuse in (constant, integer, narrow, no_handle_wanted):
            assert str(exit_of(misuse)) == "panicked FSCLIENT -38"
        with RFile().open(fs, "F", EFileShareExclusive):
            assert fs.resource_count() == 1

    tell(story)


def test_an_unknown_function(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.send_receive, 9999) == KErrNotSupported

    tell(story)


@pytest.mark.case("SF-132")
def test_a_writer_that_is_killed_closes_its_file(tell: Tell, load: Helper) -> None:
    def story(fs: RFs) -> None:
        for round_ in range(8):
            started = RSemaphore().create_local(0)

            def write_for_ever(started: RSemaphore = started) -> None:
                with RFs().connect() as mine, RFile() as file:
                    file.replace(mine, "C:\\T\\F", EFileShareExclusive)
                    started.signal()
                    while True:
                        file.write(b"w" * 4096)
                        file.seek(1, 0)

            end = TRequestStatus()
            with RThread().create(f"writer{round_}", write_for_ever) as thread:
                thread.logon(end)
                thread.resume()
                started.wait()
                thread.kill(0)
                User.wait_for_request(end)
            assert set(load(fs, "F")) <= {ord("w")}
            fs.delete("F")
            started.close()

    tell(story)


def test_a_client_process_that_dies_leaves_nothing_open(
    tell: Tell, machine: Kernel
) -> None:
    def careless() -> None:
        fs = RFs().connect()
        for name in ("a", "b"):
            RFile().replace(fs, f"C:\\T\\{name}", EFileShareExclusive).write(b"x")
        RFile().replace(fs, "D:\\c", EFileShareExclusive)
        RDir().open(fs, "Z:\\")

    machine.register("careless", careless)

    def story(fs: RFs) -> None:
        for _ in range(3):
            end = TRequestStatus()
            with RProcess(0).create("careless", "") as process:
                process.logon(end)
                process.resume()
                User.wait_for_request(end)
            for name in ("a", "b", "D:\\c"):
                with RFile().open(fs, name, EFileShareExclusive | EFileWrite):
                    assert fs.resource_count() == 1

    tell(story)


def test_a_session_that_ends_with_requests_outstanding(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        status = TRequestStatus()
        other = RFs().connect()
        file = RFile().replace(other, "C:\\T\\F", EFileShareExclusive)
        file.request_write(b"outstanding" * 1000, status)
        other.close()
        with RFile().open(fs, "F", EFileShareExclusive) as mine:
            assert mine.contents() == b"outstanding" * 1000

    tell(story)


def test_drives_do_not_wait_for_each_other(tell: Tell, load: Helper) -> None:
    """Requests on C: and D: are outstanding at once; each is answered."""

    def story(fs: RFs) -> None:
        statuses = [TRequestStatus() for _ in "CD"]
        files = [RFile().replace(fs, f"{letter}:\\x") for letter in "CD"]
        for file, status in zip(files, statuses, strict=True):
            file.request_write(b"both" * 1000, status)
        for status in reversed(statuses):
            User.wait_for_request(status)
        for file in files:
            file.close()
        assert load(fs, "C:\\x") == load(fs, "D:\\x") == b"both" * 1000

    tell(story)


@pytest.mark.case("SF-136")
def test_sub_sessions_are_the_servers_and_end_with_the_session(
    tell: Tell, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        names = [f"C:\\T\\{n}" for n in range(5)]
        for name in names:
            make(fs, name)
        before = RThread().handle_count()
        with RFs().connect() as mine:
            connected = RThread().handle_count()
            files = [RFile().open(mine, name, EFileShareAny) for name in names]
            directory = RDir().open(mine, "C:\\T\\")
            assert mine.resource_count() == len(files) + 1
            assert RThread().handle_count() == connected
            assert sum(connected) == sum(before) + 1
            assert directory.sub_session_handle
        assert RThread().handle_count() == before
        for name in names:
            with RFile().open(fs, name, EFileShareExclusive) as file:
                assert file.size() == 10

    tell(story)


def test_no_message_harms_the_server(tell: Tell, make: Helper, exit_of: Helper) -> None:
    """Messages no client class would send: each is answered, or ends its sender."""
    random = Random(5)
    harmless = [f for f in TFsMessage if f is not TFsMessage.ESetErrorCondition]

    def argument(handle: int) -> object:
        return random.choice(
            (
                *(0, 1, 7, -1, handle, 1 << 30, KMaxTInt, KMinTInt),
                *("F", "\\T\\", "*", "\0", "x" * 300, "D:\\", "\ud800", ""),
                *(b"", b"x", b"\xff" * 8, b"\xff" * 16, bytes(16)),
                *(TBuf8(0), TBuf8(8), TBuf8(2000), TBuf(3), TBuf(300)),
            )
        )

    def misuse(fs: RFs) -> None:
        function = random.choice(harmless)
        file = RFile().open(fs, "\\T\\F", EFileShareAny | EFileWrite)
        directory = RDir().open(fs, "\\T\\")
        handles = (file.sub_session_handle, directory.sub_session_handle)
        handle = random.choice(handles)
        args = [argument(handle) for _ in range(3)]
        last = handle if random.random() < 0.7 else argument(handle)
        fs.try_send_receive(function, TIpcArgs(*args, last))

    def story(fs: RFs) -> None:
        kept = b"kept" * 1000
        make(fs, "D:\\kept", kept)
        ends = set()
        for _ in range(400):
            make(fs, "\\T\\F")
            ends.add(exit_of(misuse).category)
            for entry in list(fs.entries("C:\\T\\")):
                fs.set_entry(f"\\T\\{entry.name}", 1 << 55, 0, 1)
        assert ends <= {"Kill", "FSCLIENT", "Panic"}
        assert "FSCLIENT" in ends
        with RFile().open(fs, "D:\\kept") as file:
            assert file.contents() == kept

    tell(story)
