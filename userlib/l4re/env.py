"""Env: the named capabilities that a program starts with."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.handles import KCurrentProcessHandle
from userlib.l4re.cap import Cap, check
from userlib.l4re.consts import L4_FPAGE_FULL, Rights

__all__ = ["Env"]


class Env:
    """The environment of the calling program.

    What a program is to serve, and whom it may ask, it finds here, under names it
    agreed on with whoever started it.

    Original: L4Re::Env; l4re-idl 1.9.
    """

    __slots__ = ()

    @classmethod
    def current(cls) -> Self:
        """The calling program's. Original: L4Re::Env::env."""
        return cls()

    def get_cap(self, name: str) -> Cap:
        """The capability under *name*; a falsy one if there is none.

        It is the environment's: closing it here does not release it. It is passed on
        as RWS, as far as it is held so. Original: L4Re::Env::get_cap.
        """
        return Cap(current_exec.get().env_get(name), Rights.RWS, is_owned=False)

    def names(self) -> tuple[str, ...]:
        """All of them. Original: L4Re::Env::initial_caps."""
        return current_exec.get().env_names()

    def set_cap(self, name: str, cap: Cap) -> None:
        """Name a capability for the rest of this program.

        Raises: L4Error with L4_EEXIST if the name is taken, L4_EINVAL for an empty one;
            KErrNoMemory.
        Original: none; a program's own capability has a slot and no name.
        """
        exec_ = current_exec.get()
        check(
            exec_.env_set(KCurrentProcessHandle, name, cap.handle, int(L4_FPAGE_FULL))
        )

    def remove_cap(self, name: str) -> None:
        """Forget a name, and release its capability.

        Raises: L4Error with L4_ENOENT if there is none.
        """
        check(current_exec.get().env_remove(name))
