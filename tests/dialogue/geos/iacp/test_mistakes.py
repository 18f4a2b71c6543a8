"""What a program is told that gets a routine of IACP wrong: in words, and at once."""

from collections.abc import Callable
from typing import Any

import pytest

from userlib.geos import (
    MSG_META_DUMMY,
    TO_SELF,
    GeodeToken,
    GeosFatalError,
    MetaClass,
    iacp,
    record,
)
from userlib.geos.iacp_constants import IACPCF_FIRST_ONLY, IACPS_CLIENT

T = GeodeToken(b"SRVR", 8)
KNoConnection = 99


def dummy() -> Any:
    return record(None, MSG_META_DUMMY)


def said(stage: Any, call: Callable[[Any], object]) -> tuple[str, str]:
    """What *call* raises, with an application object: the class, and the words."""
    c = stage.geode("C")

    def run(app: Any) -> tuple[str, str]:
        with pytest.raises((TypeError, ValueError, GeosFatalError)) as caught:
            call(app)
        return type(caught.value).__name__, str(caught.value)

    words: tuple[str, str] = stage.tell(c, run)
    assert stage.connections() == []
    assert stage.lists() == {}
    return words


def Wrong(value: Any) -> Any:  # noqa: N802 - reads as a type
    """What no type checker would let through."""
    return value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda _: iacp.connect(Wrong(b"SRVR")),
            "a token is a GeodeToken, and not b'SRVR'",
        ),
        (
            lambda _: iacp.connect(T, 0, Wrong(7)),
            "a launch block is an AppLaunchBlock, and not 7",
        ),
        (
            lambda _: iacp.connect(T, 0x10, None, Wrong(7)),
            "an object, or its optr, is wanted, and not 7",
        ),
        (
            lambda _: iacp.register_server(T, Wrong("app"), 2),
            "an object, or its optr, is wanted, and not 'app'",
        ),
        (
            lambda app: iacp.shutdown(Wrong(iacp.ConnectResult(1, 1, None, 2)), app),
            "a connection is the number in a ConnectResult: .connection",
        ),
        (
            lambda _: iacp.finish_connect(Wrong("1")),
            "a connection is a number, and not '1'",
        ),
        (
            lambda _: iacp.send_message(1, Wrong(None), TO_SELF, None, IACPS_CLIENT),
            "an event is what record(…) makes, and not None",
        ),
        (
            lambda _: iacp.send_message(1, dummy(), TO_SELF, Wrong(5), IACPS_CLIENT),
            "an event is what record(…) makes, and not 5",
        ),
        (
            lambda _: iacp.send_message(1, dummy(), Wrong("up"), None, IACPS_CLIENT),
            "a travel option is a number, and not 'up'",
        ),
        (
            lambda _: iacp.send_message_and_wait(1, Wrong(5), TO_SELF, IACPS_CLIENT),
            "an event is what record(…) makes, and not 5",
        ),
        (
            lambda _: iacp.send_message_to_server(
                1, dummy(), TO_SELF, None, Wrong("S1")
            ),
            "a server's number is a number, and not 'S1'",
        ),
        (
            lambda _: iacp.get_document_id("", "F", Wrong("C:")),
            "a disk handle is a number, and not 'C:'",
        ),
        (
            lambda app: iacp.register_document(app, 2, Wrong("F")),
            "a file's id is a number, and not 'F'",
        ),
        (
            lambda _: iacp.connect_to_document_server(Wrong(1), "F", 2),
            "a directory is a text, and not 1",
        ),
        (lambda _: iacp.bind_token(T, Wrong(5)), "a path is a text, and not 5"),
        (
            lambda _: iacp.create_default_launch_block(Wrong("app")),
            "the mode of an application is a number, and not 'app'",
        ),
    ],
)
def test_what_is_of_the_wrong_type_is_named(
    stage: Any, call: Callable[[Any], object], words: str
) -> None:
    assert said(stage, call) == ("TypeError", words)


def test_a_class_is_no_object(stage: Any) -> None:
    kind, words = said(stage, lambda _: iacp.register_server(T, Wrong(MetaClass), 2))
    assert (kind, "MetaClass" in words) == ("TypeError", True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda app: iacp.register_server(T, app, 3),
            "a server's mode is an IACPServerMode, and not 3",
        ),
        (
            lambda _: iacp.send_message(1, dummy(), TO_SELF, None, 2),
            "a side is IACPS_CLIENT or IACPS_SERVER, and not 2",
        ),
    ],
)
def test_a_value_that_there_is_not_is_named(
    stage: Any, call: Callable[[Any], object], words: str
) -> None:
    assert said(stage, call) == ("ValueError", words)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda _: iacp.shutdown(KNoConnection),
            "IACP_INVALID_CONNECTION: connection 99 is over, or never was",
        ),
        (
            lambda _: iacp.send_message_and_wait(
                KNoConnection, dummy(), TO_SELF, IACPS_CLIENT
            ),
            "IACP_INVALID_CONNECTION: connection 99 is over, or never was",
        ),
        (
            lambda _: iacp.register_server(T, Wrong(None), 2),
            "ILLEGAL_HANDLE: no object is to be the server",
        ),
    ],
)
def test_a_fatal_error_says_what_it_is_about(
    stage: Any, call: Callable[[Any], object], words: str
) -> None:
    assert said(stage, call) == ("GeosFatalError", words)


def test_a_server_that_there_is_not_is_told_with_its_connection(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)

    def send(_: Any) -> str:
        with pytest.raises(GeosFatalError) as caught:
            iacp.send_message_to_server(made.connection, dummy(), TO_SELF, None, 2)
        return str(caught.value)

    assert stage.tell(c, send) == (
        f"IACP_INVALID_SERVER_NUMBER: connection {made.connection} has no server of "
        "that number; they are counted from 1"
    )
    stage.take()


def test_what_is_missing_for_the_launch_model_is_named(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")

    def connect(_: Any) -> str:
        block = iacp.create_default_launch_block(0)
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect(T, 0x20 | IACPCF_FIRST_ONLY, block)
        return str(caught.value)

    assert stage.tell(c, connect) == (
        "MUST_CONNECT_IN_APP_MODE_IF_OBEYING_LAUNCH_MODEL: "
        "IACPSM_USER_INTERACTIBLE is missing"
    )
    stage.take()
