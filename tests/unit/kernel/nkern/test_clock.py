"""Deadlines fire in order, and only when time has reached them."""

from kernel.nkern.clock import VirtualClock


def test_deadlines_fire_by_time_and_then_by_age() -> None:
    clock = VirtualClock(0)
    fired: list[str] = []
    clock.add(20, lambda: fired.append("late"))
    clock.add(10, lambda: fired.append("first"))
    clock.add(10, lambda: fired.append("second"))
    clock.move_to(15)
    assert (fired, clock.next_deadline()) == (["first", "second"], 20)
    clock.move_to(20)
    assert (fired, clock.next_deadline()) == (["first", "second", "late"], None)


def test_a_removed_deadline_does_not_fire_and_a_fired_one_may_be_removed() -> None:
    clock = VirtualClock(0)
    fired: list[str] = []
    gone = clock.add(5, lambda: fired.append("gone"))
    kept = clock.add(5, lambda: fired.append("kept"))
    clock.remove(gone)
    clock.move_to(5)
    clock.remove(kept)
    assert fired == ["kept"]


def test_a_deadline_may_add_another_that_is_due_at_once() -> None:
    clock = VirtualClock(0)
    fired: list[int] = []
    clock.add(5, lambda: clock.add(5, lambda: fired.append(clock.now())))
    clock.move_to(7)
    assert fired == [7]


def test_time_never_goes_back() -> None:
    clock = VirtualClock(0)
    clock.move_to(9)
    clock.move_to(3)
    assert clock.now() == 9
