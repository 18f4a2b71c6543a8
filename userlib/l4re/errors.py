"""L4Error: a result below zero, raised."""

from typing import Final

from userlib.l4re.consts import L4_EIPC_HI, L4_EIPC_LO, L4Err, L4IpcErr

__all__ = ["L4Error", "error_name"]

_NAMES: Final = tuple((int(code), code.name) for code in L4Err)
_IPC_NAMES: Final = tuple((int(code), code.name) for code in L4IpcErr)


def error_name(code: int) -> str:
    """The name of a positive code, or its decimal digits where it has none.

    A failed IPC is called by its own code: 2003 is L4_IPC_RETIMEOUT.
    Original: l4sys_errtostr.
    """
    if L4_EIPC_LO < code < L4_EIPC_HI:
        ipc_code = code - L4_EIPC_LO
        return dict(_IPC_NAMES).get(ipc_code) or f"L4_EIPC_LO + {ipc_code}"
    return dict(_NAMES).get(code) or str(code)


class L4Error(Exception):
    """An operation failed, with a positive code.

    A server's operation raises it to answer with the negated code; a client's call
    raises it for such an answer, and for an IPC that failed.

    Original: L4::Runtime_error, and l4_error; the message tag's negative label.
    """

    def __init__(self, code: int) -> None:
        if code == 0:
            raise ValueError("L4_EOK is no error")
        super().__init__(code)
        self.code: Final = abs(int(code))  # -L4_EINVAL says the same as L4_EINVAL

    @classmethod
    def of_ipc(cls, ipc_code: int) -> "L4Error":
        """The error of an IPC that failed with *ipc_code*, such as L4_IPC_RETIMEOUT."""
        return cls(L4_EIPC_LO + ipc_code)

    @property
    def name(self) -> str:
        """The code's name, `L4_EINVAL` for instance."""
        return error_name(self.code)

    @property
    def is_ipc_error(self) -> bool:
        """Whether the IPC failed, rather than the operation."""
        return L4_EIPC_LO <= self.code <= L4_EIPC_HI

    @property
    def ipc_code(self) -> int:
        """Why the IPC failed, such as L4_IPC_RETIMEOUT; 0 if it did not."""
        return self.code - L4_EIPC_LO if self.is_ipc_error else 0

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
