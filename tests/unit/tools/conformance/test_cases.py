"""The data copy of the cases: complete, numbered without gaps, titled in our words."""

import re

import pytest

from tools.conformance.cases import all_specs, backends_for, cases_by_id


def test_every_specification_has_all_its_cases() -> None:
    counts = {spec.name: len(spec.cases) for spec in all_specs()}
    assert counts == {"SK": 185, "SU": 97, "SF": 136, "L4": 95, "GI": 93}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("SK", "SK-001", "SK-185"),
        ("SU", "SU-01", "SU-97"),
        ("SF", "SF-001", "SF-136"),
        ("L4", "L4-01", "L4-95"),
        ("GI", "GI-01", "GI-93"),
    ],
)
def test_ids_run_from_one_without_gaps(name: str, first: str, last: str) -> None:
    (spec,) = (spec for spec in all_specs() if spec.name == name)
    ids = [case.id for case in spec.cases]
    numbers = [int(id_.partition("-")[2]) for id_ in ids]
    assert (ids[0], ids[-1]) == (first, last)
    assert numbers == list(range(1, len(ids) + 1))


def test_titles_are_short_and_tell_cases_apart() -> None:
    titles = [case.title for spec in all_specs() for case in spec.cases]
    assert [title for title in titles if not re.fullmatch(r"\S.{4,78}\S", title)] == []
    assert [title for title in set(titles) if titles.count(title) > 1] == []


def test_cases_that_need_priorities_are_those_marked_in_the_specification() -> None:
    marked = {id_ for id_, case in cases_by_id().items() if case.needs_priority}
    assert marked == {"SK-092", "SK-174"}


def test_a_case_that_needs_priorities_does_not_run_on_free_threads() -> None:
    assert backends_for(["SK-045"]) == ("threads", "explore", "priority")
    assert backends_for(["SK-045", "SK-092"]) == ("explore", "priority")


def test_a_case_we_do_not_know_restricts_nothing() -> None:
    assert backends_for(["OTHER-7"]) == ("threads", "explore", "priority")
