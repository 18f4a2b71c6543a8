"""Fault points: where an allocation can be made to fail.

Original: the kernel-heap-failure idiom, symbian-userlib 12.
"""

from kernel.abi.errors import KernelError, TErr


class FaultInjector:
    """Counts allocations and fails the one it was told to.

    A fault point is `if core.faults is not None: core.faults.allocate(tag)`; the
    machine holds None while no failure is asked for.
    """

    def __init__(self, fail_next: int) -> None:
        self.remaining = fail_next  # allocations until the one that fails; 0: done
        self.failures: list[str] = []  # tags of the allocations failed so far

    def allocate(self, tag: str) -> None:
        """Raises: KErrNoMemory, at the n-th allocation."""
        if self.remaining > 0:
            self.remaining -= 1
            if self.remaining == 0:
                self.failures.append(tag)
                raise KernelError(TErr.KErrNoMemory)
