"""CObjectConIx: the containers of one server, or of the kernel."""

from typing import Any, Final

from kernel.abi.errors import KErrOverflow
from kernel.abi.panics import TCBasePanic
from kernel.objects.base import CBase
from kernel.objects.object_con import CObjectCon, KFindIdShift

KMaxUniqueId: Final = 0xFFFF


class CObjectConIx(CBase):
    """Makes owning containers, each with an id of its own, and finds them by it.

    Threads: one; in the kernel, any that holds the kernel lock. Blocks: never.
    Original: CObjectConIx (symbian-kernel 3.3).
    """

    __slots__ = ("_cell", "_containers", "_next_id", "_room")

    def __init__(self) -> None:
        # Each holds whatever kind of object its maker likes, hence Any.
        self._containers: dict[int, CObjectCon[Any]] = {}
        self._next_id = 1
        self._cell: Final = self.allocate()
        self._room = 0  # for so many containers there is memory

    def __repr__(self) -> str:
        return f"<{type(self).__name__} count={self.count}>"

    @property
    def count(self) -> int:
        """How many containers there are. Original: CObjectConIx::Count."""
        return len(self._containers)

    def create(self) -> CObjectCon[Any]:
        """A new owning container; its id is the next that is free.

        Raises: Leave(KErrOverflow) if all 65,535 are taken; Leave(KErrNoMemory).
        Original: CObjectConIx::CreateL.
        """
        if self.count == KMaxUniqueId:
            self.leave(KErrOverflow)
        unique_id = self._next_id
        while unique_id in self._containers:
            unique_id = unique_id % KMaxUniqueId + 1
        self._make_room()
        container = self.make_container(unique_id)
        self._containers[unique_id] = container
        self._next_id = unique_id % KMaxUniqueId + 1
        return container

    def _make_room(self) -> None:
        if self.count == self._room and self._cell is not None:
            self._cell.resize(self._room + 1)
            self._room += 1

    def make_container(self, unique_id: int) -> CObjectCon[Any]:
        """What `create` lists. Original: none; a point that the kernel overrides."""
        return CObjectCon(unique_id)

    def lookup(self, find_handle: int) -> CObjectCon[Any] | None:
        """The container in which a search found *find_handle*, if it is still here.

        Original: CObjectConIx::Lookup.
        """
        return self._containers.get(find_handle >> KFindIdShift)

    def remove(self, container: CObjectCon[Any] | None) -> None:
        """Destroy *container*; None is nothing to do.

        Panics: E32USER-CBase 36 if it is not one of these.
        Original: CObjectConIx::Remove.
        """
        if container is None:
            return
        if self._containers.get(container.unique_id) is not container:
            self.misuse(TCBasePanic.ERemoveUnknownContainer)
        del self._containers[container.unique_id]
        container.destroy()

    def destroy(self) -> None:
        """Destroy all containers.

        Original: CObjectConIx::~CObjectConIx, reached by C++ delete.
        """
        for container in tuple(self._containers.values()):
            self.remove(container)
        if self._cell is not None:
            self._cell.free()

    def check(self) -> None:
        """Assert that every container has the id by which it is found, and is sound.

        Original: none; for tests.
        """
        assert 1 <= self._next_id <= KMaxUniqueId, self
        for unique_id, container in self._containers.items():
            assert 1 <= unique_id <= KMaxUniqueId, container
            assert container.unique_id == unique_id, container
            container.check()
