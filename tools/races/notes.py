"""What the racers of one course note, in the order in which it happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Final, NamedTuple


class What(StrEnum):
    """Kinds of notes. Those in -ing come before a call, the others after it."""

    CONNECTING = "connecting"
    CONNECTED = "connected"  # number: of servers
    REFUSED = "refused"  # number: the error
    TIMED_OUT = "timed out"
    REGISTERING = "registering"
    REGISTERED = "registered"
    UNREGISTERING = "unregistering"
    UNREGISTERED = "unregistered"
    SAYING = "saying"  # number: the word's
    SAID = "said"  # the same
    LEAVING = "leaving"  # as the client
    LEFT = "left"
    QUITTING = "quitting"  # as a server
    QUIT = "quit"
    FINISHING = "finishing"
    FINISHED = "finished"
    FATAL = "fatal"
    GONE = "gone"  # there is no IACP server, or no longer
    KILLING = "killing"
    KILLED = "killed"
    BEGUN = "begun"  # what it has to do in the race
    DONE = "done"  # with that

    NEW = "NEW_CONNECTION"  # number: whether it was launched
    WORD = "WORD"  # number: the word's
    COMPLETION = "COMPLETION"  # the same
    LOST = "LOST_CONNECTION"  # number: the server's
    SHUTDOWN = "SHUTDOWN_CONNECTION"
    MARKER = "MARKER"


class Note(NamedTuple):
    """*who* saw *what*."""

    who: str
    what: What
    connection: int = 0
    number: int = 0
    text: str = ""

    def __str__(self) -> str:
        return (
            f"{self.who:8} {self.what:20} {self.connection} {self.number} {self.text}"
        )


@dataclass(slots=True)
class Word:
    """A message of a racer's, sent over a connection."""

    number: int
    sender: str
    connection: int
    is_to_client: bool
    server: int  # its number; 0: all of them
    wants_completion: bool
    is_for_third: bool = False  # an object elsewhere is to hear it
    reached: int | None = None  # what sending returned; None: it did not return

    def slots(self, servers: int) -> int:
        """How many slots it is sent to, of a connection with so many *servers*."""
        return 1 if self.is_to_client or self.server else servers


@dataclass(slots=True)
class Notebook:
    """The notes, and the words that were said."""

    notes: list[Note] = field(default_factory=list)
    words: dict[int, Word] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))  # of words

    def note(
        self,
        who: str,
        what: What,
        connection: int = 0,
        number: int = 0,
        text: str = "",
    ) -> None:
        """Add one."""
        self.notes.append(Note(who, what, connection, number, text))

    def of(self, *what: What, who: str | None = None) -> list[Note]:
        """The notes of these kinds, of one racer's or of all."""
        return [
            note for note in self.notes if note.what in what and who in (None, note.who)
        ]

    def places(self, *what: What) -> list[tuple[int, Note]]:
        """The same with their places."""
        return [(n, note) for n, note in enumerate(self.notes) if note.what in what]

    def place(self, what: What, number: int) -> int | None:
        """Where the note on the word of that *number* stands, if there is one."""
        for place, note in self.places(what):
            if note.number == number:
                return place
        return None


KNobody: Final = ""
KIACP: Final = "IACP"  # the server, as a victim
