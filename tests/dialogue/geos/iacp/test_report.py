"""Looking into IACP: by a program, and from outside in a snapshot. geos-iacp 6.2."""

from typing import Any

import pytest

from tools.iacp_report import KNothing, iacp_report
from userlib.geos import ApplicationImage, GeodeToken, iacp
from userlib.geos.iacp_constants import (
    IACPSF_MULTIPLE_INSTANCES,
    IACPSM_IN_FLUX,
    IACPSM_NOT_USER_INTERACTIBLE,
)

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b'"\0\xff ', 0)
LAZY = GeodeToken(b"LAZY", 8)


@pytest.fixture
def images(make_geode: Any) -> list[ApplicationImage]:
    """One that registers when the test says so."""
    return [ApplicationImage("lazy", LAZY, make_geode("lazy", LAZY).run)]


def test_a_machine_without_servers_says_so(stage: Any) -> None:
    assert iacp_report(stage.machine) == "no servers, and no connections"


def test_the_snapshot_shows_lists_and_connections(stage: Any) -> None:
    s1 = stage.server("S1", 2, leaves=False)
    s2 = stage.server("S2", 2, flags=0x80)
    s3 = stage.server("S3", 0, serves=U)
    c = stage.geode("C")
    first = stage.connect(c).connection
    held = stage.connect(c, 2, token=U).connection
    stage.send(c, held)
    stage.shutdown(s2, first, s2)
    stage.shutdown(c, first)
    stage.tell(s1, lambda app: iacp.register_server(T, app, IACPSM_IN_FLUX))
    assert iacp_report(stage.machine).splitlines() == [
        '"\\"\\x00\\xff ",0'.replace('\\"', '"'),
        f'  server N single    geode {s3.handle} "S3" chunk 1',
        f'  connection {held}: client geode {c.handle} "C" chunk 1, holds 1',
        f'    1 geode {s3.handle} "S3" chunk 1',
        '"SRVR",8',
        f'  server F single    geode {s1.handle} "S1" chunk 1',
        f'  server I multiple  geode {s2.handle} "S2" chunk 1',
        f"  connection {first}: no client",
        f'    1 geode {s1.handle} "S1" chunk 1',
        "    2 shutdown",
    ]
    assert f"connection {held}: client" in stage.machine.debug.dump()


def test_what_is_over_is_no_longer_shown(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.kill(s1)
    assert "1 shutdown" in iacp_report(stage.machine)
    stage.shutdown(c, made.connection)
    assert iacp_report(stage.machine) == "no servers, and no connections"


def test_who_waits_for_a_launch_is_shown_until_it_registers(stage: Any) -> None:
    """Nobody else could tell why a client of IACP waits for that."""
    clients = [stage.geode("C"), stage.geode("D")]
    for client in clients:
        stage.begin(
            client,
            lambda _: iacp.connect(LAZY, 0, iacp.create_default_launch_block(0)),
        )
        stage.settle()
    (lazy,) = stage.launched("lazy")
    shown = [
        "launches",
        f'  "LAZY",8: lazy was launched as geode {lazy.handle}, and has not registered',
        '  "LAZY",8: lazy is to be launched, after others',
    ]
    assert iacp_report(stage.machine).splitlines() == shown
    assert all(line in stage.machine.debug.dump() for line in shown)
    stage.tell(lazy, lambda app: iacp.register_server(LAZY, app, 2))
    stage.settle()
    assert "launches" not in iacp_report(stage.machine)
    for number in (0, 1):
        assert stage.result(number).num_servers == 1
    stage.take()


def test_a_launch_that_nobody_waits_for_any_more_is_not_shown(stage: Any) -> None:
    c = stage.geode("C")
    waits = stage.begin(
        c, lambda _: iacp.connect(LAZY, 0, iacp.create_default_launch_block(0))
    )
    stage.settle()
    assert iacp_report(stage.machine).startswith("launches\n")
    stage.kill(c)
    assert iacp_report(stage.machine) == KNothing
    assert waits not in stage.script.results
    stage.take()


def test_programs_see_the_same(stage: Any) -> None:
    s1 = stage.server("S1", 0, flags=0x80)
    c, d = stage.geode("C"), stage.geode("D")
    first = stage.connect(c, 2).connection
    second = stage.connect(d).connection
    stage.send(c, first)

    def look(app: Any) -> Any:
        iacp.register_document(app, 6, 25)
        return (
            iacp.lists(),
            iacp.connections(),
            iacp.connections(c.app),
            iacp.documents(),
        )

    lists, connections, of_c, documents = stage.tell(s1, look)
    (entry,) = lists
    (server,) = entry.servers
    assert (entry.token, entry.connections) == (T, (second, first))
    assert server.server == s1.app
    assert server.mode is IACPSM_NOT_USER_INTERACTIBLE
    assert server.flags is IACPSF_MULTIPLE_INSTANCES
    assert (server.mode_letter, server.is_multiple) == ("N", True)
    assert connections == (
        (second, T, d.app, (s1.app,), None, None),
        (first, T, c.app, (s1.app,), 1, None),
    )
    assert of_c == connections[1:]
    assert documents == ((6, 25, s1.app),)


def test_more_than_fits_the_first_answer_is_asked_for_again(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")

    def connect(_: Any) -> tuple[list[int], list[int]]:
        made = [iacp.connect(T).connection for _ in range(300)]
        return made, [each.connection for each in iacp.connections()]

    made, seen = stage.tell(c, connect)
    assert seen == made[::-1]
    lines = iacp_report(stage.machine).splitlines()
    assert lines[-1] == "  and 100 older connections"
    assert f'  connection {made[-1]}: client geode {c.handle} "C" chunk 1' in lines
    assert stage.lists()[T].connections == tuple(made[::-1])
    stage.take()
