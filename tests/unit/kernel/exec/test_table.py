"""The table of kernel calls is complete, and agrees with the protocol."""

import inspect

import pytest

from eka import Kernel, KernelFault
from kernel.abi.current import current_exec
from kernel.abi.exec import Exec
from kernel.exec.arguments import OWN_METHODS, declared_calls
from kernel.exec.table import handlers


@pytest.mark.parametrize("name", sorted(set(declared_calls()) - OWN_METHODS))
def test_a_handler_takes_what_its_call_declares(name: str) -> None:
    declared = list(inspect.signature(getattr(Exec, name)).parameters)[1:]
    taken = list(inspect.signature(handlers()[name]).parameters)[2:]
    assert len(taken) == len(declared)


def test_there_is_a_handler_for_every_call_and_no_call_without() -> None:
    assert set(handlers()) - {"port_next"} == set(declared_calls()) - OWN_METHODS


def test_a_kernel_call_inside_the_kernel_is_refused_by_name(machine: Kernel) -> None:
    refused: list[str] = []

    def inside() -> None:
        try:
            current_exec.get().time_uptime()
        except RuntimeError as error:
            refused.append(str(error))

    def program() -> None:
        current_exec.get().host_call(inside)

    assert machine.run(program).reason == 0
    assert len(refused) == 1
    assert refused[0].startswith("time_uptime was called while")


def test_a_call_that_does_not_exist_is_an_attribute_error(machine: Kernel) -> None:
    seen: list[str] = []

    def program() -> None:
        try:
            current_exec.get().no_such_call()  # type: ignore[attr-defined]
        except AttributeError as error:
            seen.append(str(error))

    machine.run(program)
    assert seen == ["there is no kernel call no_such_call"]


def test_a_mistake_of_ours_in_a_handler_stops_the_machine(machine: Kernel) -> None:
    def broken(_core: object, _thread: object) -> None:
        raise ZeroDivisionError("ours")

    machine._core.handlers["time_uptime"] = broken

    def program() -> None:
        current_exec.get().time_uptime()

    with pytest.raises(KernelFault, match=r"time_uptime by .* failed"):
        machine.run(program)
    assert "ZeroDivisionError: ours" in machine.debug.dump()
    machine._core.exceptions.clear()  # it was meant to fail
