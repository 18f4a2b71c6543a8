"""GEOS' values: optrs, tokens, launch blocks. All of them frozen, and known everywhere.

Threads, geodes and queues are known by the id of a kernel event queue: a thread by that
of the queue it drains, a geode by that of its first thread.
"""

from dataclasses import dataclass, field
from typing import Final, NewType

from userlib.geos.constants import AppLaunchFlags
from userlib.geos.errors import GeosFatalError

QueueHandle = NewType("QueueHandle", int)
ThreadHandle = NewType("ThreadHandle", int)
GeodeHandle = NewType("GeodeHandle", int)

KProcessChunk: Final = 0  # the object that a thread's own messages go to
KMaxWord: Final = 0xFFFF
KTokenLength: Final = 4


@dataclass(frozen=True, slots=True)
class Optr:
    """Identifies one object of the whole machine; false if it is null.

    It is never used again for another object. *thread* runs the object.
    Original: optr, of a block's handle and a chunk.
    """

    geode: int  # that owns it
    chunk: int  # among the objects of the thread, 0: its process object
    thread: int

    def __bool__(self) -> bool:
        return bool(self.thread)


NULL_OPTR: Final = Optr(0, 0, 0)


@dataclass(frozen=True, slots=True)
class GeodeToken:
    """What an application is known by: four bytes, and who made it.

    Equal only if all of it is. Raises: TypeError for what is no bytes; ValueError if
    these are not four, or for a number beyond 16 bits. Original: GeodeToken.
    """

    chars: bytes
    manuf_id: int

    def __post_init__(self) -> None:
        if not isinstance(self.chars, bytes):
            raise TypeError(f'a token has four bytes, as b"SRVR", not {self.chars!r}')
        if len(self.chars) != KTokenLength:
            raise ValueError(f"a token has four bytes, not {self.chars!r}")
        if not 0 <= self.manuf_id <= KMaxWord:
            raise ValueError(f"a manufacturer's id has 16 bits, not {self.manuf_id}")

    def __str__(self) -> str:
        return f"{self.chars.decode('latin-1')},{int(self.manuf_id)}"


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class, by its name: modules are loaded once for each process."""

    name: str


@dataclass(frozen=True, slots=True)
class AppInstanceReference:
    """Which application, and its state. Original: AppInstanceReference (alb.def)."""

    file_name: str = ""  # its path
    state_file: str = ""
    disk_handle: int = 0  # 0: locate it for me


@dataclass(frozen=True, slots=True)
class AppLaunchBlock:
    """How to launch an application, and on what; what has been given away is used up.

    Original: AppLaunchBlock (alb.def).
    """

    app_ref: AppInstanceReference = AppInstanceReference()
    app_mode: int = 0  # a message's number; 0 counts as OPEN_APPLICATION
    launch_flags: int = AppLaunchFlags.ALF_NONE
    disk_handle: int = 0
    path: str = ""
    data_file: str = ""
    gen_parent: Optr = NULL_OPTR
    user_load_ack_ad: Optr = NULL_OPTR
    user_load_ack_id: int = 0
    extra_data: int = 0
    _used_up: list[bool] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def consume(self) -> None:
        """It is IACP's from now on, whatever comes of it.

        Raises: GeosFatalError("ILLEGAL_HANDLE") if it was already.
        Original: none; the block is freed.
        """
        if self._used_up:
            raise GeosFatalError("ILLEGAL_HANDLE", "the launch block was given away")
        self._used_up.append(True)
