"""From a client to an object and back, through messages, without a kernel."""

import struct
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from userlib.l4re import consts
from userlib.l4re.cap import Cap
from userlib.l4re.client import Result, cap_of, invoke
from userlib.l4re.consts import Rights
from userlib.l4re.dispatch import Completion, current_call, server_config
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage
from userlib.l4re.messages import ExpectedItems, NoReply

Import = Callable[..., ModuleType]
Local = Callable[..., Any]

CALC = """interface Calc {
    void add(in int left, in int right, out int result);
    void divide(in int numerator, in int denominator, out int quotient, out int rest);
    [rights(W)] void clear();
    [oneway] void poke(in int how);
    [deferred] void wait(in int how, out int result);
    void swap(inout int value, in cap old, out cap fresh);
};"""


@pytest.fixture
def calc(imported: Import) -> ModuleType:
    return imported(CALC)


class Calculator:
    """What a server_Calc of the tests does."""

    def __init__(self) -> None:
        self.log: list[object] = []

    def add(self, left: int, right: int) -> object:
        self.log.append(current_call())
        return left + right

    def divide(self, numerator: int, denominator: int) -> object:
        if denominator == 0:
            raise L4Error(consts.L4_EINVAL)
        return divmod(numerator, denominator)

    def clear(self) -> object:
        return None

    def poke(self, how: int) -> object:
        self.log.append(how)
        raise L4Error(how)

    def wait(self, how: int, completion: Completion | None = None) -> object:
        if completion is None:
            return how
        self.log.append(completion)
        return None if how else NoReply

    def swap(self, value: int, old: Cap) -> object:
        return value + 1, old


def served(
    module: ModuleType, local: Local, rights: int = 0, **methods: object
) -> tuple[Any, Any]:
    """A client and its capability; the object is a Calculator, but for *methods*."""
    cls = type("server_Calc", (Calculator, module.Calc), methods)
    cap = local(module.config_Calc, cls(), rights)
    return module.client_Calc(cap), cap


def code_of(call: Callable[..., object], *args: object) -> int:
    with pytest.raises(L4Error) as caught:
        call(*args)
    return caught.value.code


def test_operations_are_called_and_return_their_outputs(
    calc: ModuleType, local: Local
) -> None:
    client, cap = served(calc, local)
    assert client.add(3, 4) == 7
    assert client.divide(7, 2) == (3, 1)
    assert client.divide(7, 2).rest == 1
    assert client.clear.__doc__ == "Opcode 2; needs W."
    assert cap_of(client) is cap
    protocol, words, items = cap.sent[0]
    assert (protocol, words, items) == (
        calc.Calc.INFO.protocol,
        bytes.fromhex("00000000 03000000 04000000 00000000"),
        (),
    )


def test_results_below_zero_are_raised_and_others_given(
    calc: ModuleType, local: Local
) -> None:
    client, _cap = served(calc, local)
    assert code_of(client.divide, 1, 0) == consts.L4_EINVAL
    assert invoke(client, "divide", 1, 0) == Result(-consts.L4_EINVAL)
    assert invoke(client, "add", 1, 2) == Result(0, (3,))
    client, _cap = served(calc, local, add=lambda _self, _l, _r: Result(5, (9,)))
    assert invoke(client, "add", 1, 2) == Result(5, (9,))
    assert client.add(1, 2) == 9
    with pytest.raises(AttributeError, match="no operation 'sub'"):
        invoke(client, "sub")


def test_a_local_object_is_invoked_alike(calc: ModuleType, local: Local) -> None:
    _client, cap = served(calc, local, clear=lambda _self: Result(5))
    for target in (cap.obj, calc.client_Calc(local(calc.config_Calc, cap.obj, 1))):
        assert invoke(target, "clear") == Result(5, ())
        assert invoke(target, "divide", 7, 2) == Result(0, (3, 1))
        assert invoke(target, "divide", 7, 0) == Result(-consts.L4_EINVAL)


def test_other_exceptions_are_io_errors_and_told_to_the_loop(
    calc: ModuleType, local: Local
) -> None:
    client, cap = served(calc, local, add=lambda _self, left, right: left // right)
    assert code_of(client.add, 1, 0) == consts.L4_EIO
    assert [type(error) for error in cap.errors] == [ZeroDivisionError]
    assert client.add(4, 2) == 2


@pytest.mark.parametrize("value", [2**31, "7", None, (1, 2), Result(0, ())])
def test_a_server_that_returns_nonsense_is_out_of_range(
    calc: ModuleType, local: Local, value: object
) -> None:
    client, _cap = served(calc, local, add=lambda _self, _left, _right: value)
    assert code_of(client.add, 1, 2) == consts.L4_ERANGE


def test_a_result_has_48_bits(calc: ModuleType, local: Local) -> None:
    for label, answer in ((2**47 - 1, 2**47 - 1), (2**47, -consts.L4_EMSGERRRANGE)):
        client, _cap = served(
            calc, local, rights=1, clear=lambda _s, n=label: Result(n)
        )
        assert invoke(client, "clear").label == answer


def test_bad_requests_are_answered_in_order(calc: ModuleType, local: Local) -> None:
    client, cap = served(calc, local)
    protocol = calc.Calc.INFO.protocol

    def label(number: int, words: bytes, items: tuple[object, ...] = ()) -> int:
        answer: int = cap.call(number, words, items).label
        return -answer

    opcode = struct.Struct("<i4x").pack
    assert label(5, b"") == consts.L4_EBADPROTO
    assert label(0, opcode(0)) == consts.L4_EBADPROTO
    assert label(protocol, b"") == consts.L4_EMSGTOOSHORT
    assert label(protocol, opcode(99)) == consts.L4_ENOSYS
    assert label(protocol, opcode(-1)) == consts.L4_ENOSYS
    assert label(protocol, opcode(2)) == consts.L4_EPERM
    assert label(protocol, bytes(64 * 8)) == consts.L4_EMSGTOOSHORT
    assert label(protocol, opcode(0)) == consts.L4_EMSGTOOSHORT
    assert label(protocol, opcode(5)) == consts.L4_EMSGTOOSHORT
    assert label(protocol, opcode(5), (Cap(),)) == consts.L4_EMSGMISSARG
    assert label(protocol, opcode(5), (Fpage(4, 0, 12, 7),)) == consts.L4_EINVAL
    assert cap.obj.log == []
    assert label(protocol, bytes(5 * 8)) == 0
    assert client.add(1, 2) == 3


def test_rights_come_from_the_label(calc: ModuleType, local: Local) -> None:
    assert code_of(served(calc, local, rights=0)[0].clear) == consts.L4_EPERM
    assert code_of(served(calc, local, rights=2)[0].clear) == consts.L4_EPERM
    served(calc, local, rights=1)[0].clear()
    client, cap = served(calc, local, rights=0x1003)
    client.add(1, 2)
    assert cap.obj.log == [(0x1000, Rights.W | Rights.S, calc.Calc.INFO.protocol, 0)]
    with pytest.raises(LookupError):
        current_call()


def test_an_operation_within_another_has_a_request_of_its_own(
    calc: ModuleType, local: Local
) -> None:
    seen: list[tuple[str, int]] = []

    def note(who: str) -> None:
        seen.append((who, current_call().opcode))

    def divide(_self: object, _numerator: int, _denominator: int) -> object:
        note("inner")
        raise L4Error(consts.L4_EINVAL)

    def add(_self: object, left: int, right: int) -> int:
        note("before")
        assert code_of(inner.divide, left, right) == consts.L4_EINVAL
        note("after")
        return left + right

    inner, _cap = served(calc, local, divide=divide)
    outer, _cap = served(calc, local, add=add)
    assert outer.add(1, 2) == 3
    assert seen == [("before", 0), ("inner", 1), ("after", 0)]
    with pytest.raises(LookupError):
        current_call()


def test_a_oneway_operation_is_never_answered(calc: ModuleType, local: Local) -> None:
    client, cap = served(calc, local)
    assert client.poke(22) is None
    assert cap.obj.log == [22]
    assert invoke(client, "poke", 22) == Result(0)
    protocol = calc.Calc.INFO.protocol
    assert cap.call(protocol, struct.pack("<i4x", 3)).label == -consts.L4_ENOREPLY


def test_a_deferred_operation_is_answered_when_its_completion_is_used(
    calc: ModuleType, local: Local
) -> None:
    client, cap = served(calc, local)
    for how in (0, 1):
        assert code_of(client.wait, how) == consts.L4_ENOREPLY
    first, second = cap.obj.log
    assert cap.port.replies == []
    assert first.reply(7)
    cap.port.is_waiting = False
    assert not second.fail(consts.L4_EBUSY)
    assert not second.finish(Result(3, (4,)))
    assert not second.reply(2**31)
    assert [(one.label, one.words) for one in cap.port.replies] == [
        (0, struct.pack("<i4x", 7)),
        (-consts.L4_EBUSY, b""),
        (3, struct.pack("<i4x", 4)),
        (-consts.L4_ERANGE, b""),
    ]


def test_a_deferred_operation_may_answer_at_once(
    calc: ModuleType, local: Local
) -> None:
    def wait(_self: object, how: int, _completion: object) -> int:
        if how < 0:
            raise L4Error(-how)
        return 10 // how

    client, cap = served(calc, local, wait=wait)
    for how in (5, -22, 0):
        code_of(client.wait, how)
    assert [one.label for one in cap.port.replies] == [0, -22, -consts.L4_EIO]
    assert cap.port.replies[0].words == struct.pack("<i4x", 2)
    assert [type(error) for error in cap.errors] == [ZeroDivisionError]


def test_an_operation_may_leave_its_caller_waiting(
    calc: ModuleType, local: Local
) -> None:
    def leaves(_self: object) -> None:
        raise L4Error(consts.L4_ENOREPLY)

    for clear in (lambda _self: NoReply, leaves):
        client, _cap = served(calc, local, rights=1, clear=clear)
        assert code_of(client.clear) == consts.L4_ENOREPLY


def test_capabilities_travel_beside_the_words(calc: ModuleType, local: Local) -> None:
    client, cap = served(calc, local)
    mine = Cap(0x2000)
    value, fresh = client.swap(41, mine)
    assert (value, fresh) == (42, mine)
    assert cap.expected[-1] == ExpectedItems(caps=1)
    assert calc.Calc_expected_items == ExpectedItems(caps=1)
    assert code_of(client.swap, 1, Cap()) == consts.L4_EMSGMISSARG
    assert len(cap.sent) == 1


def test_a_bad_argument_is_refused_before_anything_is_sent(
    calc: ModuleType, local: Local
) -> None:
    client, cap = served(calc, local)
    with pytest.raises(OverflowError):
        client.add(2**31, 0)
    with pytest.raises(TypeError):
        client.add("1", 0)
    with pytest.raises(TypeError):
        client.add(1)
    assert cap.sent == []
    with pytest.raises(TypeError, match="a capability is wanted"):
        calc.client_Calc(7)
    with pytest.raises(TypeError, match="is no client"):
        cap_of(cap.obj)


def test_a_reply_that_is_too_short_is_an_error_of_the_client(
    calc: ModuleType, local: Local
) -> None:
    client, cap = served(calc, local)
    other = served(calc, local, rights=1)[1]
    cap.config = other.config._replace(handle=lambda _obj, _message: other_reply())

    def other_reply() -> object:
        return other.config.handle(other.obj, message_of(other, "clear"))

    assert code_of(client.add, 1, 2) == consts.L4_EMSGTOOSHORT


def message_of(cap: Any, name: str) -> Any:
    """The message that calls an operation without inputs."""
    from userlib.l4re.messages import Message  # noqa: PLC0415

    protocol, operation = cap.config.interface.INFO.operation(name)
    return Message(cap.rights, protocol, struct.pack("<i4x", operation.opcode))


def test_every_object_says_what_it_is(imported: Import, local: Local) -> None:
    module = imported(
        "[protocol(7)] interface X { void f(); };"
        "[protocol(8)] interface Y { void g(); }; interface XY composes X, Y;"
    )
    cap = local(module.config_XY, object())

    def ask(opcode: int, value: int = 0) -> tuple[int, bytes]:
        reply = cap.call(consts.L4_PROTO_META, struct.pack("<i4xq", opcode, value))
        return reply.label, reply.words

    assert ask(0) == (2, b"")
    assert ask(1, 1) == (0, struct.pack("<qQ8s", 8, 2, b"Y\0"))
    assert ask(1, 2)[0] == -consts.L4_ERANGE
    assert [ask(2, number)[0] for number in (7, 8, 9, -21)] == [1, 1, 0, 1]
    assert ask(3)[0] == -consts.L4_ENOSYS
    short = cap.call(consts.L4_PROTO_META, struct.pack("<i4x", 1))
    assert short.label == -consts.L4_EMSGTOOSHORT


def test_a_compound_dispatches_by_protocol_first(
    imported: Import, local: Local
) -> None:
    module = imported(
        "[protocol(7)] interface X { void f(out int a); };"
        "[protocol(8)] interface Y { void g(out int a); }; interface XY composes X, Y;"
    )
    methods = {"f": lambda _self: 1, "g": lambda _self: 2}
    cap = local(module.config_XY, type("server_XY", (module.XY,), methods)())
    client = module.client_XY(cap)
    assert (client.f(), client.g()) == (1, 2)
    assert (module.client_X(cap).f(), module.client_Y(cap).g()) == (1, 2)
    assert cap.call(7, struct.pack("<i4x", 1)).label == -consts.L4_ENOSYS
    assert cap.call(9, struct.pack("<i4x", 0)).label == -consts.L4_EBADPROTO


@pytest.mark.case("L4-69")
def test_one_method_answers_an_operation_that_components_share(
    imported: Import, local: Local
) -> None:
    text = """interface A { [opcode(3)] void close(in int how, out int was); };
    interface B { [opcode(4)] void close(in %s how, out int was); };
    interface AB composes A, B;"""
    module = imported(text % "int")
    methods = {"close": lambda _self, how: how + 1}
    cap = local(module.config_AB, type("server_AB", (module.AB,), methods)())
    clients = (module.client_A, module.client_B, module.client_AB)
    assert [client(cap).close(7) for client in clients] == [8, 8, 8]
    opcodes = [struct.unpack_from("<i", words)[0] for _, words, _ in cap.sent]
    assert opcodes == [3, 4, 3]
    with pytest.raises(SyntaxError, match="E504"):
        imported_again(imported, text % "long")


def imported_again(imported: Import, text: str) -> None:
    """Import the other description as if it were the first time."""
    import sys  # noqa: PLC0415

    for kind in ("interface", "client", "server"):
        del sys.modules[f"made_{kind}"]
    imported(text)


def test_the_configuration_can_be_made_from_the_interface_alone(
    calc: ModuleType,
) -> None:
    config = server_config(calc.Calc)
    assert config.interface is calc.Calc
    assert config.expected == calc.Calc_expected_items
    for other in (object, calc.client_Calc, calc.Calc_opcode, 7):
        with pytest.raises(TypeError, match="a generated interface is wanted"):
            server_config(other)


# The C mapping


def test_functions_and_a_reference_make_an_object(
    calc: ModuleType, local: Local
) -> None:
    state = [0]
    seen: list[object] = []

    def add(_self: Any, left: int, right: int) -> object:
        seen.append(_self)
        _self.ptr[0] += left + right
        return 0, _self.ptr[0]

    names = ("divide", "clear", "poke", "wait", "swap")
    others = {name: lambda _self, *_inputs: -consts.L4_ENOSYS for name in names}
    others["clear"] = lambda _self: 5
    others["divide"] = lambda _self, left, right: (0, left // right, left % right)
    iface = calc.iface_Calc(add=add, **others)
    obj = calc.object_Calc(calc.ref_Calc(ptr=state), iface)
    cap = local(calc.config_Calc, obj, 1)
    client = calc.client_Calc(cap)
    assert (client.add(1, 2), client.add(3, 4)) == (3, 10)
    assert isinstance(seen[0], calc.ref_Calc)
    assert seen[0].ptr is state
    assert client.divide(7, 2) == calc.Calc_divide_result(3, 1)
    assert invoke(client, "clear") == Result(5)
    assert code_of(client.swap, 1, Cap(4)) == consts.L4_ENOSYS
    with pytest.raises(TypeError):
        calc.iface_Calc(add=add)


def test_the_ready_made_table_calls_through_the_reference(
    calc: ModuleType, local: Local
) -> None:
    _client, cap = served(calc, local)
    table, ref = calc.client_iface_Calc, calc.ref_Calc(cap=cap)
    assert table.add(ref, 3, 4) == (0, 7)
    assert table.divide(ref, 1, 0) == -consts.L4_EINVAL
    assert table.clear(ref) == -consts.L4_EPERM
    assert table.swap(ref, 1, Cap()) == -consts.L4_EMSGMISSARG
    assert table.add(calc.ref_Calc(), 3, 4) == -consts.L4_EINVAL
    remote = calc.object_Calc(ref, table)
    assert (remote.add(1, 2), remote.divide(7, 2).rest) == (3, 1)


def test_a_compound_keeps_the_states_of_its_components_apart(
    imported: Import, local: Local
) -> None:
    module = imported(
        "interface Calc { void add(in int left, in int right, out int result); };"
        "interface Counter { void increment(out int result); };"
        "interface CalcCounter composes Calc, Counter;"
    )
    seen: list[Any] = []

    def add(_self: Any, left: int, right: int) -> object:
        seen.append(_self)
        return 0, left + right

    def increment(_self: Any) -> object:
        _self.ptr[0] += 1
        return 0, _self.ptr[0]

    counter = module.ref_Counter(ptr=[5])
    ref = module.ref_CalcCounter(ptr="whole", as_Counter=counter)
    iface = module.iface_CalcCounter(
        to_Calc=module.iface_Calc(add=add),
        to_Counter=module.iface_Counter(increment=increment),
    )
    obj = module.object_CalcCounter(ref, iface)
    assert isinstance(obj, module.CalcCounter)
    cap = local(module.config_CalcCounter, obj)
    client = module.client_CalcCounter(cap)
    assert (client.increment(), client.add(1, 2)) == (6, 3)
    assert (type(seen[0]), seen[0].ptr) == (module.ref_Calc, None)
    remote = module.object_CalcCounter(
        module.ref_CalcCounter(cap=cap), module.client_iface_CalcCounter
    )
    assert (remote.increment(), remote.add(2, 2)) == (7, 4)
