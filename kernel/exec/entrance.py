"""The one entrance of all kernel calls.

A call goes through these steps; the numbers are cited elsewhere.

 (0) the arguments are of the types declared, else a TypeError (`arguments.py`)
 (1) decide: the scheduler may run others first, for long
 (2) take the lock; a pending ring is raised in `safepoint`, before any change
 (3) dead or suspended? else mask the thread: from here on it is not rung
 (4) the handler, which never blocks: it returns its result, or PARK
 (5) while PARK: park outside the lock, then take it, look again as in (2) and (3), and
     let the thread's continuation say how it ended
 (6) deliver events to sinks; on a back-end that pre-empts, give way to whoever is to
     run first, and if suspended meanwhile, wait here for the resume; unmask, and if the
     thread was ended meanwhile, unwind

The masked stretch may use try and finally: nothing can interrupt it.
"""

from __future__ import annotations

import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

from kernel.abi.errors import KernelFault, Leave, ThreadDeath
from kernel.exec.arguments import LET_THROUGH, SIGNATURES, checked
from kernel.tasks.park import PARK, SUSPENDED, block
from kernel.tasks.thread_exit import stop_machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.thread import DThread


def safepoint() -> None:
    """Where a pending ring is raised: entering a function looks for one."""


class ThreadExec:
    """One emulated thread's Exec.

    A call is made when it is first asked for, as a closure over its thread, and kept
    beside the others: a method would look everything up again each time.
    """

    def __init__(self, core: Core, thread: DThread) -> None:
        self._core: Final = core
        self.thread: Final = thread

    def __getattr__(self, name: str) -> Callable[..., object]:
        handler = self._core.handlers.get(name)
        if handler is None:
            raise AttributeError(f"there is no kernel call {name}")
        call = make_call(self._core, self.thread, name, handler)
        if name in SIGNATURES and name not in LET_THROUGH:
            call = checked(call, name, SIGNATURES[name])
        setattr(self, name, call)
        return call

    def host_call(
        self,
        function: Callable[..., Any],  # whatever the program wants done
        *args: Any,
        **kwargs: Any,
    ) -> Any:  # noqa: ANN401 - whatever it returns
        """Run host work masked; see `ExecHost`."""
        thread = self.thread
        if thread.masked:
            refuse("host_call", thread)
        with self._core.lock:
            safepoint()
            if thread.dead:
                raise ThreadDeath
            thread.masked = True
        try:
            return function(*args, **kwargs)
        finally:
            thread.masked = False
            if thread.dead:
                raise ThreadDeath


def make_call(  # noqa: C901 - one entrance, written once
    core: Core, thread: DThread, name: str, handler: Callable[..., object]
) -> Callable[..., object]:
    """The kernel call *name* of *thread*, which *handler* does the work of."""
    lock = core.lock
    decide = core.backend.decide
    give_way = core.backend.give_way
    recorder = core.recorder
    handle = partial(handler, core, thread)

    def call(*args: object) -> object:  # noqa: C901 - as above
        if thread.masked:
            refuse(name, thread)
        if decide is not None:
            decide(thread, name, args)  # (1)
        try:
            with lock:  # (2)
                safepoint()
                if thread.attention:  # (3)
                    result = attend(core, thread, handle, args)
                else:
                    thread.masked = True
                    result = handle(*args)  # (4)
            while result is PARK:  # (5)
                thread.park()
                with lock:
                    safepoint()
                    result = (
                        attend_resume(thread) if thread.attention else thread.resume()
                    )
            return result
        except (Leave, TypeError):  # a refusal, or a wrong type
            raise
        except Exception as error:
            raise fault(core, thread, name, error) from error
        finally:  # (6)
            if thread.masked:
                if recorder.outbox:
                    core.deliver()
                if give_way is not None:
                    linger(core, thread, give_way)
                thread.masked = False
            if thread.dead:
                raise ThreadDeath

    return call


def fault(core: Core, thread: DThread, name: str, error: Exception) -> KernelFault:
    """A handler failed, which is our mistake: the machine stops."""
    text = "".join(traceback.format_exception(error))
    with core.lock:
        stop_machine(core, f"{name} by {thread!r} failed\n{text}")
    return KernelFault(f"{name} failed: {error!r}")


def attend(
    core: Core,
    thread: DThread,
    handle: Callable[..., object],
    args: tuple[object, ...],
) -> object:
    """A dead thread unwinds; a suspended one makes its call when it is resumed."""
    if thread.dead:
        raise ThreadDeath
    thread.masked = True
    return block(core, thread, SUSPENDED, lambda: handle(*args))


def attend_resume(thread: DThread) -> object:
    """The same after a wait; suspended again before it ran, the thread parks again."""
    if thread.dead:
        raise ThreadDeath
    return block(thread.core, thread, SUSPENDED, thread.resume)


def linger(core: Core, thread: DThread, give_way: Callable[[DThread], None]) -> None:
    """Give way; and suspended meanwhile, park until resumed."""
    give_way(thread)
    while thread.attention and not thread.dead:
        with core.lock:
            if not thread.attention or thread.dead:
                return
            block(core, thread, SUSPENDED, thread.take_reply)
        thread.park()


def refuse(name: str, thread: DThread) -> NoReturn:
    """A kernel call inside a kernel call, or inside host_call."""
    raise RuntimeError(
        f"{name} was called while {thread.full_name} is inside the kernel: "
        "finalisers, weakref callbacks, signal handlers and functions given to "
        "host_call make no kernel calls"
    )
