"""What each kernel call takes: a wrong type is a TypeError before anything happens.

The types are those that the Exec protocol declares. They are looked at in the caller's
own context, outside the lock: finding out what an argument is can run a program's code.
A bool passes for an int and an int for a bool, as in the original.

The few calls that every round trip makes are let through. What a wrong type could harm
there is asked by their handlers, as cheaply as they can.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, get_args, get_origin

from kernel.abi.exec import Exec
from kernel.abi.l4_ipc import SentItem

# Made by the entrance itself, or by the host's side.
OWN_METHODS: Final = frozenset(("host_call",))

LET_THROUGH: Final = frozenset(
    (
        "ipc_call",
        "ipc_reply_and_wait",
        "message_complete",
        "request_wait_any",
        "server_receive",
        "server_request_receive",
        "session_send_receive",
    )
)


class Parameter(NamedTuple):
    """What one argument has to be: of one of *classes*, and if a tuple, of *items*.

    Those are the classes of each item; with `...` at the end, of any number alike.
    """

    name: str
    classes: tuple[type, ...]
    items: tuple[object, ...] | None
    text: str  # for people


class Signature(NamedTuple):
    """What a call takes: *rest* stands for any number of further arguments."""

    parameters: tuple[Parameter, ...]
    rest: Parameter | None


def declared_calls() -> list[str]:
    """The names of all kernel calls, from the protocol."""
    return sorted(
        name
        for name, value in inspect.getmembers(Exec, inspect.isfunction)
        if not name.startswith("_")
    )


def signature_of(name: str) -> Signature:
    """What the protocol declares for the call *name*."""
    declared = list(inspect.signature(getattr(Exec, name)).parameters.values())[1:]
    parameters = [_parameter(one) for one in declared]
    if declared and declared[-1].kind is inspect.Parameter.VAR_POSITIONAL:
        return Signature(tuple(parameters[:-1]), parameters[-1])
    return Signature(tuple(parameters), None)


def _parameter(declared: inspect.Parameter) -> Parameter:
    alternatives = _alternatives(declared.annotation)
    classes: list[type] = []
    items: tuple[object, ...] | None = None
    for one in alternatives:
        if get_origin(one) is tuple:
            items = tuple(
                item if item is Ellipsis else _classes(item) for item in get_args(one)
            )
        classes.append(get_origin(one) or one)
    if bool in classes:
        classes.append(int)
    text = " or ".join(_name(one) for one in alternatives)
    return Parameter(declared.name, tuple(classes), items, text)


def _alternatives(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of any form
    """The types that an annotation allows."""
    if isinstance(annotation, UnionType):
        return tuple(NoneType if one is None else one for one in get_args(annotation))
    return (annotation,)


def _classes(annotation: object) -> tuple[type, ...]:
    """The same, as `isinstance` takes them."""
    return tuple(get_origin(one) or one for one in _alternatives(annotation))


def _name(kind: Any) -> str:  # noqa: ANN401 - as above
    if kind is NoneType:
        return "None"
    if get_origin(kind) is Callable:
        return "a function"
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)


def checked(
    call: Callable[..., object], name: str, signature: Signature
) -> Callable[..., object]:
    """The kernel call *call*, made only with arguments of the types it declares.

    It stands before nearly every call, so that what is usual is looked at in one go;
    what is not, `demand` judges.
    """
    classes = [one.classes for one in signature.parameters]
    count = len(classes)
    tuples = [
        (place, one.items)
        for place, one in enumerate(signature.parameters)
        if one.items is not None
    ]

    def checked_call(*args: object) -> object:
        if (
            len(args) != count
            or not all(map(isinstance, args, classes))
            or (tuples and not _tuples_fit(args, tuples))
        ):
            demand(name, signature, args)
        return call(*args)

    return checked_call


def demand_types(name: str, *args: object) -> None:
    """The same for a handler of a call that is let through. Raises: TypeError."""
    demand(name, SIGNATURES[name], args)


def demand(name: str, signature: Signature, args: tuple[object, ...]) -> None:
    """See that *args* are as declared. Raises: TypeError."""
    parameters, rest = signature
    count = len(parameters)
    if len(args) != count and (rest is None or len(args) < count):
        raise TypeError(f"{name} takes {count} arguments, not {len(args)}")
    for argument, parameter in zip(args, parameters, strict=False):
        if not isinstance(argument, parameter.classes) or (
            parameter.items is not None
            and argument
            and not _fits(argument, parameter.items)
        ):
            raise TypeError(_wrong(name, parameter, argument))
    if rest is not None:
        for argument in args[count:]:
            if not isinstance(argument, rest.classes):
                raise TypeError(_wrong(name, rest, argument))


def _fits(argument: object, items: tuple[object, ...]) -> bool:
    """Whether a tuple has items of the right types; what is no tuple does not ask."""
    if not isinstance(argument, tuple):
        return True
    if items[-1] is Ellipsis:
        items = items[:1] * len(argument)
    return (
        len(argument) == len(items)
        and all(map(isinstance, argument, items))  # type: ignore[arg-type] # classes
        and all(_is_sound(one) for one in argument if isinstance(one, SentItem))
    )


def _tuples_fit(
    args: tuple[object, ...], tuples: list[tuple[int, tuple[object, ...]]]
) -> bool:
    """The same of all places that may hold one; an empty one holds nothing wrong."""
    for place, items in tuples:
        argument = args[place]
        if argument and not _fits(argument, items):
            return False
    return True


def _is_sound(item: SentItem) -> bool:
    """Whether all its fields are numbers; nothing has looked at them yet."""
    return all(isinstance(field, int) for field in item)


def _wrong(name: str, parameter: Parameter, argument: object) -> str:
    return f"{name}: {parameter.name} is {parameter.text}, not {argument!r}"


# Of every call; looked up when a thread makes it for the first time.
SIGNATURES: Final = {
    name: signature_of(name) for name in declared_calls() if name not in OWN_METHODS
}
