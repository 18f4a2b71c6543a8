"""Component servers in the tradition of L4Re: capabilities, gates, server loops.

Original: L4Re's l4/sys and l4/re libraries, and libipc of idl4re.
"""

from userlib.l4re import consts
from userlib.l4re.asking import interfaces_of, supports
from userlib.l4re.cap import Cap
from userlib.l4re.client import Result, cap_of, invoke
from userlib.l4re.consts import *  # noqa: F403 - all the original's constants
from userlib.l4re.dispatch import (
    Completion,
    CurrentCall,
    ServerConfig,
    current_call,
    server_config,
)
from userlib.l4re.env import Env
from userlib.l4re.errors import L4Error, error_name
from userlib.l4re.exposing import (
    _ipc_server_loop_for,
    ipc_server_loop_for,
    ipc_server_new_for,
    stop_server_loop,
)
from userlib.l4re.fpage import Fpage
from userlib.l4re.interface import Interface
from userlib.l4re.irq import Irq, Semaphore
from userlib.l4re.loader import App, Loader
from userlib.l4re.messages import (
    NEVER,
    ExpectedItems,
    Message,
    NoReply,
    Reply,
    Timeout,
)
from userlib.l4re.server import ServerLoop

__all__ = [
    "NEVER",
    "App",
    "Cap",
    "Completion",
    "CurrentCall",
    "Env",
    "ExpectedItems",
    "Fpage",
    "Interface",
    "Irq",
    "L4Error",
    "Loader",
    "Message",
    "NoReply",
    "Reply",
    "Result",
    "Semaphore",
    "ServerConfig",
    "ServerLoop",
    "Timeout",
    "_ipc_server_loop_for",
    "cap_of",
    "current_call",
    "error_name",
    "interfaces_of",
    "invoke",
    "ipc_server_loop_for",
    "ipc_server_new_for",
    "server_config",
    "stop_server_loop",
    "supports",
]
__all__ += consts.__all__
