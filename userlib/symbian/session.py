"""RSessionBase: a client's end of the conversation with a server."""

from typing import Self, overload

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import (
    KernelError,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    Leave,
)
from kernel.abi.handles import EOwnerProcess, TObjectType, TOwnerType
from kernel.abi.ipc import (
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    EIpcSession_Unsharable,
    KMessageConnect,
    TIpcSessionType,
)
from kernel.abi.limits import KMaxTInt
from kernel.abi.panics import USER, TUserPanic
from kernel.abi.security import Identity, SecurityPolicy
from userlib.symbian.find import TFindHandleBase
from userlib.symbian.handle import RHandleBase
from userlib.symbian.ipc_args import NO_ARGS, TIpcArgs
from userlib.symbian.message import RMessagePtr2
from userlib.symbian.names import kernel_name
from userlib.symbian.server_handle import RServer2
from userlib.symbian.status import TRequestStatus, started
from userlib.symbian.version import TVersion
from userlib.symbian.word import signed_word


class RSessionBase(RHandleBase):
    """A handle to a session; a server's client class derives from it.

    The forms of sending: `send_receive` waits for the server's answer, `request` gets
    it in a status later, `send` never learns of it. A negative function number panics
    the caller USER 72, a session not open KERN-EXEC 0.

    Original: RSessionBase (e32std.h).
    """

    object_type = TObjectType.ESession

    __slots__ = ()

    def create_session(
        self,
        server: str | RServer2,
        version: TVersion = TVersion(),  # noqa: B008 - frozen
        slots: int = -1,
        session_type: TIpcSessionType = EIpcSession_Unsharable,
        policy: SecurityPolicy | None = None,
        status: TRequestStatus | None = None,
    ) -> Self:
        """A session with a server, by name or handle, and the connect message.

        *slots* is how many asynchronous requests may be outstanding, -1: as many as the
        system has room for. A *policy* is what the client demands of the server's
        process. With a *status* the server's answer comes there later, and the session
        stays open even if it is an error; otherwise the call waits for it, and a
        refusal closes the session. A type beyond an unsharable server's panics
        KERN-EXEC 23.

        Raises: KErrNotFound, KErrBadName, KErrArgument, KErrServerTerminated,
            KErrPermissionDenied; the code the server refused with.
        Original: RSessionBase::CreateSession.
        """
        name = kernel_name(server) if isinstance(server, str) else server.handle
        packed = version.packed()
        exec_ = current_exec.get()
        try:
            self.handle = exec_.session_create(name, slots, session_type, policy)
        except KernelError as error:
            if error.code == KErrNotFound:
                raise KernelError(KErrNotFound, f"no server {name!r}") from None
            raise
        if status is not None:
            exec_.session_request(
                self.handle, KMessageConnect, (packed,), 0, started(status)
            )
            return self
        try:
            code = exec_.session_send_receive(
                self.handle, KMessageConnect, (packed,), 0
            )
        except KernelError as error:
            code = error.code
        if code != KErrNone:
            self.close()
            raise Leave(code)
        return self

    @overload
    def open(
        self,
        source: TFindHandleBase,
        /,
        *,
        owner: TOwnerType = ...,
        policy: SecurityPolicy | None = ...,
    ) -> Self: ...

    @overload
    def open(
        self,
        source: RMessagePtr2,
        index: int,
        /,
        *,
        owner: TOwnerType = ...,
        policy: SecurityPolicy | None = ...,
    ) -> Self: ...

    @overload
    def open(
        self,
        source: int,
        /,
        *,
        owner: TOwnerType = ...,
        policy: SecurityPolicy | None = ...,
    ) -> Self: ...

    def open(
        self,
        source: TFindHandleBase | RMessagePtr2 | int,
        index: int = 0,
        /,
        *,
        owner: TOwnerType = EOwnerProcess,
        policy: SecurityPolicy | None = None,
    ) -> Self:
        """Open a session that a client, or the process's creator, passed on.

        Else as `RHandleBase.open`. A *policy* is what the caller demands of the
        server's process.

        Raises: what that raises; KErrPermissionDenied if the server does not satisfy
            the policy, KErrServerTerminated if it is gone. The variable is then zero.
        Original: RSessionBase::Open.
        """
        if isinstance(source, RMessagePtr2):
            super().open(source, index, owner=owner)
        else:
            super().open(source, owner=owner)
        self._demand(policy)
        return self

    def set_returned_handle(
        self, handle_or_error: int, policy: SecurityPolicy | None = None
    ) -> Self:
        """As `RHandleBase.set_returned_handle`; a *policy* as for open.

        Original: RSessionBase::SetReturnedHandle.
        """
        super().set_returned_handle(handle_or_error)
        self._demand(policy)
        return self

    def _demand(self, policy: SecurityPolicy | None) -> None:
        if policy is None:
            return
        try:
            identity = current_exec.get().session_server_identity(self.handle)
            permitted = policy.check(Identity(*identity))
        except KernelError:
            self.close()
            raise
        if not permitted:
            self.close()
            raise Leave(KErrPermissionDenied)

    def send_receive(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """Send, wait for completion, and return the server's code.

        Raises: that code if it is negative; KErrOverflow with too many messages
            unfreed, KErrServerTerminated.
        Original: RSessionBase::SendReceive.
        """
        if not 0 <= function <= KMaxTInt:
            _refuse(function)
        try:
            code = current_exec.get().session_send_receive(
                self.handle, function, args.values, args.types
            )
        except AttributeError:
            _refuse_args(args)
            raise
        if code < 0:
            raise Leave(code)
        return code

    def try_send_receive(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """As send_receive; the code, whatever it is, instead of a leave.

        Original: RSessionBase::SendReceive.
        """
        if not 0 <= function <= KMaxTInt:
            _refuse(function)
        try:
            return current_exec.get().session_send_receive(
                self.handle, function, args.values, args.types
            )
        except KernelError as error:
            return error.code
        except AttributeError:
            _refuse_args(args)
            raise

    def request(self, function: int, args: TIpcArgs, status: TRequestStatus) -> None:
        """Send; *status* gets the server's code, or why it could not be sent.

        KErrServerBusy: no slot is free. Otherwise as send_receive.
        Original: RSessionBase::SendReceive(TInt, const TIpcArgs&, TRequestStatus&).
        """
        if not 0 <= function <= KMaxTInt:
            _refuse(function)
        current_exec.get().session_request(
            self.handle, function, args.values, args.types, started(status)
        )

    def send(self, function: int, args: TIpcArgs = NO_ARGS) -> None:
        """Send, and never learn of the completion.

        Raises: KErrServerBusy, KErrOverflow, KErrServerTerminated.
        Original: RSessionBase::Send.
        """
        if not 0 <= function <= KMaxTInt:
            _refuse(function)
        current_exec.get().session_send(self.handle, function, args.values, args.types)

    def try_send(self, function: int, args: TIpcArgs = NO_ARGS) -> int:
        """As send; the code instead of a leave. Original: RSessionBase::Send."""
        try:
            self.send(function, args)
        except KernelError as error:
            return error.code
        return KErrNone

    def share_auto(self) -> None:
        """Make it usable by all threads of the process; the handle's value may change.

        Copies of the old value go stale. A session of an unsharable server panics
        KERN-EXEC 23. Original: RSessionBase::ShareAuto.
        """
        self._share(EIpcSession_Sharable)

    def share_protected(self) -> None:
        """As share_auto, and other processes may be given it.

        Raises: KErrPermissionDenied if the server's sessions stay in their process.
        Original: RSessionBase::ShareProtected.
        """
        self._share(EIpcSession_GlobalSharable)

    def _share(self, mode: TIpcSessionType) -> None:
        self.handle = current_exec.get().session_share(self.handle, mode)


def _refuse(function: int) -> None:
    """Function numbers are signed words: this one is negative, or none at all."""
    signed_word(function)
    panic(USER, TUserPanic.ESessSendReceive)


def _refuse_args(args: object) -> None:
    """What has no values is no TIpcArgs; asked only when something is missing."""
    if not isinstance(args, TIpcArgs):
        raise TypeError(f"a message takes TIpcArgs(...), not {args!r}") from None
