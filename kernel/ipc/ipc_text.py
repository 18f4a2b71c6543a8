"""What a thread waits for in the middle of an L4 call, in words that show the mistake.

Who reads this has a hang. So it names the program that may serve a gate nobody serves,
and says of a server that owes a reply whether it can still give it.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import L4Proto

if TYPE_CHECKING:
    from kernel.ipc.ipc_send import IpcSend
    from kernel.ipc.partner import Partner

_OPCODE: Final = struct.Struct("<i")
_PROTOCOLS: Final = {int(protocol): protocol.name for protocol in L4Proto}


def opcode_of(words: bytes) -> int | None:
    """The operation that generated code would see in a message, if there is one."""
    if len(words) < _OPCODE.size:
        return None
    opcode: int = _OPCODE.unpack_from(words)[0]
    return opcode


def message_text(send: IpcSend) -> str:
    """What is sent, by its numbers."""
    kind = "a call" if send.is_call else "a message"
    protocol = _PROTOCOLS.get(send.label) or f"{send.label:#x}"
    opcode = opcode_of(send.words)
    operation = "" if opcode is None else f", opcode {opcode}"
    return f"{kind} of protocol {protocol}{operation}"


def wait_text(send: IpcSend) -> str:
    """What its sender waits for."""
    what = f"{message_text(send)}, through {send.gate!r}"
    if send.reply_cap is not None:
        return f"{send.reply_cap.process.full_name}, which put off its reply, to {what}"
    partner = send.partner
    if partner is None:
        return _binding_text(send)
    name = partner.thread.full_name
    if send.is_received:
        return f"the reply of {name} to {what}{_delay_text(send, partner)}"
    return f"{name} to receive {what}"


def _binding_text(send: IpcSend) -> str:
    may = ", ".join(process.full_name for process in send.gate.possible_servers())
    who = f"{may} may" if may else "nobody has the right to"
    return f"somebody to bind {send.gate!r} ({who}), with {message_text(send)}"


def _delay_text(send: IpcSend, partner: Partner) -> str:
    if partner.reply_to is not send:
        return "; it received another call since, and cannot reply any more"
    if partner.is_waiting:
        return "; it waits for the next message without having replied"
    return ""
