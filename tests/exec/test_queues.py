"""Queues with links inside their elements: symbian-userlib 16."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    TDblQue,
    TDblQueIter,
    TDblQueLink,
    TDeltaQue,
    TDeltaQueLink,
    TPriQue,
    TPriQueLink,
    TSglQue,
    TSglQueLink,
)

EndOf: TypeAlias = Callable[[Callable[[], object]], str]


class Entry:
    """An element with a link of every kind."""

    def __init__(self, name: str, priority: int = 0) -> None:
        self.name = name
        self.link = TDblQueLink()
        self.by_priority = TPriQueLink(priority)
        self.by_delta = TDeltaQueLink()
        self.single = TSglQueLink()

    def __repr__(self) -> str:
        return self.name


def entries(names: str) -> list[Entry]:
    return [Entry(name) for name in names]


def names(queue: TDblQue[Entry] | TPriQue[Entry] | TDeltaQue[Entry]) -> str:
    """What is queued, read both ways."""
    forwards = "".join(entry.name for entry in queue)
    steps = TDblQueIter(queue)
    steps.set_to_last()
    backwards = ""
    while (entry := steps.post_decrement()) is not None:
        backwards += entry.name
    assert backwards == forwards[::-1]
    return forwards


def test_elements_are_put_at_either_end_and_taken_out_by_their_links(
    run: Run,
) -> None:
    def program() -> None:
        a, b, c = entries("ABC")
        queue: TDblQue[Entry] = TDblQue()
        assert queue.is_empty
        queue.add_last(b)
        queue.add_last(c)
        queue.add_first(a)
        assert (names(queue), queue.first(), queue.last()) == ("ABC", a, c)
        assert queue.is_first(a)
        assert queue.is_last(c)
        assert not queue.is_last(a)
        b.link.deque()
        b.link.deque()  # in no queue any more: nothing
        assert (names(queue), b.link.is_queued) == ("AC", False)
        queue.add_first(b)
        assert names(queue) == "BAC"

    run(program)


def test_element_can_be_in_several_queues_and_on_both_sides_of_a_place(
    run: Run,
) -> None:
    def program() -> None:
        a, b, c = entries("ABC")
        one: TDblQue[Entry] = TDblQue("link")
        other: TPriQue[Entry] = TPriQue("by_priority")
        for entry in (a, c):
            one.add_last(entry)
            other.add(entry)
        one.link_of(b).add_before(c.link)
        assert (names(one), names(other)) == ("ABC", "AC")

    run(program)


def test_priority_queue_keeps_equals_as_they_came(run: Run) -> None:
    def program() -> None:
        queue: TPriQue[Entry] = TPriQue("by_priority")
        for name, priority in (("A", 0), ("B", 5), ("C", 0), ("D", -3), ("E", 5)):
            queue.add(Entry(name, priority))
        assert names(queue) == "BEACD"

    run(program)


def test_delta_queue_stores_differences(run: Run) -> None:
    def program() -> None:
        a, b, c, d = entries("ABCD")
        queue: TDeltaQue[Entry] = TDeltaQue("by_delta")
        assert (queue.first_delta(), queue.count_down()) == (None, False)
        for entry, distance in ((a, 5), (b, 2), (c, 5), (d, 9)):
            queue.add(entry, distance)
        assert names(queue) == "BACD"
        assert [entry.by_delta.delta for entry in queue] == [2, 3, 0, 4]
        queue.remove(a)
        assert [entry.by_delta.delta for entry in queue] == [2, 3, 4]
        assert not queue.count_down()
        assert queue.remove_first() is None
        assert queue.count_down(3)
        assert (queue.remove_first(), queue.first_delta()) == (b, 3 - 2)
        queue.remove(b)  # not queued: nothing
        assert names(queue) == "CD"

    run(program)


def test_overshoot_of_the_first_is_made_up_by_those_behind_it(run: Run) -> None:
    def program() -> None:
        a, b = entries("AB")
        queue: TDeltaQue[Entry] = TDeltaQue("by_delta")
        queue.add(a, 1)
        queue.add(b, 3)
        assert queue.count_down(4)
        assert (queue.remove_first(), queue.remove_first()) == (a, b)
        assert queue.remove_first() is None

    run(program)


def test_iterator_survives_taking_out_what_it_has_passed(run: Run) -> None:
    def program() -> None:
        a, b, c = entries("ABC")
        queue: TDblQue[Entry] = TDblQue()
        for entry in (a, b, c):
            queue.add_last(entry)
        seen = []
        steps = TDblQueIter(queue)
        while (entry := steps.post_increment()) is not None:
            entry.link.deque()
            seen.append(entry)
        assert (seen, queue.is_empty) == ([a, b, c], True)
        queue.add_last(b)
        steps.set_to_first()
        assert steps.current() is b
        queue.add_last(c)
        steps.set(c)
        assert (steps.post_decrement(), steps.post_decrement()) == (c, b)
        assert steps.post_decrement() is None

    run(program)


def test_singly_linked_queue_is_searched(run: Run) -> None:
    def program() -> None:
        a, b, c = entries("ABC")
        queue: TSglQue[Entry] = TSglQue("single")
        assert (queue.is_empty, queue.first(), queue.last()) == (True, None, None)
        queue.add_first(b)
        queue.add_first(a)
        queue.add_last(c)
        assert (list(queue), queue.first(), queue.last()) == ([a, b, c], a, c)
        queue.remove(c)
        queue.add_last(c)
        queue.remove(a)
        assert (list(queue), queue.last()) == ([b, c], c)
        queue.reset()
        queue.add_last(a)
        assert list(queue) == [a]

    run(program)


def test_reset_takes_all_elements_out(run: Run) -> None:
    def program() -> None:
        a, b = entries("AB")
        queue: TDblQue[Entry] = TDblQue()
        single: TSglQue[Entry] = TSglQue("single")
        for each in (queue, single):
            each.add_last(a)
            each.add_last(b)
            each.reset()
            assert each.is_empty
            each.add_last(b)
            each.add_first(a)
        assert (names(queue), list(single)) == ("AB", [a, b])

    run(program)


def queued_twice() -> None:
    (a,) = entries("A")
    queue: TDblQue[Entry] = TDblQue()
    queue.add_last(a)
    queue.add_first(a)


def delta_queued_twice() -> None:
    (a,) = entries("A")
    queue: TDeltaQue[Entry] = TDeltaQue("by_delta")
    queue.add(a, 1)
    queue.add(a, 1)


def queued_twice_one_way() -> None:
    (a,) = entries("A")
    queue: TSglQue[Entry] = TSglQue("single")
    queue.add_last(a)
    queue.add_first(a)


def removed_from_nowhere() -> None:
    queue: TSglQue[Entry] = TSglQue("single")
    queue.remove(Entry("A"))


def standing_on_what_was_removed() -> None:
    (a,) = entries("A")
    queue: TDblQue[Entry] = TDblQue()
    queue.add_last(a)
    steps = TDblQueIter(queue)
    a.link.deque()
    steps.current()


@pytest.mark.parametrize(
    ("misuse", "reason"),
    [
        (lambda: TDblQue[Entry]().first(), 79),
        (lambda: TPriQue[Entry]().last(), 79),
        (queued_twice, 118),
        (delta_queued_twice, 118),
        (queued_twice_one_way, 118),
        (removed_from_nowhere, 76),
        (standing_on_what_was_removed, 80),
    ],
)
def test_each_misuse_has_its_panic(
    end_of: EndOf, misuse: Callable[[], object], reason: int
) -> None:
    assert end_of(misuse) == f"panicked USER {reason}"


def test_element_without_the_link_is_a_type_error() -> None:
    for queue in (TDblQue[object](), TSglQue[object]()):
        with pytest.raises(TypeError, match="has no link called 'link'"):
            queue.add_last(object())
