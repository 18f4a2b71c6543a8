"""CObjectIx and CObjectCon against models that are too simple to be wrong."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
)

from kernel.abi.errors import Leave
from kernel.objects import CObject, CObjectCon, CObjectConIx, CObjectIx


class Table(RuleBasedStateMachine):
    """A table is a dict from handles ever given to objects."""

    handles = Bundle("handles")

    def __init__(self) -> None:
        super().__init__()
        self.con = CObjectConIx().create()
        self.table: CObjectIx[CObject] = CObjectIx(capacity=6)
        self.open: dict[int, CObject] = {}
        self.ever: set[int] = set()

    def insert(self, obj: CObject) -> int:
        """Add *obj*, whose reference the table may take."""
        full = len(self.open) == 6
        try:
            handle = self.table.add(obj)
        except Leave:
            assert full
            obj.close()
            return 0
        assert not full
        assert handle not in self.ever
        self.ever.add(handle)
        self.open[handle] = obj
        return handle

    @rule(target=handles)
    def add_a_new_object(self) -> int:
        obj = CObject()
        self.con.add(obj)
        return self.insert(obj)

    @rule(target=handles, handle=handles)
    def add_an_object_again(self, handle: int) -> int:
        obj = self.open.get(handle)
        if obj is None:
            return handle
        obj.open()
        return self.insert(obj)

    @rule(handle=handles)
    def remove(self, handle: int) -> None:
        """The handle stays in the bundle: a stale one must find nothing."""
        if handle in self.open:
            self.table.remove(handle)
            del self.open[handle]
        assert self.table.try_at(handle) is None

    @rule(handle=handles)
    def remove_with_the_no_close_bit(self, handle: int) -> None:
        self.table.remove(handle | 0x8000)

    @rule(handle=handles)
    def take_and_close(self, handle: int) -> None:
        if handle in self.open:
            obj = self.table.take(handle)
            assert obj is self.open.pop(handle)
            obj.close()

    @rule(handle=handles)
    def look_up(self, handle: int) -> None:
        assert self.table.try_at(handle) is self.open.get(handle)
        assert self.table.try_at(handle | 0x8000) is self.open.get(handle)
        assert self.table.try_at(handle, 1) is self.open.get(handle)
        assert self.table.try_at(handle, 2) is None

    @invariant()
    def the_table_is_the_dict(self) -> None:
        self.table.check()
        assert self.table.active_count == len(self.open)
        assert {slot[0]: slot[1] for slot in self.table} == self.open
        holds = Counter(self.open.values())
        for obj, count in holds.items():
            assert self.table.count_of(obj) == obj.access_count == count
        assert set(self.con) == set(holds)

    def teardown(self) -> None:
        self.table.destroy()
        assert self.con.count == 0


class Container(RuleBasedStateMachine):
    """A container is a list, and a clash is found by looking at all of it."""

    objects = Bundle("objects")
    names = st.sampled_from([None, "a", "A", "b"])

    def __init__(self) -> None:
        super().__init__()
        self.owning = CObjectConIx().create()
        self.alone: CObjectCon[CObject] = CObjectCon()
        self.listed: list[CObject] = []

    @rule(target=objects, name=names)
    def make(self, name: str | None) -> CObject:
        obj = CObject()
        obj.set_name(name)
        return obj

    def clashes(self, obj: CObject) -> bool:
        return any(
            obj is other
            or (obj.is_named and other.is_named and obj.full_name == other.full_name)
            for other in self.listed
        )

    @rule(obj=objects)
    def add(self, obj: CObject) -> None:
        refused = self.clashes(obj)
        for con in (self.owning, self.alone):
            try:
                con.add(obj)
            except Leave:
                assert refused
            else:
                assert not refused
        if not refused:
            self.listed.append(obj)

    @rule(obj=objects, name=names)
    def rename(self, obj: CObject, name: str | None) -> None:
        obj.set_name(name)

    @rule(obj=objects, owner=objects)
    def change_owner(self, obj: CObject, owner: CObject) -> None:
        link: CObject | None = owner
        while link is not None:
            if link is obj:
                return
            link = link.owner
        obj.set_owner(owner)

    @rule(obj=consumes(objects))
    def end(self, obj: CObject) -> None:
        """An object that others still name as owner keeps its name."""
        if obj in self.listed:
            self.alone.remove(obj)
            self.listed.remove(obj)
        obj.close()

    @invariant()
    def the_containers_are_the_list(self) -> None:
        for con in (self.owning, self.alone):
            con.check()
            assert list(con) == self.listed
            assert con.count == len(self.listed)
            assert [con[index] for index in range(con.count)] == self.listed

    @invariant()
    def a_search_visits_all_matches_in_order(self) -> None:
        visited, found = [], self.owning.find_by_name("a")
        while found.code == 0:
            visited.append(self.owning.at(found.find_handle))
            found = self.owning.find_by_name("a", found)
        assert visited == [obj for obj in self.listed if obj.name in ("a", "A")]


TestTable = Table.TestCase
TestTable.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestContainer = Container.TestCase
TestContainer.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)
