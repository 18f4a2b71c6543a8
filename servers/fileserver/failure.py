"""How an operation of the file server ends before its time."""

from typing import Final

from kernel.abi.errors import code_name


class Refused(Exception):
    """The request fails, and *code* is the client's answer.

    Not a Leave: a leave that reaches the dispatcher comes from the client's own
    descriptors, and panics the client (fileserver specification 18).
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code: Final = int(code)

    def __str__(self) -> str:
        return f"{code_name(self.code)} ({self.code})"
