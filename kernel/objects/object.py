"""CObject: what is counted, named and owned."""

from collections.abc import Iterator
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from kernel.abi.errors import KErrNone, TErr
from kernel.abi.panics import TCBasePanic
from kernel.objects.base import CBase

if TYPE_CHECKING:
    from kernel.abi.user_heap import HeapCell
    from kernel.objects.object_con import CObjectCon

# Numbers for the names of unnamed objects, of each thread its own: an address (the
# original's choice) would differ from run to run, and show in a replayed event log.
_local_numbers: Final[ContextVar[Iterator[int]]] = ContextVar("local_numbers")


class CObject(CBase):
    """An object that lives as long as somebody holds a reference to it.

    It begins with one reference, its creator's. `open` adds one, `close` gives one
    back; the last `close` destroys the object at once: `on_destroy` is the destructor's
    body. Nothing happens when Python collects it.

    Threads: one; in the kernel, any that holds the kernel lock. Blocks: never.
    Raises: Leave(KErrNoMemory), when made.
    Original: CObject (symbian-kernel 3.1). There the name of an unnamed object is made
    of its address, here of a running number; a destroyed object keeps it, for its repr.
    """

    # Read by all, written by this class only; container by that container.
    access_count: int
    given_name: str | None  # None: unnamed
    owner: "CObject | None"  # not counted
    container: "CObjectCon[Any] | None"  # the owning one; of whatever kind of object
    _local_number: int  # 0 until asked for
    _own_cell: "HeapCell | None"

    __slots__ = (
        "_local_number",
        "_own_cell",
        "access_count",
        "container",
        "given_name",
        "owner",
    )

    def __init__(self) -> None:
        self._own_cell = self.allocate()
        self.access_count = 1
        self.given_name = None
        self.owner = None
        self.container = None
        self._local_number = 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.full_name} count={self.access_count}>"

    def open(self) -> TErr:
        """Add a reference.

        Returns: KErrNone, always; an object of the kernel may refuse.
        Original: CObject::Open.
        """
        self.access_count += 1
        return KErrNone

    def close(self) -> None:
        """Give back a reference; with the last one the object is destroyed.

        Panics: E32USER-CBase 34 if there is none left.
        Original: CObject::Close.
        """
        if self.access_count <= 0:
            self.misuse(TCBasePanic.ENegativeAccessCount)
        self.access_count -= 1
        if self.access_count == 0:
            self.destroy()

    def destroy(self) -> None:
        """End the object: leave the container, let go of the owner, `on_destroy`.

        Requires: called once. Use `close`, which calls it.
        Panics: E32USER-CBase 33 if there are references left.
        Original: CObject::~CObject, reached by C++ delete.
        """
        if self.access_count != 0:
            self.misuse(TCBasePanic.EObjectReferenced)
        if self.container is not None:
            self.container.unlink(self)
        owner, self.owner = self.owner, None
        if owner is not None:
            self.on_owner_released(owner)
        self.on_destroy()
        if self._own_cell is not None:
            self._own_cell.free()

    def on_destroy(self) -> None:
        """What a kind of object does when it ends.

        Original: none; the body of a destructor.
        """

    @property
    def is_named(self) -> bool:
        """Whether the object has a name of its own.

        Original: none; whether CObject::iName is set.
        """
        return self.given_name is not None

    @property
    def name(self) -> str:
        """The name given, or `Local-` and eight hexadecimal digits.

        Original: CObject::Name.
        """
        if self.given_name is not None:
            return self.given_name
        if not self._local_number:
            self._local_number = self.next_local_number()
        return f"Local-{self._local_number & 0xFFFFFFFF:08x}"

    @property
    def full_name(self) -> str:
        """The names of the owners, outermost first, and its own, joined by `::`.

        Original: CObject::FullName.
        """
        if self.owner is None:
            return self.name
        return f"{self.owner.full_name}::{self.name}"

    @property
    def unique_id(self) -> int:
        """The id of the owning container; 0 outside of one.

        Original: CObject::UniqueID.
        """
        return 0 if self.container is None else self.container.unique_id

    def set_name(self, name: str | None) -> None:
        """Give the object another name, or with None take it away; all are allowed.

        Original: CObject::SetNameL.
        """
        container = self.container
        if container is None:
            self.given_name = name
            return
        container.forget_key(self)
        self.given_name = name
        container.note_key(self)

    def set_owner(self, owner: "CObject | None") -> None:
        """Make *owner* the owner, whose name begins the full name.

        Original: CObject::SetOwner.
        """
        container, old = self.container, self.owner
        if owner is not None:
            self.on_owner_taken(owner)
        if container is not None:
            container.forget_key(self)
        self.owner = owner
        if container is not None:
            container.note_key(self)
        if old is not None:
            self.on_owner_released(old)

    def on_owner_taken(self, owner: "CObject") -> None:
        """*owner* becomes the owner; here it is not counted.

        Original: none; a point that the kernel overrides.
        """

    def on_owner_released(self, owner: "CObject") -> None:
        """*owner* is no longer the owner.

        Original: none; a point that the kernel overrides.
        """

    def next_local_number(self) -> int:
        """A number, not 0, that an unnamed object's name is made of.

        Original: none; there it is the address.
        """
        numbers = _local_numbers.get(None)
        if numbers is None:
            numbers = count(1)
            _local_numbers.set(numbers)
        return next(numbers)

    def check(self) -> None:
        """Assert what holds of every object between two calls.

        Original: none; for tests.
        """
        assert self.access_count >= 0, self
        assert self.access_count or self.owner is None, self
        assert self.container is None or self in self.container, self
        seen = set()
        owner: CObject | None = self
        while owner is not None:
            assert owner not in seen, f"{type(self).__name__} is its own owner"
            seen.add(owner)
            owner = owner.owner
