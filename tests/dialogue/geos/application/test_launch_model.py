"""Whether another copy is launched for who obeys the launch model. geos-iacp 3.10."""

from typing import TYPE_CHECKING

import pytest

from servers.iacp.protocol import IACPSpec
from userlib.geos import GeodeToken
from userlib.geos.iacp_constants import (
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    IACPSM_USER_INTERACTIBLE,
    UILM_GURU,
    UILM_MULTIPLE_INSTANCES,
    UILM_SINGLE_INSTANCE,
    UILM_TRANSPARENT,
    UILaunchModel,
)

if TYPE_CHECKING:
    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
OBEY = IACPCF_OBEY_LAUNCH_MODEL | IACPCF_FIRST_ONLY | IACPSM_USER_INTERACTIBLE

Asked = list[tuple[GeodeToken, str]]


@pytest.fixture
def model() -> UILaunchModel:
    return UILM_GURU


@pytest.fixture
def answer() -> bool | None:
    """The user's; None if there is no user."""
    return None


@pytest.fixture
def asked() -> Asked:
    return []


@pytest.fixture
def spec(model: UILaunchModel, answer: bool | None, asked: Asked) -> IACPSpec:
    def ask(token: GeodeToken, name: str) -> bool:
        asked.append((token, name))
        return bool(answer)

    return IACPSpec(launch_model=model, on_ask_reuse=None if answer is None else ask)


def connect_to_another(play: "Play", client: "Client") -> None:
    """A second copy is launched; the first one hears nothing of it."""
    (first,) = play.running("SERVER")
    play.take()
    made = client.connect(OBEY, play.app_block())
    old, new = play.running("SERVER")
    assert old == first
    assert made == (made.connection, 1, None, new.handle)
    news = [what for what in play.take() if what[1] == "NEW"]
    assert news == [("SERVER", "NEW", True)]


def connect_to_the_same(play: "Play", client: "Client") -> None:
    (first,) = play.running("SERVER")
    play.take()
    made = client.connect(OBEY, play.app_block())
    assert play.running("SERVER") == [first]
    assert made == (made.connection, 1, None, first.handle)
    assert ("SERVER", "NEW", False) in play.take()


@pytest.mark.case("GI-42")
def test_a_guru_gets_another_copy(play: "Play", client: "Client") -> None:
    play.start(play.geode("SERVER"))
    connect_to_another(play, client)


@pytest.mark.case("GI-43")
def test_of_an_application_for_one_copy_there_is_one(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER", single_instance=True))
    connect_to_the_same(play, client)


@pytest.mark.case("GI-44")
@pytest.mark.parametrize("model", [UILM_MULTIPLE_INSTANCES])
@pytest.mark.parametrize("answer", [False])
def test_a_user_who_does_not_want_the_running_copy_gets_another(
    play: "Play", client: "Client", asked: Asked
) -> None:
    play.start(play.geode("SERVER"))
    connect_to_another(play, client)
    assert asked == [(T, "WORLD\\SERVER")]


@pytest.mark.case("GI-44")
@pytest.mark.parametrize("model", [UILM_MULTIPLE_INSTANCES])
@pytest.mark.parametrize("answer", [True])
def test_a_user_who_wants_the_running_copy_gets_it(
    play: "Play", client: "Client", asked: Asked
) -> None:
    play.start(play.geode("SERVER"))
    connect_to_the_same(play, client)
    assert asked == [(T, "WORLD\\SERVER")]
    client.connect(OBEY, play.app_block(data_file="LETTER"))
    assert asked[1:] == [(T, "LETTER")]


@pytest.mark.case("GI-45")
@pytest.mark.parametrize("model", [UILM_SINGLE_INSTANCE, UILM_TRANSPARENT])
@pytest.mark.parametrize("answer", [False])
def test_under_the_simpler_models_nobody_is_asked(
    play: "Play", client: "Client", asked: Asked
) -> None:
    play.start(play.geode("SERVER"))
    connect_to_the_same(play, client)
    assert asked == []
