"""NAME_interface.py: abstract classes, opcodes, results, the C mapping's types."""

from tools.idl.compilation import Module
from tools.idl.model import Interface, Operation, Parameter
from tools.idl.page import (
    Page,
    borrow_interface,
    docstring_of,
    method_names,
    shared_results,
    signature,
)
from tools.idl.python_text import Listed, class_line, string


def interface_module(module: Module, package: str) -> str:
    """The text of the module."""
    page = Page(module.path.name, package)
    for interface in module.interfaces:
        if interface.is_compound:
            _compound(page, module, interface)
        else:
            _simple(page, interface)
    names = " and ".join(interface.name for interface in module.interfaces) or "Nothing"
    return page.text(_summary(f"{names}, as described."), module.includes)


def _summary(text: str) -> str:
    return text if len(text) <= 80 else "Interfaces, as described."  # noqa: PLR2004


def _simple(page: Page, interface: Interface) -> None:
    page.use("Interface", "InterfaceInfo", "IntEnum")
    _opcodes(page, interface)
    for operation in interface.operations:
        if len(operation.outputs) > 1:
            _result(page, interface, operation)
    assert interface.protocol is not None
    page.define(*class_line(interface.python, "Interface"))
    page.add(f'    """Protocol {_number(interface.protocol)}."""', "")
    page.add(*_info(page, interface).lines(1, "INFO = "))
    for operation in interface.operations:
        _abstract(page, interface, operation)
    _reference(page, interface)
    _table(page, interface)


def _number(number: int) -> str:
    return f"0x{number:X}" if number >= 0 else str(number)


def _opcodes(page: Page, interface: Interface) -> None:
    page.define(*class_line(f"{interface.name}_opcode", "IntEnum"))
    page.add(f'    """The numbers of {interface.name}\'s operations."""')
    if interface.operations:
        page.add("")
    for operation in interface.operations:
        page.add(f"    {operation.name.upper()} = {operation.opcode}")


def _result(page: Page, interface: Interface, operation: Operation) -> None:
    page.use("NamedTuple")
    taken = {parameter.python for parameter in operation.outputs}
    page.define(*class_line(interface.result_of(operation).name, "NamedTuple"))
    page.add(f'    """What {operation.name} returns."""', "")
    for parameter in operation.outputs:
        line = f"    {parameter.python}: {page.annotation(parameter, taken)}"
        if parameter.python in {"count", "index"}:  # a tuple has methods so called
            line += "  # type: ignore[assignment]"
        page.add(line)


def _info(page: Page, interface: Interface) -> Listed:
    assert interface.protocol is not None
    operations = [
        _operation_info(page, operation) for operation in interface.operations
    ]
    parts: list[str | Listed] = [string(interface.name), _number(interface.protocol)]
    if operations:
        parts.append(Listed("", operations))
    return Listed("InterfaceInfo", parts)


def _operation_info(page: Page, operation: Operation) -> Listed:
    page.use("OperationInfo")
    parts: list[str | Listed] = [string(operation.name), str(operation.opcode)]
    if operation.parameters:
        page.use("ParameterInfo")
        infos = [_parameter_info(parameter) for parameter in operation.parameters]
        parts.append(Listed("", infos))
    if operation.oneway:
        parts.append("oneway=True")
    if operation.deferred:
        parts.append("deferred=True")
    if operation.rights:
        page.use("Rights")
        rights = " | ".join(f"Rights.{right}" for right in operation.rights)
        parts.append(f"rights={rights}")
    if operation.python != operation.name:
        parts.append(f"method={string(operation.python)}")
    return Listed("OperationInfo", parts)


def _parameter_info(parameter: Parameter) -> Listed:
    words = (parameter.name, parameter.direction, parameter.type.name)
    return Listed("ParameterInfo", [string(w) for w in (*words, parameter.type.wire)])


def _abstract(page: Page, scope: Interface, operation: Operation) -> None:
    decorator = page.name("abstractmethod", method_names(scope))
    page.add("", f"    @{decorator}", *signature(page, scope, operation))
    page.add(f"        {docstring_of(operation)}")


def _reference(page: Page, interface: Interface) -> None:
    page.use("Reference")
    page.define(*class_line(f"ref_{interface.name}", "Reference"))
    page.add(f'    """Where a {interface.name} is."""', "", "    __slots__ = ()")


def _table(page: Page, interface: Interface) -> None:
    page.use("dataclass")
    page.define("@dataclass(frozen=True, kw_only=True)")
    page.add(f"class iface_{interface.name}:")
    page.add(
        f'    """The functions of a {interface.name}: they return a status first."""'
    )
    if interface.operations:
        page.add("")
    for operation in interface.operations:
        page.add(*_function_type(page, interface, operation))


def _function_type(page: Page, interface: Interface, operation: Operation) -> list[str]:
    taken = method_names(interface)
    arguments = [f"ref_{interface.name}"]
    arguments += [page.annotation(p, taken) for p in operation.inputs]
    if operation.deferred:
        arguments.append(f"{page.name('Completion', taken)} | None")
    returned = "int"
    if operation.outputs:
        outputs = [page.annotation(p, taken) for p in operation.outputs]
        pair = page.name("tuple", taken)
        returned = f"int | {pair}[{', '.join(['int', *outputs])}]"
    parts: list[str | Listed] = [Listed("", arguments, "[", "]"), returned]
    function = Listed(page.name("Callable", taken), parts, "[", "]")
    return function.lines(1, f"{operation.python}: ")


# Compounds


def _compound(page: Page, module: Module, interface: Interface) -> None:
    page.use("InterfaceInfo")
    for component in interface.components:
        if component.path != module.path:
            names = (f"iface_{component.name}", f"ref_{component.name}")
            borrow_interface(page, component, component.python, *names)
    for base in interface.bases:
        if base.path != module.path:
            borrow_interface(page, base, base.python)
    shared = shared_results(interface)
    for operation in shared:
        _joint_result(page, module, interface, operation)
    if not interface.bases:
        page.use("Interface")
    bases = [base.python for base in interface.bases] or ["Interface"]
    page.define(*class_line(interface.python, *bases))
    listed = ", ".join(component.name for component in interface.components)
    page.add(f'    """{_summary(f"Composed of {listed}.")}"""', "")
    infos = [f"{component.python}.INFO" for component in interface.components]
    parts: list[str | Listed] = [
        string(interface.name),
        Listed("components=", infos),
    ]
    page.add(*Listed("InterfaceInfo", parts).lines(1, "INFO = "))
    for operation in shared:
        _abstract(page, interface, operation)
    _compound_reference(page, interface)
    _compound_table(page, interface)


def _joint_result(
    page: Page, module: Module, interface: Interface, operation: Operation
) -> None:
    """A class that is what each of the components returns."""
    classes = interface.results[operation.python]
    for one in classes:
        if one.path != module.path:
            page.borrow(f"{one.path.stem}_interface", one.name)
    name = interface.result_of(operation).name
    first, *rest = class_line(name, *(one.name for one in classes))
    # mypy forbids two bases that are tuples; of the same shape, Python does not.
    page.define(f"{first}  # type: ignore[misc]", *rest)
    page.add(f'    """What {operation.name} returns, for each who has it."""')


def _compound_reference(page: Page, interface: Interface) -> None:
    page.use("Reference", "Cap")
    name = f"ref_{interface.name}"
    page.define(*class_line(name, "Reference"))
    about = f"Where a {interface.name} is, and where its components are."
    page.add(f'    """{about}"""', "")
    attributes = [(f"as_{one.name}", f"ref_{one.name}") for one in interface.components]
    parts = ["self", "ptr: object = None", "cap: Cap | None = None"]
    parts += [f"{attribute}: {kind} | None = None" for attribute, kind in attributes]
    page.add(*Listed("def __init__", parts).lines(1, "", " -> None:"))
    page.add("        super().__init__(ptr, cap)")
    for attribute, kind in attributes:
        page.add(f"        if {attribute} is None:")
        page.add(*Listed(kind, ["cap=cap"]).lines(3, f"{attribute} = "))
        page.add(f"        self.{attribute} = {attribute}")


def _compound_table(page: Page, interface: Interface) -> None:
    page.use("dataclass")
    page.define("@dataclass(frozen=True, kw_only=True)")
    page.add(f"class iface_{interface.name}:")
    page.add(f'    """The functions of a {interface.name}, component by component."""')
    if interface.components:
        page.add("")
    for component in interface.components:
        page.add(f"    to_{component.name}: iface_{component.name}")
