"""What `eka conformance` prints: for each specification, what the tests cover.

A case is covered if tests of it are collected, and none of them skipped or expected to
fail, on every back-end it applies to. Where we differ from a specification on purpose,
`docs/departures.md` says so in a line `- SK-180: the reason`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Final, TypedDict

from tools.conformance.cases import BACKENDS, Case, Spec, all_specs, cases_by_id
from tools.conformance.collected import (
    CaseTest,
    ConformanceError,
    collect_case_tests,
    find_checkout,
)

_DEPARTURE: Final = re.compile(r"^- ([A-Z][A-Z0-9]-\d+): +\S", re.MULTILINE)


class SpecReport(TypedDict):
    """The figures of one specification."""

    total: int
    covered: int
    uncovered: list[str]
    departed: list[str]
    backends: dict[str, int]


class Report(TypedDict):
    """The whole report, as `--json` prints it."""

    specs: dict[str, SpecReport]


@dataclass(frozen=True, slots=True)
class Coverage:
    """On which back-ends each case is covered."""

    backends: dict[str, set[str]]

    def is_covered(self, case: Case) -> bool:
        """On every back-end the case applies to."""
        return set(case.backends) <= self.backends.get(case.id, set())


def coverage_of(tests: Iterable[CaseTest]) -> Coverage:
    """A test that boots nothing stands for all back-ends; a skipped one spoils them.

    Raises: ConformanceError for a case that no specification has.
    """
    good: dict[str, set[str]] = defaultdict(set)
    bad: dict[str, set[str]] = defaultdict(set)
    for test in tests:
        if test.case not in cases_by_id():
            raise ConformanceError(f"{test.test} bears an unknown case, {test.case}")
        backends = BACKENDS if test.backend is None else (test.backend,)
        (good if test.counts else bad)[test.case].update(backends)
    return Coverage({case: good[case] - bad[case] for case in good})


def read_departures(text: str) -> set[str]:
    """The cases that *text*, the departures page, names."""
    return set(_DEPARTURE.findall(text))


def report_spec(spec: Spec, coverage: Coverage, departures: set[str]) -> SpecReport:
    """The figures of one specification; a departed case is neither covered nor not."""
    departed = [case.id for case in spec.cases if case.id in departures]
    rest = [case for case in spec.cases if case.id not in departures]
    uncovered = [case.id for case in rest if not coverage.is_covered(case)]
    return SpecReport(
        total=len(spec.cases),
        covered=len(rest) - len(uncovered),
        uncovered=uncovered,
        departed=departed,
        backends={
            name: sum(name in coverage.backends.get(case.id, set()) for case in rest)
            for name in BACKENDS
        },
    )


def conformance_report(start: Path | None = None) -> Report:
    """Collect the tests of the checkout around *start* (or where we are), and report.

    Raises: ConformanceError.
    """
    checkout = find_checkout((start or Path.cwd()).resolve())
    page = checkout / "docs" / "departures.md"
    departures = read_departures(page.read_text("utf-8") if page.is_file() else "")
    unknown = departures - cases_by_id().keys()
    if unknown:
        raise ConformanceError(f"{page.name} names unknown cases: {sorted(unknown)}")
    coverage = coverage_of(collect_case_tests(checkout))
    return Report(
        specs={
            spec.name: report_spec(spec, coverage, departures) for spec in all_specs()
        }
    )


def format_report(report: Report) -> str:
    """A line per specification, then the titles of what is not covered."""
    lines = [f"{'':4}{'cases':>6}{'covered':>9}{'departed':>10}  on each back-end"]
    for name, spec in report["specs"].items():
        backends = ", ".join(
            f"{key} {count}" for key, count in spec["backends"].items()
        )
        lines.append(
            f"{name:4}{spec['total']:6}{spec['covered']:9}"
            f"{len(spec['departed']):10}  {backends}"
        )
    for name, spec in report["specs"].items():
        if 0 < spec["covered"] < spec["total"]:
            lines += ["", f"{name}, not covered:"]
            lines += [
                f"  {id_}  {cases_by_id()[id_].title}" for id_ in spec["uncovered"]
            ]
    return "\n".join(lines)


def print_report(report: Report, *, json: bool) -> None:
    """To standard output, for a program or for a person."""
    print(dumps(report) if json else format_report(report))  # noqa: T201 - output
