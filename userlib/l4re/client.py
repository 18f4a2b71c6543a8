"""What generated clients are made of."""

from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from userlib.l4re.errors import L4Error
from userlib.l4re.half import reply_half, request_half
from userlib.l4re.interface import Interface, InterfaceInfo, OperationInfo
from userlib.l4re.items import Cap
from userlib.l4re.messages import NEVER, Timeout

__all__ = ["Client", "Result", "Stub", "cap_of", "invoke", "one_value"]

R_co = TypeVar("R_co", covariant=True)

NOTHING: Final[tuple[Any, ...]] = (None,)  # what an operation without outputs returns


class Result(NamedTuple):
    """A result that is not just success: its label, and the outputs in a tuple.

    A server's operation returns one to answer something positive; `invoke` gives one.
    """

    label: int
    outputs: tuple[Any, ...] = ()


class Client:
    """An object in another program, called through a capability.

    All its public names are operations.
    """

    __slots__ = ("_cap", "_timeout")

    def __init__(self, cap: Cap, timeout: Timeout = NEVER) -> None:
        if not isinstance(cap, Cap):
            raise TypeError(f"a capability is wanted, not {type(cap).__name__}")
        if not isinstance(timeout, tuple):
            raise TypeError(f"a Timeout is wanted, not {type(timeout).__name__}")
        self._cap = cap
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._cap!r})"


def cap_of(client: object) -> Cap:
    """The capability that a client calls through.

    Raises: TypeError if *client* is no generated client.
    """
    if not isinstance(client, Client):
        raise TypeError(f"{type(client).__name__} is no client")
    return client._cap  # noqa: SLF001 - its public names are operations


def one_value(outputs: tuple[Any, ...]) -> Any:  # noqa: ANN401 - of any IDL type
    """What an operation returns of its outputs: nothing, or the only one."""
    return outputs[0] if outputs else None


class Stub(Generic[R_co]):
    """One operation, as a client calls it and returns its outputs.

    *result* is the named tuple of an operation with more than one output.
    """

    def __init__(
        self,
        info: InterfaceInfo,
        name: str,
        result: Callable[..., R_co] | None = None,
    ) -> None:
        self._protocol, self._operation = info.operation(name)
        self._request: Final = request_half(self._operation)
        self._reply: Final = reply_half(self._operation)
        self._buffers: Final = self._reply.buffers
        self._has_outputs: Final = bool(self._reply.parameters)
        self._is_oneway: Final = self._operation.oneway
        self._result: Final = result

    def __call__(self, client: Client, *inputs: object) -> R_co:
        """Call the object and wait for its answer, as long as the client's timeout.

        Raises: L4Error for a negative result and a failed IPC; TypeError and
            OverflowError before anything is sent.
        """
        outputs: tuple[Any, ...]
        label, outputs = self.exchange(client, inputs)
        if label < 0:
            raise L4Error(-label)
        if self._result is not None:
            return self._result(*outputs)
        value: R_co = (outputs or NOTHING)[0]  # as one_value
        return value

    def exchange(
        self, client: Client, inputs: tuple[object, ...]
    ) -> tuple[int, tuple[Any, ...]]:
        """The raw result of one call: its label and outputs."""
        cap, timeout = client._cap, client._timeout  # noqa: SLF001 - ours
        words, items = self._request.pack(inputs)
        if self._is_oneway:
            return cap.send(self._protocol, words, items, timeout), ()
        label, words, items = cap.round_trip(
            self._protocol, words, items, self._buffers, timeout
        )
        if label < 0 or not self._has_outputs:
            return label, ()
        return label, tuple(self._reply.unpack(words, items))


def invoke(target: Interface, name: str, *inputs: object) -> Result:
    """Call an operation by name; its raw result, also if that is negative.

    A local object is called as its server would.

    Raises: AttributeError if there is no such operation.
    """
    protocol, operation = target.INFO.operation(name)
    if isinstance(target, Client):
        return Result(*_stub_of(protocol, operation).exchange(target, inputs))
    try:
        value = getattr(target, operation.method_name)(*inputs)
    except L4Error as error:
        return Result(-error.code)
    return as_result(operation, value)


def _stub_of(protocol: int, operation: OperationInfo) -> Stub[Any]:
    return Stub(InterfaceInfo("", protocol, (operation,)), operation.name)


def as_result(operation: OperationInfo, value: object) -> Result:
    """What an operation returned, as a label and outputs."""
    if isinstance(value, Result):
        return value
    count = len(operation.outputs)
    if count == 0:
        return Result(0) if value is None else Result(0, (value,))
    if count == 1:
        return Result(0, (value,))
    return Result(0, value if isinstance(value, tuple) else (value,))
