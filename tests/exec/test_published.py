"""Texts that processes show to debuggers: Exec.debug_publish."""

from typing import TYPE_CHECKING

import pytest

from eka import Deadlock
from kernel.abi.current import current_exec
from kernel.abi.errors import KErrArgument, KErrNone, KErrTooBig
from kernel.abi.limits import KMaxName, KMaxPublishedText
from userlib import TRequestStatus, User, trap

if TYPE_CHECKING:
    from eka import Kernel


def shown(machine: "Kernel") -> list[tuple[str, str]]:
    return [(each.name, each.text) for each in machine.debug.snapshot().published]


def wait_for_ever() -> None:
    User.wait_for_request(TRequestStatus())


def publish(name: str, text: str) -> int:
    return trap(current_exec.get().debug_publish, name, text)


def test_a_text_is_shown_until_it_is_replaced_or_taken_back(machine: "Kernel") -> None:
    seen: list[list[tuple[str, str]]] = []

    def program() -> None:
        publish("b", "one")
        publish("a", "two\nthree")
        seen.append(shown(machine))
        publish("b", "four")
        publish("a", "")
        publish("never", "")
        seen.append(shown(machine))

    with machine.attach():
        program()
    assert seen == [[("a", "two\nthree"), ("b", "one")], [("b", "four")]]


def test_a_text_is_gone_with_its_process(machine: "Kernel") -> None:
    def program() -> None:
        publish("mine", "text")
        wait_for_ever()

    process = machine.start(program)
    machine.wait_idle()
    assert shown(machine) == [("mine", "text")]
    assert f"mine (process {process.id}):\n  text" in machine.debug.dump()
    process.kill()
    assert shown(machine) == []


def test_a_deadlock_is_reported_with_what_servers_show(machine: "Kernel") -> None:
    def program() -> None:
        publish("queue", "one waits")
        wait_for_ever()

    process = machine.start(program)
    with pytest.raises(Deadlock) as told:
        process.wait()
    lines = str(told.value).splitlines()
    at = lines.index(f"  queue (process {process.id}):")
    assert lines[at + 1] == "    one waits"


def test_what_is_no_name_or_too_long_is_refused(machine: "Kernel") -> None:
    with machine.attach():
        assert publish("", "text") == KErrArgument
        assert publish("n" * (KMaxName + 1), "text") == KErrArgument
        assert publish("n", "t" * (KMaxPublishedText + 1)) == KErrTooBig
        assert publish("n" * KMaxName, "t" * KMaxPublishedText) == KErrNone
        assert [len(text) for _, text in shown(machine)] == [KMaxPublishedText]
