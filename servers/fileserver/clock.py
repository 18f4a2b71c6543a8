"""The machine's time, as entries show it."""

from kernel.abi.current import current_exec
from servers.fileserver.entry import KUnixEpochUs


def now_us() -> int:
    """Microseconds since the start of the year 0, UTC."""
    return current_exec.get().time_now() + KUnixEpochUs
