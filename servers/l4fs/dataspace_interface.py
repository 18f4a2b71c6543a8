# Made by eka idl from dataspace.idl: do not edit, it is made again.
# #include <l4/re/protocols.h>
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Dataspace, as described."""

from userlib.l4re.runtime import (
    Callable,
    Cap,
    Fpage,
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


class Dataspace_opcode(IntEnum):
    """The numbers of Dataspace's operations."""

    MAP = 0
    CLEAR = 1
    INFO = 2
    COPY_IN = 3
    ALLOCATE = 4
    MAP_INFO = 5


class Dataspace_info_result(NamedTuple):
    """What info returns."""

    size: int
    flags: int


class Dataspace_map_info_result(NamedTuple):
    """What map_info returns."""

    start: int
    end: int


class Dataspace(Interface):
    """Protocol 0x4000."""

    INFO = InterfaceInfo(
        "Dataspace",
        0x4000,
        (
            OperationInfo(
                "map",
                0,
                (
                    ParameterInfo("offset", "in", "offset_t", "u8"),
                    ParameterInfo("spot", "in", "address_t", "u8"),
                    ParameterInfo("flags", "in", "flags_t", "u8"),
                    ParameterInfo("page", "out", "fpage", "fpage"),
                ),
            ),
            OperationInfo(
                "clear",
                1,
                (
                    ParameterInfo("offset", "in", "offset_t", "u8"),
                    ParameterInfo("size", "in", "size_t", "u8"),
                ),
            ),
            OperationInfo(
                "info",
                2,
                (
                    ParameterInfo("size", "out", "size_t", "u8"),
                    ParameterInfo("flags", "out", "flags_t", "u8"),
                ),
            ),
            OperationInfo(
                "copy_in",
                3,
                (
                    ParameterInfo("destination", "in", "offset_t", "u8"),
                    ParameterInfo("source", "in", "cap", "cap"),
                    ParameterInfo("source_offset", "in", "offset_t", "u8"),
                    ParameterInfo("size", "in", "size_t", "u8"),
                ),
            ),
            OperationInfo(
                "allocate",
                4,
                (
                    ParameterInfo("offset", "in", "offset_t", "u8"),
                    ParameterInfo("size", "in", "size_t", "u8"),
                ),
            ),
            OperationInfo(
                "map_info",
                5,
                (
                    ParameterInfo("start", "out", "address_t", "u8"),
                    ParameterInfo("end", "out", "address_t", "u8"),
                ),
            ),
        ),
    )

    @abstractmethod
    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """Opcode 0."""

    @abstractmethod
    def clear(self, offset: int, size: int) -> None:
        """Opcode 1."""

    @abstractmethod
    def info(self) -> Dataspace_info_result:
        """Opcode 2."""

    @abstractmethod
    def copy_in(
        self,
        destination: int,
        source: Cap,
        source_offset: int,
        size: int,
    ) -> None:
        """Opcode 3."""

    @abstractmethod
    def allocate(self, offset: int, size: int) -> None:
        """Opcode 4."""

    @abstractmethod
    def map_info(self) -> Dataspace_map_info_result:
        """Opcode 5."""


class ref_Dataspace(Reference):
    """Where a Dataspace is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Dataspace:
    """The functions of a Dataspace: they return a status first."""

    map: Callable[[ref_Dataspace, int, int, int], int | tuple[int, Fpage]]
    clear: Callable[[ref_Dataspace, int, int], int]
    info: Callable[[ref_Dataspace], int | tuple[int, int, int]]
    copy_in: Callable[[ref_Dataspace, int, Cap, int, int], int]
    allocate: Callable[[ref_Dataspace, int, int], int]
    map_info: Callable[[ref_Dataspace], int | tuple[int, int, int]]
