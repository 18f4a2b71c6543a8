"""Messages that nobody gets, and the completions of others that they bear.

A completion fires once a slot, also if it was sent on in a message that was merged with
another one, or came too late.
"""

from functools import partial
from typing import Any, NamedTuple

import pytest

from userlib.geos import (
    MF_CHECK_DUPLICATE,
    MF_CUSTOM,
    MF_DISCARD_IF_NO_MATCH,
    MF_FORCE_QUEUE,
    MF_MATCH_ALL,
    MF_REPLACE,
    MSG_META_DISPATCH_EVENT,
    MSG_META_IACP_PROCESS_MESSAGE,
    TO_OBJ_BLOCK_OUTPUT,
    TO_SELF,
    Event,
    ProcSendEvent,
    geode_create_thread,
    iacp,
    method,
    obj_free,
    obj_message,
)
from userlib.geos.iacp_constants import IACPS_CLIENT
from userlib.symbian.user import User

MS = 1000


class Passing(NamedTuple):
    """Who passes what it is to complete on to an object of another geode."""

    s1: Any
    x: Any
    c: Any
    connection: int


@pytest.fixture
def passing(stage: Any) -> Passing:
    """S1 sends the completion on to X, merged with what is queued there."""
    x, c = stage.geode("X"), stage.geode("C")

    class Passer(stage.object_class):  # type: ignore[name-defined,misc] # made there
        """Passes completions on, in a message that is merged as *how* says."""

        how: int = 0

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def process_message(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is None:
                self.callsuper()
                return
            obj_message(
                x.app,
                MSG_META_DISPATCH_EVENT,
                MF_FORCE_QUEUE | MF_CHECK_DUPLICATE | self.how,
                event=completion_msg,
            )

    s1 = stage.server("S1", cls=Passer)
    made = stage.connect(c)
    stage.take()
    return Passing(s1, x, c, made.connection)


def send_twice(stage: Any, passing: Passing, how: int) -> list[Any]:
    """Two messages, while X is busy. Returns: what completes until X has time."""
    stage.tell(passing.s1, lambda app: setattr(app, "how", how))
    stage.begin(passing.x, lambda _: User.after_high_res(50 * MS))
    for text in ("first", "second"):
        done = partial(stage.done, passing.c, text)

        def send(_: Any, done: Any = done) -> None:
            iacp.send_message(
                passing.connection, stage.hi(), TO_SELF, done(), IACPS_CLIENT
            )

        stage.tell(passing.c, send)
        stage.settle()
    taken = list(stage.script.log)
    stage.script.log.clear()
    return taken


@pytest.mark.parametrize(
    ("how", "at_once", "later"),
    [
        (0, "second", "first"),
        (MF_REPLACE, "first", "second"),
    ],
)
def test_what_is_merged_away_completes_at_once(
    stage: Any, passing: Passing, how: int, at_once: str, later: str
) -> None:
    assert send_twice(stage, passing, how) == [("C", "DONE", at_once)]
    stage.machine.advance(50 * MS)
    assert stage.take() == [("C", "DONE", later)]


def test_what_finds_nothing_to_be_merged_with_completes_at_once(
    stage: Any, passing: Passing
) -> None:
    both = send_twice(stage, passing, MF_DISCARD_IF_NO_MATCH)
    assert both == [("C", "DONE", "first"), ("C", "DONE", "second")]
    stage.machine.advance(50 * MS)
    assert stage.take() == []


def test_what_a_function_drops_completes_at_once(stage: Any, passing: Passing) -> None:
    x, c, connection = passing[1:]

    class Dropper(stage.object_class):  # type: ignore[name-defined,misc] # made there
        """Has a function look at what is queued, which drops what comes."""

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def process_message(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is not None:
                obj_message(
                    x.app,
                    MSG_META_DISPATCH_EVENT,
                    MF_FORCE_QUEUE | MF_CHECK_DUPLICATE | MF_CUSTOM | MF_MATCH_ALL,
                    lambda _queued, _new: ProcSendEvent.PROC_SE_EXIT,
                    event=completion_msg,
                )

    stage.server("S2", cls=Dropper)
    made = stage.connect(c)
    assert (made.num_servers, connection != made.connection) == (2, True)
    stage.take()
    stage.begin(x, lambda _: User.after_high_res(50 * MS))
    stage.begin(x, lambda _: None)  # so that something is queued
    assert stage.send(c, made.connection, done=c, server=2) == 1
    assert list(stage.script.log) == [("C", "DONE")]
    stage.machine.advance(50 * MS)
    stage.take()


def test_a_message_for_an_object_that_was_freed_completes(stage: Any) -> None:
    """It is on its way to the output, which is run by another thread of the geode."""
    s1 = stage.server("S1")
    c = stage.geode("C")
    made = stage.connect(c)

    class Mortal(stage.object_class):  # type: ignore[name-defined,misc] # made there
        """Is gone before anything comes for it."""

    freed: list[Any] = []

    def make_and_free() -> None:
        mortal = Mortal(name="X")
        freed.append(mortal.optr)
        obj_free(mortal)

    def make(app: Any) -> None:
        geode_create_thread("x", set_up=make_and_free)
        app.output = freed[0]

    stage.tell(s1, make)
    stage.take()
    travel = TO_OBJ_BLOCK_OUTPUT
    assert stage.send(c, made.connection, travel=travel, done=c) == 1
    assert stage.take() == [("C", "DONE")]
