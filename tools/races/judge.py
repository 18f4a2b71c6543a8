"""What must hold on every course, whatever the race: the promises of geos-iacp.

A judge reads the notes, and looks into the IACP server. Three times: when the race is
over, when all servers have ended, and when everybody has.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tools.races.notes import KIACP, Note, What, Word

if TYPE_CHECKING:
    from tools.races.course import Course

_NEVER_FINISHED: Final = "CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED"


class FoulError(AssertionError):
    """A promise was broken."""


def demand(holds: object, what: str, *facts: object) -> None:
    """Raises: FoulError, unless it *holds*."""
    if not holds:
        raise FoulError(": ".join((what, *map(str, facts))))


def after_race(course: Course) -> None:
    """Everybody has done what was planned, and nobody was told of what was not so."""
    _demand_nobody_died_of_a_mistake(course)
    demand(not course.book.of(What.GONE), "the IACP server is gone")
    _demand_everybody_is_done(course)
    _demand_new_comes_first(course)
    _demand_order(course)
    _demand_fatal_errors_are_right(course)
    _demand_words_arrived(course)
    _demand_completions_follow_words(course)
    _demand_servers_were_told(course)
    _demand_completions(course)
    _demand_state(course)


def after_race_without_iacp(course: Course) -> None:
    """The same where the IACP server died in the middle: nobody waits for that.

    What it had promised is lost with it. But nobody who was told of anything was told
    of what was not so, and only who asks it learns that it is gone.
    """
    _demand_nobody_died_of_a_mistake(course)
    _demand_everybody_is_done(course)
    _demand_new_comes_first(course)
    _demand_order(course)
    _demand_completions_follow_words(course)
    _demand_at_most_due(course)
    killed = [note for note in course.book.of(What.KILLING) if note.who == KIACP]
    begin = course.book.notes.index(killed[0])
    gone = [place for place, _ in course.book.places(What.GONE)]
    demand(all(begin < place for place in gone), "gone before it died")
    course.machine.debug.check()


def after_servers(course: Course) -> None:
    """All servers have ended: what was held completes too, and clients know of it."""
    _demand_completions(course)
    _demand_clients_were_told(course)
    _demand_state(course)


def after_all(course: Course) -> None:
    """Everybody has ended, and nothing is left of them."""
    _demand_state(course)
    assert course.iacp is not None
    model = course.iacp.model
    demand(not list(model.lists), "a list is left", list(model.lists))
    demand(not len(model.connections), "a connection is left", list(model.connections))
    demand(not len(model.deliveries), "a delivery is left", list(model.deliveries))
    demand(not model.documents.entries(), "a document is left")
    demand(course.iacp.launches.holder is None, "a launch is left")
    published = [
        each.name for each in course.machine.debug.snapshot().published if each.text
    ]
    demand(not published, "is still shown", published)


# After the race.


def _demand_state(course: Course) -> None:
    assert course.iacp is not None
    course.iacp.model.check()
    course.machine.debug.check()


def _demand_nobody_died_of_a_mistake(course: Course) -> None:
    died = course.machine.debug.exceptions
    demand(not died, "died of a mistake", *(one.traceback for one in died))
    panics = course.machine.debug.panics
    demand(not panics, "panicked", *panics)


def _demand_everybody_is_done(course: Course) -> None:
    """Nobody waits for ever: who began and was not killed has come to the end."""
    begun = Counter(note.who for note in course.book.of(What.BEGUN))
    done = Counter(note.who for note in course.book.of(What.DONE))
    stuck = sorted(set((begun - done).keys()) - course.dead)
    demand(not stuck, "waits for ever", stuck)


def _demand_new_comes_first(course: Course) -> None:
    """A server hears of a connection once, and before anything else on it."""
    known: set[tuple[str, int]] = set()
    for note in course.book.notes:
        who = note.who, note.connection
        if note.what is What.NEW:
            demand(who not in known, "heard of twice", note)
            known.add(who)
        elif note.what in (What.WORD, What.LOST, What.SHUTDOWN):
            is_server = note.what is not What.LOST or not note.number
            is_new = who in known or not _is_sent_to_server(course, note)
            demand(is_new or not is_server, "heard before the connection", note)


def _is_sent_to_server(course: Course, note: Note) -> bool:
    if note.what is not What.WORD:
        return True
    word = course.book.words[note.number]
    return not word.is_to_client and not word.is_for_third


def _demand_order(course: Course) -> None:
    """To each hearer a word that was sent before another was begun comes before it."""
    heard: dict[tuple[str, int], list[Word]] = {}
    for note in course.book.of(What.WORD):
        word = course.book.words[note.number]
        so_far = heard.setdefault((note.who, note.connection), [])
        demand(word not in so_far or word.is_for_third, "heard twice", note)
        for other in () if word.is_for_third else so_far:
            began = course.book.place(What.SAYING, other.number)
            is_late = began is not None and _was_said(course, word, began)
            demand(not is_late, "heard too late", note, other)
        so_far.append(word)
    for place, lost in course.book.places(What.LOST):
        if not lost.number:
            _demand_nothing_is_late(course, place, lost)


def _demand_nothing_is_late(course: Course, place: int, lost: Note) -> None:
    """What was sent before the client began to leave is heard before it has left."""
    ends = [
        began
        for began, note in course.book.places(What.LEAVING, What.KILLING)
        if began < place and is_departure(course, note, lost.connection)
    ]
    demand(ends, "is told to be lost, and nobody has left", lost)
    for later in course.book.notes[place:]:
        if later.what is What.WORD and later[:3:2] == lost[:3:2]:
            word = course.book.words[later.number]
            is_late = _was_said(course, word, ends[0])
            demand(not is_late or word.is_for_third, "heard after the end", later)


def _was_said(course: Course, word: Word, place: int) -> bool:
    """Whether sending it had returned before that *place* among the notes."""
    said = course.book.place(What.SAID, word.number)
    return said is not None and said < place


def is_departure(course: Course, note: Note, connection: int) -> bool:
    """Whether by *note* the client leaves the connection."""
    if note.what is What.LEAVING:
        return note.connection == connection
    # Of one that was killed while it connected it is not known that it is the client.
    return course.clients.get(connection, note.who) == note.who


def _demand_fatal_errors_are_right(course: Course) -> None:
    """A connection is over when everybody has begun to leave it, and no sooner."""
    for place, fatal in course.book.places(What.FATAL):
        before = course.book.notes[:place]
        demand(fatal.text == "IACP_INVALID_CONNECTION", "fatal", fatal)
        gone = {note.who for note in before if note.what is What.KILLING}
        gone |= {note.who for note in before if _quits(note, fatal.connection)}
        new = {
            note.who
            for note in before
            if note.what is What.NEW and note.connection == fatal.connection
        }
        demand(new <= gone, "over, and a server is there", fatal, new - gone)
        has_left = any(
            is_departure(course, note, fatal.connection)
            for note in before
            if note.what in (What.LEAVING, What.KILLING)
        )
        demand(has_left, "over, and its client is there", fatal)


def _quits(note: Note, connection: int) -> bool:
    return note.what is What.QUITTING and note.connection == connection


def _demand_words_arrived(course: Course) -> None:
    """As many heard a word as its sender was told, but for those that died."""
    heard = Counter(note.number for note in course.book.of(What.WORD))
    for word in course.book.words.values():
        if word.reached is None or course.is_held(word.connection):
            continue
        hearers = heard[word.number]
        demand(hearers <= word.reached, "reached more than was told", word, hearers)
        least = 0 if word.is_for_third else word.reached - len(course.dead)
        demand(hearers >= least, "reached fewer than was told", word, hearers)


def _demand_completions_follow_words(course: Course) -> None:
    """Each comes after its word was heard, or whoever had it has gone."""
    for place, note in course.book.places(What.COMPLETION):
        word = course.book.words[note.number]
        before = course.book.notes[: place + 1]
        fired = sum(each[1:4] == note[1:4] for each in before)
        heard = sum(
            each.what is What.WORD and each.number == word.number for each in before
        )
        gone = {each.who for each in before if _may_be_gone(each, word)}
        if not (gone and word.is_for_third):
            demand(fired <= heard + len(gone), "completes too soon", note, word)


def _may_be_gone(note: Note, word: Word) -> bool:
    if note.what is What.KILLING:
        return note.who != KIACP
    left = What.LEAVING if word.is_to_client else What.QUITTING
    return note.what is left and note.connection == word.connection


def _demand_servers_were_told(course: Course) -> None:
    """A server that is there knows that its client has left, as often as it did."""
    quits = {(note.who, note.connection) for note in course.book.of(What.QUITTING)}
    for new in course.book.of(What.NEW):
        if new.who in course.dead or course.is_held(new.connection):
            continue
        told = sum(
            note[:3:2] == new[:3:2] and not note.number
            for note in course.book.of(What.LOST)
        )
        least, most = _departures(course, new.connection)
        demand(told <= most, "told too often of the client's end", new, told)
        has_quit = (new.who, new.connection) in quits
        demand(told >= least or has_quit, "not told of the client's end", new)
        demand(told or not least or has_quit, "told never", new)


def _departures(course: Course, connection: int) -> tuple[int, int]:
    """How often at least, and at most, the client has left."""
    leaves = sum(note.connection == connection for note in course.book.of(What.LEAVING))
    is_known = connection in course.clients
    is_dead = course.clients.get(connection) in course.dead
    if not is_known:  # it died as it connected
        return 1, 1 + leaves
    least = sum(note.connection == connection for note in course.book.of(What.LEFT))
    least -= sum(note.connection == connection for note in course.book.of(What.FATAL))
    return max(least, int(is_dead and not leaves)), leaves + is_dead


# After the servers' end.


def _demand_completions(course: Course) -> None:
    """One for each slot, whatever has become of who was in it."""
    fired = Counter(note.number for note in course.book.of(What.COMPLETION))
    for word in course.book.words.values():
        slots = course.slots.get(word.connection)
        if slots is None or course.is_held(word.connection):
            continue  # nobody was told how many, or it is too soon
        due = word.slots(slots) if word.wants_completion else 0
        if word.sender in course.dead:
            demand(fired[word.number] <= due, "too many completions", fired, word)
        else:
            due = due if word.reached is not None else 0
            demand(fired[word.number] == due, "completions", fired, word)


def _demand_at_most_due(course: Course) -> None:
    """No more than one for each slot."""
    fired = Counter(note.number for note in course.book.of(What.COMPLETION))
    for word in course.book.words.values():
        slots = course.slots.get(word.connection)
        due = word.slots(slots) if slots and word.wants_completion else 0
        demand(fired[word.number] <= due, "too many completions", fired, word)


def _demand_clients_were_told(course: Course) -> None:
    """A client that has stayed was told of each server's end, once."""
    lost = Counter(note for note in course.book.of(What.LOST) if note.number)
    often = [note for note, times in lost.items() if times > 1]
    demand(not often, "told twice of a server's end", often)
    for connection, client in course.clients.items():
        if client in course.dead or _departures(course, connection)[1]:
            continue
        told = {note.number for note in lost if note[:3:2] == (client, connection)}
        expected = set(range(1, course.slots[connection] + 1))
        own = any(  # it serves itself too: nobody tells it of its own end
            note[:3:2] == (client, connection) for note in course.book.of(What.NEW)
        )
        is_right = told <= expected and len(told) == len(expected) - own
        demand(is_right, "told of the wrong servers", client, told)
