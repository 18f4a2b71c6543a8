"""Borrowed threads come and go in any order, and leave the host as it was."""

import pytest

from eka import Kernel
from kernel.abi.current import current_exec
from tools.stress.puppets import Strings


def test_strings_cut_in_the_order_they_came_leave_the_host_without_a_thread(
    machine: Kernel,
) -> None:
    before = current_exec.get()
    first, second = Strings(machine), Strings(machine)
    ids = [
        one.exec.process_id(handle)
        for one in (first, second)
        for handle in [0xFFFF8000]
    ]
    assert len(set(ids)) == 2
    first.cut()
    second.cut()
    assert current_exec.get() is before
    with pytest.raises(RuntimeError, match=r"machine\.attach"):
        current_exec.get().time_now()
