"""NAME_server.py: what a server loop needs, and objects made of C functions."""

from collections.abc import Iterator

from tools.idl.compilation import Module
from tools.idl.model import Interface, Operation
from tools.idl.page import (
    Page,
    borrow_interface,
    docstring_of,
    signature,
    typed,
)
from tools.idl.python_text import Listed, class_line


def server_module(module: Module, package: str) -> str:
    """The text of the module."""
    page = Page(module.path.name, package)
    for interface in module.interfaces:
        names = (f"iface_{interface.name}", f"ref_{interface.name}")
        borrow_interface(page, interface, interface.python, *names)
        _handler(page, interface)
        _object(page, interface)
    return page.text("What a server loop needs to serve objects of the interfaces.")


def _handler(page: Page, interface: Interface) -> None:
    page.use("Dispatcher", "ExpectedItems", "Final", "Message", "Reply", "ServerConfig")
    name, python = interface.name, interface.python
    dispatcher = Listed(f"Dispatcher[{python}]", [f"{python}.INFO"])
    page.state(*dispatcher.lines(0, f"_dispatch_{name} = "))
    parts = [f"obj: {python}", "message: Message"]
    page.define(*Listed(f"def handle_{name}", parts).lines(0, "", " -> Reply:"))
    page.add(f'    """Answer a message to a {name}."""')
    page.add(f"    return _dispatch_{name}(obj, message)")
    caps, fpages = _demand(interface)
    expected = Listed("ExpectedItems", [f"caps={caps}", f"fpages={fpages}"])
    page.state(*expected.lines(0, f"{name}_expected_items: Final = "))
    config = Listed(
        "ServerConfig", [python, f"handle_{name}", f"{name}_expected_items"]
    )
    page.state(*config.lines(0, f"config_{name}: Final = "))


def _demand(interface: Interface) -> tuple[int, int]:
    """The most capabilities, and the most flexpages, that any operation takes."""
    caps = fpages = 0
    for owner in interface.simple:
        for operation in owner.operations:
            wires = [parameter.type.wire for parameter in operation.inputs]
            caps = max(caps, wires.count("cap"))
            fpages = max(fpages, wires.count("fpage"))
    return caps, fpages


def _object(page: Page, interface: Interface) -> None:
    ways = list(_ways(interface))
    for operation, _way in ways:
        page.state(*typed(page, "CFunction", interface, operation, interface.python))
    name = interface.name
    page.define(*class_line(f"object_{name}", interface.python))
    page.add(f'    """A {name} made of a reference and a table of functions."""', "")
    parts = ["self", f"ref: ref_{name}", f"iface: iface_{name}"]
    page.add(*Listed("def __init__", parts).lines(1, "", " -> None:"))
    page.add("        self._ref = ref", "        self._iface = iface")
    for operation, way in ways:
        _method(page, interface, operation, way)


def _ways(interface: Interface) -> Iterator[tuple[Operation, list[str]]]:
    """Each operation, with the names of the components that lead to it."""
    paths: dict[str, list[str]] = {interface.name: []}
    for one in (waiting := [interface]):
        for component in one.components:
            if component.name not in paths:
                paths[component.name] = [*paths[one.name], component.name]
                waiting.append(component)
    for owner, operation in interface.all_operations:
        yield operation, paths[owner.name]


def _method(
    page: Page, interface: Interface, operation: Operation, way: list[str]
) -> None:
    page.add("", *signature(page, interface, operation))
    page.add(f"        {docstring_of(operation)}")
    table = "".join(["self._iface", *(f".to_{name}" for name in way)])
    reference = "".join(["self._ref", *(f".as_{name}" for name in way)])
    arguments = [reference, *(parameter.python for parameter in operation.inputs)]
    if operation.deferred:
        arguments.append("completion")
    call = Listed(f"{table}.{operation.python}", arguments)
    answer = Listed(f"_{interface.name}_{operation.name}", [call])
    if operation.outputs:
        page.add(*answer.lines(2, "return "))
    else:  # a positive status is returned too, against the method's type
        page.add(*answer.lines(2, "_answer: None = "), "        return _answer")
