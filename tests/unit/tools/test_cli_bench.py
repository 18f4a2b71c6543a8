"""`eka bench`: the form of what it prints. What it measures is never asserted."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from tools.bench.rows import Row
from tools.cli.bench import chosen_groups, table
from tools.cli.group import cli


def bench(*args: str) -> Result:
    command = ["bench", "--rounds", "1", "--count", "10", *args]
    return CliRunner().invoke(cli, command)


@pytest.mark.parametrize("group", ["requests", "gates", "explore", "recorder", "sink"])
def test_json_is_a_list_of_rows(group: str) -> None:
    result = bench("--json", group)
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    keys = ["name", "median_us", "against", "ratio", "target"]
    assert all(list(row) == keys for row in rows)
    by_name = {row["name"]: row["median_us"] for row in rows}
    for row in rows:
        assert row["median_us"] > 0
        if row["against"] is not None:
            ratio = row["median_us"] / by_name[row["against"]]
            assert row["ratio"] == pytest.approx(ratio)


def test_all_the_peers_are_in_one_run() -> None:
    rows = json.loads(bench("--json", "request_raw").stdout)
    assert {row["name"] for row in rows} == {
        "two_lock_ping_pong",
        "two_lock_ping_pong_batch",
        "queue.Queue",
        "ThreadPoolExecutor",
        "pykka_ask",
        "request_raw",
        "request_cserver2",
        "request_raw_priority",
    }


def test_without_pykka_a_sentence_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = SimpleNamespace(find_spec=lambda _: None)
    monkeypatch.setattr("tools.bench.peers.find_spec", absent.find_spec)
    result = bench("--json", "requests")
    assert result.stderr == "pykka is not installed; its rows are left out\n"
    rows = json.loads(result.stdout)
    assert not [row for row in rows if "pykka_ask" in (row["name"], row["against"])]


def test_names_choose_groups_and_none_chooses_all() -> None:
    assert [group.name for group in chosen_groups(["json_sink_on", "handles"])] == [
        "handles",
        "sink",
    ]
    assert len(chosen_groups([])) == 6


def test_the_table_says_which_targets_are_reached() -> None:
    rows = [
        Row("bare", 10.0),
        Row("ours", 12.0, "bare", 1.2, 1.25),
        Row("late", 13.0, "bare", 1.3, 1.25),
        Row("free", 13.0, "bare", 1.3),
    ]
    last_words = [line.split()[-1] for line in table(rows).splitlines()[1:]]
    assert last_words == ["us", "reached", "missed", "1.30"]
