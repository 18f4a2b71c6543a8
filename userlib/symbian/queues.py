"""Queues whose links are part of their elements: nothing is allocated to queue one.

An element has an attribute, by custom `link`, that holds its place in the queue; an
element that is in several queues at once has one for each:

    class Entry:
        def __init__(self, name: str) -> None:
            self.link = TDblQueLink()

    queue: TDblQue[Entry] = TDblQue()
    queue.add_last(entry)
    entry.link.deque()

Original: TDblQue, TPriQue, TDeltaQue, TSglQue (e32std.h); symbian-userlib 16. There the
offset of the link within its element takes the place of the attribute's name.
"""

from collections.abc import Iterator
from typing import Final, Generic, TypeVar

from kernel.abi.current import panic
from kernel.abi.panics import USER, TUserPanic

E = TypeVar("E")


class TDblQueLink:
    """An element's place in a queue of the first three kinds.

    Original: TDblQueLink (e32cmn.h).
    """

    __slots__ = ("element", "next", "previous")

    def __init__(self) -> None:
        self.next: TDblQueLink | None = None  # None: in no queue
        self.previous: TDblQueLink | None = None
        self.element: object = None  # that it is the link of, once that was queued

    @property
    def is_queued(self) -> bool:
        """Whether its element is in a queue now.

        Original: none; TDblQueLinkBase::iNext that is not null.
        """
        return self.next is not None

    def deque(self) -> None:
        """Take the element out of its queue; if it is in none, nothing.

        Original: TDblQueLink::Deque.
        """
        if self.next is None or self.previous is None:
            return
        self.next.previous = self.previous
        self.previous.next = self.next
        self.next = self.previous = None

    def add_before(self, place: "TDblQueLink") -> None:
        """Go before *place*, which is in a queue or is a queue's head.

        In a queue already panics USER 118.
        Original: TDblQueLink::AddBefore, which corrupts both queues then.
        """
        if self.next is not None:
            panic(USER, TUserPanic.ETQueLinkAlreadyInUse)
        assert place.previous is not None
        self.next, self.previous = place, place.previous
        self.previous.next = place.previous = self


class TPriQueLink(TDblQueLink):
    """The link of an element of a TPriQue. Original: TPriQueLink (e32cmn.h)."""

    __slots__ = ("priority",)

    def __init__(self, priority: int = 0) -> None:
        super().__init__()
        self.priority = priority  # the queue looks when the element is added


class TDeltaQueLink(TDblQueLink):
    """The link of an element of a TDeltaQue. Original: TDeltaQueLink (e32cmn.h)."""

    __slots__ = ("delta",)

    def __init__(self) -> None:
        super().__init__()
        self.delta = 0  # how far behind the element before it


L = TypeVar("L", bound=TDblQueLink)


class DblQueBase(Generic[E, L]):
    """What the doubly linked queues share: a ring of links, closed by a head.

    Original: TDblQueBase (e32cmn.h).
    """

    __slots__ = ("_attribute", "_head")

    def __init__(self, attribute: str = "link") -> None:
        self._attribute: Final = attribute
        self._head: Final = TDblQueLink()
        self._head.next = self._head.previous = self._head

    @property
    def head(self) -> TDblQueLink:
        """What stands before the first element and behind the last one."""
        return self._head

    @property
    def is_empty(self) -> bool:
        """Whether nothing is queued. Original: TDblQueBase::IsEmpty."""
        return self._head.next is self._head

    def reset(self) -> None:
        """Take all elements out.

        Original: TDblQueBase::Reset, which leaves their links as they are.
        """
        for link in self.links():
            link.deque()

    def first(self) -> E:
        """The element in front; of an empty queue panics USER 79.

        Original: TDblQue::First.
        """
        return self._element_at(self._head.next)

    def last(self) -> E:
        """The element at the end; as first. Original: TDblQue::Last."""
        return self._element_at(self._head.previous)

    def is_first(self, element: E) -> bool:
        """Whether *element* is in front. Original: TDblQue::IsFirst."""
        return self._head.next is self.link_of(element)

    def is_last(self, element: E) -> bool:
        """Whether *element* is at the end. Original: TDblQue::IsLast."""
        return self._head.previous is self.link_of(element)

    def link_of(self, element: E) -> L:
        """The link by which *element* is in this queue.

        Raises: TypeError if it has no such attribute.
        """
        link = getattr(element, self._attribute, None)
        if not isinstance(link, TDblQueLink):
            raise TypeError(f"{element!r} has no link called {self._attribute!r}")
        link.element = element
        return link  # type: ignore[return-value] # of the queue's own kind

    def links(self) -> Iterator[L]:
        """The links, front to end; each may be taken out when it has been seen."""
        link = self._head.next
        while link is not self._head:
            assert link is not None
            following = link.next
            yield link  # type: ignore[misc] # of the queue's own kind
            link = following

    def __iter__(self) -> Iterator[E]:
        return (link.element for link in self.links())  # type: ignore[misc] # ours

    def _element_at(self, link: TDblQueLink | None) -> E:
        if link is None or link is self._head:
            panic(USER, TUserPanic.ETQueQueueEmpty)
        return link.element  # type: ignore[return-value] # only ours are linked


class TDblQue(DblQueBase[E, TDblQueLink]):
    """Elements in the order in which they were put. Original: TDblQue (e32cmn.h)."""

    __slots__ = ()

    def add_first(self, element: E) -> None:
        """Put *element* in front; queued already panics USER 118.

        Original: TDblQue::AddFirst.
        """
        front = self._head.next
        assert front is not None
        self.link_of(element).add_before(front)

    def add_last(self, element: E) -> None:
        """Put *element* at the end; else as add_first. Original: TDblQue::AddLast."""
        self.link_of(element).add_before(self._head)


class TPriQue(DblQueBase[E, TPriQueLink]):
    """Elements by priority, the highest first, equals in the order they came.

    Original: TPriQue (e32cmn.h).
    """

    __slots__ = ()

    def add(self, element: E) -> None:
        """Put *element* behind those of its priority; queued already panics USER 118.

        Original: TPriQue::Add.
        """
        added = self.link_of(element)
        behind = (link for link in self.links() if link.priority < added.priority)
        added.add_before(next(behind, self._head))


class TDeltaQue(DblQueBase[E, TDeltaQueLink]):
    """Elements by their distance from now; each stores how far behind another it is.

    So time passes for all of them in `count_down`, which touches the first one only.

    Original: TDeltaQue (e32cmn.h).
    """

    __slots__ = ()

    def add(self, element: E, delta: int) -> None:
        """Put *element* at a distance of *delta*, behind those that are as far.

        Queued already panics USER 118. Original: TDeltaQue::Add.
        """
        added = self.link_of(element)
        if added.is_queued:
            panic(USER, TUserPanic.ETQueLinkAlreadyInUse)
        place: TDblQueLink = self._head
        for link in self.links():
            if delta < link.delta:
                link.delta -= delta
                place = link
                break
            delta -= link.delta
        added.delta = delta
        added.add_before(place)

    def remove(self, element: E) -> None:
        """Take *element* out; the distances of the others stay.

        Not queued does nothing. Original: TDeltaQue::Remove.
        """
        removed = self.link_of(element)
        if isinstance(removed.next, TDeltaQueLink):
            removed.next.delta += removed.delta
        removed.deque()

    def remove_first(self) -> E | None:
        """Take out the first element, if its distance is used up; else None.

        Original: TDeltaQue::RemoveFirst.
        """
        delta = self.first_delta()
        if delta is None or delta > 0:
            return None
        element = self.first()
        self.remove(element)
        return element

    def first_delta(self) -> int | None:
        """The distance of the first element; None if there is none.

        Original: TDeltaQueBase::FirstDelta.
        """
        return next((link.delta for link in self.links()), None)

    def count_down(self, count: int = 1) -> bool:
        """Come nearer by *count*; whether the first element's distance is used up.

        Original: TDeltaQueBase::CountDown.
        """
        for link in self.links():
            link.delta -= count
            return link.delta <= 0
        return False


class TDblQueIter(Generic[E]):
    """Goes through a queue, whose elements may be taken out behind it.

    Standing on an element that was taken out panics USER 80, as far as it is asked for.

    Original: TDblQueIter (e32cmn.h).
    """

    __slots__ = ("_head", "_link", "_queue")

    def __init__(self, queue: DblQueBase[E, L]) -> None:
        self._head: Final = queue.head
        self._queue: Final[DblQueBase[E, L]] = queue
        self._link = self._head.next

    def set(self, element: E) -> None:
        """Stand on *element*. Original: TDblQueIter::Set."""
        self._link = self._queue.link_of(element)

    def set_to_first(self) -> None:
        """Stand on the first element. Original: TDblQueIterBase::SetToFirst."""
        self._link = self._head.next

    def set_to_last(self) -> None:
        """Stand on the last element. Original: TDblQueIterBase::SetToLast."""
        self._link = self._head.previous

    def current(self) -> E | None:
        """The element it stands on; None beyond either end.

        Original: TDblQueIter::operator T*.
        """
        link = self._link
        if link is self._head or link is None:
            return None
        if not link.is_queued:
            panic(USER, TUserPanic.ETQueLinkHasBeenRemoved)
        return link.element  # type: ignore[return-value] # only ours are linked

    def post_increment(self) -> E | None:
        """What current gives, going on to the next. Original: TDblQueIter::operator++.

        Beyond the end it stays.
        """
        element = self.current()
        if element is not None:
            assert self._link is not None
            self._link = self._link.next
        return element

    def post_decrement(self) -> E | None:
        """As post_increment, going back. Original: TDblQueIter::operator--."""
        element = self.current()
        if element is not None:
            assert self._link is not None
            self._link = self._link.previous
        return element


class TSglQueLink:
    """An element's place in a TSglQue. Original: TSglQueLink (e32cmn.h)."""

    __slots__ = ("element", "is_queued", "next")

    def __init__(self) -> None:
        self.next: TSglQueLink | None = None
        self.is_queued = False
        self.element: object = None


class TSglQue(Generic[E]):
    """Elements in the order in which they were put, linked one way.

    Taking one out means looking for it. Original: TSglQue (e32cmn.h).
    """

    __slots__ = ("_attribute", "_head", "_last")

    def __init__(self, attribute: str = "link") -> None:
        self._attribute: Final = attribute
        self._head: Final = TSglQueLink()
        self._last = self._head

    @property
    def is_empty(self) -> bool:
        """Whether nothing is queued. Original: TSglQueBase::IsEmpty."""
        return self._head.next is None

    def reset(self) -> None:
        """Take all elements out. Original: TSglQueBase::Reset."""
        for element in self:
            self._link_of(element).is_queued = False
        self._head.next = None
        self._last = self._head

    def add_first(self, element: E) -> None:
        """Put *element* in front; queued already panics USER 118.

        Original: TSglQue::AddFirst, which makes a ring of the queue then.
        """
        link = self._enter(element)
        link.next, self._head.next = self._head.next, link
        if self._last is self._head:
            self._last = link

    def add_last(self, element: E) -> None:
        """Put *element* at the end; as add_first. Original: TSglQue::AddLast."""
        link = self._enter(element)
        link.next = None
        self._last.next = self._last = link

    def remove(self, element: E) -> None:
        """Take *element* out; not here panics USER 76. Original: TSglQue::Remove."""
        wanted = self._link_of(element)
        before = self._head
        while before.next is not None:
            if before.next is wanted:
                before.next = wanted.next
                wanted.is_queued = False
                if self._last is wanted:
                    self._last = before
                return
            before = before.next
        panic(USER, TUserPanic.ESQueLinkNotQueued)

    def first(self) -> E | None:
        """The element in front, or None. Original: TSglQue::First."""
        return next(iter(self), None)

    def last(self) -> E | None:
        """The element at the end, or None. Original: TSglQue::Last."""
        return None if self.is_empty else self._last.element  # type: ignore[return-value] # only ours are linked

    def __iter__(self) -> Iterator[E]:
        link = self._head.next
        while link is not None:
            following = link.next
            yield link.element  # type: ignore[misc] # only ours are linked
            link = following

    def _enter(self, element: E) -> TSglQueLink:
        link = self._link_of(element)
        if link.is_queued:
            panic(USER, TUserPanic.ETQueLinkAlreadyInUse)
        link.is_queued = True
        return link

    def _link_of(self, element: E) -> TSglQueLink:
        link = getattr(element, self._attribute, None)
        if not isinstance(link, TSglQueLink):
            raise TypeError(f"{element!r} has no link called {self._attribute!r}")
        link.element = element
        return link
