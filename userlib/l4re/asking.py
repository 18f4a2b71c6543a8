"""Asking an object which interfaces it has, before one calls it.

Original: L4::Meta, and L4::cap_dynamic_cast, of the C++ library.
"""

from typing import Any

from userlib.l4re.cap import Cap, check
from userlib.l4re.client import Client, Stub
from userlib.l4re.interface import Interface, InterfaceInfo, is_interface
from userlib.l4re.introspection import META
from userlib.l4re.messages import NEVER, Timeout

__all__ = ["interfaces_of", "supports"]


def interfaces_of(cap: Cap, timeout: Timeout = NEVER) -> tuple[tuple[str, int], ...]:
    """The names and protocols of what the object behind *cap* offers, in its order.

    Raises: L4Error as a call does.
    Original: L4::Meta::num_interfaces, L4::Meta::interface.
    """
    count = check(ask(cap, "num_interfaces", timeout)[0])
    return tuple(interface_at(cap, index, timeout) for index in range(count))


def interface_at(cap: Cap, index: int, timeout: Timeout) -> tuple[str, int]:
    """The name and protocol of one. Raises: L4Error."""
    label, outputs = ask(cap, "interface", timeout, index)
    check(label)
    protocol, name = outputs
    return name, protocol


def supports(cap: Cap, interface: type[Interface], timeout: Timeout = NEVER) -> bool:
    """Whether the object behind *cap* offers all that *interface* consists of.

    Raises: TypeError if *interface* is no generated interface class; L4Error as a call
        does.
    Original: L4::Meta::supports, L4::cap_dynamic_cast.
    """
    if not is_interface(interface):
        raise TypeError(f"a generated interface is wanted, not {interface!r}")
    info: InterfaceInfo = interface.INFO
    return all(
        check(ask(cap, "supports", timeout, part.protocol)[0]) for part in info.simple
    )


def ask(
    cap: Cap, name: str, timeout: Timeout, *inputs: object
) -> tuple[int, tuple[Any, ...]]:
    """One question: the result, and the outputs. Raises: L4Error for a bad message."""
    return Stub[Any](META, name).exchange(Client(cap, timeout), inputs)
