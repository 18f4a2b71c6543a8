"""What the text of the sources must and must not hold."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

Sources = Callable[..., Iterator[tuple[str, ast.Module]]]

LIMIT = 500


def test_no_module_is_longer_than_its_idea(
    root: Path, packages: tuple[str, ...]
) -> None:
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for folder in packages
        for path in (root / folder).rglob("*.py")
    }
    assert {path: n for path, n in lengths.items() if n > LIMIT} == {}


def test_every_public_function_of_userlib_has_a_docstring() -> None:
    assert [*undocumented("userlib")] == []


def test_every_kernel_call_has_a_docstring() -> None:
    assert [*undocumented("kernel.abi.exec")] == []


def test_every_module_says_what_is_in_it(
    sources: Sources, packages: tuple[str, ...]
) -> None:
    bare = [path for path, tree in sources(*packages) if not ast.get_docstring(tree)]
    assert bare == []


def test_package_heads_hold_no_logic(
    sources: Sources, packages: tuple[str, ...]
) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources(*packages)
        if path.endswith("__init__.py")
        for node in tree.body
        if not is_head(node)
    ]
    assert found == []


def test_no_finaliser_could_make_a_kernel_call(sources: Sources) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources("kernel", "userlib")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__del__"
    ]
    assert found == []


def test_no_test_sleeps_or_skips(sources: Sources) -> None:
    calls = {"time.sleep", "sleep", "pytest.skip", "pytest.xfail"}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in calls
    ]
    assert found == []


def is_head(node: ast.stmt) -> bool:
    """An import, a docstring, `__all__`, or a class made of its bases alone."""
    if isinstance(node, ast.ClassDef):
        return [type(part) for part in node.body] == [ast.Expr]
    return isinstance(
        node, ast.Import | ast.ImportFrom | ast.Expr | ast.Assign | ast.AugAssign
    )


def undocumented(package: str) -> Iterator[str]:
    """Public functions and methods without a docstring, own or inherited."""
    for module in modules(package):
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value) and is_bare(name, value):
                yield f"{module.__name__}.{name}"
            elif inspect.isclass(value) and not name.startswith("_"):
                yield from undocumented_methods(value)


def undocumented_methods(cls: type) -> Iterator[str]:
    for name in vars(cls):
        value = getattr(cls, name)
        is_ours = inspect.isroutine(value) or isinstance(value, property)
        if is_ours and is_bare(name, value):
            yield f"{cls.__module__}.{cls.__name__}.{name}"


def is_bare(name: str, value: object) -> bool:
    return not name.startswith("_") and not inspect.getdoc(value)


def modules(name: str) -> Iterator[ModuleType]:
    package = importlib.import_module(name)
    yield package
    for info in pkgutil.walk_packages(package.__path__, f"{name}."):
        yield importlib.import_module(info.name)
