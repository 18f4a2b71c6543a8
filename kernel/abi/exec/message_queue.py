"""Message queues."""

from typing import Protocol

from kernel.abi.memory import ClientBuffer, ClientStatus


class ExecMessageQueue(Protocol):
    """Messages of one size, first in, first out. Original: symbian-kernel 9.6."""

    def message_queue_create(
        self, name: str | None, slots: int, size: int, owner: int
    ) -> int:
        """*name* None is local, "" protected, else global.

        A bad size of messages panics KERN-EXEC 48, a bad number of slots 49.
        Raises: KErrBadName, KErrAlreadyExists; KErrNoMemory if it is too large.
        """

    def message_queue_send(self, handle: int, data: bytes | ClientBuffer) -> None:
        """Append a message, which may be shorter than the size; else panics 48.

        Memory that is not there panics KERN-EXEC 3.
        Raises: KErrOverflow if no slot is free.
        """

    def message_queue_receive(self, handle: int, length: int) -> bytes:
        """Take the oldest message; *length* other than the size panics 48.

        Raises: KErrUnderflow if there is none.
        """

    def message_queue_size(self, handle: int) -> int:
        """The size of a message in bytes."""

    def message_queue_notify_data(self, handle: int, status: ClientStatus) -> None:
        """Complete *status* when there is a message, at once if there is.

        While a live thread's request is outstanding a second panics KERN-EXEC 47.
        """

    def message_queue_notify_data_cancel(self, handle: int) -> None:
        """Complete that request with KErrCancel, whoever made it."""

    def message_queue_notify_space(self, handle: int, status: ClientStatus) -> None:
        """The same when a slot is free."""

    def message_queue_notify_space_cancel(self, handle: int) -> None:
        """As message_queue_notify_data_cancel."""
