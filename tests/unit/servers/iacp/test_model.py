"""The state of IACP, without a machine: lists, slots, holds, tickets, deaths.

An object is a letter and a number: `obj("a", 2)` is the second one of geode a.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from kernel.abi.event_queue import EventData
from servers.iacp.connection import Connection
from servers.iacp.faults import Fatal
from servers.iacp.letters import Completion, Letter
from servers.iacp.lists import Choice
from servers.iacp.model import Model
from userlib.geos.event import Event
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPS_SERVER
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.values import GeodeToken, Optr

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"OTHR", 8)


class Posted(NamedTuple):
    """What an object was sent: the words of a text, or the values of a notice."""

    target: str
    what: object


class Fired(NamedTuple):
    """A completion."""

    words: object


def geode(letter: str) -> int:
    return ord(letter)


def obj(letter: str, chunk: int = 1) -> Optr:
    return Optr(geode(letter), chunk, geode(letter))


def text(words: str) -> EventData:
    return Event.make(1, (words,), None, 0).pack()


def letter(words: str, done: str = "", owner: str = "c", number: int = 0) -> Letter:
    completion = Completion(text(done), geode(owner)) if done else None
    return Letter(text(words), 1, completion, number)


@dataclass
class Log:
    """A post. *gone* are objects without a queue; *tickets* what they still hold."""

    sent: list[Posted | Fired] = field(default_factory=list)
    gone: set[Optr] = field(default_factory=set)
    tickets: list[int] = field(default_factory=list)

    def deliver(self, target: Optr, event: EventData, travel: int, ticket: int) -> bool:
        assert travel == 1
        values = Event.unpack(event).values
        name = f"{chr(target.geode)}{target.chunk}"
        self.sent.append(Posted(name, values[0] if len(values) == 1 else values))
        if ticket:
            self.tickets.append(ticket)
        return target not in self.gone

    def fire(self, completion: EventData) -> bool:
        self.sent.append(Fired(Event.unpack(completion).values[0]))
        return True

    def take(self) -> list[Posted | Fired]:
        """What has been posted since the last time."""
        taken, self.sent = self.sent, []
        return taken


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def model(log: Log) -> Model:
    return Model(log)


def connected(model: Model, *servers: str, held: bool = False) -> Connection:
    """A connection of `c` with one server of each of these geodes."""
    for name in servers:
        model.register(T, obj(name), 0 if held else 2, 0)
    found = model.lists.find(T)
    assert found is not None
    choice = found.choose(2, first_only=False)
    made = model.connect(found, obj("c"), choice)
    assert made is not None
    model.check()
    return made


def faults(call: object, *args: object) -> IACPFault:
    assert callable(call)
    with pytest.raises(Fatal) as caught:
        call(*args)
    return caught.value.fault


# Lists


def test_a_server_that_registers_again_keeps_its_place(model: Model) -> None:
    assert model.register(T, obj("a"), 2, 0)
    assert model.register(T, obj("b"), 2, 0)
    assert not model.register(T, obj("a"), 0, 0x80)
    found = model.lists.find(T)
    assert found is not None
    entries = [(entry.server, entry.mode, entry.flags) for entry in found.servers]
    assert entries == [(obj("a"), 0, 0x80), (obj("b"), 2, 0)]
    assert model.lists.find(U) is None


def test_a_list_goes_with_its_last_server_and_connection(model: Model) -> None:
    made = connected(model, "a", "b")
    assert not model.unregister(T, obj("a"))
    assert not model.unregister(U, obj("b"))
    assert not model.unregister(T, obj("z"))
    assert model.unregister(T, obj("b"))
    assert model.lists.find(T) is not None
    model.shutdown(made.number, None)
    model.shutdown(made.number, obj("a"))
    model.shutdown(made.number, obj("b"))
    assert model.lists.find(T) is None
    assert len(model.connections) == 0


@pytest.mark.parametrize(
    ("modes", "mode", "first_only", "start", "forced", "chosen", "is_held"),
    [
        ((2, 2, 2), 0, False, 0, None, "abc", False),
        ((2, 2, 2), 0, True, 0, None, "a", False),
        ((0, 2), 2, True, 0, None, "b", False),
        ((0, 2, 2), 2, False, 0, None, "bc", False),
        ((0, 1, 2), 0, False, 0, None, "abc", False),
        ((0, 1), 2, False, 0, None, "a", True),
        ((0, 1), 2, True, 1, None, "a", True),  # nobody from there on: the first
        ((2, 2, 2), 2, True, 1, None, "b", False),
        ((2, 2, 2), 2, False, 1, None, "abc", False),  # a start is for the first only
        ((2, 0), 2, True, 1, 1, "b", True),  # forced, whatever its mode
    ],
)
def test_servers_are_chosen_by_mode_and_place(
    model: Model,
    modes: tuple[int, ...],
    mode: int,
    first_only: bool,
    start: int,
    forced: int | None,
    chosen: str,
    is_held: bool,
) -> None:
    for name, registered in zip("abc", modes, strict=False):
        model.register(T, obj(name), registered, 0)
    found = model.lists.find(T)
    assert found is not None
    choice = found.choose(mode, start, forced, first_only=first_only)
    assert choice == Choice(tuple(map(obj, chosen)), is_held)


# Connections


def test_servers_hear_of_a_connection_in_order(model: Model, log: Log) -> None:
    made = connected(model, "a", "b")
    notice = (None, False, made.number)
    assert log.take() == [Posted("a1", notice), Posted("b1", notice)]
    assert [made.number_of(obj(name)) for name in "abz"] == [1, 2, 0]


def test_a_number_is_not_given_again_while_it_is_used(model: Model) -> None:
    first = connected(model, "a")
    model.connections._last = 0xFFFE
    assert [connected(model, "a").number for _ in range(2)] == [0xFFFF, 2]
    assert first.number == 1
    assert model.connections.get(0xFFFF).number == 0xFFFF


def test_no_connection_is_made_without_a_number(model: Model) -> None:
    connected(model, "a")
    found = model.lists.find(T)
    assert found is not None
    choice = found.choose(2, first_only=True)
    while len(model.connections) < 0xFFFF:
        assert model.connect(found, obj("c"), choice) is not None
    assert model.connect(found, obj("c"), choice) is None


def test_every_routine_knows_a_number_that_is_over(model: Model) -> None:
    made = connected(model, "a")
    model.shutdown(made.number, None)
    model.shutdown(made.number, obj("a"))
    wrong = IACPFault.IACP_INVALID_CONNECTION
    assert faults(model.send, made.number, letter("x"), IACPS_CLIENT) is wrong
    assert faults(model.finish, made.number) is wrong
    assert faults(model.shutdown, made.number, None) is wrong
    assert faults(model.connections.get, 0) is wrong


# Sending


def test_a_completion_fires_for_every_slot(model: Model, log: Log) -> None:
    made = connected(model, "a", "b", "d")
    model.shutdown(made.number, obj("b"))
    log.take()
    assert model.send(made.number, letter("hi", "done"), IACPS_CLIENT) == 2
    assert log.take() == [Posted("a1", "hi"), Fired("done"), Posted("d1", "hi")]
    for ticket in log.tickets:
        model.completed(ticket)
        model.completed(ticket)  # what is used up does nothing
    assert log.take() == [Fired("done"), Fired("done")]
    assert len(model.deliveries) == 0


def test_one_server_is_sent_to_by_its_number(model: Model, log: Log) -> None:
    made = connected(model, "a", "b")
    model.shutdown(made.number, obj("a"))
    log.take()
    assert model.send(made.number, letter("x", "k", number=1), IACPS_CLIENT) == 0
    assert model.send(made.number, letter("y", number=2), IACPS_CLIENT) == 1
    assert log.take() == [Fired("k"), Posted("b1", "y")]
    wrong = IACPFault.IACP_INVALID_SERVER_NUMBER
    for number in (-1, 3):
        sent = letter("z", number=number)
        assert faults(model.send, made.number, sent, IACPS_CLIENT) is wrong


def test_servers_send_to_the_client(model: Model, log: Log) -> None:
    made = connected(model, "a", "b")
    log.take()
    assert model.send(made.number, letter("hi"), IACPS_SERVER) == 1
    assert log.take() == [Posted("c1", "hi")]
    model.shutdown(made.number, None)
    log.take()
    assert model.send(made.number, letter("hi", "done"), IACPS_SERVER) == 0
    assert log.take() == [Fired("done")]


def test_what_has_no_queue_any_more_completes_at_once(model: Model, log: Log) -> None:
    made = connected(model, "a")
    log.gone.add(obj("a"))
    log.take()
    assert model.send(made.number, letter("hi", "done"), IACPS_CLIENT) == 1
    assert log.take() == [Posted("a1", "hi"), Fired("done")]


def test_a_ticket_that_is_thrown_away_completes_nothing(model: Model, log: Log) -> None:
    made = connected(model, "a")
    model.send(made.number, letter("hi", "done"), IACPS_CLIENT)
    log.take()
    model.discarded(log.tickets[0])
    model.completed(log.tickets[0])
    model.geode_died(geode("a"))
    assert Fired("done") not in log.take()


# Holding


def test_what_is_held_goes_in_order_and_before_what_comes_later(
    model: Model, log: Log
) -> None:
    made = connected(model, "a", held=True)
    assert log.take() == [Posted("a1", (None, False, made.number))]
    assert model.send(made.number, letter("1"), IACPS_CLIENT) == 1
    assert model.send(made.number, letter("2", number=1), IACPS_CLIENT) == 1
    assert model.send(made.number, letter("up"), IACPS_SERVER) == 1
    model.shutdown(made.number, None)
    assert log.take() == [Posted("c1", "up")]
    model.finish(made.number)
    model.send(made.number, letter("3"), IACPS_CLIENT)
    model.finish(made.number)
    lost = (made.number, 0)
    words = ["1", "2", lost, "3"]
    assert log.take() == [Posted("a1", each) for each in words]


def test_a_server_cannot_leave_before_it_has_begun(model: Model) -> None:
    made = connected(model, "a", held=True)
    wrong = IACPFault.CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED
    assert faults(model.shutdown, made.number, obj("a")) is wrong
    assert faults(model.shutdown_all, obj("a")) is wrong
    assert made.number_of(obj("a")) == 1
    model.shutdown(made.number, obj("z"))  # not in it: nothing to complain of


# Leaving


def test_only_the_other_side_hears_of_who_leaves(model: Model, log: Log) -> None:
    made = connected(model, "a", "b", "d")
    log.take()
    model.shutdown(made.number, obj("b"))
    model.shutdown(made.number, obj("b"))
    assert log.take() == [Posted("c1", (made.number, 2))]
    lost = (made.number, 0)
    for _ in range(2):  # a client may say so twice
        model.shutdown(made.number, None)
        assert log.take() == [Posted("a1", lost), Posted("d1", lost)]
    model.shutdown(made.number, obj("a"))
    model.shutdown(made.number, obj("d"))
    assert log.take() == []
    assert len(model.connections) == 0


def test_leaving_all_begins_with_later_lists_and_older_connections(
    model: Model, log: Log
) -> None:
    made = [connected(model, "a") for _ in range(2)]
    model.register(U, obj("a"), 2, 0)
    found = model.lists.find(U)
    assert found is not None
    other = model.connect(found, obj("c"), found.choose(2, first_only=False))
    assert other is not None
    log.take()
    model.shutdown_all(obj("c"))
    numbers = [other.number, made[0].number, made[1].number]
    assert log.take() == [Posted("a1", (number, 0)) for number in numbers]


def test_who_is_both_sides_leaves_as_the_client(model: Model, log: Log) -> None:
    model.register(T, obj("c"), 2, 0)
    made = connected(model)
    log.take()
    model.shutdown_all(obj("c"))
    assert log.take() == [Posted("c1", (made.number, 0))]
    assert made.servers == [obj("c")]
    model.shutdown_all(obj("c"))
    assert len(model.connections) == 0


# Documents


def test_death_takes_servers_documents_and_slots(model: Model, log: Log) -> None:
    made = connected(model, "a", "b")
    model.send(made.number, letter("hi", "done"), IACPS_CLIENT)
    log.take()
    assert model.geode_died(geode("b")) == []
    assert log.take() == [Fired("done"), Posted("c1", (made.number, 2))]
    assert model.geode_died(geode("b")) == []
    assert log.take() == []
    assert model.geode_died(geode("a")) == [T]
    assert log.take() == [Fired("done"), Posted("c1", (made.number, 1))]
    model.geode_died(geode("c"))
    assert log.take() == []
    assert model.lists.find(T) is None
    model.check()


def test_death_of_a_server_completes_what_is_held_for_it(
    model: Model, log: Log
) -> None:
    made = connected(model, "a", held=True)
    model.send(made.number, letter("1", "k1"), IACPS_CLIENT)
    model.send(made.number, letter("2"), IACPS_CLIENT)
    log.take()
    model.geode_died(geode("a"))
    assert log.take() == [Fired("k1"), Posted("c1", (made.number, 1))]
    assert model.send(made.number, letter("3", "k3"), IACPS_CLIENT) == 0
    assert log.take() == [Fired("k3")]


def test_death_of_a_client_takes_its_completions_along(model: Model, log: Log) -> None:
    made = connected(model, "a")
    model.send(made.number, letter("1", "done"), IACPS_CLIENT)
    held = connected(model, "a", held=True)
    model.register(T, obj("a"), 2, 0)
    model.send(held.number, letter("2", "done"), IACPS_CLIENT)
    log.take()
    model.geode_died(geode("c"))
    assert log.take() == [Posted("a1", (made.number, 0))]
    model.finish(held.number)
    assert log.take() == [Posted("a1", "2"), Posted("a1", (held.number, 0))]
    model.completed(log.tickets[0])
    assert log.take() == []


def test_death_of_a_geode_on_both_sides_leaves_nothing(model: Model) -> None:
    model.register(T, obj("c"), 2, 0)
    model.register(T, obj("c", 2), 2, 0)
    connected(model)
    connected(model)
    model.geode_died(geode("c"))
    assert len(model.connections) == 0
    assert model.lists.find(T) is None
    model.check()
