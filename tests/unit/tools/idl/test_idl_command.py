"""`eka idl`, as it is typed: files, options, statuses, what it prints."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli

KINDS = ("client", "interface", "server")


def idl(*args: str | Path) -> Result:
    words = ["idl", *(str(arg) for arg in args)]
    return CliRunner().invoke(cli, words, prog_name="eka")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.case("L4-34")
def test_three_modules_are_made(folder: Path, tmp_path: Path) -> None:
    result = idl("-o", tmp_path / "out", folder / "calc.idl")
    assert (result.exit_code, result.output) == (0, "")
    assert names(tmp_path / "out") == [f"calc_{kind}.py" for kind in KINDS]


@pytest.mark.case("L4-35")
def test_unchanged_modules_are_left_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idl("-o", tmp_path / "out", folder / "calc.idl")
    before = {}
    for path in (tmp_path / "out").iterdir():
        os.utime(path, ns=(1_000_000_000, 1_000_000_000))
        before[path] = path.read_bytes()
    assert idl("-o", tmp_path / "out", folder / "calc.idl").exit_code == 0
    after = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert after == before
    assert {path.stat().st_mtime_ns for path in after} == {1_000_000_000}
    alone = tmp_path / "alone"
    alone.mkdir()
    monkeypatch.chdir(alone)
    (alone / "calc.idl").write_text((folder / "calc.idl").read_text())
    assert idl("-c", "calc.idl").exit_code == 0
    assert names(alone) == ["calc.idl", "calc_client.py"]
    assert idl("-c", "-o", "there", folder / "calc.idl").exit_code == 0
    assert names(alone / "there") == ["calc_client.py"]


@pytest.mark.case("L4-36")
def test_imported_descriptions_are_generated_if_one_asks(
    folder: Path, tmp_path: Path
) -> None:
    one, all_ = tmp_path / "one", tmp_path / "all"
    assert idl("-o", one, folder / "calc_counter.idl").exit_code == 0
    assert names(one) == [f"calc_counter_{kind}.py" for kind in KINDS]
    assert idl("-r", "-o", all_, folder / "calc_counter.idl").exit_code == 0
    stems = ("calc", "calc_counter", "counter")
    made = sorted(f"{stem}_{kind}.py" for stem in stems for kind in KINDS)
    assert (names(all_), len(made)) == (made, 9)


def test_kinds_can_be_combined_and_go_beside_the_description(folder: Path) -> None:
    assert idl("-i", "-s", folder / "calc.idl").exit_code == 0
    made = [name for name in names(folder) if name.endswith(".py")]
    assert made == ["calc_interface.py", "calc_server.py"]


@pytest.mark.case("L4-32")
def test_all_errors_are_reported_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.idl"
    bad.write_text("interface A { void f(in zz x);\nint g();\n[opcode(0)] void h(); };")
    out = tmp_path / "out"
    result = idl("-o", out, folder / "calc.idl", bad)
    heads = [line for line in result.stderr.splitlines() if line.startswith(str(bad))]
    assert [line.removeprefix(f"{bad}:").split(": ")[0] for line in heads] == [
        "1:25",
        "2:1",
        "3:18",
    ]
    assert [line.split(": ")[2] for line in heads] == ["E305", "E307", "E304"]
    assert result.exit_code == 1
    assert not out.exists()


def test_a_diagnostic_has_its_line_and_a_caret(tmp_path: Path) -> None:
    bad = tmp_path / "bad.idl"
    bad.write_text("interface A { void f(in zz x); };\n")
    assert idl("-n", bad).stderr == (
        f"{bad}:1:25: error: E305: unknown type 'zz'\n"
        "    interface A { void f(in zz x); };\n"
        "                            ^~\n"
    )


def test_warnings_are_errors_if_one_wants_it(tmp_path: Path) -> None:
    empty = tmp_path / "empty.idl"
    empty.write_text("interface A { };\n")
    kind = f"{empty}:1:11: warning: W702: interface 'A' has no operations"
    good, bad = idl("-n", empty), idl("-n", "-W", "error", empty)
    assert (good.exit_code, good.stderr.splitlines()[0]) == (0, kind)
    assert (bad.exit_code, bad.stderr) == (1, good.stderr)


@pytest.mark.case("L4-42")
def test_dump_says_numbers_and_layouts(tmp_path: Path) -> None:
    attach = tmp_path / "region_mapper.idl"
    attach.write_text(
        "#include <l4/re/protocols.h>  /* L4RE_PROTO_RM */\n"
        "[protocol(L4RE_PROTO_RM)] interface RegionMapper { [opcode(0)] void attach("
        "inout address_t start, in address_t size, in map_flags_t flags, in cap ds, "
        "in address_t offset, in unsigned char align); };"
    )
    result = idl("--dump", attach)
    (found,) = json.loads(result.stdout)
    (interface,) = found["interfaces"]
    (operation,) = interface["operations"]
    assert interface["protocol"] == 16389
    assert (operation["name"], operation["opcode"]) == ("attach", 0)
    assert operation["request"]["words"] == 6
    assert operation["request"]["items"] == 1
    assert operation["request"]["offsets"]["align"] == 40
    assert (operation["reply"]["words"], operation["reply"]["items"]) == (1, 0)
    assert found["includes"] == ["#include <l4/re/protocols.h>"]
    assert names(tmp_path) == ["region_mapper.idl"]


def test_depend_prints_a_rule(folder: Path) -> None:
    result = idl("--depend", "-c", "-o", "a b", folder / "calc_counter.idl")
    sources = [
        folder / name for name in ("calc_counter.idl", "calc.idl", "counter.idl")
    ]
    assert result.stdout == (
        f"a\\ b/calc_counter_client.py: {' '.join(map(str, sources))}\n"
    )
    assert not Path("a b").exists()


def test_check_fails_until_the_modules_are_up_to_date(folder: Path) -> None:
    calc = folder / "calc.idl"
    stale = idl("--check", calc)
    assert stale.exit_code == 1
    assert stale.stderr.splitlines() == [
        f"eka: {folder}/calc_{kind}.py is not up to date; eka idl makes it"
        for kind in ("interface", "client", "server")
    ]
    assert [name for name in names(folder) if name.endswith(".py")] == []
    assert idl(calc).exit_code == 0
    assert (idl("--check", calc).exit_code, idl("--check", calc).output) == (0, "")
    (folder / "calc_client.py").write_text("")
    assert idl("--check", calc).exit_code == 1
    for other in ("-n", "--dump", "--depend"):
        assert idl("--check", other, calc).exit_code == 1


def test_one_description_under_two_names_is_compiled_once(folder: Path) -> None:
    again = folder / ".." / folder.name / "calc.idl"
    assert idl(folder / "calc.idl", again).exit_code == 0
    made = [name for name in names(folder) if name.endswith((".py", ".new"))]
    assert made == [f"calc_{kind}.py" for kind in KINDS]


def test_a_file_that_is_replaced_keeps_its_mode_and_no_draft_stays(
    folder: Path,
) -> None:
    client = folder / "calc_client.py"
    client.write_text("")
    client.chmod(0o640)
    assert idl(folder / "calc.idl").exit_code == 0
    assert client.stat().st_mode & 0o777 == 0o640
    assert [name for name in names(folder) if name.startswith(".")] == []


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(folder: Path) -> None:
    (folder / "calc_server.py").mkdir()
    result = idl(folder / "calc.idl")
    assert result.exit_code == 1
    assert result.stderr.startswith("eka: cannot write")
    assert result.stderr.count("\n") == 1
    assert [name for name in names(folder) if "calc_" in name] == [
        "calc_counter.idl",
        "calc_server.py",
    ]


def test_options_reach_the_compiler(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "names").write_text("type blob_t = unsigned short\n")
    mine = tmp_path / "mine.idl"
    mine.write_text(
        'import "calc.idl"; [protocol(SEVEN)] interface A { void f(in blob_t x); };'
    )
    words = ["-I", folder, "-D", "SEVEN=7", "-t", tmp_path / "names", "-p", "a.b"]
    result = idl(*words, "-r", "-o", tmp_path / "out", mine)
    assert (result.exit_code, result.output) == (0, "")
    assert len(names(tmp_path / "out")) == 6
    text = (tmp_path / "out" / "mine_client.py").read_text()
    assert "from a.b.mine_interface import A" in text


def test_two_descriptions_of_one_name_need_folders_of_their_own(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "calc.idl"
    other.write_text("interface Calc { void other(); };")
    result = idl("-o", tmp_path / "out", folder / "calc.idl", other)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "name an output directory for each" in result.stderr
    assert not (tmp_path / "out").exists()


USAGE = {
    "": "eka idl: missing argument 'FILE.idl...'; see 'eka idl --help'",
    "--colour a.idl": "eka idl: no such option '--colour'; see 'eka idl --help'",
    "-D 3 a.idl": "eka: bad constant '3'; write it as NAME=NUMBER",
    "-D A=b a.idl": "eka: bad constant 'A=b'; write it as NAME=NUMBER",
    "-p a-b a.idl": "eka: bad package 'a-b'; write it as NAME or NAME.NAME",
    "-p a.class a.idl": "eka: bad package 'a.class'; write it as NAME or NAME.NAME",
}


@pytest.mark.parametrize("line", USAGE)
def test_bad_usage_is_one_line_and_status_2(line: str) -> None:
    result = idl(*line.split())
    assert (result.exit_code, result.stderr) == (2, f"{USAGE[line]}\n")
