# Made by eka idl from calc.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Calc, as described."""

from userlib.l4re.runtime import (
    Callable,
    IntEnum,
    Interface,
    InterfaceInfo,
    OperationInfo,
    ParameterInfo,
    Reference,
    abstractmethod,
    dataclass,
)


class Calc_opcode(IntEnum):
    """The numbers of Calc's operations."""

    ADD = 0
    SUBTRACT = 1
    MULTIPLY = 2
    DIVIDE = 3


class Calc(Interface):
    """Protocol 0x1D91."""

    INFO = InterfaceInfo(
        "Calc",
        0x1D91,
        (
            OperationInfo(
                "add",
                0,
                (
                    ParameterInfo("left", "in", "int", "i4"),
                    ParameterInfo("right", "in", "int", "i4"),
                    ParameterInfo("result", "out", "int", "i4"),
                ),
            ),
            OperationInfo(
                "subtract",
                1,
                (
                    ParameterInfo("left", "in", "int", "i4"),
                    ParameterInfo("right", "in", "int", "i4"),
                    ParameterInfo("result", "out", "int", "i4"),
                ),
            ),
            OperationInfo(
                "multiply",
                2,
                (
                    ParameterInfo("left", "in", "int", "i4"),
                    ParameterInfo("right", "in", "int", "i4"),
                    ParameterInfo("result", "out", "int", "i4"),
                ),
            ),
            OperationInfo(
                "divide",
                3,
                (
                    ParameterInfo("numerator", "in", "int", "i4"),
                    ParameterInfo("denominator", "in", "int", "i4"),
                    ParameterInfo("result", "out", "int", "i4"),
                ),
            ),
        ),
    )

    @abstractmethod
    def add(self, left: int, right: int) -> int:
        """Opcode 0."""

    @abstractmethod
    def subtract(self, left: int, right: int) -> int:
        """Opcode 1."""

    @abstractmethod
    def multiply(self, left: int, right: int) -> int:
        """Opcode 2."""

    @abstractmethod
    def divide(self, numerator: int, denominator: int) -> int:
        """Opcode 3."""


class ref_Calc(Reference):
    """Where a Calc is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Calc:
    """The functions of a Calc: they return a status first."""

    add: Callable[[ref_Calc, int, int], int | tuple[int, int]]
    subtract: Callable[[ref_Calc, int, int], int | tuple[int, int]]
    multiply: Callable[[ref_Calc, int, int], int | tuple[int, int]]
    divide: Callable[[ref_Calc, int, int], int | tuple[int, int]]
