"""Server lists: who is on them, in what order, and for how long. geos-iacp 3.1, 3.2."""

from typing import Any

import pytest

from userlib.geos import GeodeToken
from userlib.geos.iacp_constants import IACPCE_NO_SERVER

T = GeodeToken(b"SRVR", 8)
NO_SERVER = (0, 0, IACPCE_NO_SERVER, 0)


@pytest.mark.case("GI-01")
def test_a_token_is_its_characters_and_its_manufacturer(stage: Any) -> None:
    s1 = stage.server("S1")
    stage.server("S2", serves=GeodeToken(b"SRVR", 9))
    c = stage.geode("C")
    made = stage.connect(c)
    assert made == (made.connection, 1, None, s1.handle)
    assert stage.take() == [("S1", "NEW", None, False, made.connection)]
    assert list(stage.lists()) == [T, GeodeToken(b"SRVR", 9)]
