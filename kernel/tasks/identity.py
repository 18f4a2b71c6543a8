"""Who may do what to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.exit import TCritical
from kernel.abi.panics import TKernExec
from kernel.abi.security import TCapability
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


def demand(core: Core, thread: DThread, permitted: bool) -> None:
    """Where the API has no error return, a refusal panics KERN-EXEC 46."""
    if not permitted:
        panic_current(core, thread, TKernExec.EPlatformSecurityTrap)


def demand_same_process(core: Core, thread: DThread, target: DThread) -> None:
    """Threads of another process are read, never changed."""
    demand(core, thread, target.process is thread.process)


def demand_may_end(core: Core, thread: DThread, target: DProcess) -> None:
    """Itself, a process it created and has not resumed, or with PowerMgmt."""
    own = thread.process
    demand(
        core,
        thread,
        target is own
        or (target.creator is own and not target.resumed)
        or own.identity.has(TCapability.ECapabilityPowerMgmt),
    )


def demand_critical(core: Core, thread: DThread, level: int) -> None:
    """System critical and permanent need ProtServ."""
    if level in (TCritical.ESystemCritical, TCritical.ESystemPermanent):
        demand(
            core, thread, thread.process.identity.has(TCapability.ECapabilityProtServ)
        )
