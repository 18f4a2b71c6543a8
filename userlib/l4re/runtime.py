"""Everything that modules made by `eka idl` import; programs have userlib.l4re."""

from abc import abstractmethod
from builtins import tuple  # noqa: A004 - of classes whose members hide it
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple

from userlib.l4re.c_style import CFunction, CStub, Reference
from userlib.l4re.client import Client, Result, Stub, cap_of, invoke
from userlib.l4re.consts import Rights
from userlib.l4re.dispatch import (
    Completion,
    CurrentCall,
    Dispatcher,
    ServerConfig,
    current_call,
    server_config,
)
from userlib.l4re.interface import (
    Interface,
    InterfaceInfo,
    OperationInfo,
    ParameterInfo,
    is_interface,
)
from userlib.l4re.items import Cap, Fpage
from userlib.l4re.messages import (
    NEVER,
    NO_REPLY,
    ExpectedItems,
    Message,
    NoReply,
    Reply,
    Timeout,
)

__all__ = [
    "NEVER",
    "NO_REPLY",
    "Any",
    "CFunction",
    "CStub",
    "Callable",
    "Cap",
    "Client",
    "Completion",
    "CurrentCall",
    "Dispatcher",
    "ExpectedItems",
    "Final",
    "Fpage",
    "IntEnum",
    "Interface",
    "InterfaceInfo",
    "Message",
    "NamedTuple",
    "NoReply",
    "OperationInfo",
    "ParameterInfo",
    "Reference",
    "Reply",
    "Result",
    "Rights",
    "Sequence",
    "ServerConfig",
    "Stub",
    "Timeout",
    "abstractmethod",
    "cap_of",
    "current_call",
    "dataclass",
    "invoke",
    "is_interface",
    "server_config",
    "tuple",
]
