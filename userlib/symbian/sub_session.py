"""RSubSessionBase: one object of a server's, reached through a session."""

from typing import Final, Self

from kernel.abi.errors import KErrNone, Leave
from kernel.abi.handles import KHandleNoClose, KNullHandle
from kernel.abi.ipc import TArgType
from userlib.symbian.ipc_args import NO_ARGS, TIpcArgs, replace
from userlib.symbian.packages import TPckgBuf
from userlib.symbian.session import RSessionBase
from userlib.symbian.status import TRequestStatus

_KSubSessionArgument: Final = 3


class RSubSessionBase:
    """A server-side object and the session it belongs to.

    Argument 3 of every request is the sub-session's handle; arguments 0 to 2 are the
    caller's. It has no kernel object, so it costs the client no handle.

    Original: RSubSessionBase (e32std.h).
    """

    __slots__ = ("_session", "_sub_session_handle")

    def __init__(self) -> None:
        self._session = RSessionBase()
        self._sub_session_handle = KNullHandle

    @property
    def sub_session_handle(self) -> int:
        """What the server knows it by; 0 when there is none.

        Original: RSubSessionBase::SubSessionHandle.
        """
        return self._sub_session_handle

    @property
    def session_handle(self) -> int:
        """The remembered session handle, with the no-close bit if it is borrowed.

        Original: none; RSubSessionBase::Session's handle.
        """
        return self._session.handle

    def create_sub_session(
        self, session: RSessionBase, function: int, args: TIpcArgs = NO_ARGS
    ) -> Self:
        """Ask the server for a sub-session of *session*, which stays the caller's.

        Raises: the server's code, also a positive one; there is then no sub-session.
        Original: RSubSessionBase::CreateSubSession.
        """
        self._sub_session_handle = self._create(session, function, args)
        self._session.set_handle_nc(session.handle)
        return self

    def create_auto_close_sub_session(
        self, session: RSessionBase, function: int, args: TIpcArgs = NO_ARGS
    ) -> Self:
        """As create_sub_session, and takes *session* over: its variable becomes zero.

        Raises: as create_sub_session; the session is then closed.
        Original: RSubSessionBase::CreateAutoCloseSubSession.
        """
        try:
            self._sub_session_handle = self._create(session, function, args)
        except Leave:
            session.close()
            raise
        self._session.set_handle(session.handle)
        session.handle = KNullHandle
        return self

    def _create(self, session: RSessionBase, function: int, args: TIpcArgs) -> int:
        self._sub_session_handle = KNullHandle
        self._session.handle = KNullHandle
        created = TPckgBuf(0)
        request = TIpcArgs()
        request.values, request.types = replace(
            args.values,
            args.types,
            _KSubSessionArgument,
            created.client,
            TArgType.EDes8,
        )
        code = session.send_receive(function, request)
        if code != KErrNone:
            raise Leave(code)
        handle: int = created()
        return handle

    def close_sub_session(self, function: int) -> None:
        """Send *function* and forget the sub-session, whatever comes of it.

        Without a sub-session nothing is sent. A session taken over is closed.
        Original: RSubSessionBase::CloseSubSession.
        """
        if self._sub_session_handle:
            self._session.try_send_receive(function, self._with_handle(NO_ARGS))
            self._sub_session_handle = KNullHandle
        self._session.close()

    def session(self) -> RSessionBase:
        """The session with the no-close bit inverted: closable if it was borrowed.

        Original: RSubSessionBase::Session.
        """
        return RSessionBase(self._session.handle ^ KHandleNoClose)

    def send_receive(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """As `RSessionBase.send_receive`. Original: RSubSessionBase::SendReceive."""
        return self._session.send_receive(function, self._with_handle(args))

    def try_send_receive(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """As send_receive; the code instead of a leave.

        Original: RSubSessionBase::SendReceive.
        """
        return self._session.try_send_receive(function, self._with_handle(args))

    def request(self, function: int, args: TIpcArgs, status: TRequestStatus) -> None:
        """As `RSessionBase.request`.

        Original: RSubSessionBase::SendReceive(TInt, const TIpcArgs&, TRequestStatus&).
        """
        self._session.request(function, self._with_handle(args), status)

    def send(self, function: int, args: TIpcArgs = NO_ARGS) -> None:
        """As `RSessionBase.send`. Original: RSubSessionBase::Send."""
        self._session.send(function, self._with_handle(args))

    def try_send(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """As send; the code instead of a leave. Original: RSubSessionBase::Send."""
        return self._session.try_send(function, self._with_handle(args))

    def _with_handle(self, args: TIpcArgs) -> TIpcArgs:
        request = TIpcArgs()
        request.values, request.types = replace(
            args.values,
            args.types,
            _KSubSessionArgument,
            self._sub_session_handle,
            TArgType.EUnspecified,
        )
        return request

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(session={self._session.handle:#x}, "
            f"handle={self._sub_session_handle:#x})"
        )
