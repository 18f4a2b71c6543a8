"""DReplyCap: the right to answer one call, once, from any thread of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.handles import TObjectType
from kernel.abi.l4 import L4IpcErr
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.ipc_send import IpcSend
    from kernel.tasks.thread import DThread


@final
class DReplyCap(DObject):
    """An explicit reply capability: a caller that is to be answered later.

    Closed unused, or gone with its process, it aborts the call.
    Original: Fiasco's Reply_cap slot, l4_ipc_reply with an explicit capability
    (l4re-idl 1.4).
    """

    kind = TObjectType.EReplyCap

    def __init__(self, core: Core, send: IpcSend, thread: DThread) -> None:
        super().__init__(core, None, owner=None)
        # Fixed for life:
        self.send: Final = send
        self.process: Final = thread.process
        send.reply_cap = self

        # Guarded by the kernel lock:
        self.is_withdrawn = False

    def withdraw(self) -> None:
        """There is no room for it: the call stays with its receiver."""
        self.send.reply_cap = None
        self.is_withdrawn = True
        self.close()

    def on_destroy(self) -> None:
        """A caller whom nobody can answer any more is let go."""
        if self.send.is_received and not self.is_withdrawn:
            self.send.fail(L4IpcErr.L4_IPC_REABORTED)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"for {self.send.client.name}" if self.send.is_received else "used"
