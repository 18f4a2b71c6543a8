"""The arrows of the architecture: who imports whom."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

Sources = Callable[..., Iterator[tuple[str, ast.Module]]]

OWN_THREADS = {"threading", "_thread", "greenlet"}


def test_import_contracts_hold(root: Path) -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_name_every_kernel_module_that_user_programs_must_not_see(
    root: Path,
) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    (contract,) = (
        contract
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["id"] == "user-side-sees-abi-and-objects"
    )
    modules = {
        path.stem
        for path in (root / "kernel").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    hidden = modules - {"__init__", "abi", "objects"}
    assert set(contract["forbidden_modules"]) == {f"kernel.{name}" for name in hidden}


def test_userlib_alone_loads_nothing_of_the_kernel_but_abi_and_objects() -> None:
    kernel = {name for name in loaded_by("userlib") if name.startswith("kernel.")}
    seen = {".".join(name.split(".")[:2]) for name in kernel}
    assert "kernel.abi" in seen
    assert seen <= {"kernel.abi", "kernel.objects"}


def test_the_pytest_plugin_is_light_for_those_who_boot_nothing() -> None:
    loaded = loaded_by("tools.pytest_plugin")
    assert {name for name in loaded if name.startswith(("kernel", "userlib"))} == set()


def loaded_by(module: str) -> list[str]:
    """What a new interpreter has loaded after importing *module*."""
    program = f"import sys, {module}; print(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=250,
        check=True,
    )
    return done.stdout.split()


def test_only_the_nanokernel_uses_host_threads_and_greenlets(sources: Sources) -> None:
    users = {
        path
        for path, tree in sources("kernel")
        for node in ast.walk(tree)
        if OWN_THREADS & imported(node)
    }
    assert {path for path in users if not path.startswith("kernel/nkern/")} == set()
    assert users


def imported(node: ast.AST) -> set[str]:
    """The top-level names that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return set()
