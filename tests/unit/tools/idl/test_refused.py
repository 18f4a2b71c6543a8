"""Descriptions that are not good: each code, at its line and column."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.idl.compilation import Compilation, Options, compile_file

Describe = Callable[..., Compilation]


def places(compilation: Compilation) -> list[str]:
    """`E104 1:25` for each diagnostic, in order."""
    return [f"{one.code} {one.line}:{one.column}" for one in compilation.diagnostics]


def marked(text: str) -> tuple[str, list[str]]:
    """The text without its marks; `«E104»` stands before the token it is about."""
    found, parts = [], text.split("«")
    clean = parts[0]
    for part in parts[1:]:
        code, _, rest = part.partition("»")
        line = clean.count("\n") + 1
        column = len(clean) - (clean.rfind("\n") + 1) + 1
        found.append(f"{code} {line}:{column}")
        clean += rest
    return clean, found


CASES = {
    "L4-09": [
        "interface A { [opcode(1)] void a(); [opcode(0)] void b(); void «E304»c(); };"
    ],
    "L4-12": [
        "interface A { void f(in int x) «E104»};",
        "interface A { void f(); }«E104»",
        "interface A { void f(); }«E104»\n\n",
    ],
    "L4-13": ["interface A { void f(«E104»int x); };"],
    "L4-14": ["interface A { «E307»int f(); };"],
    "L4-15": ["interface A { void f(in int «E101»*p); };"],
    "L4-16": [
        "«E102»/* never closed",
        "«E102»/* never closed * / \n\n interface A {};",
    ],
    "L4-17": ['import «E201»"gone.idl";'],
    "L4-22": [
        "[«E402»opcode(1)] interface «W702»A { };",
        "interface A { [«E402»protocol(3)] void f(); };",
        "interface A { void f(); }; [«E402»protocol(3)] interface C composes A;",
    ],
    "L4-23": [
        "interface A { [opcode(«E404»-1)] void f(); };",
        "interface A { [opcode(«E404»0x80000000)] void f(); };",
        "[protocol(«E404»40000)] interface A { void f(); };",
        "[protocol(«E404»-21)] interface A { void f(); };",
    ],
    "L4-25": [
        "interface A { [«E403»opcode] void f(); };",
        "interface A { [«E403»opcode(1, 2)] void f(); };",
        'interface A { [opcode(«E403»"x")] void f(); };',
        "interface A { [«E401»colour(3)] void f(); };",
    ],
    "L4-26": ["interface A { [oneway] void «E407»f(out int x); };"],
    "L4-28": ["interface A { void f(in int a, out int «E303»a); };"],
    "L4-29": ["interface A { void f(inout cap «E308»c); };"],
    "L4-31": [
        "interface A { void «E309»in(in int x); };",
        "interface A { void «E309»_f(); };",
    ],
    "L4-33": ["interface A { void add(); void «E306»Add(); };"],
}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, marks=pytest.mark.case(case), id=f"{case}-{number}")
        for case, texts in CASES.items()
        for number, text in enumerate(texts)
    ],
)
def test_a_case_is_reported_at_its_token(describe: Describe, text: str) -> None:
    clean, expected = marked(text)
    assert places(describe(clean)) == expected


OTHERS = [
    "interface A { void f(in int x «E101»= 3); };",
    "interface A { void f(in int x«E104»[3]); };",
    "interface A { void f(in int «E101»&x); };",
    "interface A «E101»: B { };",
    "«E101»#define X 1\n",
    "  «E101»# include <a.h>\n",
    "interface A { «E101»#include <a.h>\n };",
    "#include <a.h>\n«E101»#include <a.h> interface A { };",
    "«E101»#include a.h\n",
    "«E101»\x00",
    "interface «E101»\u00e4 { };",
    "interface A { [opcode(12«E101»ab)] void f(); };",
    "interface A { [opcode(0«E101»x)] void f(); };",
    "interface A { [opcode(0x1«E101»g)] void f(); };",
    "interface A { [opcode(«E101»-)] void f(); };",
    'import «E103»"a.idl',
    'import «E103»"a.idl\n";',
    "«E104»struct S { };",
    "«E104»typedef int x;",
    "interface A { «E104»interface B { }; };",
    "interface A { void f(in «E104»void x); };",
    "interface A { void f(in vector«E104»<int> x); };",
    "interface A { void «E104»3(); };",
    "interface A { [oneway(«E104»)] void f(); };",
    'import "calc.idl"«E104»',
    "interface A { void f(in int «E104»); };",
    "interface A composes «E104»;",
    "interface A«E104»;",
    "interface A { void f(); }; interface «E301»A { void g(); };",
    "interface A { void f(); void «E302»f(in int x); };",
    "interface A { void f(in «E305»unsigned unsigned x); };",
    "interface A { void f(in «E305»short long x); };",
    "interface A { void f(in «E305»int_t x, out sequence<«E305»zz> y); };",
    "interface A { void f(in sequence<cap> «E308»x); };",
    "interface A { void f(in sequence<sequence<int>> «E308»x); };",
    "interface A { void f(inout string «E308»x); };",
    "interface A { void f(in sequence<int, «E404»0> x); };",
    "interface A { void f(in sequence<int, «E404»65536> x); };",
    "interface A { void f(in sequence<int, «E404»-1> x); };",
    "interface A { void «E306»f(in int from, in int from_); };",
    "interface A { void name(); void «E306»name_(); };",
    "interface «E306»Interface { void f(); };",
    "interface Calc { void f(); }; interface «E306»Calc_opcode { void f(); };",
    "interface dispatch { void A(); }; interface «E306»A { void f(); };",
    "interface A { void f(); void «E306»ref_A(); };",
    "interface A { void «E306»A_f_result(); void f(out int a, out int b); };",
    """interface A { void f(out int a, out int b); };
    interface B { void A_f_result(); };
    interface «E306»C composes A, B; interface D composes C;""",
    "interface «E309»in { void f(); };",
    "interface A { void f(in int «E309»_x, in address_t «E309»int); };",
    "interface A { [«E401»in] void f(); };",
    "[«E402»oneway] interface A { void f(); };",
    "interface A { [«E403»oneway(1)] void f(); };",
    "interface A { [«E403»rights] void f(); [«E403»rights(W, S, W)] void g(); };",
    "interface A { [rights(«E404»R)] void f(); [rights(W, «E404»D)] void g(); };",
    "interface A { [opcode(«E405»NO)] void f(); };",
    "interface A { [opcode(1), «E406»opcode(2)] void f(); };",
    "interface A { [oneway, deferred] void «E407»f(); };",
    "interface A { [oneway] void «E407»f(inout int x); };",
    "interface A { [opcode(0x7fffffff)] void a(); void «E404»b(); };",
    "[protocol(«E404»-32769)] interface A { void f(); };",
    f"[protocol(«E404»{'9' * 5000})] interface A {{ void f(); }};",
    f"[protocol(«E404»-0x{'f' * 5000})] interface A {{ void f(); }};",
    "[protocol(«W701»-20)] interface A { void f(); };",
    "interface «W702»A { };",
    "interface A composes «E501»B;",
    "interface A { void f(); }; interface C composes A, «E502»A;",
    "interface A composes «E505»A;",
    """interface A { void from(); }; interface B { void from_(); };
    interface C composes A, «E306»B;""",
    """interface A { [deferred, opcode(1)] void f(); }; interface B { void f(); };
    interface C composes A, «E504»B;""",
]


@pytest.mark.parametrize("text", OTHERS)
def test_every_mistake_is_reported_at_its_token(describe: Describe, text: str) -> None:
    clean, expected = marked(text)
    assert places(describe(clean)) == expected


@pytest.mark.case("L4-18")
def test_a_cycle_of_imports_is_reported_where_it_closes(
    describe: Describe, tmp_path: Path
) -> None:
    found = describe(
        'import "b.idl"; interface A { void f(); };',
        b='interface B { void f(); };\nimport "a.idl";',
    ).diagnostics
    assert [(one.path, one.code, one.line, one.column) for one in found] == [
        (tmp_path / "b.idl", "E202", 2, 8)
    ]


@pytest.mark.case("L4-20")
def test_components_must_be_known_or_found(describe: Describe, folder: Path) -> None:
    assert places(describe("interface A composes B;")) == ["E501 1:22"]
    literal = folder / "calc_counter.idl"
    literal.write_text(
        'import "calc.idl"; import "counter.idl";\ninterface MappedFileObject composes '
        "Dataspace, File, Flush, MappedFile, Notification;"
    )
    columns = ["2:37", "2:48", "2:54", "2:61", "2:73"]
    assert places(compile_file(literal)) == [f"E501 {place}" for place in columns]
    server = Path(__file__).resolve().parents[4] / "servers" / "l4fs"
    found = compile_file(literal, Options(search=[server]))
    assert places(found) == [f"W703 {place}" for place in columns]
    assert found.is_good
    assert len(found.interfaces["MappedFileObject"].simple) == 5


@pytest.mark.case("L4-21")
def test_a_name_is_listed_once_and_no_interface_composes_itself(
    describe: Describe,
) -> None:
    twice = "interface B { void f(); }; interface A composes B, «E502»B;"
    clean, expected = marked(twice)
    assert places(describe(clean)) == expected
    mutual = "interface A composes B; interface B composes «E505»A;"
    clean, expected = marked(mutual)
    assert places(describe(clean)) == expected


@pytest.mark.case("L4-24")
def test_a_constant_is_unknown_unless_it_is_defined(describe: Describe) -> None:
    text = "[protocol(NO_SUCH)] interface A { void f(); };"
    assert places(describe(text)) == ["E405 1:11"]
    found = describe(text, Options(constants={"NO_SUCH": 7}))
    assert (places(found), found.interfaces["A"].protocol) == ([], 7)


@pytest.mark.case("L4-27")
def test_a_type_is_unknown_unless_a_map_has_it(
    describe: Describe, tmp_path: Path
) -> None:
    text = "interface A { void f(in blob_t x); };"
    assert places(describe(text)) == ["E305 1:25"]
    (tmp_path / "map").write_text("type blob_t = unsigned short\n")
    found = describe(text, Options(type_maps=[tmp_path / "map"]))
    assert places(found) == []
    (operation,) = found.interfaces["A"].operations
    assert operation.parameters[0].type.wire == "u2"


@pytest.mark.case("L4-30")
def test_a_message_has_63_words(describe: Describe) -> None:
    def with_caps(count: int) -> Compilation:
        caps = [f"in cap c{number}" for number in range(count)]
        numbers = [f"in offset_t n{number}" for number in range(32)]
        return describe(f"interface A {{ void f({', '.join(caps + numbers)}); }};")

    assert places(with_caps(16)) == ["E601 1:20"]
    assert (
        "takes 65 words, 32 of them for items; there are 63"
        in with_caps(16).diagnostics[0].text
    )
    assert places(with_caps(15)) == []


@pytest.mark.case("L4-33")
def test_operations_equal_but_for_case_collide(describe: Describe) -> None:
    found = describe("interface A { void add(); void Add(); };").diagnostics
    assert [one.code for one in found] == ["E306"]


# Files


@pytest.mark.parametrize("name", ["1a.idl", "a-b.idl", "a.txt", "_a.idl", "a b.idl"])
def test_a_description_is_called_after_an_identifier(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("interface A { void f(); };")
    assert places(compile_file(tmp_path / name)) == ["E105 1:1"]


def test_what_cannot_be_read_is_reported(tmp_path: Path, describe: Describe) -> None:
    (tmp_path / "folder.idl").mkdir()
    assert places(compile_file(tmp_path / "folder.idl")) == ["E100 1:1"]
    assert places(compile_file(tmp_path / "gone.idl")) == ["E100 1:1"]
    assert places(compile_file(tmp_path / f"{'x' * 300}.idl")) == ["E100 1:1"]
    latin = "interface A { };\n// \u00e4".encode("latin-1")
    assert places(describe(latin)) == ["E100 2:4"]
    inside = describe('import "folder.idl"; interface A { void f(); };')
    assert places(inside) == ["E100 1:1"]
    for name in ("", ".", ".."):
        nothing = describe(f'import "{name}"; interface A {{ void f(); }};')
        assert places(nothing) == ["E201 1:8"]
    strange = describe('import "a\x00b.idl"; interface A { void f(); };')
    assert places(strange) == ["E201 1:8"]


def test_an_error_in_an_imported_file_is_not_said_again_of_its_interfaces(
    describe: Describe,
) -> None:
    found = describe('import "b.idl"; interface A composes B;', b="interface B { void")
    assert [(one.path.name, one.code) for one in found.diagnostics] == [
        ("b.idl", "E104")
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("nonsense", "E104 1:1"),
        ("type = int", "E104 1:1"),
        ("type x_t = int int", "E305 1:12"),
        ("type x_t = cap", "E305 1:12"),
        ("type in = int", "E309 1:6"),
        ("type cap = int", "E309 1:6"),
        ("const X = seven", "E104 1:11"),
        ("const _X = 7", "E309 1:7"),
    ],
)
def test_a_bad_line_of_a_type_map_is_reported(
    describe: Describe, tmp_path: Path, line: str, place: str
) -> None:
    (tmp_path / "map").write_text(f"{line}\n")
    text = "interface A { void f(); };"
    found = describe(text, Options(type_maps=[tmp_path / "map"]))
    assert places(found) == [place]
    assert found.diagnostics[0].path == tmp_path / "map"


def test_a_type_map_that_is_not_there_is_reported(
    describe: Describe, tmp_path: Path
) -> None:
    text = "interface A { void f(); };"
    found = describe(text, Options(type_maps=[tmp_path / "gone"]))
    assert places(found) == ["E100 1:1"]


# How it looks


def test_a_diagnostic_shows_its_line_and_a_caret(
    describe: Describe, tmp_path: Path
) -> None:
    (one,) = describe("interface A {\n\tvoid f(in blob x);\n};").diagnostics
    assert str(one) == f"{tmp_path / 'a.idl'}:2:12: error: E305: unknown type 'blob'"
    assert one.excerpt() == "    \tvoid f(in blob x);\n    \t          ^~~~"


def test_a_caret_stands_below_its_place_behind_wide_characters(
    describe: Describe,
) -> None:
    (one,) = describe("/* \u6f22e\u0301 */ #x").diagnostics
    assert one.column == 11
    assert one.excerpt() == "    /* \u6f22e\u0301 */ #x\n              ^"


def test_a_long_line_is_cut_around_the_place(describe: Describe) -> None:
    text = f"interface A {{ void f({'in int x, ' * 50}in blob y); }};"
    found = describe(text).diagnostics
    shown, caret = found[-1].excerpt().splitlines()
    assert len(shown) <= 104
    assert shown[caret.index("^") :].startswith("blob")


def test_control_characters_do_not_reach_the_terminal(describe: Describe) -> None:
    (one,) = describe("\x1b[31m").diagnostics
    assert "\x1b" not in str(one) + one.excerpt()
    assert "U+001B" in one.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("interface A { void f(in int *x); };", "pointers are not supported"),
        ("interface A { void f(in int x[2]); };", "arrays are not supported"),
        ("struct A { };", "struct is not supported"),
        ("interface A : B { };", "inheritance"),
        ("interface A { interface B { }; };", "interfaces are not nested"),
        ("interface A { void f(in int x = 1); };", "default values"),
        pytest.param(
            "interface A { void f(int x); };",
            "a parameter begins with its direction",
            marks=pytest.mark.case("L4-13"),
        ),
        pytest.param(
            "interface A { void f() };",
            "expected ';', found '}'",
            marks=pytest.mark.case("L4-12"),
        ),
        pytest.param(
            "interface A { void f(); }",
            "expected ';', found the end of the file",
            marks=pytest.mark.case("L4-12"),
        ),
        ("#define A", "the only directive is '#include'"),
        ("interface A { void f(in struct S x); };", "struct is not supported"),
        ("interface A { /* ; */ typedef int x; };", "typedef is not supported"),
        ("interface A { enum C { red }; };", "enum is not supported"),
        ("interface A { const int x = 5; };", "const is not supported"),
        ("interface A { readonly attribute int x; };", "readonly is not supported"),
        ("interface A extends B { };", "inheritance is not supported"),
        ("interface A { void f() raises (E); };", "exceptions are not declared"),
        ("/* a /* b */ */", "unexpected '*/': no comment is open; they do not nest"),
        ("interface A { void f(in double x); };", "floating point is not supported"),
        ("interface A { void f(in bool x); };", "'unsigned char' can hold it"),
        ("interface A { void f(in int); };", "expected a name, found ')'"),
        ("interface A { void f(in ); };", "expected a type, found ')'"),
        ("interface A { void (); };", "expected a name, found '('"),
        ("interface A { ; };", "expected 'void', '}' or '[', found ';'"),
        ("[] interface A { };", "expected a name, found ']'"),
        ("interface A { [opcode()] void f(); };", "a name, a number or a string"),
        ("interface A composes ;", "expected a name, found ';'"),
    ],
)
def test_the_text_says_what_is_not_supported(
    describe: Describe, text: str, says: str
) -> None:
    assert says in describe(text).diagnostics[0].text
