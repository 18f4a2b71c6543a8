"""Thread-local storage."""

from collections.abc import Callable

import pytest

from tools.pytest_plugin import Run
from userlib import Dll, ExitInfo


@pytest.mark.case("SK-071")
def test_a_word_is_of_one_thread_and_one_key(
    run: Run, exit_of: Callable[..., ExitInfo]
) -> None:
    def program() -> None:
        module = 0x1234
        assert Dll.tls(module) == Dll.tls(-1) == 0
        Dll.set_tls(module, 42)
        assert Dll.tls(module) == 42
        assert exit_of(Dll.tls, module).reason == 0
        for uid in range(1, 17):
            assert Dll.tls(module, uid) == 0
            Dll.set_tls(module, 100 + uid, uid)
        assert [Dll.tls(module, uid) for uid in range(17)] == [42, *range(101, 117)]
        assert Dll.tls(module + 1, 1) == 0
        Dll.set_tls(module, 43)
        assert Dll.tls(module) == 43
        Dll.free_tls(module)
        Dll.free_tls(module)
        assert Dll.tls(module) == 0
        assert Dll.tls(module, 1) == 101

        def own() -> int:
            Dll.set_tls(module, 7)
            return Dll.tls(module)

        assert exit_of(own).reason == 7
        assert Dll.tls(module) == 0

    run(program)


def test_a_word_has_32_bits(run: Run) -> None:
    def program() -> None:
        Dll.set_tls(1, 0xFFFFFFFF)
        assert Dll.tls(1) == -1
        with pytest.raises(OverflowError):
            Dll.set_tls(1, 1 << 32)
        assert Dll.tls(1) == -1

    run(program)
