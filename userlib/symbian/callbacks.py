"""Active objects that call a function when the loop gets round to it.

A TCallBack is a Python callable.

Original: CIdle, CAsyncOneShot, CAsyncCallBack (ub_act.cpp); symbian-userlib 7.
"""

from collections.abc import Callable
from typing import Final

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KernelError, KErrNone
from kernel.abi.handles import KCurrentThreadHandle
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.active import CActive, EPriorityStandard, TActivePriority
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.thread import RThread


class CIdle(CActive):
    """Calls a function again and again, as long as nothing more urgent is ready.

    It adds itself to the thread's scheduler.

    Original: CIdle (e32base.h).
    """

    def __init__(self, priority: int = TActivePriority.EPriorityIdle) -> None:
        super().__init__(priority)
        self._callback: Callable[[], object] | None = None
        CActiveScheduler.add(self)

    def start(self, callback: Callable[[], object]) -> None:
        """Call *callback* until it returns something false. Original: CIdle::Start."""
        self._callback = callback
        self._request()

    def run(self) -> None:
        assert self._callback is not None
        if self._callback():
            self._request()

    def destroy(self) -> None:
        self.cancel()
        super().destroy()

    def _request(self) -> None:
        client = self.status.start()
        current_exec.get().request_complete(KCurrentThreadHandle, client, KErrNone)
        self.set_active()


class CAsyncOneShot(CActive):
    """Runs once for each `call`, which any thread of the process may make.

    It adds itself to the scheduler of the thread that creates it, and runs there.

    Original: CAsyncOneShot (e32base.h).
    """

    marks_are_own = False

    def __init__(self, priority: int = EPriorityStandard) -> None:
        super().__init__(priority)
        try:
            self._thread: Final = RThread().duplicate(RThread())
        except KernelError:
            panic(E32USER_CBASE, TCBasePanic.EOneShotSetUpFailed)
        CActiveScheduler.add(self)

    def call(self) -> None:
        """Have it run. Not added panics E32USER-CBase 2, called already 42.

        Threads: any of the process.
        Original: CAsyncOneShot::Call.
        """
        if not self.is_added:
            panic(E32USER_CBASE, TCBasePanic.ECAsyncOneShotNotAdded)
        client = self.status.start()
        self.set_active()
        current_exec.get().request_complete(self._thread.handle, client, KErrNone)

    def destroy(self) -> None:
        self.cancel()
        super().destroy()
        self._thread.close()


class CAsyncCallBack(CAsyncOneShot):
    """Calls a function once, however often that was asked for before it ran.

    Original: CAsyncCallBack (e32base.h).
    """

    def __init__(
        self,
        callback: Callable[[], object] | None = None,
        priority: int = EPriorityStandard,
    ) -> None:
        super().__init__(priority)
        self._callback = callback

    def set(self, callback: Callable[[], object]) -> None:
        """Call *callback* from now on. While active panics E32USER-CBase 1.

        Original: CAsyncCallBack::Set.
        """
        if self.is_active:
            panic(E32USER_CBASE, TCBasePanic.ECAsyncCallBackActive)
        self._callback = callback

    def call_back(self) -> None:
        """Have the function called, unless that is on its way already.

        Original: CAsyncCallBack::CallBack.
        """
        if not self.is_active:
            self.call()

    def run(self) -> None:
        if self._callback is not None:
            self._callback()
