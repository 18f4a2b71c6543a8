"""Python text that a formatter would leave alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 88
INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Listed:
    """A call, a tuple, a signature: something before a list in brackets."""

    head: str
    parts: "Sequence[str | Listed]"
    opening: str = "("
    closing: str = ")"

    def flat(self) -> str:
        """On one line."""
        inside = ", ".join(part_text(part) for part in self.parts)
        comma = "," if self._is_single_tuple else ""
        return f"{self.head}{self.opening}{inside}{comma}{self.closing}"

    @property
    def _is_single_tuple(self) -> bool:
        is_tuple = self.opening == "(" and (not self.head or self.head[-1] == "=")
        return is_tuple and len(self.parts) == 1

    def lines(self, depth: int = 0, before: str = "", behind: str = "") -> list[str]:
        """Between two texts: on one line if that has room, else a part a line."""
        pad = INDENT * depth
        line = f"{pad}{before}{self.flat()}{behind}"
        if fits(line) or not self.parts:
            return [line]
        found = [f"{pad}{before}{self.head}{self.opening}"]
        for part in self.parts:
            if isinstance(part, str):
                found.append(f"{pad}{INDENT}{part},")
            else:
                found += part.lines(depth + 1, "", ",")
        return [*found, f"{pad}{self.closing}{behind}"]


def part_text(part: str | Listed) -> str:
    """A part on one line."""
    return part if isinstance(part, str) else part.flat()


def string(text: str) -> str:
    """A string literal between double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fits(line: str) -> bool:
    """Whether a line is short enough."""
    return len(line) <= WIDTH


def class_line(name: str, *bases: str) -> list[str]:
    """The head of a class; only where there are several bases a comma ends them."""
    listed = Listed(f"class {name}", bases)
    if len(bases) == 1 and not fits(f"{listed.flat()}:"):
        return [f"class {name}(", f"{INDENT}{bases[0]}", "):"]
    return listed.lines(0, "", ":")
