"""Trapping a leave: the other end of `User.leave`."""

from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, Self

from kernel.abi.current import panic
from kernel.abi.errors import KErrNoMemory, KErrNone, Leave, code_name
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.cleanup import TrapLevel

P = ParamSpec("P")


class AssertNoLeave:
    """A block that must not leave: `with AssertNoLeave(): …`; a leave panics USER 194.

    Original: __ASSERT_DOES_NOT_LEAVE (e32cmn.h).
    """

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(raised, Leave | MemoryError):
            panic(USER, TUserPanic.EUnexpectedLeave)


def trap(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> int:
    """Call *function*: KErrNone when it returns, the code when it leaves.

    A host MemoryError counts as leaving with KErrNoMemory. A panic isn't trapped. What
    was pushed to the cleanup stack meanwhile is destroyed by a leave; if it is still
    there without one, the thread panics E32USER-CBase 71.

    Original: TRAP.
    """
    with Trap() as result:
        function(*args, **kwargs)
    return result.code


class Trap:
    """A block whose leave ends at the block: `with Trap() as result: …`.

    *code* is KErrNone if the block ended without leaving. What `trap` does, written
    around statements.

    Original: TRAP, TRAPD.
    """

    __slots__ = ("_level", "code")

    def __init__(self) -> None:
        self.code: int = KErrNone
        self._level = TrapLevel()

    def __enter__(self) -> Self:
        self.code = KErrNone
        self._level.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        try:
            self._level.__exit__(kind, raised, traceback)
        except (
            Leave,
            MemoryError,
        ) as error:  # of a destructor: it takes the place of the other
            raised = error
        match raised:
            case Leave():
                self.code = raised.code
            case MemoryError():
                self.code = KErrNoMemory
            case _:
                return False
        return True

    def __repr__(self) -> str:
        return f"Trap({code_name(self.code)})"
