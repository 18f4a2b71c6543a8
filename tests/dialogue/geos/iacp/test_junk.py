"""Requests that no client of ours makes: the server refuses them, and serves on."""

from random import Random
from typing import Any

import pytest

from kernel.abi.errors import KErrArgument, KErrNotSupported, Leave
from userlib.geos import GeodeToken, GeosFatalError, GeosTimeout, iacp, pack_value
from userlib.geos.flat import flatten, unflatten
from userlib.geos.iacp_protocol import KIACPServerName, TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.geos.iacp_ticket import KTicketMessage, ticket_event
from userlib.symbian.buffers import TBuf8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.session import RSessionBase
from userlib.symbian.version import TVersion

T = GeodeToken(b"SRVR", 8)
KMostArguments = 7


class Junk:
    """Values: right ones in wrong places, and wrong ones that look right."""

    def __init__(self, random: Random, stage: Any, optr: Any) -> None:
        self._random = random
        event = stage.hi(1).pack()
        self._parts: list[Any] = [
            *(None, True, 0, 1, -1, 5, 2**70, 1.5, "", "text", b"", b"\xff", ()),
            *(pack_value(T), ("g", "SRVR", 8), ("g", b"SRV", 8), ("g", b"SRVR", -1)),
            *(pack_value(optr), ("o",), ("o", "1", 2, 3), ("o", 1, 2, 3.5)),
            *(event, event[:3], ("e", 1, (("z",),), None, 0), ("e", "1", (), None, 0)),
            *(
                ("e", 1, (), ("o", "x", 1, 1), 0),
                ("e", 1, (), (), 0),
                ("e", 1, 1, 1, 1),
            ),
            *(("e", KTicketMessage, (), None, 0), ticket_event(1).pack()),
            *(("e", KTicketMessage, ("t",), None, 0), ticket_event(0).pack()),
            pack_value(iacp.create_default_launch_block(1)),
            ("b", ("r", 1, 2, 3), *range(9)),
            ("b", *range(10)),
        ]

    def value(self) -> Any:
        if self._random.random() < 0.1:
            return tuple(self.value() for _ in range(self._random.randrange(3)))
        return self._random.choice(self._parts)

    def request(self) -> tuple[Any, ...]:
        return tuple(
            self.value() for _ in range(self._random.randrange(KMostArguments))
        )


@pytest.mark.parametrize("seed", range(8))
def test_the_server_outlives_any_request(stage: Any, seed: int) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    random = Random(seed)

    def ask(_: Any) -> int:
        junk = Junk(random, stage, s1.app)
        refused = 0
        for _ in range(300):
            function = random.choice(list(TIACPMessage))
            try:
                RIACP.of_thread().ask(function, *junk.request())
            except (Leave, GeosFatalError, GeosTimeout):
                refused += 1
        return refused

    with stage.machine.attach():
        assert ask(None) > 100
        iacp.register_server(T, s1.app, 2)
    stage.settle()
    stage.take()
    assert stage.connect(c).num_servers >= 1
    assert made.connection


def test_bytes_that_are_no_request_are_refused(stage: Any) -> None:
    good = flatten((1, "text", (None, True, 1.5, b"\0", 2**70)))

    def ask() -> None:
        with RSessionBase().create_session(KIACPServerName) as session:
            for data in (b"", b"z", good[:-1], good + b"N", flatten(1), b"t\1\0\0\0"):
                args = TIpcArgs(data, TBuf8(10))
                for function in TIACPMessage:
                    code = session.try_send_receive(function, args)
                    is_lists = function in (
                        TIACPMessage.ELists,
                        TIACPMessage.EDocuments,
                    )
                    assert code == KErrArgument or (is_lists and code == 0), function
            assert session.try_send_receive(99, TIpcArgs(good)) == KErrNotSupported

    with stage.machine.attach():
        ask()
        assert iacp.lists() == ()


def test_a_later_version_is_not_served(stage: Any) -> None:
    with stage.machine.attach(), pytest.raises(Leave) as caught:
        RSessionBase().create_session(KIACPServerName, TVersion(2, 0, 0))
    assert caught.value.code == KErrNotSupported


def test_flat_bytes_are_the_same_value() -> None:
    value = (
        None,
        True,
        False,
        0,
        -1,
        2**63,
        -(2**70),
        1.5,
        "\ud800x",
        b"\0\xff",
        ((),),
    )
    assert unflatten(flatten(value)) == value
    assert [type(each) for each in unflatten(flatten(value))] == [  # type: ignore[attr-defined] # a tuple
        type(each) for each in value
    ]
    with pytest.raises(TypeError, match="no plain value"):
        flatten([1])
