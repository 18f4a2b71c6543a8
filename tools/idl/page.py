"""One generated module: its head, its imports, and what stands below."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tools.idl.model import Interface, Operation, Parameter
from tools.idl.python_text import Listed, fits

RUNTIME: Final = "userlib.l4re.runtime"

BUILTINS: Final = ("bytes", "int", "list", "str", "tuple")

# Names come from the description, and where the file stands, or how many arguments an
# operation has, is nothing that this file could change.
NOT_OURS: Final = (
    "A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803,"
    " N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100"
)
NO_ROOM: Final = ("# Its names leave the formatter no room.", "# fmt: off")
ANNOTATIONS: Final = (
    ("cap", "Cap"),
    ("fpage", "Fpage"),
    ("string", "str"),
    ("bytes", "bytes"),
)


@dataclass
class Page:
    """A module being written."""

    file_name: str  # of the description
    package: str = ""  # that siblings are imported from
    runtime: set[str] = field(default_factory=set)
    siblings: dict[str, set[str]] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    is_after_definition: bool = False

    def use(self, *names: str) -> None:
        """Import names of the runtime."""
        self.runtime.update(names)

    def borrow(self, module: str, *names: str) -> None:
        """Import names of a sibling, `calc_interface` for instance."""
        self.siblings.setdefault(module, set()).update(names)

    def add(self, *lines: str) -> None:
        self.lines += lines

    def define(self, *lines: str) -> None:
        """Begin a class or function, two blank lines below what was before."""
        self.add("", "", *lines)
        self.is_after_definition = True

    def state(self, *lines: str) -> None:
        """Add a statement, apart from imports and definitions."""
        blank = 2 if self.is_after_definition else 0 if self.lines else 1
        self.add(*[""] * blank, *lines)
        self.is_after_definition = False

    def annotation(self, parameter: Parameter, taken: Iterable[str] = ()) -> str:
        """The Python type of a parameter; *taken* names mean something else there."""
        wire = parameter.type.wire
        if parameter.type.is_sequence:
            name = "list" if parameter.direction == "out" else "Sequence"
            return f"{self.name(name, taken)}[int]"
        return self.name(dict(ANNOTATIONS).get(wire, "int"), taken)

    def name(self, name: str, taken: Iterable[str]) -> str:
        """A name to use in a class whose members have the *taken* ones."""
        if name not in taken:
            if name not in BUILTINS:
                self.use(name)
            return name
        if name in BUILTINS and name != "tuple":  # no alias takes its arguments
            self.aliases.add(name)
        else:
            self.use(f"{name} as _{name}")
        return f"_{name}"

    def text(self, docstring: str, includes: Iterable[str] = ()) -> str:
        """The whole module."""
        is_crowded = not all(fits(line) for line in self.lines)
        head = [
            f"# Made by eka idl from {self.file_name}: do not edit, it is made again.",
            *(f"# {include}" for include in includes),
            f"# ruff: noqa: {NOT_OURS}",
            *(NO_ROOM if is_crowded else ()),
            f'"""{docstring}"""',
            "",
        ]
        imports = self._import(RUNTIME, self.runtime) if self.runtime else []
        for module in sorted(self.siblings):
            place = f"{self.package}.{module}" if self.package else module
            imports += self._import(place, self.siblings[module])
        aliases = [f"_{name} = {name}" for name in sorted(self.aliases)]
        body = ["", *aliases] if aliases else []
        return "\n".join([*head, *imports, *body, *self.lines]) + "\n"

    def _import(self, module: str, names: set[str]) -> list[str]:
        ordered = sorted(names, key=_import_order)
        listed = Listed("", ordered, "", "")
        if fits(line := f"from {module} import {listed.flat()}"):
            return [line]
        return Listed("", ordered).lines(0, f"from {module} import ")


def _import_order(name: str) -> tuple[int, str, str]:
    """Constants, then classes, then the rest, as isort has them."""
    kind = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    return kind, name.casefold(), name


def method_names(interface: Interface) -> set[str]:
    """The names that mean something else inside a class of that interface."""
    return {operation.python for _owner, operation in interface.all_operations}


def result_type(page: Page, scope: Interface, operation: Operation) -> str:
    """What the method of an operation returns, in a class made of *scope*."""
    if not operation.outputs:
        return "None"
    if len(operation.outputs) > 1:
        return scope.result_of(operation).name
    return page.annotation(operation.outputs[0], method_names(scope))


def signature(page: Page, scope: Interface, operation: Operation) -> list[str]:
    """The `def` line or lines of a method, in a class made of *scope*."""
    taken = method_names(scope)
    parts = ["self"]
    parts += [f"{p.python}: {page.annotation(p, taken)}" for p in operation.inputs]
    if operation.deferred:
        completion = page.name("Completion", taken)
        parts.append(f"completion: {completion} | None = None")
    definition = Listed(f"def {operation.python}", parts)
    return definition.lines(1, "", f" -> {result_type(page, scope, operation)}:")


def docstring_of(operation: Operation) -> str:
    """What is known of an operation, in a line."""
    notes = [f"Opcode {operation.opcode}"]
    if operation.oneway:
        notes.append("sent without an answer")
    if operation.deferred:
        notes.append("may be answered later")
    if operation.rights:
        notes.append(f"needs {' and '.join(operation.rights)}")
    return f'"""{"; ".join(notes)}."""'


def borrow_interface(page: Page, interface: Interface, *names: str) -> None:
    """Import names from the interface module that has *interface*."""
    page.borrow(f"{interface.path.stem}_interface", *names)


def borrow_result(page: Page, scope: Interface, operation: Operation) -> None:
    """Import the class that an operation with several outputs returns."""
    if len(operation.outputs) > 1:
        result = scope.result_of(operation)
        page.borrow(f"{result.path.stem}_interface", result.name)


def shared_results(interface: Interface) -> list[Operation]:
    """The operations for which a compound has a result class of its own."""
    return [
        operation
        for _owner, operation in interface.all_operations
        if len(interface.results.get(operation.python, ())) > 1
    ]


def typed(
    page: Page, maker: str, interface: Interface, operation: Operation, info: str
) -> list[str]:
    """`_Calc_add = Stub[int](Calc.INFO, "add")`: an object that returns outputs."""
    page.use(maker)
    arguments = [f"{info}.INFO", f'"{operation.name}"']
    head = maker
    if len(operation.outputs) > 1:
        borrow_result(page, interface, operation)
        arguments.append(interface.result_of(operation).name)
    else:
        head = f"{maker}[{result_type_at_top(page, maker, operation)}]"
    before = f"_{interface.name}_{operation.name} = "
    return Listed(head, arguments).lines(0, before)


def result_type_at_top(page: Page, maker: str, operation: Operation) -> str:
    """The type of the only output, outside of all classes.

    What a C function without outputs comes to can still be a Result.
    """
    if not operation.outputs:
        if maker == "Stub":
            return "None"
        page.use("Any")
        return "Any"
    return page.annotation(operation.outputs[0])


def returning(operation: Operation, call: Listed) -> list[str]:
    """The statement that hands on what *call* returns, if anything."""
    return call.lines(2, "return " if operation.outputs else "")
