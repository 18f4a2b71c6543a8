"""A program that starts others: what it gives them, and its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.config import Executable
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from userlib import KErrNotFound, Leave, User
from userlib.l4re import Cap, Env, L4Error, Loader, Rights

if TYPE_CHECKING:
    from eka import Kernel
    from tools.pytest_plugin import Run

MAY_KILL = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


def test_a_program_can_be_waited_for_again(machine: Kernel, run: Run) -> None:
    """And no signal stays behind for another request of the thread's."""

    def ned() -> None:
        loader = Loader()
        with loader.start("quick") as quick, loader.start("slow") as slow:
            assert [slow.wait(), slow.wait()] == [0, 0]
            assert [quick.wait(), quick.wait()] == [0, 0]
        assert quick.wait() == 0
        with loader.start("endless") as endless:
            endless.kill(7)
            assert [endless.wait(), endless.wait()] == [7, 7]

    machine.register("quick", lambda: None)
    machine.register("slow", lambda: User.after(1_000))
    machine.register("endless", lambda: User.after(1_000_000_000))
    machine.register("ned", Executable(ned, MAY_KILL))
    run("ned")


def test_capabilities_arrive_under_their_names_with_their_rights(
    machine: Kernel, run: Run
) -> None:
    found: dict[str, Rights] = {}

    def other() -> None:
        env = Env.current()
        found.update({name: env.get_cap(name).rights() for name in env.names()})
        assert not env.get_cap("nothing")

    def ned() -> None:
        loader = Loader()
        with loader.new_channel() as one, loader.new_channel() as two:
            caps = {
                "plain": one,
                "same": one,
                "rw": two.mode("w"),
                "served": two.svr(),
            }
            with loader.start("other", caps=caps) as app:
                assert app.wait() == 0

    machine.register("other", other)
    run(ned)
    assert found == {
        "plain": Rights.R,
        "same": Rights.R,
        "rw": Rights.RW,
        "served": Rights(0xEF),
    }


@pytest.mark.parametrize(
    ("program", "caps", "kind", "text", "note"),
    [
        (
            "othre",
            {},
            Leave,
            "KErrNotFound (-1): no program 'othre.exe'",
            "the program is 'othre'",
        ),
        (
            "other",
            {"good": Cap(), "bad": Cap()},
            L4Error,
            "L4_EINVAL (22)",
            "the capability is 'good', for 'other'",
        ),
        ("other", {"bad": None}, TypeError, "'bad' must be a Cap, not NoneType", ""),
    ],
)
def test_what_cannot_be_started_is_told_by_name_and_leaves_nothing(
    machine: Kernel,
    run: Run,
    program: str,
    caps: dict[str, Any],
    kind: type[Exception],
    text: str,
    note: str,
) -> None:
    started: list[object] = []

    def ned() -> None:
        with pytest.raises(kind) as caught:
            Loader().start(program, caps=caps)
        assert str(caught.value) == text
        assert getattr(caught.value, "__notes__", [""]) == [note]
        if kind is Leave:
            assert caught.value.code == KErrNotFound  # type: ignore[attr-defined]

    machine.register("other", lambda: started.append(1))
    run(ned)
    machine.wait_idle()
    assert started == []
