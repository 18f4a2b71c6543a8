"""DObject and its kin: where kernel objects differ from the user-side ones.

The classes of kernel/objects are overridden at exactly these points: what clashes,
where instance numbers come from, that an owner is counted, that a dying object cannot
be opened again, and that misuse is our own mistake.

Original: symbian-kernel 2.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from kernel.abi.errors import (
    KernelError,
    KernelFault,
    KErrDied,
    KErrGeneral,
    KErrNone,
    KErrPermissionDenied,
    TErr,
)
from kernel.abi.handles import (
    KHandleFlagLocal,
    KHandleInstanceMask,
    KHandleInstanceShift,
    KNullHandle,
    TObjectType,
)
from kernel.abi.names import fold
from kernel.objects import CObject, CObjectCon, CObjectIx
from kernel.tasks.request import complete

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from kernel.abi.memory import ClientStatus
    from kernel.abi.panics import TCBasePanic
    from kernel.core import Core
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


class TProtection(IntEnum):
    """From where an object can be reached. Original: symbian-kernel 2.4."""

    ELocal = 0
    EProtected = 1  # passed to another process only by message or parameter
    EGlobal = 2  # also found, opened by name or id, duplicated


class KernelBase:
    """Misuse by kernel code stops the machine; a refusal is the kernel's."""

    __slots__ = ()

    def misuse(self, reason: TCBasePanic) -> NoReturn:
        """A mistake of ours."""
        raise KernelFault(f"{self!r}: E32USER-CBase {int(reason)}")

    def leave(self, code: int) -> NoReturn:
        """The caller cannot have that."""
        raise KernelError(code)

    def allocate(self) -> None:
        """The kernel counts its memory itself, at its fault points."""


class DObject(KernelBase, CObject):
    """A kernel object. It is in its container from construction to destruction.

    Raises, when constructed: KErrBadName, KErrAlreadyExists, KErrNoMemory.
    """

    kind: ClassVar[TObjectType]
    is_capability: ClassVar = False  # is told of the slots that hold it

    def __init__(self, core: Core, name: str | None, owner: DObject | None) -> None:
        super().__init__()
        if core.faults is not None:
            core.faults.allocate(self.kind.name)
        # Fixed for life:
        self.core: Final = core
        self.number: Final = core.next_number()

        # Guarded by the kernel lock:
        self.protection = TProtection.ELocal
        self.destruction_waits: list[tuple[DThread, ClientStatus]] = []
        self.given_name = name or None
        if owner is not None:
            self.owner = owner
        core.containers[self.kind].add(self)  # checks the name first
        if owner is not None:
            owner.open()

    def open(self) -> TErr:
        """Add a reference. Raises: KErrGeneral once the object has begun to die."""
        if self.access_count <= 0:
            raise KernelError(KErrGeneral)
        self.access_count += 1
        return KErrNone

    def on_owner_taken(self, owner: CObject) -> None:
        """An owner is counted."""
        owner.open()

    def on_owner_released(self, owner: CObject) -> None:
        """As on_owner_taken."""
        owner.close()

    def on_destroy(self) -> None:
        """Notifications complete last; kinds of objects extend this."""
        waits, self.destruction_waits = self.destruction_waits, []
        for thread, status in waits:
            complete(self.core, thread, status, KErrNone)

    def next_local_number(self) -> int:
        """Never the same twice in one machine."""
        return self.number

    def on_slot_added(self, table: DObjectIx, handle: int, rights: int) -> None:
        """*table* holds it under *handle*. Called if it is a capability."""

    def on_slot_freed(self, table: DObjectIx, handle: int) -> None:
        """That slot is free. Called if it is a capability."""

    def check_open_by(self, thread: DThread, *, is_local_table: bool) -> None:
        """Refuse a handle to *thread*, of whatever kind of table.

        Raises: KErrPermissionDenied. Only some kinds of objects are particular.
        """

    def check_duplicate(self, thread: DThread, source: DThread) -> None:
        """Refuse to duplicate from another process what is not Global."""
        if (
            source.process is not thread.process
            and self.protection is not TProtection.EGlobal
        ):
            raise KernelError(KErrPermissionDenied)

    def state_text(self) -> str:
        """The state, in a word or two, for `repr`."""
        return f"count {self.access_count}"

    def __repr__(self) -> str:
        kind = self.kind.name[1:].lower()
        return f"<{kind} {self.full_name} #{self.number}: {self.state_text()}>"


class DObjectCon(KernelBase, CObjectCon[DObject]):
    """All kernel objects of one type.

    Names clash within one owner, case folded; an iteration goes on after an object's
    number, so it neither repeats nor skips, whatever comes and goes meanwhile.
    """

    def index_key(self, obj: DObject) -> Hashable | None:
        """Owner and folded name."""
        return None if obj.given_name is None else (obj.owner, fold(obj.given_name))

    def clashes(self, obj: DObject) -> bool:
        """Objects that have begun to die do not count."""
        if obj.given_name is None:
            return False
        return any(
            other.access_count > 0 for other in self.with_key(self.index_key(obj))
        )

    def live(self) -> Iterator[DObject]:
        """The objects that can be opened, in order of creation."""
        return (obj for obj in self.in_order() if obj.access_count > 0)


class DObjectIx(KernelBase, CObjectIx[DObject]):
    """The handles of one thread or process."""

    __slots__ = ("_core", "_flag", "is_closed", "is_local", "owner")

    def __init__(
        self, core: Core, owner: DThread | DProcess, *, is_local: bool
    ) -> None:
        super().__init__()
        self._core: Final = core
        self.owner: Final = owner
        self.is_local: Final = is_local
        self._flag: Final = KHandleFlagLocal if is_local else 0
        self.is_closed = False  # its owner is dead: nothing is added any more
        self._instance = owner.number * 2654435761 & KHandleInstanceMask

    def next_instance(self, index: int) -> int:
        """Pseudo-random with full period: a slot's next occupant has another one."""
        while True:
            self._instance = (self._instance * 4093 + 3643) & KHandleInstanceMask
            if self._instance:
                return self._instance

    def make_handle(self, instance: int, index: int) -> int:
        """Bit 30 tells the thread's table from the process's."""
        return instance << KHandleInstanceShift | index | self._flag

    def add(self, obj: DObject, rights: int = -1) -> int:
        """As CObjectIx. Raises: KErrDied if the owner is dead; KErrNoMemory."""
        if self.is_closed:
            raise KernelError(KErrDied)
        if self._core.faults is not None:
            self._core.faults.allocate("handle")
        handle = super().add(obj, rights)
        if obj.is_capability:
            obj.on_slot_added(self, handle, rights)
        return handle

    def add_opened(self, obj: DObject, rights: int = -1) -> int:
        """Add a further reference to *obj* and put it here."""
        handle = self.add(obj, rights)
        obj.open()
        return handle

    def remove(self, handle: int) -> None:
        """As CObjectIx; a capability is told."""
        obj = self.try_at(handle)
        super().remove(handle)
        if obj is not None and obj.is_capability and self.try_at(handle) is None:
            obj.on_slot_freed(self, handle)

    def exchange(self, handle: int, obj: DObject) -> int:
        """Close *handle*, and give a new one to *obj* in its place: that cannot fail.

        Returns: 0 if *handle* had been closed, and its slot was taken again.
        """
        if self.try_at(handle) is not None:
            self.remove(handle)
        try:
            new = super().add(obj)
        except KernelError:
            return KNullHandle
        obj.open()
        return new

    def close_all(self) -> None:
        """Close every handle, the highest slot first."""
        if self.owner.dead:
            self.is_closed = True
        for handle, obj, _ in reversed(list(self)):
            if self.try_at(handle) is obj:
                self.remove(handle)
