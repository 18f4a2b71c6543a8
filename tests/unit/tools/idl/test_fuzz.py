"""Whatever a description holds, it is answered with diagnostics."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.idl.compilation import Compilation, compile_file
from tools.idl.output import generate

ROOT = Path(__file__).resolve().parents[4]
FOLDERS = (ROOT / "examples" / "l4re", ROOT / "servers" / "l4fs")
SAMPLES = [path.read_bytes() for one in FOLDERS for path in one.glob("*.idl")]
EXTRA = b"""[protocol(-3)] interface Every { [opcode(5), rights(W, S)]
    void f(in sequence<unsigned int, 4> a, out string b);
    [oneway] void from(inout address_t class); };
interface A composes Every, B; interface B composes A; // and
"""
WORDS = rb"""interface |composes |sequence<|in |out |inout |void |cap |unsigned |long |
opcode(|protocol(|rights(|oneway|deferred|import "a.idl";
|#include <a>|/*|*/|//|"|{|}|(|)
[|]|<|>|,|;|-1|0x|99999999999999999999999|_|'|#|class|None|Interface""".split(b"|")
WORDS += [
    b"\x00",
    b"\xff\xfe",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"\n",
    b"\xe2\x80\xa8",
    b"\n#",
]


def mutated(source: random.Random) -> bytes:
    """A sample, changed at some places."""
    text = bytearray(source.choice([*SAMPLES, EXTRA]))
    for _ in range(source.randint(1, 6)):
        place = source.randint(0, len(text))
        end = min(len(text), place + source.choice([0, 1, 1, 3, 12, 60]))
        match source.randint(0, 4):
            case 0:
                text[place:place] = source.choice(WORDS)
            case 1:
                del text[place:end]
            case 2:
                text[place:end] = source.choice(WORDS)
            case 3:
                text[place:place] = text[place:end] * source.choice([1, 2, 30])
            case _:
                text[place:place] = source.randbytes(source.randint(1, 4))
    return bytes(text)


def texts(seed: int, count: int) -> Iterator[bytes]:
    source = random.Random(seed)
    for _ in range(count):
        yield mutated(source)


def check(path: Path, text: bytes) -> Compilation:
    """Compile, and hold what comes out to what every answer must keep to."""
    path.write_bytes(text)
    compilation = compile_file(path)
    for one in compilation.diagnostics:
        head = str(one).splitlines()
        assert len(head) == 1
        assert f": {one.code}: " in head[0]
        assert one.line >= 1
        assert one.column >= 1
        assert "^" in one.excerpt().splitlines()[-1]
    if compilation.is_good:
        for file in generate(compilation):
            compile(file.text, str(file.path), "exec")
    return compilation


def run(tmp_path: Path, seed: int, count: int) -> tuple[int, int]:
    """How many of so many texts were good, and how many were not."""
    for folder in FOLDERS:
        for path in folder.glob("*.idl"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    good = 0
    for text in texts(seed, count):
        good += check(tmp_path / "a.idl", text).is_good
    return good, count - good


def test_mutations_of_descriptions_are_answered(tmp_path: Path) -> None:
    good, bad = run(tmp_path, 1, 2_000)
    assert good > 50
    assert bad > 1_000


@pytest.mark.stress
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(10, 20))
def test_many_mutations_of_descriptions_are_answered(tmp_path: Path, seed: int) -> None:
    good, bad = run(tmp_path, seed, 10_000)
    assert good > 100
    assert bad > 1_000


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(WORDS)).map(
        lambda words: b"".join(words).decode("latin-1")
    )
)
def test_arbitrary_text_is_answered(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    compilation = check(folder / "a.idl", text.encode("utf-8", "surrogatepass"))
    assert compilation.path == folder / "a.idl"


DEEP = 20_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            f"interface A {{ void f(in {'sequence<' * DEEP}int{'>' * DEEP} x); }};",
            "E308",
        ),
        (f"interface A {{ void f(in {'sequence<' * DEEP}int x); }};", "E104"),
        ("[" * DEEP, "E104"),
        ("(" * DEEP, "E104"),
        ("/* " * DEEP, "E102"),
        (f"interface A {{ void f(in {'long ' * DEEP} x); }};", "E305"),
        (f"interface A {{ [opcode({'9' * DEEP})] void f(); }};", "E404"),
        (f"interface {'A' * DEEP} composes B;", "E501"),
        (f"interface A composes {','.join('B' * DEEP)};", "E501"),
    ],
    ids=[
        "deep",
        "open",
        "squares",
        "rounds",
        "comments",
        "words",
        "digits",
        "name",
        "list",
    ],
)
def test_size_and_depth_are_no_way_out(tmp_path: Path, text: str, code: str) -> None:
    found = check(tmp_path / "a.idl", text.encode()).diagnostics
    assert code in {one.code for one in found}


def test_a_long_chain_of_imports_and_of_compounds_is_followed(tmp_path: Path) -> None:
    count = 500
    (tmp_path / "f0.idl").write_text("interface I0 { void f(); };")
    for number in range(1, count):
        before = number - 1
        text = f'import "f{before}.idl"; interface I{number} composes I{before};'
        (tmp_path / f"f{number}.idl").write_text(text)
    compilation = compile_file(tmp_path / f"f{count - 1}.idl")
    assert [str(one) for one in compilation.diagnostics] == []
    last = compilation.interfaces[f"I{count - 1}"]
    assert [part.name for part in last.simple] == ["I0"]
