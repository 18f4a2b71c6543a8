"""Replies: to the caller received last, or to one that was put aside."""

from typing import Final

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError
from userlib.l4re.cap import Cap, sent_items
from userlib.l4re.consts import L4_FPAGE_FULL, L4_IPC_ENOT_EXISTENT, Rights
from userlib.l4re.errors import L4Error
from userlib.l4re.messages import Reply

__all__ = ["KNobody", "ReplyPort", "send_reply"]

KNobody: Final = 0  # for a handle of a port: the kernel takes it for the latest caller
COUNTED: Final = L4_FPAGE_FULL & ~Rights.N


class ReplyPort:
    """A caller who waits for a deferred answer; or nobody, who need not be told.

    Original: a reply capability slot, L4Re::Util::Unique_del_cap.
    """

    __slots__ = ("__weakref__", "_handles")

    def __init__(self, handle: int) -> None:
        self._handles = [handle]  # popped by whoever answers first

    def answer(self, reply: Reply) -> bool:
        """Reply; whether the caller was still there.

        Raises: L4Error with L4_IPC_ENOT_EXISTENT if it was used before.
        """
        try:
            handle = self._handles.pop()
        except IndexError:
            raise L4Error.of_ipc(L4_IPC_ENOT_EXISTENT) from None
        if handle == KNobody:
            let_go(reply)
            return False
        return send_reply(handle, reply) == 0


def send_reply(handle: int, reply: Reply) -> int:
    """Answer the caller behind *handle*, 0 the last; an error of IPC, or 0."""
    error = current_exec.get().ipc_reply(
        handle, reply.label, reply.words, sent_items(reply.items)
    )
    if error:
        let_go(reply)
    return error


def let_go(reply: Reply) -> None:
    """Nobody gets its items. A new object that nobody else has goes at once.

    Its gate is not counted as the loop holds it; releasing a counted capability has
    the kernel look whether any is left. What was to move is gone in any case.
    """
    for item in reply.items:
        if isinstance(item, Cap) and item:
            end_if_unused(item)
        if item.is_granted:
            current_exec.get().cap_release(item.handle)


def end_if_unused(cap: Cap) -> None:
    """Delete a gate of one's own that nobody counts for."""
    try:
        cap.duplicate(COUNTED).close()
    except KernelError:  # no memory for that; others could come between what needs none
        exec_ = current_exec.get()
        error, _, _, counted = exec_.gate_info(cap.handle)
        if not error and not counted:
            exec_.cap_delete(cap.handle)
