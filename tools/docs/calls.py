"""docs/calls.md, made of the protocols in kernel/abi/exec.

python -m tools.docs.calls > docs/calls.md
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Final

from kernel.abi.exec import Exec

HEAD: Final = """\
# Kernel calls

All of them: what an emulated thread can ask of the kernel, by `current_exec.get()`.
Programs use the classes of `userlib`, whose methods make these calls; the pages in
[objects](objects/) say which makes which. This page is made of `kernel/abi/exec/` by
`python -m tools.docs.calls`.

A call returns its value or raises `KernelError`. A handle that names no open object of
the right kind panics KERN-EXEC 0. Handles are ints; *owner* is a `TOwnerType`, the
table that a new handle goes to. Times end in their unit. A call blocks only where it
says so.
"""


def calls_page() -> str:
    """The page, a section for each family of calls."""
    families = sorted(
        (cls for cls in Exec.__bases__ if cls.__module__ != "typing"),
        key=lambda cls: cls.__module__,
    )
    return HEAD + "".join(_section(family) for family in families)


def _section(family: type) -> str:
    name = family.__module__.rpartition(".")[2].replace("_", " ").capitalize()
    calls = "".join(_entry(call) for call in _calls(family))
    return f"\n## {name}\n\n{inspect.getdoc(family)}\n{calls}"


def _calls(family: type) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(inspect.getsource(family)).body[0].body:  # type: ignore[attr-defined] # a class
        if isinstance(node, ast.FunctionDef):
            yield node


def _entry(call: ast.FunctionDef) -> str:
    """Signature as it is written, names of types and all, and docstring."""
    del call.args.args[0]  # self
    assert call.returns is not None
    text = ast.get_docstring(call)
    signature = f"({ast.unparse(call.args)}) -> {ast.unparse(call.returns)}"
    return f"\n### {call.name}\n\n    {call.name}{signature}\n\n{text}\n"


if __name__ == "__main__":
    sys.stdout.write(calls_page())
