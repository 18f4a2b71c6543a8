"""The base classes of a compound's class, such that Python can put them in order."""

from collections import Counter, deque
from collections.abc import Sequence
from itertools import islice

from tools.idl.model import Interface


def linear_bases(components: Sequence[Interface]) -> tuple[Interface, ...]:
    """The components to derive from; of those that others bring, none.

    Two compounds may list the same interfaces in opposite orders. No class derives
    from both; then the components of the later one stand in for it.
    """
    bases: list[Interface] = []
    for component in _without_inherited(components):
        if merge([*(base.ancestry for base in bases), component.ancestry]) is not None:
            bases.append(component)
            continue
        known = {name for base in bases for name in base.ancestry}
        bases += [part for part in component.simple if part.name not in known]
    return tuple(bases)


def ancestry_of(name: str, bases: Sequence[Interface]) -> tuple[str, ...]:
    """The names of a class and all it derives from, in order."""
    listed = tuple(base.name for base in bases)
    merged = merge([*(base.ancestry for base in bases), listed])
    assert merged is not None
    return (name, *merged)


def _without_inherited(components: Sequence[Interface]) -> list[Interface]:
    return [
        component
        for component in components
        if not any(component.name in other.ancestry[1:] for other in components)
    ]


def merge(orders: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """One order that agrees with all, as Python's classes have it; None: there is none.

    The C3 linearisation: the first head that is in no tail comes next.
    """
    rest = [deque(order) for order in orders if order]
    in_tails = Counter(name for order in rest for name in islice(order, 1, None))
    found: list[str] = []
    while rest:
        head = next((order[0] for order in rest if not in_tails[order[0]]), None)
        if head is None:
            return None
        found.append(head)
        for order in rest:
            if order[0] == head:
                order.popleft()
                if order:  # its next is a head now
                    in_tails[order[0]] -= 1
        rest = [order for order in rest if order]
    return tuple(found)
