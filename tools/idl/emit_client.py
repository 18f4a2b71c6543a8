"""NAME_client.py: classes that call through a capability, and tables that do."""

from tools.idl.compilation import Module
from tools.idl.model import Interface, Operation
from tools.idl.page import (
    Page,
    borrow_interface,
    docstring_of,
    returning,
    shared_results,
    signature,
    typed,
)
from tools.idl.python_text import Listed, class_line, string


def client_module(module: Module, package: str) -> str:
    """The text of the module."""
    page = Page(module.path.name, package)
    for interface in module.interfaces:
        borrow_interface(page, interface, interface.python)
        if interface.is_compound:
            _compound(page, module, interface)
        else:
            _simple(page, interface)
    return page.text("Clients of the interfaces, and their tables of functions.")


def _simple(page: Page, interface: Interface) -> None:
    page.use("Client")
    for operation in interface.operations:
        page.state(*typed(page, "Stub", interface, operation, interface.python))
    page.define(*class_line(f"client_{interface.name}", "Client", interface.python))
    page.add(f'    """A {interface.name} in another program."""')
    for operation in interface.operations:
        _method(page, interface, operation)
    _table(page, interface)


def _method(page: Page, interface: Interface, operation: Operation) -> None:
    page.add("", *signature(page, interface, operation))
    page.add(f"        {docstring_of(operation)}")
    arguments = ["self", *(parameter.python for parameter in operation.inputs)]
    call = Listed(f"_{interface.name}_{operation.name}", arguments)
    page.add(*returning(operation, call))


def _table(page: Page, interface: Interface) -> None:
    borrow_interface(page, interface, f"iface_{interface.name}")
    parts: list[str | Listed] = []
    for operation in interface.operations:
        page.use("CStub")
        arguments = [f"{interface.python}.INFO", string(operation.name)]
        parts.append(Listed(f"{operation.python}=CStub", arguments))
    table = Listed(f"iface_{interface.name}", parts)
    page.state(*table.lines(0, f"client_iface_{interface.name} = "))


def _compound(page: Page, module: Module, interface: Interface) -> None:
    for component in interface.components:
        if component.path != module.path:
            name = f"client_iface_{component.name}"
            page.borrow(f"{component.path.stem}_client", name)
    for base in interface.bases:
        if base.path != module.path:
            page.borrow(f"{base.path.stem}_client", f"client_{base.name}")
    shared = shared_results(interface)
    for operation in shared:
        page.state(*typed(page, "Stub", interface, operation, interface.python))
    bases = [f"client_{base.name}" for base in interface.bases]
    if not bases:
        page.use("Client")
        bases = ["Client"]
    page.define(*class_line(f"client_{interface.name}", *bases, interface.python))
    page.add(f'    """A {interface.name} in another program."""')
    for operation in shared:
        _method(page, interface, operation)
    borrow_interface(page, interface, f"iface_{interface.name}")
    parts = [f"to_{c.name}=client_iface_{c.name}" for c in interface.components]
    table = Listed(f"iface_{interface.name}", parts)
    page.state(*table.lines(0, f"client_iface_{interface.name} = "))
