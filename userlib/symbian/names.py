"""What the user side does to a name before the kernel sees it."""

from kernel.abi.current import panic
from kernel.abi.limits import KMaxKernelName
from kernel.abi.panics import USER, TUserPanic


def kernel_name(name: str) -> str:
    """*name*, if it fits the 8-bit buffer that a create or connect call copies it to.

    Longer than `KMaxKernelName` panics USER 23. Whether it is legal the kernel says.
    """
    if len(name) > KMaxKernelName:
        panic(USER, TUserPanic.ETDes8Overflow)
    return name
