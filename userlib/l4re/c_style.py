"""The C mapping: references, tables of functions, and what makes objects of them.

Original: ref_X and iface_X, as idl generates them for C.
"""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from userlib.l4re.client import Client, Result, Stub, one_value
from userlib.l4re.consts import L4_EINVAL
from userlib.l4re.errors import L4Error
from userlib.l4re.interface import InterfaceInfo, OperationInfo
from userlib.l4re.items import Cap
from userlib.l4re.messages import NoReply

__all__ = ["CFunction", "CStub", "Reference"]

R_co = TypeVar("R_co", covariant=True)


class Reference:
    """Where an object is: *ptr*, whatever its functions make of it, or a capability."""

    __slots__ = ("cap", "ptr")

    def __init__(
        self,
        ptr: Any = None,  # noqa: ANN401 - a pointer to anything
        cap: Cap | None = None,
    ) -> None:
        self.ptr = ptr
        self.cap = cap

    def __repr__(self) -> str:
        return f"{type(self).__name__}(ptr={self.ptr!r}, cap={self.cap!r})"


class CFunction(Generic[R_co]):
    """What a function of a table returned, as the method of an object returns it."""

    def __init__(
        self,
        info: InterfaceInfo,
        name: str,
        result: Callable[..., R_co] | None = None,
    ) -> None:
        _, operation = info.operation(name)
        self._operation: Final[OperationInfo] = operation
        self._result: Final = result

    def __call__(self, returned: object) -> R_co:
        """A status alone, or a tuple of it and the outputs.

        Raises: L4Error for a status below zero; TypeError for anything else.
        """
        if returned is NoReply or (returned is None and self._operation.deferred):
            later: R_co = NoReply
            return later
        status, *outputs = returned if isinstance(returned, tuple) else (returned,)
        if not isinstance(status, int):
            raise TypeError(
                f"{self._operation.name} returned no status: {type(status).__name__}"
            )
        if status < 0:
            raise L4Error(-status)
        value: R_co = self._value(status, tuple(outputs))
        return value

    def _value(self, status: int, outputs: tuple[object, ...]) -> Any:  # noqa: ANN401
        if status > 0:
            return Result(status, outputs)
        wanted = len(self._operation.outputs)
        if len(outputs) != wanted:
            raise TypeError(
                f"{self._operation.name} returned {len(outputs)} outputs, not {wanted}"
            )
        if self._result is not None:
            return self._result(*outputs)
        return one_value(outputs)


class CStub:
    """An operation as a function of the ready-made table: status and outputs."""

    def __init__(self, info: InterfaceInfo, name: str) -> None:
        self._stub: Final = Stub[object](info, name)

    def __call__(self, _self: Reference, *inputs: Any) -> Any:  # noqa: ANN401 - typed by
        """Call the object behind the reference's capability; the status comes first.

        A reference without a capability is answered -L4_EINVAL.
        """
        if _self.cap is None:
            return -L4_EINVAL
        try:
            label, outputs = self._stub.exchange(Client(_self.cap), inputs)
        except L4Error as error:
            return -error.code
        return (label, *outputs) if outputs else label
