"""Random routines on the model, against a simpler one and what has to stay true.

However servers come, leave and die: messages reach each object in the order in which
they were sent, and a completion fires once a slot. The simpler model knows slots only.
"""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from kernel.abi.event_queue import EventData
from servers.iacp.faults import Fatal
from servers.iacp.letters import Completion, Letter
from servers.iacp.model import Model
from userlib.geos.event import Event
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPS_SERVER
from userlib.geos.values import GeodeToken, Optr

TOKENS = (GeodeToken(b"AAAA", 1), GeodeToken(b"BBBB", 1))
GEODES = range(1, 6)
OBJECTS = tuple(Optr(geode, chunk, geode) for geode in GEODES for chunk in (1, 2))

tokens = st.sampled_from(TOKENS)
objects = st.sampled_from(OBJECTS)
modes = st.sampled_from((0, 1, 2))


@dataclass
class Slots:
    """What is known of a connection: who is where, and how many messages wait."""

    token: GeodeToken
    client: Optr | None
    servers: list[Optr | None]
    is_held: bool

    @property
    def is_over(self) -> bool:
        return self.client is None and not any(self.servers)

    def empty(self, geode: int) -> None:
        """Of all objects of a geode that has died."""
        mine = [obj is not None and obj.geode == geode for obj in self.servers]
        if self.is_held and mine[0]:
            self.is_held = False
        self.servers = [
            None if gone else obj for gone, obj in zip(mine, self.servers, strict=True)
        ]
        if self.client is not None and self.client.geode == geode:
            self.client = None


@dataclass
class Post:
    """Counts completions, keeps tickets, and looks at the order of texts."""

    fired: Counter[int] = field(default_factory=Counter)
    tickets: dict[int, Optr] = field(default_factory=dict)
    last: dict[tuple[Optr, int], int] = field(default_factory=dict)

    def deliver(self, target: Optr, event: EventData, travel: int, ticket: int) -> bool:
        values = Event.unpack(event).values
        if values[0] == "text":
            _, connection, number = values
            assert self.last.get((target, connection), 0) < number, "out of order"
            self.last[target, connection] = number
        if ticket:
            assert ticket not in self.tickets
            self.tickets[ticket] = target
        return True

    def fire(self, completion: EventData) -> bool:
        _, number = Event.unpack(completion).values
        self.fired[number] += 1
        return True


class Iacp(RuleBasedStateMachine):
    """Every routine that changes something, and death."""

    def __init__(self) -> None:
        super().__init__()
        self.post = Post()
        self.model = Model(self.post)
        self.servers: dict[GeodeToken, dict[Optr, int]] = {t: {} for t in TOKENS}
        self.slots: dict[int, Slots] = {}
        self.sent = 0
        self.due: Counter[int] = Counter()  # slots that a completion is for
        self.owners: dict[int, int] = {}

    def _number(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.slots)))

    def _forget_if_over(self, number: int) -> None:
        if self.slots[number].is_over:
            del self.slots[number]

    @rule(token=tokens, server=objects, mode=modes)
    def register(self, token: GeodeToken, server: Optr, mode: int) -> None:
        is_new = self.model.register(token, server, mode, 0)
        assert is_new == (server not in self.servers[token])
        self.servers[token][server] = mode

    @rule(token=tokens, server=objects)
    def unregister(self, token: GeodeToken, server: Optr) -> None:
        was_there = self.servers[token].pop(server, None) is not None
        was_last = self.model.unregister(token, server)
        assert was_last == (was_there and not self.servers[token])

    @rule(token=tokens, client=objects, mode=st.sampled_from((0, 2)), one=st.booleans())
    def connect(self, token: GeodeToken, client: Optr, mode: int, *, one: bool) -> None:
        found = self.model.lists.find(token)
        if found is None or not found.servers:
            assert not self.servers[token]
            return
        good = [obj for obj, has in self.servers[token].items() if has >= mode]
        expected = (good[:1] if one else good) or [next(iter(self.servers[token]))]
        choice = found.choose(mode, first_only=one)
        assert list(choice.servers) == expected
        assert choice.is_held == (not good)
        made = self.model.connect(found, client, choice)
        assert made is not None
        assert made.number not in self.slots
        self.slots[made.number] = Slots(token, client, list(expected), not good)

    @precondition(lambda self: self.slots)
    @rule(
        data=st.data(),
        owner=st.sampled_from(GEODES),
        completes=st.booleans(),
        picks=st.booleans(),
        side=st.sampled_from((IACPS_CLIENT, IACPS_CLIENT, IACPS_SERVER)),
    )
    def send(
        self,
        data: st.DataObject,
        owner: int,
        side: int,
        *,
        completes: bool,
        picks: bool,
    ) -> None:
        number = self._number(data)
        slots = self.slots[number]
        targets = slots.servers if side == IACPS_CLIENT else [slots.client]
        server = 0
        if picks and side == IACPS_CLIENT:
            server = data.draw(st.integers(1, len(targets)))
            targets = [targets[server - 1]]
        self.sent += 1
        event = Event.make(1, ("text", number, self.sent), None, 0).pack()
        done = None
        if completes:
            packed = Event.make(1, ("done", self.sent), None, 0).pack()
            done = Completion(packed, owner)
            self.due[self.sent] = len(targets)
            self.owners[self.sent] = owner
        count = self.model.send(number, Letter(event, 1, done, server), side)
        is_held = slots.is_held and side == IACPS_CLIENT
        assert count == (1 if is_held else sum(obj is not None for obj in targets))

    @precondition(lambda self: self.post.tickets)
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.post.tickets)))
        del self.post.tickets[ticket]
        self.model.completed(ticket)

    @precondition(lambda self: self.slots)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        number = self._number(data)
        self.model.finish(number)
        self.slots[number].is_held = False

    @precondition(lambda self: self.slots)
    @rule(data=st.data())
    def shutdown_client(self, data: st.DataObject) -> None:
        number = self._number(data)
        self.model.shutdown(number, None)
        self.slots[number].client = None
        self._forget_if_over(number)

    @precondition(lambda self: self.slots)
    @rule(data=st.data(), server=objects)
    def shutdown_server(self, data: st.DataObject, server: Optr) -> None:
        number = self._number(data)
        slots = self.slots[number]
        place = slots.servers.index(server) if server in slots.servers else None
        try:
            self.model.shutdown(number, server)
        except Fatal:
            assert slots.is_held
            return
        if place is not None:
            assert not slots.is_held
            slots.servers[place] = None
            self._forget_if_over(number)

    @rule(geode=st.sampled_from(GEODES))
    def die(self, geode: int) -> None:
        self.model.geode_died(geode)
        for servers in self.servers.values():
            for server in [each for each in servers if each.geode == geode]:
                del servers[server]
        for number, slots in list(self.slots.items()):
            slots.empty(geode)
            self._forget_if_over(number)
        held_by = self.post.tickets.items()
        for ticket in [each for each, obj in held_by if obj.geode == geode]:
            del self.post.tickets[ticket]
        for number, owner in list(self.owners.items()):
            if owner == geode:  # nobody waits for it any more
                del self.due[number], self.owners[number]

    @invariant()
    def everything_is_sound(self) -> None:
        self.model.check()
        for token in TOKENS:
            found = self.model.lists.find(token)
            mine = {n for n, slots in self.slots.items() if slots.token == token}
            assert (found is None) == (not mine and not self.servers[token])
            if found is not None:
                assert {each.number for each in found.connections} == mine
                assert [e.server for e in found.servers] == list(self.servers[token])

    @invariant()
    def slots_are_those_of_the_simpler_model(self) -> None:
        for number, slots in self.slots.items():
            made = self.model.connections.get(number)
            assert made.client == slots.client
            assert made.servers == slots.servers
            assert (made.held is not None) == slots.is_held

    @invariant()
    def each_completion_has_fired_or_will(self) -> None:
        waiting = Counter[int]()
        for connection in self.model.connections:
            for letter in connection.held or ():
                if letter.completion is not None:
                    waiting[Event.unpack(letter.completion.event).values[1]] += 1
        for delivery in self.model.deliveries:
            waiting[Event.unpack(delivery.completion.event).values[1]] += 1
        for number, slots in self.due.items():
            assert self.post.fired[number] + waiting[number] == slots, number
        assert all(number in self.due for number in waiting)


TestIacp = Iacp.TestCase
TestIacp.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
