"""Each class and function that programs import says what it is in the originals.

`Original: CActive::SetActive (e32base.h).`, or `Original: none; why.`: docs/names.md is
looked up by these lines. A class that has no original speaks for its methods.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest

import servers
import userlib

LINE = re.compile(r"Original:\s+(.*)", re.DOTALL)
NONE = re.compile(r"none; \w")
QUALIFIED = re.compile(r"\w+(<\w+>)?::(~?\w|operator)")
PLAIN = re.compile(r"\w")
# The executive's own classes are in docs/calls.md and docs/objects.
OURS = ("userlib.", "servers.", "kernel.objects.", "kernel.abi.user_heap")

Named = tuple[str, object]


def exported() -> Iterator[Named]:
    """What userlib exports, and what the servers' client modules define."""
    for name in userlib.__all__:
        yield name, getattr(userlib, name)
    for module in pkgutil.walk_packages(servers.__path__, "servers."):
        if module.name.split(".")[-1].startswith("client"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if getattr(value, "__module__", "") == module.name and name[0] != "_":
                    yield name, value


def documented() -> list[Named]:
    """The classes and functions among them, and the methods of each class."""
    found: list[Named] = []
    for name, value in exported():
        is_ours = getattr(value, "__module__", "").startswith(OURS)
        if is_ours and (inspect.isclass(value) or inspect.isfunction(value)):
            found.append((name, value))
            if inspect.isclass(value) and not NONE.match(original(value)):
                found += methods(name, value)
    return found


def methods(owner: str, cls: type) -> Iterator[Named]:
    for name, value in vars(cls).items():
        function = getattr(value, "__func__", value)  # of a class or static method
        is_method = inspect.isroutine(function) or isinstance(function, property)
        # An override without a docstring does what the docstring above it says.
        if is_method and not name.startswith("_") and function.__doc__:
            yield f"{owner}.{name}", function


def original(value: object) -> str:
    match = LINE.search(value.__doc__ or "")
    return match[1] if match else ""


@pytest.fixture(scope="module")
def found() -> list[Named]:
    return documented()


def test_each_names_its_original_or_says_why_it_has_none(found: list[Named]) -> None:
    assert len(found) > 500
    silent = [
        name
        for name, value in found
        if not NONE.match(line := original(value))
        and not (QUALIFIED if "." in name else PLAIN).match(line)
    ]
    assert silent == []


def test_no_class_is_without_a_docstring(found: list[Named]) -> None:
    assert [name for name, value in found if not value.__doc__] == []
