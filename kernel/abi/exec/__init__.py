"""The complete list of kernel calls: one protocol, made of one per family."""

from typing import Protocol

from kernel.abi.exec.cap import ExecCap
from kernel.abi.exec.change_notifier import ExecChangeNotifier
from kernel.abi.exec.chunk import ExecChunk
from kernel.abi.exec.condition_variable import ExecConditionVariable
from kernel.abi.exec.debug import ExecDebug
from kernel.abi.exec.event_hook import ExecEventHook
from kernel.abi.exec.event_queue import ExecEventQueue
from kernel.abi.exec.fpage import ExecFpage
from kernel.abi.exec.gate import ExecGate
from kernel.abi.exec.handle import ExecHandle
from kernel.abi.exec.host import ExecHost
from kernel.abi.exec.ipc import ExecIpc
from kernel.abi.exec.irq import ExecIrq
from kernel.abi.exec.library import ExecLibrary
from kernel.abi.exec.loader import ExecLoader
from kernel.abi.exec.message import ExecMessage
from kernel.abi.exec.message_queue import ExecMessageQueue
from kernel.abi.exec.mutex import ExecMutex
from kernel.abi.exec.parameter import ExecParameter
from kernel.abi.exec.process import ExecProcess
from kernel.abi.exec.property import ExecProperty
from kernel.abi.exec.request import ExecRequest
from kernel.abi.exec.semaphore import ExecSemaphore
from kernel.abi.exec.server import ExecServer
from kernel.abi.exec.session import ExecSession
from kernel.abi.exec.thread import ExecThread
from kernel.abi.exec.timer import ExecTimer
from kernel.abi.exec.tls import ExecTls
from kernel.abi.exec.undertaker import ExecUndertaker

__all__ = ["Exec"]


class Exec(
    ExecIrq,
    ExecIpc,
    ExecGate,
    ExecFpage,
    ExecCap,
    ExecChangeNotifier,
    ExecChunk,
    ExecConditionVariable,
    ExecDebug,
    ExecEventHook,
    ExecEventQueue,
    ExecHandle,
    ExecHost,
    ExecLibrary,
    ExecLoader,
    ExecMessage,
    ExecMessageQueue,
    ExecMutex,
    ExecParameter,
    ExecProcess,
    ExecProperty,
    ExecRequest,
    ExecSemaphore,
    ExecServer,
    ExecSession,
    ExecThread,
    ExecTimer,
    ExecTls,
    ExecUndertaker,
    Protocol,
):
    """Every call an emulated thread can make.

    A call returns its value or raises `KernelError`; misuse panics the calling thread
    (KERN-EXEC, symbian-kernel 1.2), which then unwinds with `ThreadDeath`. Every handle
    argument that names no open object of the right kind panics KERN-EXEC 0.

    Threads: an emulated thread, through its own Exec. Blocks: only where it says so.
    """
