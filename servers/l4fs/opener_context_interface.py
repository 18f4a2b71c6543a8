# Made by eka idl from opener_context.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""OpenerContext, as described."""

from userlib.l4re.runtime import (
    Callable,
    Cap,
    IntEnum,
    Interface,
    InterfaceInfo,
    NamedTuple,
    OperationInfo,
    ParameterInfo,
    Reference,
    abstractmethod,
    dataclass,
)


class OpenerContext_opcode(IntEnum):
    """The numbers of OpenerContext's operations."""

    MOUNT = 0
    GETFS = 1
    MKDIR = 18
    OPEN = 12
    REMOVE = 14
    RENAME = 15
    STAT = 11


class OpenerContext_open_result(NamedTuple):
    """What open returns."""

    size: int
    file: Cap
    object_flags: int


class OpenerContext(Interface):
    """Protocol 0x2CCB."""

    INFO = InterfaceInfo(
        "OpenerContext",
        0x2CCB,
        (
            OperationInfo("mount", 0, (ParameterInfo("fs", "in", "cap", "cap"),)),
            OperationInfo("getfs", 1, (ParameterInfo("fs", "out", "cap", "cap"),)),
            OperationInfo(
                "mkdir",
                18,
                (ParameterInfo("mode", "in", "sys_mode_t", "u4"),),
            ),
            OperationInfo(
                "open",
                12,
                (
                    ParameterInfo("flags", "in", "flags_t", "u8"),
                    ParameterInfo("size", "out", "offset_t", "u8"),
                    ParameterInfo("file", "out", "cap", "cap"),
                    ParameterInfo("object_flags", "out", "object_flags_t", "u8"),
                ),
            ),
            OperationInfo("remove", 14),
            OperationInfo("rename", 15),
            OperationInfo("stat", 11),
        ),
    )

    @abstractmethod
    def mount(self, fs: Cap) -> None:
        """Opcode 0."""

    @abstractmethod
    def getfs(self) -> Cap:
        """Opcode 1."""

    @abstractmethod
    def mkdir(self, mode: int) -> None:
        """Opcode 18."""

    @abstractmethod
    def open(self, flags: int) -> OpenerContext_open_result:
        """Opcode 12."""

    @abstractmethod
    def remove(self) -> None:
        """Opcode 14."""

    @abstractmethod
    def rename(self) -> None:
        """Opcode 15."""

    @abstractmethod
    def stat(self) -> None:
        """Opcode 11."""


class ref_OpenerContext(Reference):
    """Where a OpenerContext is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_OpenerContext:
    """The functions of a OpenerContext: they return a status first."""

    mount: Callable[[ref_OpenerContext, Cap], int]
    getfs: Callable[[ref_OpenerContext], int | tuple[int, Cap]]
    mkdir: Callable[[ref_OpenerContext, int], int]
    open: Callable[[ref_OpenerContext, int], int | tuple[int, int, Cap, int]]
    remove: Callable[[ref_OpenerContext], int]
    rename: Callable[[ref_OpenerContext], int]
    stat: Callable[[ref_OpenerContext], int]
