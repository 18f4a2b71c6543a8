"""From a message to the operation that it asks for, and to the reply.

Original: the handlers that idl generates, and the C++ library's svr_dispatch.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
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
    new_reply,
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
KMaxBytes: Final = L4_UTCB_WORDS * L4_WORD_BYTES
DONE: Final = Reply(0)  # what most operations without outputs come to


class CurrentCall(NamedTuple):
    """What is known of the request behind the running operation."""

    label: int  # of the gate
    rights: Rights  # W and S, as far as the capability used has them
    protocol: int
    opcode: int


class Seat:
    """Where a thread's running operation leaves its request; None between two.

    Made once a thread: setting a context variable for every request is dear.
    """

    __slots__ = ("message",)

    def __init__(self) -> None:
        self.message: Message | None = None


_SEAT: Final[ContextVar[Seat]] = ContextVar("l4_seat")


def _take_seat() -> Seat:
    seat = Seat()
    _SEAT.set(seat)
    return seat


def current_call() -> CurrentCall:
    """The request that the calling thread's operation answers.

    Raises: LookupError outside an operation.
    """
    seat = _SEAT.get(None)
    message = None if seat is None else seat.message
    if message is None:
        raise LookupError("no operation is running on this thread")
    label, protocol, words, _, _ = message
    rights = Rights(label & KLabelRights)
    opcode: int = OPCODE.unpack_from(words)[0]
    return CurrentCall(label & ~KLabelRights, rights, protocol, opcode)


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
        "is_plain",
        "name",
        "unpack",
    )

    def __init__(self, info: OperationInfo) -> None:
        self.info = info
        self.name = info.method_name
        self.is_deferred = info.deferred
        self.is_oneway = info.oneway
        self._request = request_half(info)
        self._response = reply_half(info)
        self._rights = int(info.rights)
        # Whether there is nothing to do but to unpack, run and answer:
        self.is_plain = not (self._rights or info.deferred or info.oneway)
        self.unpack = self._request.unpack

    @property
    def expected(self) -> ExpectedItems:
        """The receive buffers that its inputs need."""
        return self._request.expected

    def answer(self, obj: object, message: Message) -> Reply:
        """What any request comes to; one that is plain can be run at once.

        Raises: L4Error for what a bad one is answered with.
        """
        try:
            inputs = self.inputs(message)
        except L4Error:
            if not self.is_oneway:
                raise
            return Reply(0, is_sent=False)
        if self.is_deferred:
            return _defer(self, obj, inputs, message)
        reply = self.run(obj, inputs)
        return Reply(0, error=reply.error, is_sent=False) if self.is_oneway else reply

    def inputs(self, message: Message) -> list[Any]:
        """What the message asks with.

        Raises: L4Error for what a bad request is answered with, in this order.
        """
        label, _, words, items, _ = message
        if self._rights & ~label:
            raise L4Error(L4_EPERM)
        if len(words) // L4_WORD_BYTES + 2 * len(items) > L4_UTCB_WORDS:
            raise L4Error(L4_EMSGTOOSHORT)
        return self.unpack(words, items)

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
        words = self._response.pack_one(value)
        if words is not None:
            return new_reply((0, words, (), None, True))
        return self.reply(as_result(self.info, value))


NO_METHODS: Final[Mapping[bytes, Method]] = MappingProxyType({})


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
        self._methods: Final = _methods_of(info)
        demands = [
            method.expected
            for methods in self._methods.values()
            for method in methods.values()
        ]
        self.expected: Final = ExpectedItems(
            max((demand.caps for demand in demands), default=0),
            max((demand.fpages for demand in demands), default=0),
        )

    def __call__(self, obj: T, message: Message) -> Reply:
        """Answer one message; what an operation raises is in the reply."""
        _, protocol, words, items, _ = message
        # A message too short for an opcode has none of the keys either.
        method = self._methods.get(protocol, NO_METHODS).get(words[:KOpcodeBytes])
        if method is None:
            return self._answer_otherwise(message)
        seat = _SEAT.get(None) or _take_seat()
        before, seat.message = seat.message, message
        try:
            if method.is_plain and not items and len(words) <= KMaxBytes:
                return method.run(obj, method.unpack(words, items))
            return method.answer(obj, message)
        except L4Error as error:
            return Reply(-error.code)
        finally:
            seat.message = before

    def _answer_otherwise(self, message: Message) -> Reply:
        """No operation is meant: a question about the object, or a mistake."""
        is_meta = message.protocol == L4_PROTO_META
        if message.protocol not in self._methods and not is_meta:
            return Reply(-L4_EBADPROTO)
        if len(message.words) < KOpcodeBytes:
            return Reply(-L4_EMSGTOOSHORT)
        if not is_meta:
            return Reply(-L4_ENOSYS)
        try:
            return answer_meta(self.info, message)
        except L4Error as error:
            return Reply(-error.code)


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


def _methods_of(info: InterfaceInfo) -> dict[int, dict[bytes, Method]]:
    """By protocol, and by the opcode as it stands in a message."""
    found: dict[int, dict[bytes, Method]] = {}
    for simple in info.simple:
        assert simple.protocol is not None
        methods = found.setdefault(simple.protocol, {})
        for operation in simple.operations:
            methods[OPCODE.pack(operation.opcode)] = Method(operation)
    return found


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
    # The method itself: Python gets to it faster than through the object.
    return ServerConfig(interface, dispatcher.__call__, dispatcher.expected)
