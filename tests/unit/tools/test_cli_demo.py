"""The demo: what it counts, the host's own count of it, and its acts in small."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.cli.refusal import Refusal
from tools.demo.act import program_file
from tools.demo.acts import count, replay
from tools.demo.host_count import Totals, count_files, differences, words_of
from tools.demo.stage import Stage, this_python


@given(st.binary() | st.text(st.sampled_from("aZ_09 .\n")).map(str.encode))
def test_the_host_finds_the_words_that_the_programs_expression_finds(
    text: bytes,
) -> None:
    assert words_of(text) == re.findall(rb"[A-Za-z_][A-Za-z_0-9]*", text)


def test_files_words_and_bytes_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"one two 3three")
    (tmp_path / "b.py").write_bytes(b"two\xff")
    totals = count_files(sorted(tmp_path.iterdir()))
    words = Counter({b"one": 1, b"two": 2, b"three": 1})
    assert totals == Totals(2, 18, words)


def test_every_difference_is_named() -> None:
    ours = Totals(1, 10, Counter({b"a": 1, b"b": 2}))
    host = Totals(2, 10, Counter({b"a": 1, b"b": 3, b"c": 1}))
    assert differences(ours, host) == [
        "files: 1 counted, 2 on the host",
        "b: 2 / 3",
        "c: 0 / 1",
    ]
    assert differences(host, host) == []


def make_tree(root: Path, *names: str) -> Path:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return root


def test_all_of_the_first_drive_is_taken_and_of_the_others_enough(
    tmp_path: Path,
) -> None:
    library = make_tree(
        tmp_path / "lib", "b.py", "a.py", "json/x.py", "site-packages/y.py", "c.txt"
    )
    packages = make_tree(tmp_path / "more", "p/1.py", "p/2.py", "p/3.py")
    stage = Stage({"C": library, "E": packages}, enough=5)
    assert list(stage.files()) == [
        "C:\\a.py", "C:\\b.py", "C:\\json\\x.py", "E:\\p\\1.py", "E:\\p\\2.py"
    ]  # fmt: skip
    assert len(Stage(stage.drives, enough=1).files()) == 3


def test_only_what_a_drive_shows_is_taken(tmp_path: Path) -> None:
    make_tree(tmp_path, "a.py", "A.py", "q?.py", "dir.py/b.py")
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    assert list(Stage({"C": tmp_path}).files()) == ["C:\\A.py", "C:\\dir.py\\b.py"]


def test_this_python_has_a_standard_library() -> None:
    stage = this_python()
    assert (stage.drives["C"] / "json" / "decoder.py").is_file()


@pytest.fixture
def small(tmp_path: Path) -> Stage:
    for name in ("a", "b", "c", "d", "e"):
        (tmp_path / f"{name}.py").write_text(f"import {name}\n" * 500)
    return Stage({"C": tmp_path})


def test_an_act_counts_and_verifies(
    small: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    host = count_files(small.files().values())
    assert count(small, host).lost == 0
    shown = capfd.readouterr()
    assert "5 files, 22,500 bytes, 5,000 words" in shown.out
    assert "verified: each of 6 words has the host's own count" in shown.out
    assert "5/5" in shown.err


def test_an_act_ends_right_when_a_worker_is_killed(small: Stage) -> None:
    host = count_files(small.files().values())
    assert count(small, host, kill=1).totals == host


def test_a_single_word_that_differs_fails_loudly(small: Stage) -> None:
    host = count_files(small.files().values())
    host.words[b"import"] += 1
    with pytest.raises(Refusal) as refused:
        count(small, host)
    assert "import: 2,500 / 2,501" in refused.value.message
    assert refused.value.status == 1


def test_one_seed_gives_one_event_log(
    small: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    replay(small, seed=3)
    assert "byte for byte the same" in capfd.readouterr().out


def test_an_installed_eka_finds_the_clone_that_it_is_run_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As whoever follows the README has it: installed from the clone, and run there."""
    clone = Path(__file__).parents[3]
    monkeypatch.setattr("tools.__file__", str(tmp_path / "tools" / "__init__.py"))
    monkeypatch.chdir(clone)
    assert program_file() == clone / "examples" / "wordcount.py"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal) as refused:
        program_file()
    assert "examples/wordcount.py" in refused.value.message
