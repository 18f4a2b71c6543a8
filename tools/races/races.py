"""All races, by their names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tools.races.application import APPLICATION
from tools.races.dying import DYING
from tools.races.joining import JOINING
from tools.races.leaving import LEAVING
from tools.races.race import Race
from tools.races.server_death import SERVER_DEATH

RACES: Final[Mapping[str, Race]] = MappingProxyType(
    {
        race.name: race
        for race in (*JOINING, *LEAVING, *DYING, *APPLICATION, *SERVER_DEATH)
    }
)
