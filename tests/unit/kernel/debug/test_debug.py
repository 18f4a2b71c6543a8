"""Snapshots, sinks, the flight recorder, and that check() can fail."""

import io
import json
from pathlib import Path

import pytest

from eka import Kernel, MachineConfig
from kernel.debug.sinks import ConsoleSink, JsonLinesSink
from userlib import RMutex, RSemaphore, RThread, User


def waiting_program() -> None:
    mutex = RMutex().create_global("the lock")
    mutex.wait()
    thread = RThread().create("waiter", mutex.wait)
    thread.resume()
    RSemaphore().create_local(0).wait()


def test_a_snapshot_shows_who_waits_for_whom(machine: Kernel) -> None:
    machine.start(waiting_program)
    machine.wait_idle()
    snapshot = machine.debug.snapshot()
    threads = {thread.name.split("::")[1]: thread for thread in snapshot.threads}
    assert threads["waiter"].blocked_by == (threads["Main"].id,)
    assert "the lock" in threads["waiter"].waits_for
    assert __file__ in threads["Main"].at
    assert snapshot.wait_for == {threads["waiter"].id: (threads["Main"].id,)}
    assert {obj.name for obj in snapshot.objects} >= {"the lock"}
    assert [len(process.threads) for process in snapshot.processes] == [2]


def test_a_dump_holds_the_latest_events(machine: Kernel) -> None:
    machine.start(waiting_program)
    machine.wait_idle()
    text = machine.debug.dump()
    assert "mutex/wait" in text
    assert "::waiter" in text
    assert "the lock" in text


def test_a_sink_sees_every_event_in_order(machine: Kernel) -> None:
    seen = []
    machine.debug.add_sink(seen.append)
    machine.run(lambda: 0)
    machine.wait_idle()  # the last events are told when the process has ended already
    numbers = [event[0] for event in seen]
    assert len(numbers) > 4
    assert numbers == sorted(numbers)


def test_a_sink_that_raises_is_dropped_and_reported(machine: Kernel) -> None:
    def bad(_event: object) -> None:
        raise ValueError("no")

    machine.debug.add_sink(bad)
    assert machine.run(lambda: 0).reason == 0
    (failure,) = machine.debug.exceptions
    assert "ValueError" in failure.traceback
    machine._core.exceptions.clear()  # it was meant to fail


def test_json_lines_are_whole_records_with_the_common_fields(
    machine: Kernel, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    sink = JsonLinesSink(file)
    machine.debug.add_sink(sink)
    machine.run(lambda: 4)
    machine.wait_idle()
    sink.close()
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert all(list(r)[:5] == ["seq", "ts", "event", "pid", "tid"] for r in records)
    (end,) = [r for r in records if r["event"] == "process/exit"]
    assert (end["category"], end["reason"]) == ("Kill", 4)
    machine._core.sinks.clear()  # its file is closed


def test_the_console_shows_what_is_important_enough(machine: Kernel) -> None:
    stream = io.StringIO()
    machine.debug.add_sink(ConsoleSink("info", stream))

    def program() -> None:
        with RSemaphore().create_local(1) as semaphore:
            semaphore.wait()

    machine.run(program)
    machine.wait_idle()  # as above
    assert "process/exit" in stream.getvalue()
    assert "semaphore/wait" not in stream.getvalue()


def test_a_machine_without_recorder_records_nothing() -> None:
    with Kernel(MachineConfig(recorder_size=0), clock="virtual") as machine:
        machine.run(lambda: 0)
        assert machine.debug.events() == []


def test_check_notices_a_wrong_count(machine: Kernel) -> None:
    machine.start(User.wait_for_any_request)
    machine.wait_idle()
    machine.debug.check()
    machine._core.runnable += 1
    try:
        with pytest.raises(AssertionError):
            machine.debug.check()
    finally:
        machine._core.runnable -= 1


def test_check_notices_a_handle_without_reference(machine: Kernel) -> None:
    def program() -> None:
        RSemaphore().create_global("counted", 0)
        User.wait_for_any_request()

    machine.start(program)
    machine.wait_idle()
    (semaphore,) = machine._core.containers[4].in_order()
    semaphore.access_count -= 1
    try:
        with pytest.raises(AssertionError):
            machine.debug.check()
    finally:
        semaphore.access_count += 1


def test_check_holds_for_threads_never_resumed_and_suspended_ones(
    machine: Kernel,
) -> None:
    def program() -> None:
        RThread().create("never", lambda: 0)
        waiting = RThread().create("waiting", User.wait_for_any_request)
        waiting.resume()
        waiting.suspend()
        User.wait_for_any_request()

    machine.start(program)
    machine.wait_idle()
    machine.debug.check()
    names = {thread.name.split("::")[1] for thread in machine.debug.snapshot().threads}
    assert names == {"Main", "never", "waiting"}


def test_where_a_thread_panicked_is_known_when_it_has_unwound() -> None:
    """Once each, and not of those that went with their process."""

    def bystander() -> None:
        RSemaphore().create_local(0).wait()

    def program() -> None:
        RThread().create("bystander", bystander).resume()
        User.panic("Demo", 42)

    with Kernel() as machine:
        machine.run(program)
    (panic,) = machine.debug.panics
    assert (panic.thread, panic.end) == (
        "program.exe[00000000]0001::Main",
        "panicked Demo 42",
    )
    assert 'User.panic("Demo", 42)' in panic.traceback
