# Made by eka idl from calc_counter.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""CalcCounter, as described."""

from userlib.l4re.runtime import Cap, InterfaceInfo, Reference, dataclass
from calc_interface import Calc, iface_Calc, ref_Calc
from counter_interface import Counter, iface_Counter, ref_Counter


class CalcCounter(Calc, Counter):
    """Composed of Calc, Counter."""

    INFO = InterfaceInfo("CalcCounter", components=(Calc.INFO, Counter.INFO))


class ref_CalcCounter(Reference):
    """Where a CalcCounter is, and where its components are."""

    def __init__(
        self,
        ptr: object = None,
        cap: Cap | None = None,
        as_Calc: ref_Calc | None = None,
        as_Counter: ref_Counter | None = None,
    ) -> None:
        super().__init__(ptr, cap)
        if as_Calc is None:
            as_Calc = ref_Calc(cap=cap)
        self.as_Calc = as_Calc
        if as_Counter is None:
            as_Counter = ref_Counter(cap=cap)
        self.as_Counter = as_Counter


@dataclass(frozen=True, kw_only=True)
class iface_CalcCounter:
    """The functions of a CalcCounter, component by component."""

    to_Calc: iface_Calc
    to_Counter: iface_Counter
