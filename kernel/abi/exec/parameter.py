"""Parameters that a process's creator leaves for it."""

from typing import Protocol

from kernel.abi.memory import ClientBuffer


class ExecParameter(Protocol):
    """Sixteen slots, the first of them reserved. Original: symbian-kernel 5.4.

    A slot outside 0 to 15 panics KERN-EXEC 51.
    """

    def parameter_set_handle(self, process: int, slot: int, handle: int) -> None:
        """Leave what *handle* has open; a slot in use panics KERN-EXEC 52.

        Panics 46 if the caller's process did not create *process*, has resumed it, or
        if the object is local.

        Raises: KErrDied if *process* was killed, KErrNoMemory.
        """

    def parameter_set_data(
        self, process: int, slot: int, data: bytes | str | ClientBuffer
    ) -> None:
        """Leave bytes, or text as UTF-16; else as parameter_set_handle.

        A negative length panics KERN-EXEC 53, memory that is not there 3.
        """

    def parameter_open(self, slot: int, kind: int, owner: int) -> int:
        """A handle to the object in a slot of the caller's process, now empty.

        Raises: KErrNotFound if it is empty; KErrArgument if it holds data, or an object
            of another kind.
        """

    def parameter_read(self, slot: int, max_length: int) -> bytes:
        """The bytes in a slot, now empty unless they are none.

        Raises: KErrNotFound if it is empty; KErrArgument if it holds an object, or more
            than *max_length*.
        """

    def parameter_length(self, slot: int) -> int:
        """How many bytes parameter_read would give. Raises: as it."""
