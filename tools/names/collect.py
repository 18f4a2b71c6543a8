"""The entries of what a module exports: classes with their methods, and functions."""

import inspect
from collections.abc import Collection, Iterator
from enum import Enum
from typing import Final

from tools.names.entry import Entry
from tools.names.originals import first_sentence, original_line, original_names
from tools.names.pages import page_of

OURS: Final = ("userlib.", "servers.", "kernel.")


def entries_of(
    name: str, value: object, module: str, exported: Collection[object]
) -> Iterator[Entry]:
    """Of an exported class or function; constants are another matter."""
    if inspect.isclass(value):
        bases = tuple(base.__name__ for base in value.__mro__[1:-1])
        yield _entry("class", name, value, module, page_of(value.__module__), bases)
        if not issubclass(value, Enum):
            page = page_of(value.__module__)
            for method, function in methods(value, exported):
                yield _entry("method", f"{name}.{method}", function, module, page)
    elif inspect.isfunction(value):
        page = page_of(value.__module__, name)
        yield _entry("function", name, value, module, page)


def methods(cls: type, exported: Collection[object]) -> Iterator[tuple[str, object]]:
    """Its own, and those of bases that nobody can import.

    An override without a docstring is described where the method is first.
    """
    hidden = (base for base in cls.__mro__[1:] if _is_hidden(cls, base, exported))
    found: dict[str, object] = {}
    for one in (cls, *hidden):
        for name, value in vars(one).items():
            function = getattr(value, "__func__", value)  # of a class or static method
            is_method = inspect.isroutine(function) or isinstance(function, property)
            if is_method and not name.startswith("_") and function.__doc__:
                found.setdefault(name, function)
    yield from found.items()


def _is_hidden(cls: type, base: type, exported: Collection[object]) -> bool:
    """Whether no importable class stands between the two."""
    others = (one for one in cls.__mro__[1:] if one in exported)
    is_ours = base.__module__.startswith(OURS)
    return is_ours and not any(issubclass(other, base) for other in others)


def _entry(
    kind: str,
    ours: str,
    value: object,
    module: str,
    page: str,
    bases: tuple[str, ...] = (),
) -> Entry:
    line = original_line(value)
    keeps_name = kind == "class" and not line and _has_prefix(ours)
    return Entry(
        kind=kind,
        ours=ours,
        module=module,
        originals=(ours,) if keeps_name else original_names(line),
        says=first_sentence(value),
        original=line,
        page=page,
        bases=bases,
    )


def _has_prefix(name: str) -> bool:
    """Whether it is a class's name in the originals' form: only theirs are."""
    return name[0] in "TRC" and name[1:2].isupper()
