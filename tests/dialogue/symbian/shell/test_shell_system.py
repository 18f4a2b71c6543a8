"""What the shell shows of drives, processes, handles and servers, and does to them."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from eka import Executable, Kernel
from servers.fileserver.client import RFile, RFs
from userlib import (
    KErrGeneral,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
)

Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


def waiter() -> None:
    """Waits until somebody kills it."""
    with RSemaphore().create_global("patience", 0) as never:
        RProcess.rendezvous(0)
        never.wait()


# Processes


def test_ps_shows_processes_by_id_and_their_threads(
    machine: Kernel, answer: Helper
) -> None:
    machine.register("waiter", Executable(waiter))

    lines = answer("start waiter; ps; ps /t waiter; kill waiter")

    started = re.fullmatch(r"Started (\d+)", lines[0])
    assert started
    assert lines[1] == "   id  priority  process"
    row = f"{int(started[1]):5}       350  waiter.exe[00000000]0001"
    assert row in lines[2:]
    at = lines.index("   id  priority  process", 2)
    assert lines[at + 1] == row
    assert re.fullmatch(r" +\d+ +0    Main", lines[at + 2])
    assert lines[at + 3] == "Killed waiter.exe[00000000]0001"


def test_kill_ends_what_a_name_or_an_id_means(machine: Kernel, answer: Helper) -> None:
    machine.register("waiter", Executable(waiter))
    ends: list[tuple[int, str]] = []

    def watcher() -> int:
        with RProcess().launch("waiter") as process:
            status = TRequestStatus()
            process.logon(status)
            User.wait_for_request(status)
            ends.append((process.exit_reason(), process.exit_category()))
        return 0

    machine.register("watcher", Executable(watcher))
    program = "start watcher; settle; "

    def settle() -> None:
        """Long enough for the others to have begun to wait: time is virtual."""
        User.after(1_000_000)

    machine.register("settle", Executable(settle))
    assert answer(f"{program}kill waiter 5; settle")[1:] == [
        "Killed waiter.exe[00000000]0001"
    ]
    assert answer(f"{program}kill wait*; settle")[1:] == [
        "Killed waiter.exe[00000000]0001"
    ]
    assert ends == [(5, "Kill"), (KErrGeneral, "Kill")]


def test_kill_refuses_what_is_not_there_and_the_shell_itself(answer: Helper) -> None:
    assert answer("kill nobody") == ["Not found - nobody"]
    assert answer("kill 9999") == ["Not found - 9999"]
    assert answer("kill typist") == ["The shell itself ends by EXIT"]
    assert answer("kill typist 5") == ["The shell itself ends by EXIT"]
    assert answer("kill typist x") == ["Not a number - x"]


def test_handles_shows_what_a_process_has_open(machine: Kernel, answer: Helper) -> None:
    machine.register("waiter", Executable(waiter))

    def settle() -> None:
        User.after(1_000_000)

    machine.register("settle", Executable(settle))
    lines = answer("start waiter; settle; handles waiter; kill waiter")
    assert lines[1].startswith("waiter.exe[00000000]")
    assert lines[2] == "  handle    opens  kind            object"
    assert re.fullmatch(r"  [0-9a-f]{8}      1  Semaphore       patience", lines[3])


def test_servers_lists_their_names(answer: Helper) -> None:
    assert "!FileServer" in answer("servers")
    assert answer("servers *File*") == ["!FileServer"]
    assert answer("servers none*") == ["Not found - none*"]


def test_start_does_not_wait_and_says_what_it_cannot_find(
    machine: Kernel, answer: Helper
) -> None:
    machine.register("three", Executable(lambda: 3))
    assert re.fullmatch(r"Started \d+", answer("start three")[0])
    assert answer("start nothing") == ["Not found - nothing"]
    assert answer("start") == ["Required parameter missing; see START /?"]
    assert answer("runexec") == ["Required parameter missing; see RUNEXEC /?"]


def test_runexec_runs_a_program_where_a_batch_file_has_the_name(
    machine: Kernel, answer: Helper, filled: Helper
) -> None:
    machine.register("three", Executable(lambda: 3))
    files = filled({"C:\\three.bat": b"echo batch"})
    assert answer("three; runexec three; echo %result%", fill=files) == [
        "batch",
        "Exit type 0,3,Kill",
        "3",
    ]


def test_chkdeps_shows_what_a_program_imports(answer: Helper, filled: Helper) -> None:
    source = b"import json\nfrom userlib import User\nimport no_such_module\n"
    files = filled({"C:\\it.exe": source, "C:\\bad.py": b"def ("})
    assert answer("chkdeps it", fill=files) == [
        "found    json",
        "missing  no_such_module",
        "found    userlib",
        "1 of 3 missing - C:\\it.exe",
    ]
    (line,) = answer("chkdeps bad.py", fill=files)
    assert line.startswith("Not a program - C:\\bad.py, line 1: ")
    assert answer("chkdeps nothing") == ["Not found - nothing"]


def test_a_program_that_cannot_be_read_is_told_from_one_that_is_not_there(
    answer: Helper, filled: Helper
) -> None:
    files = filled({"C:\\sys\\bin\\bad.exe": b"def ("})
    assert answer("bad", fill=files) == ["Not a program - bad; CHKDEPS tells more"]


def test_programs_on_drives_are_run(answer: Helper, filled: Helper) -> None:
    program = b"def e32main():\n    return 5\n"
    files = filled({"C:\\sys\\bin\\five.exe": program})
    assert answer("d:; five", fill=files) == ["Exit type 0,5,Kill"]


# Drives


def test_labels_and_names(answer: Helper) -> None:
    assert answer("label; label disk; label; label c:; label /d; label") == [
        "C: has no label",
        "C: disk",
        "C: disk",
        "C: has no label",
    ]
    assert answer("vname d: my drive; vname d:; vname d: /d; vname d:") == [
        "D: my drive",
        "D: has no name",
    ]
    assert answer("label far too long a label") == ["Bad name - far too long a label"]


def test_drvinfo(answer: Helper) -> None:
    assert answer("drvinfo d:") == [
        "D: Ram",
        "   drive  local, internal",
        "   media  variable size, formattable",
        "   size   1,048,576 bytes, 1,048,576 free",
    ]
    assert answer("drvinfo e:") == ["E: NotPresent"]
    assert answer("drvinfo ee") == ["Bad name - ee"]
    assert len(answer("drvinfo")) == 12


def test_mounting_and_formatting(answer: Helper, filled: Helper) -> None:
    files = filled({"D:\\a": b""})
    assert answer("mount", fill=files) == ["C: Mem", "D: Mem", "Z: Rofs"]
    assert answer(
        "mount d: /u; dir d:; mount d: elaf; mount d: mem; dir /b d:", fill=files
    ) == ["Drive not ready - d:", "Not found - d: elaf", "a"]
    assert answer("mount c: mem") == ["Access denied - c: mem"]
    assert answer("format d:; dir /b d:", fill=files) == ["D: is formatted"]
    assert answer("format z:") == ["Access denied - z:"]


def test_chkdsk(answer: Helper, filled: Helper) -> None:
    files = filled({"D:\\a": b"x"})
    assert answer("chkdsk d:", fill=files) == [
        "D: is sound: 1,024 of 1,048,576 bytes in use"
    ]
    assert answer("chkdsk e:") == ["Drive not ready - e:"]


def test_what_no_drive_can_do_is_said_so(answer: Helper) -> None:
    assert answer("lock d: secret; unlock d: secret; plugin x; plugin x /u") == [
        "Not supported - d:",
        "Not supported - d:",
        "Not supported - x",
        "Not supported - x",
    ]


def test_a_drive_in_use_is_not_formatted(answer: Helper) -> None:
    kept: list[RFile] = []

    def fill(fs: RFs) -> None:
        kept.append(RFile().replace(fs, "D:\\open"))

    assert answer("format d:", fill=fill) == ["Error -14 (KErrInUse) - d:"]


# The machine


def test_sysinfo(answer: Helper) -> None:
    lines = dict(line.split(maxsplit=1) for line in answer("sysinfo"))
    assert lines["Time"] == "2001-09-09 01:46:40"
    assert lines["Drives"] == "C: D: Z:"
    assert int(lines["Processes"]) >= 2


def test_ps_finds_one_process_by_its_id(answer: Helper) -> None:
    heading, line = answer("ps fileserver")
    assert heading == "   id  priority  process"
    assert line.endswith("  fileserver.exe[100039e3]0001")
    assert answer(f"ps {line.split()[0]}") == [heading, line]
    assert answer("ps nobody; ps 99999") == ["Not found - nobody", "Not found - 99999"]


def test_the_first_and_last_years_are_shown_in_full(answer: Helper) -> None:
    assert answer("time 0001-01-01; time 9999-12-31 23:59:59") == [
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
    ]


def test_time_is_shown_and_set(answer: Helper) -> None:
    assert answer("time; time 2026-01-31 12:30; time") == [
        "2001-09-09 01:46:40",
        "2026-01-31 12:30:00",
        "2026-01-31 12:30:00",
    ]
    (refused,) = answer("time later")
    assert refused.startswith("Parameter format not correct - later")


def test_trace_shows_what_the_kernel_did_last(answer: Helper) -> None:
    lines = answer("trace 3")
    assert len(lines) == 3
    assert all(re.match(r"\d+ \d+\.\d{6} \w+/\w+ \d+:\d+ ", line) for line in lines)
    assert answer("trace x") == ["Not a number - x"]


def test_cls_begins_a_new_screen(answer: Helper) -> None:
    assert answer("cls; echo x") == ["<clear>x"]


def test_own_threads_are_listed_once(answer: Helper) -> None:
    def fill(_fs: RFs) -> None:
        assert RThread().name() == "Main"

    lines = answer("ps /t typist", fill=fill)
    assert [line.split()[-1] for line in lines[2:]] == ["Main"]
