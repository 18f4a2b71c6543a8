"""A thread's session with the IACP server.

Every thread has its own, made when it first needs one and closed with the thread, so
that the server learns that nobody waits any more. Its handle is in the thread's local
storage. The messaging below IACP uses it too, for completions: see `iacp_ticket.py`.
"""

from collections.abc import Callable
from typing import Final, Self

from kernel.abi.errors import (
    KErrNotFound,
    KErrOverflow,
    KErrServerTerminated,
    KErrTimedOut,
    Leave,
)
from kernel.abi.handles import EOwnerThread
from userlib.geos.errors import GeosFatalError, GeosTimeout
from userlib.geos.flat import Plain, flatten, unflatten
from userlib.geos.iacp_protocol import (
    KFaultDetails,
    KFirstReplySize,
    KIACPServerName,
    KIACPVersion,
    TIACPMessage,
    fault_of,
)
from userlib.symbian.buffers import TBuf8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.session import RSessionBase
from userlib.symbian.thread import RThread
from userlib.symbian.tls import Dll
from userlib.symbian.version import TVersion

_KModule: Final = 0x49414350  # of the word in which a thread keeps its handle


class RIACP(RSessionBase):
    """The session. Original: none; there IACP is a library."""

    __slots__ = ()

    @classmethod
    def of_thread(cls) -> Self:
        """The calling thread's, connected if it was not.

        Raises: KErrNotFound on a machine without an IACP server.
        Original: none.
        """
        session = cls()
        session.handle = Dll.tls(_KModule)
        if not session.handle:
            session.create_session(KIACPServerName, TVersion(*KIACPVersion))
            session.duplicate(RThread(), EOwnerThread)
            Dll.set_tls(_KModule, session.handle)
        return session

    @classmethod
    def is_there(cls) -> bool:
        """Whether the machine has an IACP server. Original: none."""
        return reached(cls.of_thread)

    def forget(self) -> Leave:
        """The server has ended. Returns: what to raise. Original: none."""
        Dll.free_tls(_KModule)
        self.close()
        return Leave(KErrServerTerminated, "the IACP server has ended")

    def tell(self, function: TIACPMessage, *values: Plain) -> int:
        """Make a request, and return its number.

        Raises: GeosFatalError for a fault, GeosTimeout.
        Original: none.
        """
        return self._made(function, TIpcArgs(flatten(values)), values)

    def ask(self, function: TIACPMessage, *values: Plain) -> Plain:
        """The same, for what is answered by more than a number. Original: none."""
        request = flatten(values)
        size = KFirstReplySize
        while True:
            buffer = TBuf8(size)
            try:
                self._made(function, TIpcArgs(request, buffer), values)
            except Leave as leave:
                if leave.code != KErrOverflow:
                    raise
                size *= 2
            else:
                return unflatten(buffer.contents())

    def _made(
        self, function: TIACPMessage, args: TIpcArgs, values: tuple[Plain, ...]
    ) -> int:
        code = self.try_send_receive(function, args)
        if code >= 0:
            return code
        if code == KErrServerTerminated:
            raise self.forget()
        if code == KErrTimedOut:
            raise GeosTimeout
        fault = fault_of(code)
        if fault is not None:
            raise GeosFatalError(fault.name, KFaultDetails[fault].format(*values))
        raise Leave(code)


def reached(call: Callable[[], object]) -> bool:
    """Call what asks the IACP server. Returns: False if there is none, or no longer.

    Original: none.
    """
    try:
        call()
    except Leave as leave:
        if leave.code not in (KErrNotFound, KErrServerTerminated):
            raise
        return False
    return True
