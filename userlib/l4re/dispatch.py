"""From a message to the operation that it asks for, and to the reply.

Original: the handlers that idl generates, and the C++ library's svr_dispatch.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Final, Generic, NamedTuple, TypeVar

from kernel.abi.l4 import KLabelRights
from userlib.l4re.client import Result, as_result
from userlib.l4re.consts import (
    L4_EBADPROTO,
    L4_EIO,
    L4_EMSGERRRANGE,
    L4_EMSGTOOSHORT,
    L4_ENOREPLY,
    L4_ENOSYS,
    L4_EPERM,
    L4_ERANGE,
    L4_PROTO_META,
    L4_UTCB_WORDS,
    L4_WORD_BYTES,
    Rights,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.half import OPCODE, Half, reply_half, request_half
from userlib.l4re.interface import (
    Interface,
    InterfaceInfo,
    OperationInfo,
    is_interface,
)
from userlib.l4re.introspection import answer_meta
from userlib.l4re.messages import (
    NO_REPLY,
    ExpectedItems,
    Message,
    MReplyPort,
    NoReply,
    Reply,
)

__all__ = [
    "Completion",
    "CurrentCall",
    "Dispatcher",
    "ServerConfig",
    "current_call",
    "server_config",
]

T = TypeVar("T", bound=Interface)

LABEL_BITS: Final = 48
KOpcodeBytes: Final = OPCODE.size
DONE: Final = Reply(0)  # what most operations without outputs come to


class CurrentCall(NamedTuple):
    """What is known of the request behind the running operation."""

    label: int  # of the gate
    rights: Rights  # W and S, as far as the capability used has them
    protocol: int
    opcode: int


_CURRENT_CALL: Final[ContextVar[tuple[Message, int]]] = ContextVar("l4_current_call")


def current_call() -> CurrentCall:
    """The request that the calling thread's operation answers.

    Raises: LookupError outside an operation.
    """
    running = _CURRENT_CALL.get(None)
    if running is None:
        raise LookupError("no operation is running on this thread")
    message, opcode = running
    rights = Rights(message.label & KLabelRights)
    return CurrentCall(message.label & ~KLabelRights, rights, message.protocol, opcode)


class Completion:
    """The answer that a deferred operation still owes.

    Used once, from any thread of the server's task. Dropped unused, it answers
    -L4_EDROPREPLY.

    Original: an explicit reply capability, L4::Ipc::Reply_cap.
    """

    __slots__ = ("__weakref__", "_method", "_port")

    def __init__(self, port: MReplyPort, method: "Method") -> None:
        self._port = port
        self._method = method

    def reply(self, *outputs: object) -> bool:
        """Answer with the outputs; whether the caller was still waiting.

        Raises: L4Error with L4_IPC_ENOT_EXISTENT if it was used before.
        """
        return self.answer(self._method.reply(Result(0, outputs)))

    def finish(self, result: Result) -> bool:
        """Answer with a label and outputs; otherwise as reply."""
        return self.answer(self._method.reply(result))

    def fail(self, code: int) -> bool:
        """Answer with an error, such as L4_EINVAL; otherwise as reply."""
        return self.answer(Reply(-L4Error(code).code))

    def answer(self, reply: Reply) -> bool:
        """Answer with a message made already; otherwise as reply."""
        return self._port.answer(reply)


class Method:
    """One operation, as a server hears and answers it."""

    __slots__ = (
        "_request",
        "_response",
        "_rights",
        "info",
        "is_deferred",
        "is_oneway",
        "name",
        "opcode",
    )

    def __init__(self, info: OperationInfo) -> None:
        self.info = info
        self.name = info.method_name
        self.opcode = info.opcode
        self.is_deferred = info.deferred
        self.is_oneway = info.oneway
        self._request = request_half(info)
        self._response = reply_half(info)
        self._rights = int(info.rights)

    @property
    def expected(self) -> ExpectedItems:
        """The receive buffers that its inputs need."""
        return self._request.expected

    def inputs(self, message: Message) -> list[Any]:
        """What the message asks with.

        Raises: L4Error for what a bad request is answered with, in this order.
        """
        label, _, words, items, _ = message
        if self._rights & ~label:
            raise L4Error(L4_EPERM)
        if len(words) // L4_WORD_BYTES + 2 * len(items) > L4_UTCB_WORDS:
            raise L4Error(L4_EMSGTOOSHORT)
        return self._request.unpack(words, items)

    def reply(self, result: Result) -> Reply:
        """The message that carries a result."""
        label, outputs = result
        if not -(1 << LABEL_BITS - 1) <= label < 1 << LABEL_BITS - 1:
            return Reply(-L4_EMSGERRRANGE)
        if label < 0:
            return Reply(label)
        return pack_reply(self._response, label, outputs)

    def run(self, obj: object, inputs: list[Any]) -> Reply:
        """What the operation of *obj* comes to, whatever it raises."""
        try:
            value = getattr(obj, self.name)(*inputs)
        except L4Error as error:
            return NO_REPLY if error.code == L4_ENOREPLY else Reply(-error.code)
        except Exception as error:  # noqa: BLE001 - any mistake of an object is answered
            return Reply(-L4_EIO, error=error)
        if value is None:
            if self.is_deferred:
                return NO_REPLY
            if not self._response.parameters:
                return DONE
        if value is NoReply:
            return NO_REPLY
        return self.reply(as_result(self.info, value))


def pack_reply(half: Half, label: int, outputs: tuple[object, ...]) -> Reply:
    """A good result; -L4_ERANGE for outputs that their types do not allow."""
    try:
        words, items = half.pack(outputs)
    except (TypeError, OverflowError, ValueError) as error:
        return Reply(-L4_ERANGE, error=error)
    except L4Error as error:
        return Reply(-error.code)
    return Reply(label, words, items)


class Dispatcher(Generic[T]):
    """Answers the messages to objects of one interface, simple or compound."""

    def __init__(self, info: InterfaceInfo) -> None:
        self.info: Final = info
        self._protocols: Final = frozenset(
            simple.protocol for simple in info.simple if simple.protocol is not None
        )
        self._methods: Final = dict(_methods_of(info))
        demands = [method.expected for method in self._methods.values()]
        self.expected: Final = ExpectedItems(
            max((demand.caps for demand in demands), default=0),
            max((demand.fpages for demand in demands), default=0),
        )

    def __call__(self, obj: T, message: Message) -> Reply:
        """Answer one message; what an operation raises is in the reply."""
        words = message.words
        method = None
        try:
            if len(words) >= KOpcodeBytes:
                opcode: int = OPCODE.unpack_from(words)[0]
                method = self._methods.get((message.protocol, opcode))
            if method is None:
                return self._answer_otherwise(message)
            inputs = method.inputs(message)
            token = _CURRENT_CALL.set((message, method.opcode))
            try:
                if method.is_deferred:
                    reply = _defer(method, obj, inputs, message)
                else:
                    reply = method.run(obj, inputs)
            finally:
                _CURRENT_CALL.reset(token)
        except L4Error as error:
            reply = Reply(-error.code)
        if method is not None and method.is_oneway:
            return Reply(0, error=reply.error, is_sent=False)
        return reply

    def _answer_otherwise(self, message: Message) -> Reply:
        """No operation is meant: a question about the object, or a mistake.

        Raises: L4Error for a request that says too little, or asks for too much.
        """
        is_meta = message.protocol == L4_PROTO_META
        if message.protocol not in self._protocols and not is_meta:
            raise L4Error(L4_EBADPROTO)
        if len(message.words) < KOpcodeBytes:
            raise L4Error(L4_EMSGTOOSHORT)
        if is_meta:
            return answer_meta(self.info, message)
        raise L4Error(L4_ENOSYS)


def _defer(method: Method, obj: object, inputs: list[Any], message: Message) -> Reply:
    """Run an operation whose caller was taken from the loop: nothing to send here."""
    assert message.detach is not None
    completion = Completion(message.detach(), method)
    reply = method.run(obj, [*inputs, completion])
    error = reply.error
    if reply.is_sent:
        try:
            completion.answer(reply)
        except L4Error as used:  # it completed, and then said something else
            error = error or used
    return Reply(0, error=error, is_sent=False)


def _methods_of(info: InterfaceInfo) -> Iterator[tuple[tuple[int, int], Method]]:
    for simple in info.simple:
        assert simple.protocol is not None
        for operation in simple.operations:
            yield (simple.protocol, operation.opcode), Method(operation)


class ServerConfig(NamedTuple):
    """What a loop must know to serve objects of one interface."""

    interface: type[Interface]
    handle: Callable[[Any, Message], Reply]
    expected: ExpectedItems


def server_config(interface: type[Interface]) -> ServerConfig:
    """The configuration for an interface class, as its server module has it too.

    Raises: TypeError if *interface* is no generated interface class.
    """
    if not is_interface(interface):
        raise TypeError(f"a generated interface is wanted, not {interface!r}")
    dispatcher = Dispatcher[Interface](interface.INFO)
    return ServerConfig(interface, dispatcher, dispatcher.expected)
