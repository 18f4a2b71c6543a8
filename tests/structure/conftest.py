"""The source tree, for tests that read it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Sources = Callable[..., Iterator[tuple[str, ast.Module]]]


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def packages() -> tuple[str, ...]:
    return ("eka", "kernel", "userlib", "servers", "programs", "tools")


@pytest.fixture(scope="session")
def sources(root: Path) -> Sources:
    """The path and syntax tree of every module of the given folders."""

    def parse(*folders: str) -> Iterator[tuple[str, ast.Module]]:
        for folder in folders:
            for path in sorted((root / folder).rglob("*.py")):
                yield (
                    path.relative_to(root).as_posix(),
                    ast.parse(path.read_text("utf-8"), str(path)),
                )

    return parse
