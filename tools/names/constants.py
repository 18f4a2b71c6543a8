"""The entries of constants, which keep their names, of messages, and of panics.

What a constant means is the comment on its line in our sources; what a message of GEOS
means, its parameters tell.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from enum import IntEnum, IntFlag
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import kernel.abi
import userlib.symbian
from kernel.abi.errors import TErr
from kernel.abi.l4 import L4Err, L4IpcErr
from tools.names.entry import Entry
from tools.panics import REASONS, meaning
from userlib.geos.message import Message
from userlib.geos.object_class import GeosClass

ERRORS: Final = (TErr, L4Err, L4IpcErr)
LINE: Final = re.compile(r"^\s*(\w+)(?:: Final)? = [^#\n]*?  # (.+)$", re.MULTILINE)


def constants_of(
    exports: Mapping[str, object], name: str, value: object, module: str
) -> Iterator[Entry]:
    """Of an exported enumeration or number. An enumerator stands with its class."""
    if inspect.isclass(value) and issubclass(value, IntEnum | IntFlag):
        if value not in REASONS.values():
            for one, member in value.__members__.items():
                ours = one if exports.get(one) is member else f"{name}.{one}"
                yield _enumerator(one, ours, member, module)
    elif isinstance(value, IntEnum | IntFlag):
        if exports.get(type(value).__name__) is not type(value):
            yield _enumerator(name, name, value, module)
    elif isinstance(value, int):
        says = _module_comments().get(name, "")
        yield Entry("constant", name, module, (name,), says, value=int(value))


def _enumerator(name: str, ours: str, member: IntEnum | IntFlag, module: str) -> Entry:
    kind = type(member)
    return Entry(
        kind="error" if kind in ERRORS else "constant",
        ours=ours,
        module=module,
        originals=(name,),
        says=_enumeration_comments(kind).get(name, ""),
        value=int(member),
        original=f"{kind.__name__}::{name}",
    )


def messages_of(
    exports: Mapping[str, object], name: str, value: object, module: str
) -> Iterator[Entry]:
    """Those that an exported class of GEOS declares."""
    if not (inspect.isclass(value) and issubclass(value, GeosClass)):
        return
    for one, declared in vars(value).items():
        if isinstance(declared, Message):
            yield Entry(
                kind="constant",
                ours=one if exports.get(one) is declared else f"{name}.{one}",
                module=module,
                originals=(one,),
                says=f"A message ({', '.join(declared.parameters)}).",
                original=f"{name}::{one}",
                value=declared.number,
            )


def panics() -> Iterator[Entry]:
    """All panics that the kernel, the user libraries and the servers raise."""
    for category, reasons in REASONS.items():
        for reason in reasons:
            words = meaning(category, reason).partition(": ")[2]
            yield Entry(
                kind="panic",
                ours=f"{category} {int(reason)}",
                module=reasons.__module__,
                originals=(reason.name,),
                says=words,
                original=f"{reasons.__name__}::{reason.name}",
                value=int(reason),
            )


def comments_in(source: str) -> Mapping[str, str]:
    """The comments behind assignments, by name."""
    return dict(LINE.findall(source))


@cache
def _enumeration_comments(kind: type) -> Mapping[str, str]:
    return comments_in(inspect.getsource(kind))


@cache
def _module_comments() -> Mapping[str, str]:
    """Of numbers alone: nothing tells in which module one was made."""
    found: dict[str, str] = {}
    for package in (kernel.abi, userlib.symbian):
        for path in Path(package.__path__[0]).glob("*.py"):
            found.update(comments_in(path.read_text("utf-8")))
    return MappingProxyType(found)
