"""Everything that programs import, with the originals' names.

The user libraries by what they export, the servers by their client modules. What is
exported in two places belongs to the first.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Final

import servers
import userlib
from tools.names.collect import entries_of
from tools.names.constants import constants_of, messages_of, panics
from tools.names.entry import Entry, Section

TITLES: Final = (
    ("userlib", "The Symbian user library"),
    ("userlib.l4re", "L4Re"),
    ("userlib.geos", "GEOS"),
    ("userlib.geos.iacp", "IACP"),
    ("kernel.objects", "Objects"),
)

# Objects that stand for macros.
HEAPS: Final = (
    Entry("object", "UHeap", "userlib", ("__UHEAP_…",), "The calling thread's heap."),
    Entry("object", "KHeap", "userlib", ("__KHEAP_…",), "The kernel's heap."),
)


@cache
def sections() -> tuple[Section, ...]:
    """One for each module that programs import from."""
    seen: set[int] = set()
    classes: set[object] = set()
    found = []
    for title, module in _modules():
        exports = {
            name: value
            for name, value in _exports(module)
            if id(value) not in seen or isinstance(value, int)
        }
        seen.update(id(value) for value in exports.values())
        classes.update(one for one in exports.values() if isinstance(one, type))
        entries = [
            entry
            for name, value in exports.items()
            for entry in (
                *entries_of(name, value, module.__name__, classes),
                *constants_of(exports, name, value, module.__name__),
                *messages_of(exports, name, value, module.__name__),
            )
        ]
        found.append(Section(title, module.__name__, entries))
    return tuple(found)


@cache
def library() -> tuple[Entry, ...]:
    """All entries."""
    entries = [entry for section in sections() for entry in section.entries]
    return (*entries, *HEAPS, *panics())


def _modules() -> Iterator[tuple[str, ModuleType]]:
    """The libraries there are, then the servers' client modules."""
    libraries = {info.name for info in pkgutil.iter_modules(userlib.__path__)}
    for name, title in TITLES:
        if name.split(".")[1:2] in ([], ["objects"], *([one] for one in libraries)):
            yield title, importlib.import_module(name)
    for info in pkgutil.walk_packages(servers.__path__, "servers."):
        last = info.name.rpartition(".")[2]
        if last.startswith("client") or last.endswith("_client"):
            yield info.name, importlib.import_module(info.name)


def _exports(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What it says it exports, or else what it defines; an alias of it is left out."""
    names = [
        name
        for name in getattr(module, "__all__", None) or _own(module)
        if not name.startswith("_")
    ]
    usual = {id(getattr(module, name)): name for name in sorted(names, key=len)[::-1]}
    for name in names:
        value = getattr(module, name)
        if isinstance(value, int) or usual[id(value)] == name:
            yield name, value


def _own(module: ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
    ]
