# Made by eka idl from mapped_file.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""MappedFile, as described."""

from userlib.l4re.runtime import (
    Callable,
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


class MappedFile_opcode(IntEnum):
    """The numbers of MappedFile's operations."""

    MMAP = 7


class MappedFile_mmap_result(NamedTuple):
    """What mmap returns."""

    start_pos: int
    end_pos: int
    size: int


class MappedFile(Interface):
    """Protocol 0x396C."""

    INFO = InterfaceInfo(
        "MappedFile",
        0x396C,
        (
            OperationInfo(
                "mmap",
                7,
                (
                    ParameterInfo("position", "in", "offset_t", "u8"),
                    ParameterInfo("length", "in", "offset_t", "u8"),
                    ParameterInfo("start_visible", "in", "offset_t", "u8"),
                    ParameterInfo("end_visible", "in", "offset_t", "u8"),
                    ParameterInfo("start_pos", "out", "offset_t", "u8"),
                    ParameterInfo("end_pos", "out", "offset_t", "u8"),
                    ParameterInfo("size", "out", "offset_t", "u8"),
                ),
            ),
        ),
    )

    @abstractmethod
    def mmap(
        self,
        position: int,
        length: int,
        start_visible: int,
        end_visible: int,
    ) -> MappedFile_mmap_result:
        """Opcode 7."""


class ref_MappedFile(Reference):
    """Where a MappedFile is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_MappedFile:
    """The functions of a MappedFile: they return a status first."""

    mmap: Callable[
        [ref_MappedFile, int, int, int, int],
        int | tuple[int, int, int, int],
    ]
