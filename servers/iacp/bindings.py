"""Tokens that are bound to an application, whatever its own token is.

Original: the category `iacp` of the system configuration; geos-iacp 3.11.
"""

from typing import Final

from userlib.geos.values import GeodeToken


class Bindings:
    """By key, as it would stand in the configuration: `SRVR,8`."""

    def __init__(self) -> None:
        self._paths: Final[dict[str, str]] = {}

    def bind(self, token: GeodeToken, path: str) -> None:
        """Serve *token* by the application at *path*, instead of any before."""
        self._paths[binding_key(token)] = path

    def unbind(self, token: GeodeToken) -> None:
        """Forget it; without one nothing happens."""
        self._paths.pop(binding_key(token), None)

    def find(self, token: GeodeToken) -> str | None:
        """The path bound."""
        return self._paths.get(binding_key(token))


def binding_key(token: GeodeToken) -> str:
    """`CCCC,` and the manufacturer's id in decimal."""
    return f"{token.chars.decode('latin-1')},{token.manuf_id}"
