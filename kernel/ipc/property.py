"""Properties: values known by category and key, and who waits for a change.

A property is there while it is defined or somebody is attached to it; its value
outlives every handle, and the process that defined it. DPropertyRef is what a handle
stands for. Original: TProperty, DPropertyRef (symbian-kernel 9.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import (
    KernelError,
    KErrCancel,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    KRequestPending,
)
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject
from kernel.tasks.request import complete, has_room

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.abi.property import TPropertyType
    from kernel.abi.security import Identity, SecurityPolicy
    from kernel.core import Core
    from kernel.tasks.thread import DThread


@dataclass(slots=True)
class Definition:
    """What a defined property is, and its value."""

    kind: TPropertyType
    definer: int  # secure id
    read_policy: SecurityPolicy
    write_policy: SecurityPolicy
    value: int | bytes

    def may_read(self, identity: Identity) -> bool:
        """Whether a process may get the value, and be told of changes."""
        return self.read_policy.check(identity)

    def may_write(self, identity: Identity) -> bool:
        """Whether a process may set the value."""
        return self.write_policy.check(identity)


class Property:
    """One property, defined or only attached to."""

    __slots__ = ("core", "definition", "key", "refs")

    def __init__(self, core: Core, key: tuple[int, int]) -> None:
        self.core: Final = core
        self.key: Final = key  # category and key
        self.definition: Definition | None = None
        self.refs: dict[DPropertyRef, None] = {}  # attached, in order

    def define(self, definition: Definition) -> None:
        """From now on there is a value; who may not read it waits in vain."""
        self.definition = definition
        for ref in list(self.refs):
            if ref.thread is not None:
                identity = ref.thread.process.identity
                if not definition.may_read(identity):
                    ref.finish(KErrPermissionDenied)

    def demand_defined(self) -> Definition:
        """Raises: KErrNotFound."""
        if self.definition is None:
            raise KernelError(KErrNotFound)
        return self.definition

    def delete(self) -> None:
        """There is no value any more."""
        self.definition = None
        self.finish_all(KErrNotFound)
        self.drop_if_unused()

    def set(self, value: int | bytes) -> None:
        """Publish: an equal value counts too."""
        assert self.definition is not None
        self.definition.value = value
        self.finish_all(KErrNone)

    def finish_all(self, code: int) -> None:
        """Complete every subscription, once."""
        for ref in list(self.refs):
            ref.finish(code)

    def drop_if_unused(self) -> None:
        """Neither defined nor attached to: forget it."""
        if self.definition is None and not self.refs:
            del self.core.properties[self.key]


@final
class DPropertyRef(DObject):
    """An attachment to a property, with at most one subscription."""

    kind = TObjectType.EPropertyRef

    def __init__(self, core: Core, key: tuple[int, int], owner: DObject) -> None:
        super().__init__(core, None, owner)
        # Fixed for life:
        self.property: Final = property_at(core, key)

        # Guarded by the kernel lock:
        self.status: ClientStatus | None = None  # of the outstanding subscription
        self.thread: DThread | None = None  # whose it is
        self.property.refs[self] = None

    def subscribe(self, thread: DThread, status: ClientStatus) -> None:
        """Wait for the next set."""
        status.value = KRequestPending
        definition = self.property.definition
        if definition and not definition.may_read(thread.process.identity):
            complete(self.core, thread, status, KErrPermissionDenied)
            return
        if has_room(self.core, thread, status, "subscription"):
            self.status = status
            self.thread = thread
            thread.at_end[self] = None
            thread.awaits[self] = None

    def finish(self, code: int) -> None:
        """Complete the outstanding subscription, if there is one."""
        status, self.status = self.status, None
        thread, self.thread = self.thread, None
        if thread is not None and status is not None:
            thread.at_end.pop(self, None)
            thread.awaits.pop(self, None)
            complete(self.core, thread, status, code)

    def on_thread_end(self, thread: DThread) -> None:
        """The subscriber is dying: nobody is to be told."""
        if self.thread is thread:
            self.status = self.thread = None

    def describe_request(self) -> str:
        """For reports."""
        return f"a change of {self!r}"

    def on_destroy(self) -> None:
        """The last handle is gone."""
        self.finish(KErrCancel)
        del self.property.refs[self]
        self.property.drop_if_unused()
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        category, key = self.property.key
        state = "idle" if self.thread is None else f"told to {self.thread.full_name}"
        return f"{category:#x}, {key:#x}, {state}"


def property_at(core: Core, key: tuple[int, int]) -> Property:
    """The property with that category and key, made if there is none."""
    found = core.properties.get(key)
    if found is None:
        found = core.properties[key] = Property(core, key)
    return found


def check_properties(core: Core) -> None:
    """Assert what holds for properties and attachments."""
    for key, found in core.properties.items():
        assert found.key == key, key
        assert found.definition is not None or found.refs, key
        for ref in found.refs:
            assert ref.property is found, ref
            assert (ref.thread is None) == (ref.status is None), ref
            assert ref.thread is None or ref in ref.thread.at_end, ref
    for obj in core.containers[DPropertyRef.kind].in_order():
        assert isinstance(obj, DPropertyRef)
        assert obj in obj.property.refs, obj
