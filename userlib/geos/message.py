"""Messages as classes declare them, and the functions that handle them."""

from collections.abc import Callable
from types import MappingProxyType, UnionType
from typing import Any, Final, TypeAlias, TypeVar

from userlib.geos.values import ClassRef, Optr

Kind: TypeAlias = type | UnionType | None
F = TypeVar("F", bound=Callable[..., Any])  # Any: a handler's parameters are its own

KHandles: Final = "geos_handles"  # the attribute of a function that `method` marks


class Message:
    """One message of a class: a number, and parameters by name, type and place.

    Numbers are given in the order of declaration when the class is made. On the way
    only number and places count, as registers do: a class that declared another message
    of the same number reads the values under its own names.
    Original: @message, and a message's enumerator.
    """

    __slots__ = ("name", "number", "owner", "parameters")

    def __init__(self, parameters: dict[str, Kind]) -> None:
        for name, kind in parameters.items():
            if not isinstance(kind, type | UnionType | None):
                raise TypeError(f"the parameter {name} is of a type, and not {kind!r}")
        self.parameters: Final = MappingProxyType(parameters)
        self.name = "a message that no class has declared"
        self.number = -1
        self.owner: type | None = None

    def __repr__(self) -> str:
        return f"<{self.name} {self.number}>"

    def declare(self, owner: type, name: str, number: int) -> None:
        """Its class is being made. Original: none; the compiler does that."""
        self.owner = owner
        self.name = name
        self.number = number

    def bind(self, params: dict[str, object]) -> tuple[object, ...]:
        """The values in their places; what may be None can be left out.

        Raises: TypeError by name. Original: none.
        """
        for name in params:
            if name not in self.parameters:
                names = ", ".join(self.parameters) or "none"
                raise TypeError(f"{self.name} has no parameter {name} ({names})")
        return tuple(
            self._demand(name, kind, params) for name, kind in self.parameters.items()
        )

    def _demand(self, name: str, kind: Kind, params: dict[str, object]) -> object:
        value = params.get(name)
        if isinstance(value, type) and hasattr(value, KClassName):
            value = ClassRef(value.__name__)
        if not _fits(value, kind):
            optr = getattr(value, "optr", None)
            if isinstance(optr, Optr) and _fits(optr, kind):
                return optr
            text = getattr(kind, "__name__", str(kind))
            missing = "" if name in params else " (it was left out)"
            raise TypeError(f"{self.name}: {name} is {text}, not {value!r}{missing}")
        return value

    def name_values(self, values: tuple[object, ...]) -> dict[str, object]:
        """By this message's names, whatever they were sent under. Original: none."""
        padded = (*values, *(None for _ in self.parameters))
        return dict(zip(self.parameters, padded, strict=False))


KClassName: Final = "geos_class_names"  # what every class of ours has


def _fits(value: object, kind: Kind) -> bool:
    if kind is None:
        return value is None
    return isinstance(value, int if kind is bool else kind)


def message(**parameters: Kind) -> Message:
    """Declare a message of the class whose body this is in.

    `MSG_FOO = message(text=str, count=int)` names its parameters, with their types.

    A parameter of type `X | None` can be left out. Raises: TypeError for what is none.
    Original: @message in GOC.
    """
    return Message(parameters)


def method(*messages: Message) -> Callable[[F], F]:
    """Make a function of a class body the handler of these messages.

    It takes their parameters by name; its result is what a caller gets.
    Raises: TypeError for anything else than messages, or none.
    Original: @method in GOC.
    """
    if not messages or not all(isinstance(each, Message) for each in messages):
        names = ", ".join(getattr(each, "__name__", repr(each)) for each in messages)
        wrong = f", and not {names}" if names else ""
        raise TypeError(f"@method(MSG_…) names the messages that are handled{wrong}")

    def mark(function: F) -> F:
        function.__dict__[KHandles] = messages
        return function

    return mark
