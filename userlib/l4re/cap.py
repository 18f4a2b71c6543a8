"""Cap: a capability, and what can be sent through it.

A Cap is a handle with two intentions: with which rights it goes along when it is put
into a message (R alone, unless said otherwise), and whether it then moves.
"""

from typing import TYPE_CHECKING, Final, Self

from kernel.abi.current import current_exec
from kernel.abi.l4_ipc import VOID_ITEM, SentItem, TIpcItem
from userlib.l4re.consts import L4_EIPC_LO, L4_FPAGE_FULL, Rights
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage
from userlib.l4re.messages import NEVER, ExpectedItems, Reply, Timeout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from kernel.abi.l4_ipc import ReceivedItem

__all__ = [
    "Cap",
    "check",
    "received_item",
    "received_items",
    "sent_items",
    "timeout_us",
]

KMicroseconds: Final = 1_000_000
KNever: Final = -1
EObject: Final = TIpcItem.EObject
LETTERS: Final = (
    ("r", Rights.R),
    ("w", Rights.W),
    ("s", Rights.S),
    ("n", Rights.N),
    ("d", Rights.D),
    ("c", Rights.C),
)
NO_ITEMS: Final[tuple[SentItem, ...]] = ()


def timeout_us(seconds: float | None) -> int:
    """A time-out as the kernel takes it: never is -1, and a short time is not zero."""
    if seconds is None:
        return KNever
    return max(0, -int(-seconds * KMicroseconds // 1))


def rights_of_mode(mode: str) -> Rights:
    """Rights from letters out of `rwsndc`; R is always among them.

    Raises: ValueError for another letter.
    """
    if not isinstance(mode, str):
        raise TypeError(f"a mode is a str of rwsndc, not {type(mode).__name__}")
    known = dict(LETTERS)
    rights = Rights.R
    for letter in mode:
        if letter not in known:
            raise ValueError(f"a mode is made of the letters rwsndc, not {mode!r}")
        rights |= known[letter]
    return rights


class Cap:
    """A capability: falsy where there is none, or none any more.

    Who made or received one owns its slot, and closes it (or uses `with`). Those of
    the environment, and those that stand for another with other rights (`mode`), own
    nothing. One that a server's operation was given is closed when the operation ends,
    unless it was kept.

    Original: L4::Cap, L4Re::Util::Unique_cap; l4re-idl 1.1, 4.3.
    """

    __slots__ = (
        "_handle",
        "_is_granted",
        "_is_kept",
        "_is_owned",
        "_rights",
        "local_object",
    )

    def __init__(
        self,
        handle: int = 0,
        rights: Rights = Rights.R,
        *,
        is_owned: bool = True,
        is_granted: bool = False,
    ) -> None:
        self._handle = handle
        self._rights = rights  # to pass on
        self._is_owned = is_owned
        self._is_granted = is_granted
        self._is_kept = False  # by the operation that it was given to
        # The server object registered with the receiving loop, if this is its own.
        self.local_object: object | None = None

    def __bool__(self) -> bool:
        """Whether there is a slot. It may have become empty: see `is_valid`."""
        return self._handle != 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._handle:#x})"

    @property
    def handle(self) -> int:
        """The handle; 0 if there is none. Original: l4_cap_idx_t."""
        return self._handle

    # What it goes along with.

    def mode(self, letters: str) -> "Cap":
        """The same, to be passed on with any of the rights `rwsndc` that are held.

        Original: Ned's cap:m, cap:mode, cap:rights.
        """
        return self.passing(rights_of_mode(letters))

    def with_rights(self, letters: str) -> "Cap":
        """As mode. Original: L4::Ipc::make_cap."""
        return self.mode(letters)

    def svr(self) -> "Cap":
        """The same to be passed on to who serves it. Original: Ned's cap:svr."""
        return self.passing(L4_FPAGE_FULL)

    def passing(self, rights: Rights) -> "Cap":
        """The same to be passed on with these rights, as far as they are held."""
        return Cap(self._handle, rights, is_owned=False, is_granted=self._is_granted)

    def grant(self) -> "Cap":
        """The same to be moved: it is gone here when it was sent.

        Original: L4_FPAGE_… with L4_MAP_ITEM_GRANT.
        """
        return Cap(self._handle, L4_FPAGE_FULL, is_owned=False, is_granted=True)

    @property
    def passed_rights(self) -> Rights:
        """What it goes along with."""
        return self._rights

    @property
    def is_granted(self) -> bool:
        """Whether it moves when it is sent."""
        return self._is_granted

    def as_item(self) -> SentItem:
        """As an item of a message; void if there is nothing."""
        if not self._handle:
            return VOID_ITEM
        return SentItem(EObject, self._handle, int(self._rights), self._is_granted)

    # What becomes of the slot.

    def keep(self) -> Self:
        """Let one that an operation was given last after its end.

        Raises: KErrNoMemory.
        Original: Server_iface's rcv_cap and realloc_rcv_cap.
        """
        if not self._is_owned and self._handle:
            duplicate = current_exec.get().cap_duplicate
            self._handle = duplicate(self._handle, int(L4_FPAGE_FULL))
            self._is_owned = True
        self._is_kept = True
        return self

    def close(self) -> None:
        """Release the capability; harmless when that is done or was never needed.

        Original: L4::Task::release_cap.
        """
        handle, self._handle = self._handle, 0
        if handle and self._is_owned:
            current_exec.get().cap_release(handle)

    def release_unless_kept(self) -> None:
        """The end of the operation that it was given to."""
        if not self._is_kept:
            self.close()

    def delete(self) -> None:
        """With D destroy the object, for all who have it; else only close.

        Original: L4::Task::delete_obj.
        """
        handle, self._handle = self._handle, 0
        if handle:
            current_exec.get().cap_delete(handle)

    def duplicate(self, rights: Rights = L4_FPAGE_FULL) -> "Cap":
        """A further capability, with no more than *rights*; falsy if this is empty.

        Raises: KErrNoMemory.
        Original: l4_task_map within one task.
        """
        return Cap(current_exec.get().cap_duplicate(self._handle, int(rights)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self.close()

    # What it is.

    def is_valid(self) -> bool:
        """Whether the object is still there. Original: L4::Cap::validate."""
        return bool(current_exec.get().cap_valid(self._handle))

    def equals(self, other: "Cap") -> bool:
        """Whether both name one object, with the same W, S and server right.

        Original: L4::Task::cap_equal.
        """
        return bool(current_exec.get().cap_equal(self._handle, other.handle))

    def rights(self) -> Rights:
        """With which rights it is held; none if it is empty."""
        return Rights(current_exec.get().cap_rights(self._handle))

    # What is sent through it.

    def call(
        self,
        protocol: int,
        words: bytes,
        items: "Sequence[Cap | Fpage]" = (),
        expected: ExpectedItems = ExpectedItems(),  # noqa: B008 - a constant
        timeout: Timeout = NEVER,
    ) -> Reply:
        """Send, and wait for the reply. A failed IPC is a label of -(2000 + code).

        Raises: KErrArgument for more than 63 words.
        Original: l4_ipc_call.
        """
        return Reply(
            *self.round_trip(protocol, words, items, expected.buffers, timeout)
        )

    def round_trip(
        self,
        protocol: int,
        words: bytes,
        items: "Sequence[Cap | Fpage]",
        buffers: tuple[int, ...],
        timeout: Timeout,
    ) -> "tuple[int, bytes, Sequence[Cap | Fpage]]":
        """As call, with plain values: label, words and items of the reply.

        Original: none; for generated clients, which need no Reply.
        """
        send_us = receive_us = KNever
        if timeout is not NEVER:
            send_us, receive_us = map(timeout_us, timeout)
        error, label, answer, received = current_exec.get().ipc_call(
            self._handle,
            protocol,
            words,
            sent_items(items) if items else NO_ITEMS,
            buffers,
            send_us,
            receive_us,
        )
        if error:
            for item in received_items(received):
                item.close()
            return -(L4_EIPC_LO + error), b"", ()
        return label, answer, received_items(received) if received else ()

    def send(
        self,
        protocol: int,
        words: bytes,
        items: "Sequence[Cap | Fpage]" = (),
        timeout: Timeout = NEVER,
    ) -> int:
        """Send only: 0, or -(2000 + code) if the IPC failed.

        Original: l4_ipc_send.
        """
        error = current_exec.get().ipc_send(
            self._handle, protocol, words, sent_items(items), timeout_us(timeout.snd)
        )
        return -(L4_EIPC_LO + error) if error else 0

    def unbind(self) -> None:
        """Let who sends to the gate wait until somebody binds it.

        If another program serves it by now, nothing happens.
        Raises: L4Error(L4_EPERM) without S and the server right.
        """
        check(current_exec.get().gate_unbind(self._handle))


def check(result: int) -> int:
    """A result of the kernel's. Raises: L4Error if it is negative."""
    if result < 0:
        raise L4Error(-result)
    return result


def sent_items(items: "Sequence[Cap | Fpage]") -> tuple[SentItem, ...]:
    """Items as the kernel takes them."""
    return tuple(item.as_item() for item in items)


def received_items(items: "tuple[ReceivedItem, ...]") -> "list[Cap | Fpage]":
    """Items as they arrived: their slots are the receiver's."""
    return [received_item(item) for item in items]


def received_item(item: "ReceivedItem") -> "Cap | Fpage":
    """One item; a falsy Cap if nothing was mapped."""
    if item.kind == TIpcItem.EMemory and item.value:
        return Fpage(item.value, 0, item.order, item.rights)
    if item.kind == TIpcItem.ELocalHandle:
        return Cap(item.value, is_owned=False)
    return Cap(item.value)
