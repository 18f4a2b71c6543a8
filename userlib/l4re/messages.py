"""Messages as plain values, and what lies between generated code and IPC.

Generated code and its runtime make no kernel call: a client hands its request to a
capability, and a server's loop hands a Message to a handler, which gives a Reply.
In both, items are the capabilities and flexpages themselves.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

from kernel.abi.l4_ipc import TIpcItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from userlib.l4re.items import Cap, Fpage

__all__ = [
    "NEVER",
    "NO_REPLY",
    "ExpectedItems",
    "MReplyPort",
    "Message",
    "NoReply",
    "Reply",
    "Timeout",
]


T = TypeVar("T", bound=tuple[Any, ...])


class Timeout(NamedTuple):
    """How long the phases of an IPC may take: seconds, 0, or None for ever.

    Original: l4_timeout_t.
    """

    snd: float | None = None
    rcv: float | None = None


NEVER: Final = Timeout()


class ExpectedItems(NamedTuple):
    """The receive buffers to declare: capability slots and receive windows.

    Original: the expected items of libipc, and Rpc::Buffer demand of the C++ library.
    """

    caps: int = 0
    fpages: int = 0

    @property
    def buffers(self) -> tuple[int, ...]:
        """The same as the kernel takes it."""
        return (TIpcItem.EObject,) * self.caps + (TIpcItem.EMemory,) * self.fpages


class MReplyPort(Protocol):
    """A caller who still waits: an explicit reply capability."""

    def answer(self, reply: "Reply") -> bool:
        """Reply with send timeout zero; whether the caller was still there.

        Raises: L4Error with L4_IPC_ENOT_EXISTENT if it was used before.
        """


class MDetach(Protocol):
    """How a message gives its caller away."""

    def __call__(self) -> MReplyPort: ...


class Message(NamedTuple):
    """A request as its server receives it.

    An item that was void, or mapped nothing, is a falsy Cap.
    """

    label: int  # the gate's, with the rights used in its two lowest bits
    protocol: int  # the tag's label
    words: bytes
    items: "Sequence[Cap | Fpage]" = ()
    detach: MDetach | None = None  # makes the caller's explicit reply capability


class Reply(NamedTuple):
    """An answer: a server's, and what a client's call came to.

    A label below zero is an error and carries nothing. A falsy Cap is sent as a void
    item. An operation that failed by an exception of no code leaves it in *error*, as
    does one whose outputs could not be sent, for the loop to report.
    """

    label: int
    words: bytes = b""
    items: "Sequence[Cap | Fpage]" = ()
    error: Exception | None = None
    is_sent: bool = True  # else the caller waits on, or wasn't waiting


def quick(kind: type[T]) -> "Callable[[tuple[Any, ...]], T]":
    """What makes such named tuples of plain ones, in half the time that *kind* takes.

    Nothing is looked at: for what every message needs, all fields in order.
    """
    return partial(tuple.__new__, kind)


new_message: Final = quick(Message)
new_reply: Final = quick(Reply)

NO_REPLY: Final = Reply(0, is_sent=False)


class _NoReply:
    """The type of NoReply."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NoReply"


# Of any type, so that every operation may return it.
NoReply: Final[Any] = _NoReply()
