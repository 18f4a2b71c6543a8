"""L4 IPC: synchronous messages through gates."""

from typing import Protocol

from kernel.abi.l4_ipc import SentItem, TIpcReply, TIpcRequest


class ExecIpc(Protocol):
    """Call, send, reply and wait. Original: l4_ipc_call and its kin (l4re-idl 1.4).

    A message is a label, words (bytes, a whole number of eight) and items; words and
    twice the items are at most 63 words, and an item is EVoid, EObject or EMemory, or
    KErrArgument is raised. *buffers* are the items a receiver is ready for, in order,
    at most 58. Times are microseconds, -1 is never, 0 not at all. Errors are an
    `L4IpcErr`, 0 for none.
    """

    def ipc_call(
        self,
        gate: int,
        label: int,
        words: bytes,
        items: tuple[SentItem, ...],
        buffers: tuple[int, ...],
        send_us: int,
        receive_us: int,
    ) -> TIpcReply:
        """Send, and wait for the reply. Blocks: until both are done, or fail.

        An object that is no gate answers for itself, with -L4_EBADPROTO.
        """

    def ipc_send(
        self,
        gate: int,
        label: int,
        words: bytes,
        items: tuple[SentItem, ...],
        send_us: int,
    ) -> int:
        """Send only: an error, or 0. Blocks: until the receiver takes it."""

    def ipc_reply(
        self, reply: int, label: int, words: bytes, items: tuple[SentItem, ...]
    ) -> int:
        """Answer a caller, who waits by construction: an error, or 0.

        *reply* is what ipc_save_reply gave, and is used up; 0 is the caller whose
        message this thread received last.
        L4_IPC_ENOT_EXISTENT: it is gone, or was answered. L4_IPC_NO_REPLY_CAP: this
        thread received no call.
        """

    def ipc_save_reply(self) -> int:
        """A handle to answer the caller by, later and from any thread of the process.

        0 if this thread received no call. Closed unused it aborts the call.
        Raises: KErrNoMemory.
        """

    def ipc_wait(
        self, buffers: tuple[int, ...], timeout_us: int, source: int
    ) -> TIpcRequest:
        """Wait for a message by anyone, or for the Irq *source* alone.

        Blocks: until there is one, or the time is over (L4_IPC_RETIMEOUT).
        An Irq that is not this thread's, or not any more: L4_IPC_ENOT_EXISTENT.
        """

    def ipc_reply_and_wait(
        self,
        label: int,
        words: bytes,
        items: tuple[SentItem, ...],
        buffers: tuple[int, ...],
        timeout_us: int,
    ) -> TIpcRequest:
        """ipc_reply to the caller received last, then ipc_wait, in one.

        How the reply went stands at the end of the result.
        """
