"""From the source of a program or a DLL to its code and its header.

An executable is a Python module. Its header is the `IMAGE = Image(…)` at its top level:
it is read before the module runs, as the original reads the header of a file.
"""

import ast
from dataclasses import dataclass, replace
from types import CodeType
from typing import Final

from kernel.abi.image import Image, KDynamicLibraryUid

# What a source or its header can raise that is none, as far as can be listed.
BAD_SOURCE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    StopIteration,
    SyntaxError,
    SystemExit,
    TypeError,
    ValueError,
)

# What a module says of itself it says in so many words: no star hides them.
_DECLARED: Final = frozenset(("IMAGE", "EXPORTS"))


@dataclass(frozen=True, slots=True)
class CompiledModule:
    """An executable's code, for a process to run; the kernel looks at the header only.

    *file* is what tracebacks call it. *source* is for those too, where the file is none
    of the host's.
    """

    image: Image
    code: CodeType
    file: str
    source: str = ""


def compile_module(
    data: bytes, file: str, image: Image | None = None, *, keep_source: bool = False
) -> CompiledModule:
    """Compile a module's source; *image* instead of its own header, if given.

    A module that says nothing of its UIDs, but has `EXPORTS`, is a DLL.

    Raises: SyntaxError, ValueError for no source; whatever a bad header raises.
    """
    tree = ast.parse(data, file)
    code = compile(tree, file, "exec", dont_inherit=True)
    header = declared_image(tree, file) if image is None else image
    text = data.decode("utf-8", "replace") if keep_source else ""
    return CompiledModule(header, code, file, text)


def declared_image(tree: ast.Module, file: str) -> Image:
    """What the module's top-level `IMAGE` says, without running the module.

    Only the assignment itself is executed, and the imports and assignments that the
    names in it come from.
    """
    is_library = any(_binds(node, "EXPORTS") for node in tree.body)
    if not any(_binds(node, "IMAGE") for node in tree.body):
        return Image(uid1=KDynamicLibraryUid) if is_library else Image()
    namespace: dict[str, object] = {"__name__": "eka.image"}
    header = ast.Module(body=_header(tree.body), type_ignores=[])
    exec(compile(header, file, "exec", dont_inherit=True), namespace)  # noqa: S102 - that is what a loader does
    image = namespace.get("IMAGE")
    if not isinstance(image, Image):
        raise ValueError(f"IMAGE in {file} is not an Image")  # noqa: TRY004 - a bad file, not a bad call
    if is_library and image.uid1 == Image().uid1:
        image = replace(image, uid1=KDynamicLibraryUid)
    return image


def _header(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that the last assignment to `IMAGE` needs, it among them."""
    wanted = {"IMAGE"}
    chosen: list[ast.stmt] = []
    for node in reversed(body):
        if any(_binds(node, name) for name in wanted):
            chosen.append(node)
            wanted |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return chosen[::-1]


def _binds(node: ast.stmt, name: str) -> bool:
    """Whether a statement gives *name* its value; a star may give any."""
    match node:
        case ast.Import() | ast.ImportFrom():
            names = {a.asname or a.name.partition(".")[0] for a in node.names}
            return name in names or ("*" in names and name not in _DECLARED)
        case ast.Assign():
            return any(_is_name(target, name) for target in node.targets)
        case ast.AnnAssign():
            return _is_name(node.target, name)
        case _:
            return False


def _is_name(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name
