"""What a flexpage shows: one that was received, one made to be sent, and a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from userlib import RChunk
from userlib.l4re import Fpage, L4Error

if TYPE_CHECKING:
    from tools.pytest_plugin import Run

PAGE = 0x1000


def test_each_shows_its_own_range_of_the_memory(run: Run) -> None:
    def program() -> None:
        with RChunk().create_local(4 * PAGE, 4 * PAGE) as chunk:
            for number in range(4):
                chunk.view(number * PAGE, PAGE)[:] = bytes([number]) * PAGE
            described = Fpage.of_chunk(chunk, 2 * PAGE, 13)
            with Fpage.mapped(chunk, 2 * PAGE, 13) as mapped:
                for page in (described, mapped):
                    assert bytes(page.view()) == b"\2" * PAGE + b"\3" * PAGE
                    assert bytes(page.view(PAGE - 1, 2)) == b"\2\3"
                    second = page.part(PAGE, 12)
                    assert bytes(second.view()) == b"\3" * PAGE
                    assert bytes(second.part(0, 12).view(7, 1)) == b"\3"
                    second.view(5, 1)[:] = b"x"
                    assert bytes(chunk.view(3 * PAGE + 4, 3)) == b"\3x\3"
                    chunk.view(3 * PAGE + 5, 1)[:] = b"\3"

    run(program)


def test_there_is_nothing_to_see_outside_or_when_it_is_closed(run: Run) -> None:
    def program() -> None:
        with RChunk().create_local(PAGE, 4 * PAGE) as chunk:
            mapped = Fpage.mapped(chunk, 0, 13)
            pages = (mapped, Fpage.of_chunk(chunk, 0, 13), mapped.part(0, 12))
            for page in pages:
                for offset, size in ((-1, 2), (0, 2 * PAGE + 1), (3 * PAGE, 1)):
                    with pytest.raises(L4Error, match="L4_EINVAL"):
                        page.view(offset, size)
                assert len(page.view(PAGE, 0)) == 0
            for page in pages[:2]:
                with pytest.raises(L4Error, match="L4_EINVAL"):
                    page.view(PAGE, 1)  # nothing is committed there
            mapped.close()
            with pytest.raises(L4Error, match="L4_EINVAL"):
                mapped.view()

    run(program)
