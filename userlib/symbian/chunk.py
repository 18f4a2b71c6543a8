"""RChunk: a handle to memory that several processes share."""

from typing import Final, Self

from kernel.abi.chunk import KDefaultClearByte, TChunkKind
from kernel.abi.current import current_exec, panic
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import KERN_EXEC, USER, TKernExec, TUserPanic
from userlib.symbian.buffers import TPtr8
from userlib.symbian.descriptors import TDesC8
from userlib.symbian.handle import RHandleBase
from userlib.symbian.names import kernel_name

# In what chunk_extent returns.
_KBottom: Final = 0
_KTop: Final = 1
_KSize: Final = 2
_KMaxSize: Final = 3


class TChunkCreateInfo:
    """What a chunk is to be like, for `RChunk.create`.

    A normal one, local, of the process, and cleared with 0x03, unless it is told
    otherwise. Impossible sizes panic the category USER as in the `create_…` of RChunk.

    Original: TChunkCreateInfo (e32cmn.h).
    """

    def __init__(self) -> None:
        self.kind = TChunkKind.ENormal
        self.extent = (0, 0, 0)  # bottom, top, maximum size
        self.name: str | None = None
        self.clear_byte = KDefaultClearByte
        self.read_only = False
        self.owner: TOwnerType = EOwnerProcess

    def set_normal(self, size: int, max_size: int) -> Self:
        """Committed from 0 to *size*. Original: TChunkCreateInfo::SetNormal."""
        if max_size < 0:
            panic(USER, TUserPanic.EChkCreateMaxSizeNegative)
        if size < 0:
            panic(USER, TUserPanic.EChkCreateSizeNegative)
        if max_size < size:
            panic(USER, TUserPanic.EChkCreateMaxLessThanMin)
        self.kind, self.extent = TChunkKind.ENormal, (0, size, max_size)
        return self

    def set_double_ended(self, bottom: int, top: int, max_size: int) -> Self:
        """Committed from *bottom* to *top*.

        Original: TChunkCreateInfo::SetDoubleEnded.
        """
        return self._set_range(TChunkKind.EDoubleEnded, bottom, top, max_size)

    def set_disconnected(self, bottom: int, top: int, max_size: int) -> Self:
        """Committed from *bottom* to *top* at first.

        Original: TChunkCreateInfo::SetDisconnected.
        """
        return self._set_range(TChunkKind.EDisconnected, bottom, top, max_size)

    def set_global(self, name: str) -> Self:
        """Found by *name*; an empty one may be passed on only.

        Original: TChunkCreateInfo::SetGlobal.
        """
        self.name = kernel_name(name)
        return self

    def set_owner(self, owner: TOwnerType) -> Self:
        """Whose handle it is to be. Original: TChunkCreateInfo::SetOwner."""
        self.owner = owner
        return self

    def set_clear_byte(self, value: int) -> Self:
        """What new memory is filled with. Original: TChunkCreateInfo::SetClearByte."""
        self.clear_byte = value
        return self

    def set_read_only(self) -> Self:
        """Only the creating process may write or adjust.

        Original: TChunkCreateInfo::SetReadOnly.
        """
        self.read_only = True
        return self

    def _set_range(self, kind: TChunkKind, bottom: int, top: int, limit: int) -> Self:
        if bottom < 0:
            panic(USER, TUserPanic.EChkCreateBottomNegative)
        if top < 0:
            panic(USER, TUserPanic.EChkCreateTopNegative)
        if top < bottom:
            panic(USER, TUserPanic.EChkCreateTopLessThanBottom)
        if top > limit:
            panic(USER, TUserPanic.EChkCreateTopBeyondMax)
        self.kind, self.extent = kind, (bottom, top, limit)
        return self


class RChunk(RHandleBase):
    """A handle to shared memory.

    Pages of 4 KiB are committed and taken back by the calls below, up to a maximum that
    is reserved when the chunk is made. What one process writes another reads at once:
    `view` gives the memory itself, as a memoryview; `ptr8` and `ptr_c8` give
    descriptors of it. These are good as long as the memory is committed.

    Original: RChunk (e32cmn.h); `view` stands for Base.
    """

    object_type = TObjectType.EChunk

    __slots__ = ()

    # Creating and opening.

    def create(self, info: TChunkCreateInfo) -> Self:
        """A chunk like *info* says.

        Raises: KErrArgument for a maximum size of 0, KErrBadName, KErrAlreadyExists,
            KErrNoMemory if there is no room for the maximum.
        Original: RChunk::Create.
        """
        self.handle = current_exec.get().chunk_create(
            info.name,
            info.kind,
            info.extent,
            info.clear_byte,
            info.read_only,
            info.owner,
        )
        return self

    def create_local(
        self, size: int, max_size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """A normal chunk that other processes cannot open; else as create.

        A negative maximum panics USER 99, a negative size 100, a maximum below the size
        101. Original: RChunk::CreateLocal.
        """
        return self.create(
            TChunkCreateInfo().set_normal(size, max_size).set_owner(owner)
        )

    def create_global(
        self, name: str, size: int, max_size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """As create_local, but found by *name*, or passed on if that is empty.

        Original: RChunk::CreateGlobal.
        """
        info = TChunkCreateInfo().set_normal(size, max_size)
        return self.create(info.set_global(name).set_owner(owner))

    def create_double_ended_local(
        self, bottom: int, top: int, max_size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """Committed from *bottom* to *top*; else as create.

        A negative bottom panics USER 120, a negative top 121, a top below the bottom
        122, one above the maximum 123. Original: RChunk::CreateDoubleEndedLocal.
        """
        info = TChunkCreateInfo().set_double_ended(bottom, top, max_size)
        return self.create(info.set_owner(owner))

    def create_double_ended_global(
        self,
        name: str,
        bottom: int,
        top: int,
        max_size: int,
        owner: TOwnerType = EOwnerProcess,
    ) -> Self:
        """As create_double_ended_local, but found by *name*.

        Original: RChunk::CreateDoubleEndedGlobal.
        """
        info = TChunkCreateInfo().set_double_ended(bottom, top, max_size)
        return self.create(info.set_global(name).set_owner(owner))

    def create_disconnected_local(
        self, bottom: int, top: int, max_size: int, owner: TOwnerType = EOwnerProcess
    ) -> Self:
        """Any pages; those from *bottom* to *top* at first. Else as double-ended.

        Original: RChunk::CreateDisconnectedLocal.
        """
        info = TChunkCreateInfo().set_disconnected(bottom, top, max_size)
        return self.create(info.set_owner(owner))

    def create_disconnected_global(
        self,
        name: str,
        bottom: int,
        top: int,
        max_size: int,
        owner: TOwnerType = EOwnerProcess,
    ) -> Self:
        """As create_disconnected_local, but found by *name*.

        Original: RChunk::CreateDisconnectedGlobal.
        """
        info = TChunkCreateInfo().set_disconnected(bottom, top, max_size)
        return self.create(info.set_global(name).set_owner(owner))

    def open_global(self, full_name: str, owner: TOwnerType = EOwnerProcess) -> Self:
        """Open by full name, letter case aside; an illegal one panics KERN-EXEC 2.

        Raises: KErrNotFound, KErrPermissionDenied.
        Original: RChunk::OpenGlobal.
        """
        self.handle = current_exec.get().handle_open_global(
            self.object_type, full_name, owner
        )
        return self

    # What is committed. Each of these raises KErrAccessDenied from another process than
    # the creator's if that restricted the chunk or made it read-only, KErrGeneral for a
    # chunk of another kind, KErrArgument beyond the maximum, KErrNoMemory.

    def adjust(self, size: int) -> None:
        """Commit a normal chunk from 0 to *size*; negative panics USER 102.

        Original: RChunk::Adjust.
        """
        if size < 0:
            panic(USER, TUserPanic.EChkAdjustSizeNegative)
        current_exec.get().chunk_adjust(self.handle, size)

    def adjust_double_ended(self, bottom: int, top: int) -> None:
        """Commit a double-ended chunk from *bottom* to *top*.

        A negative bottom panics USER 124, a negative top 125, a top below the bottom
        126. Original: RChunk::AdjustDoubleEnded.
        """
        if bottom < 0:
            panic(USER, TUserPanic.EChkAdjustBottomNegative)
        if top < 0:
            panic(USER, TUserPanic.EChkAdjustTopNegative)
        if top < bottom:
            panic(USER, TUserPanic.EChkAdjustTopLessThanBottom)
        current_exec.get().chunk_adjust_double_ended(self.handle, bottom, top)

    def commit(self, offset: int, size: int) -> None:
        """Commit pages of a disconnected chunk.

        A negative offset panics USER 157, a negative size 158.

        Raises: KErrAlreadyExists if a page is committed already; nothing changes then.
        Original: RChunk::Commit.
        """
        if offset < 0:
            panic(USER, TUserPanic.EChkCommitOffsetNegative)
        if size < 0:
            panic(USER, TUserPanic.EChkCommitSizeNegative)
        current_exec.get().chunk_commit(self.handle, offset, size)

    def decommit(self, offset: int, size: int) -> None:
        """Take pages of a disconnected chunk back, as far as they are committed.

        A negative offset panics USER 160, a negative size 161.
        Original: RChunk::Decommit.
        """
        if offset < 0:
            panic(USER, TUserPanic.EChkDecommitOffsetNegative)
        if size < 0:
            panic(USER, TUserPanic.EChkDecommitSizeNegative)
        current_exec.get().chunk_decommit(self.handle, offset, size)

    def allocate(self, size: int) -> int:
        """Commit free pages of a disconnected chunk in a row; the offset of the first.

        A negative size panics USER 159.

        Raises: KErrNoMemory if there is no such row of free pages.
        Original: RChunk::Allocate.
        """
        if size < 0:
            panic(USER, TUserPanic.EChkAllocateSizeNegative)
        return current_exec.get().chunk_allocate(self.handle, size)

    def set_restrictions(self, flags: int) -> None:
        """With EPreventAdjust only the creator's process may change what is committed.

        Raises: KErrAccessDenied in any other process.
        Original: RChunk::SetRestrictions.
        """
        current_exec.get().chunk_set_restrictions(self.handle, flags)

    # Sizes.

    def bottom(self) -> int:
        """Where the committed part of a double-ended chunk begins.

        Original: RChunk::Bottom.
        """
        return current_exec.get().chunk_extent(self.handle)[_KBottom]

    def top(self) -> int:
        """Where that of a normal or double-ended chunk ends. Original: RChunk::Top."""
        return current_exec.get().chunk_extent(self.handle)[_KTop]

    def size(self) -> int:
        """Bytes committed. Original: RChunk::Size."""
        return current_exec.get().chunk_extent(self.handle)[_KSize]

    def max_size(self) -> int:
        """Bytes reserved. Original: RChunk::MaxSize."""
        return current_exec.get().chunk_extent(self.handle)[_KMaxSize]

    # The memory.

    def view(self, offset: int = 0, size: int | None = None) -> memoryview:
        """The memory itself, all from *offset* to the top if no size is given.

        Memory that is not committed panics KERN-EXEC 3. A view of memory that is taken
        back later, by whatever process, raises ValueError wherever it is used.

        Original: RChunk::Base, and a pointer.
        """
        if size is None:
            size = self.top() - offset
        view = current_exec.get().chunk_view(self.handle, offset, size)
        if view is None:
            panic(KERN_EXEC, TKernExec.ECausedException)
        return view

    def ptr8(self, offset: int, max_length: int, length: int = 0) -> TPtr8:
        """A descriptor that is written, of which *length* bytes count now.

        Of memory that is not committed it is a bad pointer: a server meets
        KErrBadDescriptor, the own thread panics KERN-EXEC 3.

        Original: RChunk::Base, as `TPtr8(chunk.Base() + offset, length, maxLength)`.
        """
        view = current_exec.get().chunk_view(self.handle, offset, max_length)
        memory = ClientBuffer(max_length, bytearray() if view is None else view)
        memory.length = length
        memory.bad = view is None
        memory.modifiable = view is None or not view.readonly
        return TPtr8(memory)

    def ptr_c8(self, offset: int, length: int) -> TDesC8:
        """A descriptor that is read; else as ptr8.

        Original: RChunk::Base, as `TPtrC8(chunk.Base() + offset, length)`.
        """
        return self.ptr8(offset, length, length).as_const()
