"""What is known of one name of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """A class, function, method, constant or panic, and what the originals call it."""

    kind: str  # class, function, method, constant, error or panic
    ours: str  # `RThread.open`; of a panic `KERN-EXEC 3`
    module: str  # to import it, or its class, from
    originals: tuple[str, ...] = ()  # none: it has no original
    says: str = ""  # the docstring's first sentence; a constant's comment
    original: str = ""  # the whole text after `Original:`
    value: int | None = None  # of a constant
    page: str = ""  # in docs/
    bases: tuple[str, ...] = ()  # of a class: where else its methods are

    @property
    def name(self) -> str:
        """The last part of ours."""
        return self.ours.rpartition(".")[2]

    @property
    def imports(self) -> str:
        """How a program gets it."""
        if self.kind == "panic":
            return ""
        return f"from {self.module} import {self.ours.partition('.')[0]}"


@dataclass(frozen=True)
class Section:
    """What is imported from one place."""

    title: str
    module: str
    entries: Sequence[Entry] = field(repr=False)
