"""Testing the kernel: allocations that fail, and what is left of them."""

from typing import Protocol


class ExecDebug(Protocol):
    """The kernel's heap, as its tests see it. Original: symbian-userlib 12."""

    def debug_fail_alloc(self, kind: int, rate: int, burst: int) -> None:
        """Let allocations fail that the calling thread's kernel calls make.

        *kind* is a `TAllocFail`; other threads' calls neither fail nor count. Raises:
            KErrArgument for a kind that cannot be set.
        """

    def debug_alloc_failures(self) -> int:
        """How many have failed since the kind was set."""
        raise AssertionError

    def debug_heap_cells(self) -> int:
        """What the kernel holds for all programs together.

        Counted are objects, handles, messages in use, and outstanding requests.
        """
        raise AssertionError
