"""User library and servers are shared between processes like code in ROM: no state.

A module-level container that can be changed, or a class's, would be seen by every
process of every machine in the interpreter. Constants are tuples, frozensets and
read-only mappings. A context variable is no such state: each emulated thread has its
own value of it.
"""

import ast
import importlib
import pkgutil
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from types import ModuleType

import pytest

Sources = Callable[..., Iterator[tuple[str, ast.Module]]]

STATE = (list, dict, set, bytearray, deque, count)


def modules(name: str) -> Iterator[ModuleType]:
    package = importlib.import_module(name)
    yield package
    for info in pkgutil.walk_packages(package.__path__, f"{name}."):
        yield importlib.import_module(info.name)


@pytest.mark.parametrize("package", ["userlib", "servers"])
def test_modules_and_classes_hold_nothing_that_can_be_changed(package: str) -> None:
    found = [
        f"{module.__name__}.{name}"
        for module in modules(package)
        for name, value in names_of(module)
        if isinstance(value, STATE)
    ]
    assert found == []


def names_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    """The module's own names, and those of the classes it defines."""
    for name, value in vars(module).items():
        if is_dunder(name):
            continue
        yield name, value
        if isinstance(value, type) and value.__module__ == module.__name__:
            for key, attribute in vars(value).items():
                if not (is_dunder(key) or is_generated(key)):
                    yield f"{name}.{key}", attribute


def is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def is_generated(name: str) -> bool:
    """`_member_map_`, `_field_defaults` and their like, written by the library."""
    return name.startswith("_field") or (name.startswith("_") and name.endswith("_"))


def test_no_function_rebinds_a_module_level_name(sources: Sources) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources("userlib", "servers", "kernel")
        for node in ast.walk(tree)
        if isinstance(node, ast.Global)
    ]
    assert found == []
