"""Descriptions that are good: what the compiler makes of numbers, types and names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.idl.compilation import Compilation, Options, compile_file
from tools.idl.layout import reply_layout, request_layout
from tools.idl.model import Interface, Operation

Describe = Callable[..., Compilation]


def accepted(compilation: Compilation) -> dict[str, Interface]:
    assert [str(one) for one in compilation.diagnostics] == []
    return dict(compilation.interfaces)


def numbers(interface: Interface) -> dict[str, int]:
    return {operation.name: operation.opcode for operation in interface.operations}


def operation(compilation: Compilation, name: str = "f") -> Operation:
    """The operation of that name in the only interface."""
    (interface,) = accepted(compilation).values()
    return next(one for one in interface.operations if one.name == name)


@pytest.mark.case("L4-01")
def test_calc_numbers_its_operations_in_order(folder: Path) -> None:
    calc = accepted(compile_file(folder / "calc.idl"))["Calc"]
    assert calc.protocol == 0x1D91
    assert numbers(calc) == {"add": 0, "subtract": 1, "multiply": 2, "divide": 3}


@pytest.mark.case("L4-02")
def test_counter_has_one_output(folder: Path) -> None:
    counter = accepted(compile_file(folder / "counter.idl"))["Counter"]
    assert counter.protocol == 0x1DE4
    assert numbers(counter) == {"increment": 0}
    (increment,) = counter.operations
    assert [(p.direction, p.type.name, p.type.wire) for p in increment.parameters] == [
        ("out", "int", "i4")
    ]


@pytest.mark.case("L4-03")
def test_a_compound_has_the_operations_of_both_and_may_not_confuse_them(
    folder: Path,
) -> None:
    compound = accepted(compile_file(folder / "calc_counter.idl"))["CalcCounter"]
    names = [operation.name for _owner, operation in compound.all_operations]
    assert names == ["add", "subtract", "multiply", "divide", "increment"]
    for name in ("calc", "counter"):
        path = folder / f"{name}.idl"
        path.write_text("[protocol(7)] " + path.read_text())
    path = folder / "calc_counter.idl"
    assert [str(one) for one in compile_file(path).diagnostics] == [
        f"{path}:2:38: error: E503: (0x7, 0) is both Calc.add and Counter.increment"
    ]


@pytest.mark.case("L4-04")
def test_an_include_is_kept_and_its_names_are_known(describe: Describe) -> None:
    compilation = describe(
        "#include <l4/re/protocols.h>  /* L4RE_PROTO_RM */\n"
        "[protocol(L4RE_PROTO_RM)] interface RegionMapper { void f(); };"
    )
    assert accepted(compilation)["RegionMapper"].protocol == 0x4005
    assert compilation.modules[0].includes == ["#include <l4/re/protocols.h>"]


@pytest.mark.case("L4-05")
def test_attach_takes_six_words_and_an_item(describe: Describe) -> None:
    attach = operation(
        describe(
            "interface A { [opcode(0)] void attach(inout address_t start, "
            "in address_t size, in map_flags_t flags, in cap ds, in address_t offset, "
            "in unsigned char align); };"
        ),
        "attach",
    )
    request, reply = request_layout(attach), reply_layout(attach)
    assert (attach.opcode, request.words, request.items) == (0, 6, 1)
    assert (reply.words, reply.items) == (1, 0)


@pytest.mark.case("L4-06")
def test_opcodes_need_not_be_in_order() -> None:
    root = Path(__file__).resolve().parents[4]
    found = compile_file(root / "servers" / "l4fs" / "opener_context.idl")
    context = accepted(found)["OpenerContext"]
    assert numbers(context) == {
        "mount": 0,
        "getfs": 1,
        "mkdir": 18,
        "open": 12,
        "remove": 14,
        "rename": 15,
        "stat": 11,
    }
    assert list(numbers(context).values()) == [0, 1, 18, 12, 14, 15, 11]


@pytest.mark.case("L4-07")
@pytest.mark.parametrize("parameters", ["", "void", " /* none */ "])
def test_no_parameters_can_be_written_in_two_ways(
    describe: Describe, parameters: str
) -> None:
    text = f"interface A {{ [opcode(14)] void remove({parameters}); }};"
    assert operation(describe(text), "remove").parameters == ()


@pytest.mark.case("L4-08")
def test_an_operation_without_a_number_follows_the_one_before(
    describe: Describe,
) -> None:
    text = """interface A {
        [opcode(5)] void a(); void b(); [opcode(2)] void c(); void d();
    };"""
    assert numbers(accepted(describe(text))["A"]) == {"a": 5, "b": 6, "c": 2, "d": 3}


@pytest.mark.case("L4-10")
def test_a_parameter_may_be_named_like_its_operation(describe: Describe) -> None:
    text = "interface Opener { [opcode(13)] void context(out cap context); };"
    assert operation(describe(text), "context").outputs[0].name == "context"


@pytest.mark.case("L4-11")
def test_a_capability_index_is_a_plain_number(describe: Describe) -> None:
    found = operation(describe("interface A { void f(out l4_cap_idx_t ds); };"))
    assert found.parameters[0].type.wire == "u8"
    assert (reply_layout(found).words, reply_layout(found).items) == (1, 0)


@pytest.mark.case("L4-19")
def test_a_file_imported_twice_is_imported_once(folder: Path) -> None:
    (folder / "x.idl").write_text('import "calc.idl"; interface X { void x(); };')
    (folder / "y.idl").write_text('import "calc.idl"; interface Y { void y(); };')
    (folder / "z.idl").write_text(
        'import "x.idl"; import "y.idl"; interface Z composes X, Y, Calc;'
    )
    compilation = compile_file(folder / "z.idl")
    assert [part.name for part in accepted(compilation)["Z"].simple] == [
        "X",
        "Y",
        "Calc",
    ]
    made = [one.name for module in compilation.modules for one in module.interfaces]
    assert sorted(made) == ["Calc", "X", "Y", "Z"]


@pytest.mark.parametrize(
    ("words", "wire"),
    [
        ("char", "i1"),
        ("signed char", "i1"),
        ("unsigned char", "u1"),
        ("char unsigned", "u1"),
        ("short", "i2"),
        ("short int", "i2"),
        ("int unsigned short", "u2"),
        ("int", "i4"),
        ("signed", "i4"),
        ("unsigned", "u4"),
        ("unsigned int", "u4"),
        ("long", "i8"),
        ("long long", "i8"),
        ("long unsigned int long", "u8"),
        ("int64_t", "i8"),
        ("uint8_t", "u1"),
        ("address_t", "u8"),
        ("ssize_t", "i8"),
        ("l4_mword_t", "i8"),
        ("sys_mode_t", "u4"),
        ("user_t", "u4"),
        ("cap", "cap"),
        ("fpage", "fpage"),
        ("string", "string"),
        ("bytes", "bytes"),
        ("sequence<unsigned short>", "[u2]"),
        ("sequence<long, 10>", "[i8:10]"),
        ("sequence < l4_umword_t , 0x10 >", "[u8:16]"),
    ],
)
def test_types_have_their_width_and_sign(
    describe: Describe, words: str, wire: str
) -> None:
    found = operation(describe(f"interface A {{ void f(in {words} x); }};"))
    assert found.parameters[0].type.wire == wire


def test_words_with_a_meaning_elsewhere_are_names(describe: Describe) -> None:
    text = """interface composes { void sequence(in int opcode, in cap protocol); };
    interface rights composes composes;"""
    found = accepted(describe(text))
    assert [one.name for one in found["rights"].simple] == ["composes"]
    assert (
        operation(describe(text.splitlines()[0]), "sequence").inputs[0].name == "opcode"
    )


def test_a_file_may_begin_with_a_mark_and_end_lines_as_on_other_systems(
    describe: Describe,
) -> None:
    text = b"\xef\xbb\xbf#include <a.h>\r\ninterface A\r\n{\r\n};\r\n// end\r\n"
    compilation = describe(text + b"interface B { void f(in zz x); };")
    places = [(one.code, one.line, one.column) for one in compilation.diagnostics]
    assert places == [("W702", 2, 11), ("E305", 6, 25)]


def test_a_component_may_be_defined_behind_its_compound(describe: Describe) -> None:
    text = "interface B composes C; interface C composes A; interface A { void f(); };"
    found = accepted(describe(text))
    assert [one.name for one in found["B"].simple] == ["A"]
    assert list(found) == ["A", "C", "B"]


def test_a_compound_brings_its_components_once(describe: Describe) -> None:
    text = """interface A { void a(); }; interface B { void b(); };
    interface AB composes A, B; interface All composes B, AB, A;"""
    assert [one.name for one in accepted(describe(text))["All"].simple] == ["B", "A"]


def test_components_may_share_an_operation_whose_parameters_agree(
    describe: Describe,
) -> None:
    text = """interface A { [opcode(3)] void close(in int how); };
    interface B { [opcode(4)] void close(in %s how); };
    interface AB composes A, B;"""
    compound = accepted(describe(text % "int"))["AB"]
    assert [operation.name for _owner, operation in compound.all_operations] == [
        "close"
    ]
    other = describe(text % "long").diagnostics
    assert [(one.code, one.line, one.column) for one in other] == [("E504", 3, 30)]


def test_constants_and_types_come_from_the_command_line_and_a_map(
    describe: Describe, tmp_path: Path
) -> None:
    names = tmp_path / "names"
    names.write_text("# ours\nconst SEVEN = 0x7\n\ntype blob_t = unsigned short  # 2\n")
    found = describe(
        "[protocol(EIGHT)] interface A { [opcode(SEVEN)] void f(in blob_t x); };",
        Options(constants={"EIGHT": 8}, type_maps=[names]),
    )
    assert accepted(found)["A"].protocol == 8
    assert operation(found).opcode == 7
    assert operation(found).parameters[0].type.wire == "u2"
    assert names in found.depends


def test_bracketed_flags_reach_the_model(describe: Describe) -> None:
    text = """interface A { [oneway] void f(in int x); [deferred] void g(out int x);
    [rights(S, W)] void h(); [rights(3)] void i(); [rights(W)] void j(); };"""
    found = {one.name: one for one in accepted(describe(text))["A"].operations}
    assert (found["f"].oneway, found["g"].oneway) == (True, False)
    assert (found["f"].deferred, found["g"].deferred) == (False, True)
    assert [found[name].rights for name in "fhij"] == [
        (),
        ("W", "S"),
        ("W", "S"),
        ("W",),
    ]
