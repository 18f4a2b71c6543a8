"""What may stand for a parameter of a kernel call, sensible or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.l4_ipc import KBufferLocalId, SentItem
from kernel.abi.memory import ClientBuffer, ClientCell, ClientStatus
from kernel.abi.security import SecurityPolicy, TSecurityPolicyType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.stress.calls import Chooser

INTEGERS: Final = (0, 1, 2, 3, 5, 16, 64, 4096, -1, -2, 1 << 31, 1 << 40, -(1 << 40))
TEXTS: Final = ("", "junk", "Junk", "a*", "x" * 300, "\0", "é", "::", "!junk")

# What may stand for a parameter, by what its annotation contains; all that fit.
VALUES: Final[tuple[tuple[str, tuple[Any, ...]], ...]] = (
    ("int", INTEGERS),
    ("str", TEXTS),
    ("bytes", (b"", b"eight by", bytes(64), bytes(504), b"junk", b"x" * 600)),
    ("bool", (True, False)),
    ("None", (None,)),
    ("tuple[int, int]", ((0, 7), (0, 8), (-1, 1 << 40))),
    ("Policy", (SecurityPolicy(), SecurityPolicy(TSecurityPolicyType.ETypePass))),
)
EXTENTS: Final = ((0, 4096, 8192), (4096, 0, -1), (0, 0, 0), (-1, 1 << 40, 1 << 41))
MESSAGE_ARGS: Final = ((), (1, 2), (b"x", "y"), (1, 2, 3, 4))
FUNCTIONS: Final = (lambda: 0, None, 7)
BUFFERS: Final = (
    (),
    *((1,) * 4 + (2,) * 4,) * 4,
    *((1 | KBufferLocalId,) * 4 + (2,) * 4,) * 2,
    (0, 3, 9, -1, 1 << 40),
    (1,) * 59,
    ("1",),
)
_DEEP: Final = ((((((1,),),),),),)
EVENTS: Final[tuple[tuple[object, ...], ...]] = (
    (),
    (1,),
    (1, "x", b"y", None),
    (_DEEP, 1),
    ([],),
    (object(), 2),
)

# Of an item of L4 IPC, field by field.
KINDS: Final = (*(1, 2, 0) * 12, 3, 9, -1)
RIGHTS: Final = (0xEF, 0xEF, 15, 4, 0, -1, 1 << 40)
OFFSETS: Final = (*(0,) * 12, 4096, 1, -4096, 1 << 40)
ORDERS: Final = (*(12,) * 12, 13, 0, 40, 63, 64, -1, 1 << 40)
WRONG_ITEMS: Final = (SentItem("1"), SentItem(1, None), (1, 2, 3, False, 0, 0), 7)  # type: ignore[arg-type] # on purpose
KMostItems: Final = 33  # one more than fit into a message


def values(annotation: str) -> list[Any]:
    """What may stand for a parameter of that type; client memory is made anew."""
    special = (
        ("Callable", FUNCTIONS),
        ("tuple[int, int, int]", EXTENTS),
        ("tuple[int | bytes", MESSAGE_ARGS),
        ("tuple[int, ...]", BUFFERS),
        ("tuple[object, ...]", EVENTS),
    )
    for part, some in special:
        if part in annotation:
            return list(some)
    found = [value for part, some in VALUES if part in annotation for value in some]
    for kind in (ClientStatus, ClientCell):
        found += [kind()] if kind.__name__ in annotation else []
    if "ClientBuffer" in annotation:
        found += [ClientBuffer(4, bytearray(b"ab")), ClientBuffer(4, "ab")]
    return found or list(INTEGERS)


def items(choose: Chooser, handles: Sequence[int]) -> tuple[Any, ...]:
    """Those of a message: mostly a few, of any kind, with good handles and bad ones."""
    count = choose.pick((0, 1, 1, 2, 2, 4, KMostItems))
    return tuple(_item(choose, handles) for _ in range(count))


def _item(choose: Chooser, handles: Sequence[int]) -> object:
    if not choose.pick(range(40)):
        return choose.pick(WRONG_ITEMS)
    return SentItem(
        choose.pick(KINDS),
        choose.pick((*handles, 0, 7)),
        choose.pick(RIGHTS),
        not choose.pick(range(4)),
        choose.pick(OFFSETS),
        choose.pick(ORDERS),
    )
