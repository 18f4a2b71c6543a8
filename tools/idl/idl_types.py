"""The types of the language, and what they are on the wire."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

RESERVED: Final = frozenset(
    {
        "interface",
        "import",
        "in",
        "out",
        "inout",
        "void",
        "char",
        "short",
        "int",
        "long",
        "unsigned",
        "signed",
    }
)
MAX_ELEMENTS: Final = 0xFFFF  # the count of a sequence has 2 bytes


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name in the description, and its form on the wire.

    Forms are `i4`, `u8` and the like, `cap`, `fpage`, `string`, `bytes`, and `[i4]` or
    `[i4:16]` for a sequence, here of at most 16.
    """

    name: str
    wire: str

    @property
    def is_integer(self) -> bool:
        return self.wire[0] in "iu"

    @property
    def is_item(self) -> bool:
        return self.wire in {"cap", "fpage"}

    @property
    def is_sequence(self) -> bool:
        return self.wire[0] == "["


NAMED: Final = (
    *((f"int{8 * size}_t", f"i{size}") for size in (1, 2, 4, 8)),
    *((f"uint{8 * size}_t", f"u{size}") for size in (1, 2, 4, 8)),
    ("address_t", "u8"),
    ("offset_t", "u8"),
    ("size_t", "u8"),
    ("flags_t", "u8"),
    ("map_flags_t", "u8"),
    ("object_flags_t", "u8"),
    ("notify_flags_t", "u8"),
    ("rm_flags_t", "u8"),
    ("rm_offset_t", "u8"),
    ("l4_umword_t", "u8"),
    ("l4_cap_idx_t", "u8"),  # a plain number: no capability is transferred
    ("ssize_t", "i8"),
    ("l4_mword_t", "i8"),
    ("sys_mode_t", "u4"),
    ("user_t", "u4"),
    ("cap", "cap"),
    ("fpage", "fpage"),
    ("string", "string"),
    ("bytes", "bytes"),
)
SIZES: Final = (
    (("char",), 1),
    (("short",), 2),
    (("int", "short"), 2),
    ((), 4),
    (("int",), 4),
    (("long",), 8),
    (("int", "long"), 8),
    (("long", "long"), 8),
    (("int", "long", "long"), 8),
)


def c_type(words: Iterable[str]) -> Type | None:
    """The integer that words of C name, in whatever order; None: no type of C."""
    words = tuple(words)
    found = Counter(words)
    signs = found.pop("unsigned", 0), found.pop("signed", 0)
    size = dict(SIZES).get(tuple(sorted(found.elements())))
    if size is None or sum(signs) > 1 or not (sum(signs) or found):
        return None
    return Type(" ".join(words), f"{'u' if signs[0] else 'i'}{size}")
