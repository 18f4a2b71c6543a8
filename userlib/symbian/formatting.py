"""The format strings of descriptors, of RDebug and of RTest.

    %d %i %u                   numbers, signed and unsigned
    %b %o %x %X                the same in base 2, 8 and 16: of 32 bits; %Lx of 64
    %e %f %g                   real numbers; %.3f with so many digits
    %c                         one character, or its number
    %s %S                      text, or a descriptor of either width
    %p                         nothing: as many pad characters as the width says
    %%                         one %

A width is the number of characters that anything but a real number takes, neither more
nor less: `%5d`, `%05d`. With `-`, `+` or `=` before it, it stands to the left, to the
right or in the middle, and any pad character may follow: `%-_5d`. A `*` for the width
or the digits takes that number from the arguments.

Original: TDes16::Format (e32des16.h), and its format string syntax.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from userlib.symbian.descriptors import TDesCBase

_KDirective: Final = re.compile(
    r"""%(?:
        (?P<percent>%)
      | (?: (?P<align>[-+=]) (?:(?P<pad>[^1-9])(?=[*\d]))? | (?P<zero>[0\ ])(?=[*\d]) )?
        (?P<width>\*|\d+)?
        (?:\.(?P<digits>\*|\d+))?
        (?P<long>[lL])?
        (?P<kind>[a-zA-Z])
    )""",
    re.VERBOSE | re.DOTALL,
)
_KLiteral: Final = re.compile(r"[^%]+")
_KWordBits: Final = 32
_KLongBits: Final = 64
_KDefaultDigits: Final = 6
_KReals: Final = "eEfFgG"
_KUnsigned: Final = "boxXu"


class BadFormat(ValueError):
    """What is wrong with a format string. Original: USER 12 and 24."""


class BadFormatArgument(ValueError):
    """What is wrong with an argument. Original: USER 13 and 25."""


def format_text(pattern: str, args: Iterable[object]) -> str:
    """*pattern* with its directives replaced by *args*; what is left of them is not.

    Raises: BadFormat; BadFormatArgument for one that is missing or not of its kind.
    """
    values = iter(args)
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        literal = _KLiteral.match(pattern, position)
        found = literal or _KDirective.match(pattern, position)
        if found is None:
            raise BadFormat(f"{pattern[position:]!r} begins with no format directive")
        pieces.append(found[0] if literal else _expand(found, values))
        position = found.end()
    return "".join(pieces)


def number_text(number: int, radix: int = 10) -> str:
    """*number* in base 2, 8, 10 or 16; unsigned, of 64 bits, unless that is 10.

    Raises: ValueError for another base. Original: TDes16::Num.
    """
    unsigned = number % (1 << _KLongBits)
    match radix:
        case 2:
            return f"{unsigned:b}"
        case 8:
            return f"{unsigned:o}"
        case 10:
            return str(int(number))
        case 16:
            return f"{unsigned:x}"
        case _:
            raise ValueError(f"{radix} is not 2, 8, 10 or 16")


def _expand(directive: re.Match[str], values: Iterator[object]) -> str:
    if directive["percent"]:
        return "%"
    width = _number(directive["width"], values)
    digits = _number(directive["digits"], values)
    kind = directive["kind"]
    if kind == "p":
        text = ""
    else:
        bits = _KLongBits if directive["long"] else _KWordBits
        text = _converter(kind, digits, bits)(_next(values))
    if width is None:
        return text
    if kind not in _KReals:
        text = text[:width]
    pad = directive["pad"] or directive["zero"] or " "
    match directive["align"]:
        case "-":
            return text.ljust(width, pad)
        case "=":
            return text.center(width, pad)
        case _:
            return text.rjust(width, pad)


def _number(digits: str | None, values: Iterator[object]) -> int | None:
    if digits is None:
        return None
    number = _integer(_next(values)) if digits == "*" else int(digits)
    if number < 0:
        raise BadFormatArgument(f"{number} is no width")
    return number


def _next(values: Iterator[object]) -> object:
    for value in values:
        return value
    raise BadFormatArgument("there are fewer arguments than directives")


def _converter(kind: str, digits: int | None, bits: int) -> Callable[[object], str]:
    if kind in "di":
        return lambda value: str(_integer(value))
    if kind in _KUnsigned:
        base = kind.replace("u", "d")
        return lambda value: f"{_integer(value) % (1 << bits):{base}}"
    if kind in _KReals:
        shown = _KDefaultDigits if digits is None else digits
        return lambda value: f"{_real(value):.{shown}{kind.upper()}}"
    if kind == "c":
        return _character
    if kind in "sS":
        return lambda value: _text(value)[:digits]
    raise BadFormat(f"%{kind} is no format directive")


def _integer(value: object) -> int:
    if isinstance(value, int):
        return int(value)
    raise BadFormatArgument(f"{value!r} is no integer")


def _real(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise BadFormatArgument(f"{value!r} is no number")


def _character(value: object) -> str:
    if isinstance(value, int) and 0 <= value <= 0x10FFFF:  # noqa: PLR2004 - of Unicode
        return chr(value)
    if isinstance(value, str) and len(value) == 1:
        return value
    raise BadFormatArgument(f"{value!r} is no character")


def _text(value: object) -> str:
    data = value.contents() if isinstance(value, TDesCBase) else value
    if isinstance(data, str):
        return data
    if isinstance(data, bytes | bytearray):
        return data.decode("latin-1")  # each byte one character
    raise BadFormatArgument(f"{value!r} is no text")
