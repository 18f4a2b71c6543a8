"""What an item carries, as far as generated code and its runtime use it."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from userlib.l4re.messages import ExpectedItems, Reply, Timeout

__all__ = ["Cap", "Fpage"]


@runtime_checkable
class Fpage(Protocol):
    """A range of memory that is offered, or was mapped. Original: l4_fpage_t."""

    @property
    def order(self) -> int:
        """Two to this power bytes."""

    @property
    def offset(self) -> int:
        """Where it begins in its chunk."""


@runtime_checkable
class Cap(Protocol):
    """A capability; falsy where its slot is empty. Original: L4::Cap."""

    def __bool__(self) -> bool:
        """Whether there is a slot: makes no kernel call."""

    def call(
        self,
        protocol: int,
        words: bytes,
        items: "Sequence[Cap | Fpage]",
        expected: "ExpectedItems",
        timeout: "Timeout",
    ) -> "Reply":
        """Send, then receive the answer; a failed IPC is a label below -2000."""

    def send(
        self,
        protocol: int,
        words: bytes,
        items: "Sequence[Cap | Fpage]",
        timeout: "Timeout",
    ) -> int:
        """Send only; 0, or below -2000 if the IPC failed."""
