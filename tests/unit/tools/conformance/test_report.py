"""What counts as covered, and what the report says of it."""

import json
from pathlib import Path

import pytest

from tools.conformance import report
from tools.conformance.cases import all_specs, cases_by_id
from tools.conformance.collected import CaseTest, ConformanceError
from tools.conformance.report import (
    Coverage,
    Report,
    coverage_of,
    format_report,
    print_report,
    read_departures,
    report_spec,
)


def a_test(case: str, backend: str | None, *, counts: bool = True) -> CaseTest:
    return CaseTest(case=case, test=f"test of {case}", backend=backend, counts=counts)


def is_covered(case: str, *tests: CaseTest) -> bool:
    return coverage_of(tests).is_covered(cases_by_id()[case])


def test_a_case_is_covered_when_tested_on_every_back_end() -> None:
    tests = [a_test("SK-045", name) for name in ("threads", "explore", "priority")]
    assert is_covered("SK-045", *tests)
    assert not is_covered("SK-045", *tests[1:])
    assert not is_covered("SK-045")


def test_a_test_that_boots_nothing_stands_for_all_back_ends() -> None:
    assert is_covered("SK-001", a_test("SK-001", None))


def test_one_skipped_test_spoils_its_case_on_that_back_end() -> None:
    tests = [a_test("SK-001", None), a_test("SK-001", "threads", counts=False)]
    assert coverage_of(tests) == Coverage({"SK-001": {"explore", "priority"}})


def test_a_case_that_needs_priorities_is_covered_where_the_scheduler_is_ours() -> None:
    tests = [a_test("SK-092", name) for name in ("explore", "priority")]
    assert is_covered("SK-092", *tests)
    assert not is_covered("SK-092", tests[0])


def test_an_unknown_case_on_a_test_is_refused_by_name() -> None:
    with pytest.raises(ConformanceError, match="test of SK-999 bears an unknown case"):
        coverage_of([a_test("SK-999", None)])


def test_departures_are_read_line_by_line() -> None:
    text = "# Page\n\n- SK-180: no hook\n- SK-181:\n  - SU-01: indented\n- note\n"
    assert read_departures(text) == {"SK-180"}


def test_a_departed_case_is_neither_covered_nor_uncovered() -> None:
    (spec,) = (spec for spec in all_specs() if spec.name == "SK")
    tests = [
        a_test("SK-001", None),
        a_test("SK-180", None),
        a_test("SK-002", "threads"),
    ]
    figures = report_spec(spec, coverage_of(tests), {"SK-180"})
    assert figures["total"] == 185
    assert figures["covered"] == 1
    assert figures["departed"] == ["SK-180"]
    assert figures["backends"] == {"threads": 2, "explore": 1, "priority": 1}
    assert figures["uncovered"][:2] == ["SK-002", "SK-003"]
    assert len(figures["uncovered"]) == 183


def a_report() -> Report:
    coverage = coverage_of([a_test("SK-001", None)])
    return {
        "specs": {spec.name: report_spec(spec, coverage, set()) for spec in all_specs()}
    }


def test_json_is_the_report_itself(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(a_report(), json=True)
    assert json.loads(capsys.readouterr().out) == a_report()


def test_text_lists_titles_of_what_is_missing_where_something_is_covered() -> None:
    text = format_report(a_report())
    assert "SK     185        1         0  on each back-end" not in text
    assert "SK     185        1         0  threads 1, explore 1" in text
    assert f"  SK-002  {cases_by_id()['SK-002'].title}" in text
    assert "GI, not covered" not in text


def test_outside_of_a_checkout_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConformanceError) as caught:
        report.conformance_report(tmp_path)
    assert str(caught.value) == (
        "the report is made from eka's own tests: "
        "run it inside a checkout of its sources"
    )


def test_a_departure_from_an_unknown_case_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "departures.md").write_text("- SK-186: too far\n")
    monkeypatch.setattr(report, "find_checkout", lambda start: start)
    with pytest.raises(ConformanceError, match="SK-186"):
        report.conformance_report(tmp_path)
