"""How classes, their messages and their handlers hang together.

A class gives numbers to the messages of its body when it is made: the first level has
16,384, each further one 512, beginning where its superclass ends. So two subclasses of
one class use the same numbers for messages of their own, and none collides with an
ancestor's.
"""

import inspect
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple, Self

from userlib.geos.context import event_thread
from userlib.geos.message import KHandles, Message
from userlib.geos.values import NULL_OPTR, Optr

KFirstLevelMessages: Final = 16_384
KLevelMessages: Final = 512


class Handler(NamedTuple):
    """A function of one class for one message."""

    function: Any  # a method of the class, taking what the message says
    message: Message


class Frame:
    """A message on its way up the classes of an object."""

    __slots__ = ("handlers", "next", "params")

    def __init__(
        self, handlers: tuple[Handler, ...], params: dict[str, object]
    ) -> None:
        self.handlers: Final = handlers  # the object's own class first
        self.params = params
        self.next = 0


class GeosClass:
    """What `MetaClass` is made of; programs begin there.

    An object is run by the thread that made it. The optrs are where classed events go
    on from it; an object without them ends a chain. Handlers are marked by `method`.
    Original: ClassStruct, and the instance data of the base classes.
    """

    optr: Optr = NULL_OPTR  # its own
    gen_parent: Optr = NULL_OPTR
    output: Optr = NULL_OPTR  # of the block it is in
    focus: Optr = NULL_OPTR
    target: Optr = NULL_OPTR
    model: Optr = NULL_OPTR
    print_control: Optr = NULL_OPTR

    geos_level: ClassVar[int] = -1
    geos_class_names: ClassVar[frozenset[str]] = frozenset()
    geos_own: ClassVar[MappingProxyType[int, Handler]] = MappingProxyType({})
    geos_handlers: ClassVar[MappingProxyType[int, tuple[Handler, ...]]]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        bases = [base for base in cls.__bases__ if issubclass(base, GeosClass)]
        if len(bases) != 1:
            names = ", ".join(base.__name__ for base in bases)
            raise TypeError(f"{cls.__name__} has one superclass, not {names}")
        cls.geos_level = bases[0].geos_level + 1
        cls.geos_class_names = bases[0].geos_class_names | {cls.__name__}
        _declare_messages(cls)
        cls.geos_own = MappingProxyType(_own_handlers(cls))
        cls.geos_handlers = MappingProxyType(_all_handlers(cls))

    def __new__(cls, *_args: object, **_fields: object) -> Self:
        """Let the calling thread run it. Raises: RuntimeError if that runs none."""
        thread = event_thread()
        obj = super().__new__(cls)
        obj._frames = []
        obj.optr = thread.add(obj)
        return obj

    _frames: list[Frame]

    def __init__(self, **fields: object) -> None:
        """Set the fields that the class declares. Raises: TypeError for others."""
        for name, value in fields.items():
            if name == "optr" or not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no field {name}")
            setattr(self, name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.optr.thread}:{self.optr.chunk}>"

    def callsuper(self, **changed: object) -> Any:  # noqa: ANN401 - the handler's result
        """Let the superclass handle the current message, with parameters *changed*.

        Returns: its result; None if no superclass handles the message.
        Raises: RuntimeError outside a handler; TypeError for a parameter that is not
            the message's.
        Original: @callsuper.
        """
        if not self._frames:
            raise RuntimeError(f"{self!r} is handling no message")
        frame = self._frames[-1]
        known = frame.handlers[0].message
        for name in changed:
            if name not in known.parameters:
                raise TypeError(f"{known.name} has no parameter {name}")
        return self._handle(frame, frame.params | changed)

    def handle(self, number: int, values: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        """Handle a message here and now; one that no class handles is discarded.

        Original: none; ObjCallInstanceNoLock.
        """
        handlers = self.geos_handlers.get(number)
        if handlers is None:
            return None
        frame = Frame(handlers, handlers[0].message.name_values(values))
        self._frames.append(frame)
        try:
            return self._handle(frame, frame.params)
        finally:
            self._frames.pop()

    def _handle(self, frame: Frame, params: dict[str, object]) -> Any:  # noqa: ANN401 - as above
        if frame.next == len(frame.handlers):
            return None
        handler = frame.handlers[frame.next]
        before = frame.params
        frame.next += 1
        frame.params = params
        try:
            return handler.function(self, **params)
        finally:
            frame.next -= 1
            frame.params = before

    @classmethod
    def is_class(cls, name: str) -> bool:
        """Whether it is, or is derived from, a class of that name.

        Original: none; ObjIsObjectInClass.
        """
        return name in cls.geos_class_names


def first_number(level: int) -> int:
    """Where the messages of a class begin. Original: none; the compiler's."""
    if level == 0:
        return 0
    return KFirstLevelMessages + (level - 1) * KLevelMessages


def _declare_messages(cls: type[GeosClass]) -> None:
    own = [
        (name, value)
        for name, value in vars(cls).items()
        if isinstance(value, Message) and value.owner is None
    ]
    most = KLevelMessages if cls.geos_level else KFirstLevelMessages
    if len(own) > most:
        raise TypeError(f"{cls.__name__} declares more than {most} messages")
    for number, (name, declared) in enumerate(own, first_number(cls.geos_level)):
        declared.declare(cls, name, number)


def _own_handlers(cls: type[GeosClass]) -> dict[int, Handler]:
    found: dict[int, Handler] = {}
    for function in list(vars(cls).values()):
        for handled in getattr(function, KHandles, ()):
            _check_handler(cls, function, handled)
            if handled.number in found:
                raise TypeError(f"{cls.__name__} handles {handled.name} twice")
            found[handled.number] = Handler(function, handled)
    return found


def _check_handler(cls: type[GeosClass], function: Any, handled: Message) -> None:  # noqa: ANN401 - of any parameters
    where = f"{cls.__name__}.{function.__name__}"
    if handled.owner not in cls.__mro__:
        raise TypeError(f"{where}: {handled.name} is no message of {cls.__name__}")
    try:
        names = dict.fromkeys(handled.parameters)
        inspect.signature(function).bind(None, **names)
    except TypeError as error:
        raise TypeError(f"{where} handles {handled.name}, but {error}") from None


def _all_handlers(cls: type[GeosClass]) -> dict[int, tuple[Handler, ...]]:
    found: dict[int, tuple[Handler, ...]] = {}
    for base in reversed(cls.__mro__):
        own = vars(base).get("geos_own", {})
        for number, handler in own.items():
            found[number] = (handler, *found.get(number, ()))
    return found
