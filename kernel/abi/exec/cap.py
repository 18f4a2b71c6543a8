"""Capabilities: handles with rights, and the named ones a program starts with."""

from typing import Protocol


class ExecCap(Protocol):
    """What can be done to a slot, whatever it holds. Original: l4re-idl 1.1, 1.9.

    A handle made by other kernel calls counts as one with all rights but N.
    """

    def cap_valid(self, handle: int) -> int:
        """1, or 0 if the slot is empty or its object was deleted."""

    def cap_equal(self, one: int, other: int) -> int:
        """1 for the same object with the same W, S and, of gates, server right."""

    def cap_rights(self, handle: int) -> int:
        """`Rights`; 0 if the slot is empty."""

    def cap_release(self, handle: int) -> None:
        """Empty the slot, if it isn't. The last counted capability deletes a gate."""

    def cap_delete(self, handle: int) -> None:
        """With D destroy the object, and empty all slots with it; else release."""

    def cap_duplicate(self, handle: int, rights: int) -> int:
        """A further capability with no more than *rights*; 0 if the slot is empty.

        Raises: KErrNoMemory; KErrPermissionDenied for what may not be held here.
        """

    def env_set(self, process: int, name: str, handle: int, rights: int) -> int:
        """Give a process a capability under *name*: a new one, or the caller's own.

        Returns: 0, -L4_EPERM if it is another's or was resumed, -L4_EEXIST,
            -L4_EINVAL if nothing would arrive: an empty slot, or rights without R.
        Raises: KErrNoMemory.
        """

    def env_get(self, name: str) -> int:
        """The handle of the named capability; 0 if there is none."""

    def env_remove(self, name: str) -> int:
        """Take a name out of the caller's environment, and release its slot.

        Returns: 0, or -L4_ENOENT.
        """

    def env_names(self) -> tuple[str, ...]:
        """All names, in the order they were set."""
