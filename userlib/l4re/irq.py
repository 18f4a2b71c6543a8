"""Irq and Semaphore: ways to wake somebody without waiting for him."""

from typing import Self

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError, KErrTimedOut
from kernel.abi.handles import EOwnerProcess, KCurrentThreadHandle
from userlib.l4re.cap import Cap, check, timeout_us
from userlib.l4re.consts import L4_FPAGE_FULL, L4_IPC_RETIMEOUT
from userlib.l4re.errors import L4Error

__all__ = ["Irq", "Semaphore"]


class Irq(Cap):
    """An event for one thread: what is triggered before it was told merges into one.

    Original: L4::Irq; l4re-idl 1.8.
    """

    __slots__ = ()

    @classmethod
    def of(cls, cap: Cap) -> "Irq":
        """The Irq that a capability names; the slot stays the capability's.

        Original: L4::cap_cast.
        """
        return cls(cap.handle, cap.passed_rights, is_owned=False)

    def create(self) -> Self:
        """A new one, bound to nobody.

        Raises: KErrNoMemory.
        Original: L4::Factory::create with L4_PROTO_IRQ_SENDER.
        """
        self._handle = current_exec.get().irq_create()
        self._is_owned = True
        self._rights = L4_FPAGE_FULL
        return self

    def bind(self, label: int, thread: int = KCurrentThreadHandle) -> None:
        """Tell *thread*, a handle, of it under *label*, a multiple of four.

        Raises: L4Error.
        Original: L4::Rcv_endpoint::bind_thread.
        """
        check(current_exec.get().irq_bind(self._handle, thread, label))

    def unbind(self) -> None:
        """Tell nobody. Raises: L4Error. Original: L4::Irq::detach."""
        check(current_exec.get().irq_unbind(self._handle))

    def trigger(self) -> None:
        """It happened; never blocks.

        Raises: L4Error with L4_EPERM without W.
        Original: L4::Triggerable::trigger.
        """
        check(current_exec.get().irq_trigger(self._handle))

    def receive(self, timeout: float | None = None) -> None:
        """Wait for this one alone; it must be bound to the calling thread.

        Raises: L4Error: L4_IPC_RETIMEOUT after *timeout* seconds; L4_IPC_ENOT_EXISTENT
            if it is not bound to the thread, or while that waits is deleted or
            bound to another.
        Original: L4::Irq_eoi, l4_irq_receive.
        """
        wait = current_exec.get().ipc_wait
        error = wait((), timeout_us(timeout), self._handle)[0]
        if error:
            raise L4Error.of_ipc(error)


class Semaphore(Cap):
    """A count of `up`s; `down` waits while it is zero. It starts at zero.

    Original: L4::Semaphore; l4re-idl 1.8. It is the kernel's RSemaphore.
    """

    __slots__ = ()

    @classmethod
    def of(cls, cap: Cap) -> "Semaphore":
        """The semaphore that a capability names; the slot stays the capability's."""
        return cls(cap.handle, cap.passed_rights, is_owned=False)

    def create(self) -> Self:
        """A new one. Raises: KErrNoMemory."""
        self._handle = current_exec.get().semaphore_create(None, 0, EOwnerProcess)
        self._is_owned = True
        self._rights = L4_FPAGE_FULL
        return self

    def up(self) -> None:
        """One more. Original: L4::Semaphore::up, which is trigger."""
        current_exec.get().semaphore_signal(self._handle, 1)

    def down(self, timeout: float | None = None) -> None:
        """Take one, or wait for it.

        Raises: L4Error with L4_IPC_RETIMEOUT after *timeout* seconds, at once for 0.
        Original: L4::Semaphore::down.
        """
        # The kernel's zero is for ever here, and less than zero only looks.
        limit_us = 0 if timeout is None else timeout_us(timeout) or -1
        try:
            current_exec.get().semaphore_wait(self._handle, limit_us)
        except KernelError as error:
            if error.code == KErrTimedOut:
                raise L4Error.of_ipc(L4_IPC_RETIMEOUT) from None
            raise
