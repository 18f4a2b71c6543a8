"""A server that checks every message against a table before it serves it.

    function numbers    0 ──── 1 ─────────── 6 ─── 7 ────────── …
    ranges              │      │             │     │
    element of each     not    custom        pass  element 0: a policy,
                        supported  check           and what to do if it fails

Original: CPolicyServer (us_ksvr.cpp); symbian-kernel 7.4, symbian-userlib 10.2.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import ClassVar, Final, TypeAlias

from kernel.abi.current import panic
from kernel.abi.errors import KErrNone, KErrNotSupported, KErrPermissionDenied
from kernel.abi.ipc import KMessageConnect
from kernel.abi.panics import CPOLICY_SERVER, E32USER_CBASE, TCBasePanic
from kernel.abi.security import SecurityPolicy
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CServer2, TServerType


class TSpecialCase(IntEnum):
    """What an index may say instead of naming an element.

    Original: CPolicyServer::TSpecialCase.
    """

    EAlwaysPass = 253
    ENotSupported = 254
    ECustomCheck = 255


class TFailureAction(IntEnum):
    """What to do with a message that fails; negative numbers are the server's own.

    Original: CPolicyServer::TFailureAction.
    """

    EFailClient = 0
    EPanicClient = 1


class TCustomResult(IntEnum):
    """What a custom hook made of a message. Original: CPolicyServer::TCustomResult."""

    EPass = 0
    EFail = 1
    EAsync = 2  # the server will decide later, and has kept a copy


@dataclass(frozen=True, slots=True)
class TPolicyElement:
    """A condition on the client, and what becomes of one that fails it.

    Original: CPolicyServer::TPolicyElement.
    """

    policy: SecurityPolicy
    action: int = TFailureAction.EFailClient


@dataclass(frozen=True, slots=True)
class TPolicy:
    """The table. A function belongs to the last range that begins at or below it.

    *on_connect* and *element_indexes*, one for each range, are positions in *elements*
    or special cases.

    Original: CPolicyServer::TPolicy.
    """

    on_connect: int
    ranges: tuple[int, ...]
    element_indexes: tuple[int, ...]
    elements: tuple[TPolicyElement, ...] = ()

    def check(self) -> None:
        """Panics E32USER-CBase 96 to 99 and 102 for a malformed table.

        Original: none; asserts in CPolicyServer::CPolicyServer.
        """
        if not self.ranges or len(self.ranges) != len(self.element_indexes):
            panic(E32USER_CBASE, TCBasePanic.EPolicyTableIncomplete)
        if self.ranges[0] != 0:
            panic(E32USER_CBASE, TCBasePanic.EPolicyFirstRangeNotZero)
        if any(a >= b for a, b in pairwise(self.ranges)):
            panic(E32USER_CBASE, TCBasePanic.EPolicyRangesNotAscending)
        if not all(map(self._is_index, self.element_indexes)):
            panic(E32USER_CBASE, TCBasePanic.EPolicyElementIndexBad)
        if not self._is_index(self.on_connect):
            panic(E32USER_CBASE, TCBasePanic.EPolicyConnectIndexBad)

    def index_of(self, function: int) -> int:
        """The entry for a function number, or for connecting.

        Original: none; CPolicyServer::CheckPolicy looks it up.
        """
        if function == KMessageConnect:
            return self.on_connect
        return self.element_indexes[bisect_right(self.ranges, function) - 1]

    def _is_index(self, index: int) -> bool:
        # 250 to 252 are kept for more special cases: found out when they are used.
        return 0 <= index < len(self.elements) or _KSpecialCases <= index <= _KLastIndex


_KSpecialCases: Final = 250
_KLastIndex: Final = 255


@dataclass(slots=True)
class TPolicyCheck:
    """What a custom check may change on its way: the action, and what was missing.

    Original: none; a hook's arguments.
    """

    action: int = TFailureAction.EFailClient
    missing: frozenset[int] = field(default_factory=frozenset)  # capabilities


class CPolicyServer(CServer2):
    """A server whose table decides which messages reach its sessions.

    Connecting and every request are checked, disconnecting never.

    Original: CPolicyServer (e32base.h).
    """

    TSpecialCase: TypeAlias = TSpecialCase
    TFailureAction: TypeAlias = TFailureAction
    TCustomResult: TypeAlias = TCustomResult
    EAlwaysPass: ClassVar = TSpecialCase.EAlwaysPass
    ENotSupported: ClassVar = TSpecialCase.ENotSupported
    ECustomCheck: ClassVar = TSpecialCase.ECustomCheck
    EFailClient: ClassVar = TFailureAction.EFailClient
    EPanicClient: ClassVar = TFailureAction.EPanicClient
    EPass: ClassVar = TCustomResult.EPass
    EFail: ClassVar = TCustomResult.EFail
    EAsync: ClassVar = TCustomResult.EAsync

    def __init__(
        self,
        priority: int,
        policy: TPolicy,
        session_type: TServerType = TServerType.EUnsharableSessions,
    ) -> None:
        super().__init__(priority, session_type)
        policy.check()
        self._policy: Final = policy

    # For subclasses.

    def custom_security_check(
        self, message: RMessage2, check: TPolicyCheck
    ) -> TCustomResult:
        """Judge a message whose entry is `ECustomCheck`. Not overridden, panics 95.

        Original: CPolicyServer::CustomSecurityCheckL.
        """
        panic(E32USER_CBASE, TCBasePanic.EPolicyHookMissing)

    def custom_failure_action(
        self, message: RMessage2, action: int, missing: frozenset[int]
    ) -> TCustomResult:
        """Deal with a failure whose action is negative. Not overridden, panics 95.

        Original: CPolicyServer::CustomFailureActionL.
        """
        panic(E32USER_CBASE, TCBasePanic.EPolicyHookMissing)

    # What a server that answered EAsync calls later; on a leave, then process_error.

    def process(self, message: RMessage2) -> None:
        """The message has passed: serve it. Original: CPolicyServer::ProcessL."""
        message.authorised = True
        super().handle_message(message)

    def check_failed(
        self, message: RMessage2, action: int, missing: frozenset[int] = frozenset()
    ) -> None:
        """The message has failed: do as *action* says.

        Original: CPolicyServer::CheckFailedL.
        """
        if action == TFailureAction.EFailClient:
            message.complete(KErrPermissionDenied)
        elif action > 0:
            message.panic(E32USER_CBASE, TCBasePanic.EPolicyPanicClient)
        else:
            self._follow(
                self.custom_failure_action(message, action, missing),
                message,
                lambda: message.complete(KErrPermissionDenied),
            )

    def process_error(self, message: RMessage2, code: int) -> None:
        """Checking or serving left: answer. Below connect panics CPolicyServer 2.

        Original: CPolicyServer::ProcessError.
        """
        if message.function < KMessageConnect:
            panic(CPOLICY_SERVER, _KProcessErrorForBadFunction)
        session = self.session_of(message)
        if getattr(message, "authorised", False) and session is not None:
            session.service_error(message, code)
        elif not message.is_null:
            message.complete(code)

    # The check.

    def handle_message(self, message: RMessage2) -> None:
        """Serve it, or not, as the table says. Original: CPolicyServer::RunL."""
        if message.function < KMessageConnect:
            super().handle_message(message)
            return
        index = self._policy.index_of(message.function)
        if index < _KSpecialCases:
            self._check_element(message, self._policy.elements[index])
            return
        match index:
            case TSpecialCase.EAlwaysPass:
                self.process(message)
            case TSpecialCase.ENotSupported:
                message.complete(KErrNotSupported)
            case TSpecialCase.ECustomCheck:
                self._check_custom(message)
            case _:
                panic(E32USER_CBASE, TCBasePanic.EPolicyIndexUnknown)

    def run_error(self, code: int) -> int:
        """Checking or serving the message left. Original: CPolicyServer::RunError."""
        self.process_error(self.message, code)
        self.restart()
        return KErrNone

    def _check_element(self, message: RMessage2, element: TPolicyElement) -> None:
        identity = message.identity()
        if element.policy.check(identity):
            self.process(message)
            return
        missing = frozenset(
            c for c in element.policy.capabilities if not identity.has(c)
        )
        self.check_failed(message, element.action, missing)

    def _check_custom(self, message: RMessage2) -> None:
        check = TPolicyCheck()
        self._follow(
            self.custom_security_check(message, check),
            message,
            lambda: self.check_failed(message, check.action, check.missing),
        )

    def _follow(
        self,
        result: TCustomResult,
        message: RMessage2,
        on_fail: Callable[[], None],
    ) -> None:
        match result:
            case TCustomResult.EPass:
                self.process(message)
            case TCustomResult.EFail:
                on_fail()
            case TCustomResult.EAsync:
                pass  # the server has kept a copy
            case _:
                panic(E32USER_CBASE, TCBasePanic.EPolicyResultUnknown)


_KProcessErrorForBadFunction: Final = 2
