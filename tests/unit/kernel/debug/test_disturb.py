"""Disturbers: asked at each kernel call of a program, and only there."""

import re
from pathlib import Path
from typing import Any

import pytest

from eka import EExitKill, EExitPanic, ExitInfo, Kernel
from kernel.debug.disturb import CallToCome, Delay, Disturbance, Kill
from kernel.exec.table import handlers
from tools.boot import boot
from userlib import RSemaphore, RThread, TRequestStatus, User

PAGE = Path(__file__).parents[4] / "docs" / "testing-servers.md"
STRUCK = ExitInfo(EExitPanic, 7, "STRUCK")


class At:
    """Does one thing at each call of that name, and notes who made it."""

    def __init__(self, name: str, *what: Disturbance) -> None:
        self.name = name
        self.what = list(what)
        self.asked: list[tuple[int, int]] = []

    def on_call(self, call: CallToCome) -> Disturbance | None:
        if call.name != self.name:
            return None
        self.asked.append((call.process, call.thread))
        return self.what.pop(0) if self.what else None


class KillCaller:
    """Ends whoever makes a call, or its whole process."""

    def __init__(self, name: str, *, is_whole_process: bool) -> None:
        self.name = name
        self.is_whole_process = is_whole_process

    def on_call(self, call: CallToCome) -> Kill | None:
        if call.name != self.name:
            return None
        return Kill(call.thread, STRUCK, self.is_whole_process)


class Census:
    """Counts who lives, as a disturber sees it."""

    def __init__(self) -> None:
        self.counts: set[int] = set()

    def on_call(self, call: CallToCome) -> None:
        threads = call.program_threads()
        assert call.thread in threads
        self.counts.add(len(threads))


def ticks() -> int:
    """Make three calls, and say how long they took."""
    begin = User.uptime_us()
    for _ in range(3):
        User.inactivity_time()
    return User.uptime_us() - begin


def watcher() -> int:
    """Start a thread that makes the deadly call; what it ends with."""
    with RThread().create("victim", User.inactivity_time) as victim:
        status = TRequestStatus()
        victim.logon(status)
        victim.resume()
        User.wait_for_request(status)
        assert victim.exit_info() == STRUCK
    return 5


def test_a_delayed_call_is_made_when_its_time_has_come(machine: Kernel) -> None:
    machine.debug.disturb(At("time_inactivity", Delay(100), Delay(20)))
    info = machine.run(ticks)
    assert info == ExitInfo(EExitKill, 120, "Kill")


def test_delays_of_several_disturbers_add_up(machine: Kernel) -> None:
    both = [At("time_inactivity", Delay(100)), At("time_inactivity", Delay(20))]
    machine.debug.disturb(*both)
    assert machine.run(ticks).reason == 120


def test_a_killed_caller_has_made_no_call(machine: Kernel) -> None:
    later = At("time_inactivity")
    machine.debug.disturb(KillCaller("time_inactivity", is_whole_process=False), later)
    assert machine.run(watcher) == ExitInfo(EExitKill, 5, "Kill")
    assert later.asked == []  # who is dead is not asked about


def test_a_whole_process_can_be_killed(machine: Kernel) -> None:
    machine.debug.disturb(KillCaller("time_inactivity", is_whole_process=True))
    assert machine.run(watcher) == STRUCK


def test_others_can_be_killed_while_they_wait(machine: Kernel) -> None:
    def waiting() -> None:
        RSemaphore().create_local(0).wait()

    eyes = At("semaphore_wait")
    machine.debug.disturb(eyes)
    victim = machine.start(waiting)
    machine.wait_idle()
    ((_, thread),) = eyes.asked
    machine.debug.disturb(At("time_inactivity", Kill(thread, STRUCK)))
    assert machine.run(ticks).type is EExitKill
    assert victim.wait() == STRUCK


def test_a_kill_of_somebody_who_is_gone_harms_nobody(machine: Kernel) -> None:
    machine.debug.disturb(At("time_inactivity", Kill(1 << 30, STRUCK)))
    assert machine.run(ticks).type is EExitKill


def test_what_was_started_before_is_left_alone(machine: Kernel) -> None:
    def late() -> int:
        gate.open_global("gate")
        gate.wait()
        User.inactivity_time()  # its first of that name
        with RThread().create("helper", User.inactivity_time) as helper:
            helper.resume()
        return 3

    gate = RSemaphore()
    with machine.attach():
        own = RSemaphore().create_global("gate", 0)
        early = machine.start(late)
        machine.wait_idle()
        eyes = At("time_inactivity")
        machine.debug.disturb(eyes)
        own.signal()
        assert early.wait().reason == 3
        assert eyes.asked == []
        own.close()
    machine.run(ticks)
    assert len(eyes.asked) == 3


def test_without_disturbers_it_is_over(machine: Kernel) -> None:
    eyes = At("time_inactivity")
    machine.debug.disturb(eyes)
    machine.debug.disturb()
    assert machine.run(ticks).type is EExitKill
    assert eyes.asked == []


@pytest.mark.parametrize("backend", ["threads", "priority", "explore"])
def test_services_are_left_alone_and_not_counted(backend: str) -> None:
    with boot(backend=backend, clock="virtual") as machine:
        census = Census()
        machine.debug.disturb(census)
        machine.run(ticks)
    assert census.counts == {1}


def test_a_machine_without_disturbers_has_the_plain_handlers(machine: Kernel) -> None:
    assert machine._core.handlers == handlers()
    machine.debug.disturb()
    assert machine._core.handlers == handlers()


def test_a_machine_says_why_it_stopped() -> None:
    class Broken:
        def on_call(self, call: CallToCome) -> None:
            raise ZeroDivisionError(call.name)

    with Kernel(clock="virtual") as machine:
        assert machine.debug.fault == ""
        machine.debug.disturb(Broken())
        with pytest.raises(Exception, match="ZeroDivisionError"):
            machine.run(ticks)
        assert "ZeroDivisionError" in machine.debug.fault


def test_the_example_on_the_page_does_what_it_says(machine: Kernel) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (block,) = [text for text in blocks if "on_call" in text]
    names: dict[str, Any] = {"Kill": Kill, "ExitInfo": ExitInfo, "EExitKill": EExitKill}
    exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    done = []

    def wait_often() -> None:
        with RSemaphore().create_local(9) as semaphore:
            for number in range(9):
                semaphore.wait()
                done.append(number)

    machine.debug.disturb(names["KillAtTheThirdWait"]())
    assert machine.run(wait_often) == ExitInfo(EExitKill, 1, "Kill")
    assert done == [0, 1]
