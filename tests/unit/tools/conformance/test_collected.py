"""Finding a checkout, and collecting the cases of its tests in another process."""

from pathlib import Path

import pytest

from tools.conformance.collected import (
    CaseTest,
    ConformanceError,
    collect_case_tests,
    find_checkout,
)

PROJECT = """
[project]
name = "eka"
[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
"""

TESTS = """
import pytest

@pytest.mark.case("SK-001", "SK-002")
def test_plain(): pass

@pytest.mark.case("SK-003")
@pytest.mark.skip(reason="for now")
def test_skipped(): pass

@pytest.mark.case("SK-004")
@pytest.mark.xfail(reason="a known bug")
def test_expected_to_fail(): pass

@pytest.mark.case("SK-005")
@pytest.mark.skipif(True, reason="never here")
def test_skipped_here(): pass

@pytest.mark.case("SK-006")
@pytest.mark.skipif(False, reason="only elsewhere")
def test_not_skipped_here(): pass

@pytest.mark.case("SK-045")
def test_booted(machine): pass

def test_without_case(): raise AssertionError("collected only")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "tests").mkdir()
    return tmp_path


def test_a_checkout_is_found_from_any_folder_in_it(checkout: Path) -> None:
    deep = checkout / "docs" / "objects"
    deep.mkdir(parents=True)
    assert find_checkout(deep) == checkout


def test_another_project_is_no_checkout(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "else"\n')
    (tmp_path / "tests").mkdir()
    with pytest.raises(ConformanceError, match="inside a checkout"):
        find_checkout(tmp_path)


def test_cases_are_collected_with_what_counts_and_on_which_back_end(
    checkout: Path,
) -> None:
    (checkout / "tests" / "test_some.py").write_text(TESTS)
    found = collect_case_tests(checkout)
    assert [(test.case, test.backend, test.counts) for test in found] == [
        ("SK-001", None, True),
        ("SK-002", None, True),
        ("SK-003", None, False),
        ("SK-004", None, False),
        ("SK-005", None, False),
        ("SK-006", None, True),
        ("SK-045", "threads", True),
        ("SK-045", "explore", True),
        ("SK-045", "priority", True),
    ]
    assert found[0] == CaseTest("SK-001", "tests/test_some.py::test_plain", None, True)


def test_tests_that_cannot_be_collected_are_reported_with_pytests_words(
    checkout: Path,
) -> None:
    (checkout / "tests" / "test_bad.py").write_text("import no_such_module\n")
    with pytest.raises(ConformanceError, match="no_such_module"):
        collect_case_tests(checkout)
