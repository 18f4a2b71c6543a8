"""What every object answers about its own interfaces.

Original: L4::Meta of the C++ library.
"""

from typing import Final

from userlib.l4re.consts import (
    L4_ENOSYS,
    L4_ERANGE,
    L4_META_INTERFACE,
    L4_META_NUM_INTERFACES,
    L4_META_SUPPORTS,
    L4_PROTO_META,
)
from userlib.l4re.half import OPCODE, Half, reply_half, request_half
from userlib.l4re.interface import InterfaceInfo, OperationInfo, ParameterInfo
from userlib.l4re.messages import Message, Reply

__all__ = ["META", "answer_meta"]

META: Final = InterfaceInfo(
    "Meta",
    L4_PROTO_META,
    (
        OperationInfo("num_interfaces", L4_META_NUM_INTERFACES),
        OperationInfo(
            "interface",
            L4_META_INTERFACE,
            (
                ParameterInfo("index", "in", "l4_umword_t", "u8"),
                ParameterInfo("protocol", "out", "l4_mword_t", "i8"),
                ParameterInfo("name", "out", "string", "string"),
            ),
        ),
        OperationInfo(
            "supports",
            L4_META_SUPPORTS,
            (ParameterInfo("protocol", "in", "l4_mword_t", "i8"),),
        ),
    ),
)

_INDEX: Final[Half] = request_half(META.operations[1])
_INTERFACE: Final[Half] = reply_half(META.operations[1])
_PROTOCOL: Final[Half] = request_half(META.operations[2])


def answer_meta(info: InterfaceInfo, message: Message) -> Reply:
    """The answer to one question.

    Raises: L4Error if the question is cut short.
    """
    (opcode,) = OPCODE.unpack_from(message.words)
    if opcode == L4_META_NUM_INTERFACES:
        return Reply(len(info.simple))
    if opcode == L4_META_INTERFACE:
        (index,) = _INDEX.unpack(message.words, ())
        return _interface(info, index)
    if opcode == L4_META_SUPPORTS:
        (protocol,) = _PROTOCOL.unpack(message.words, ())
        offered = {simple.protocol for simple in info.simple} | {L4_PROTO_META}
        return Reply(int(protocol in offered))
    return Reply(-L4_ENOSYS)


def _interface(info: InterfaceInfo, index: int) -> Reply:
    if index >= len(info.simple):
        return Reply(-L4_ERANGE)
    simple = info.simple[index]
    words, items = _INTERFACE.pack((simple.protocol, simple.name))
    return Reply(0, words, items)
