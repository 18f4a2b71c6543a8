"""The numbers and titles of the cases, and which back-ends each applies to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

# The back-ends that this version has, in the order of reports.
BACKENDS: Final = ("threads", "explore", "priority")

# A case that needs strict priority scheduling holds where the scheduler is ours.
PRIORITY_BACKENDS: Final = ("priority", "explore")


@dataclass(frozen=True, slots=True)
class Case:
    """One conformance case of a specification."""

    id: str
    title: str
    needs_priority: bool

    @property
    def backends(self) -> tuple[str, ...]:
        """The back-ends on which it has to be covered."""
        if not self.needs_priority:
            return BACKENDS
        return tuple(name for name in BACKENDS if name in PRIORITY_BACKENDS)


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification's prefix and cases, in order."""

    name: str
    title: str
    cases: tuple[Case, ...]


@cache
def all_specs() -> tuple[Spec, ...]:
    """Every specification, in the order of reports."""
    text = files(__package__).joinpath("cases.json").read_text("utf-8")
    return tuple(
        Spec(
            name,
            spec["title"],
            tuple(
                Case(case["id"], case["title"], case.get("priority", False))
                for case in spec["cases"]
            ),
        )
        for name, spec in json.loads(text).items()
    )


@cache
def cases_by_id() -> dict[str, Case]:
    """Every case of every specification."""
    return {case.id: case for spec in all_specs() for case in spec.cases}


def backends_for(case_ids: Iterable[str]) -> tuple[str, ...]:
    """The back-ends on which a test of all these cases runs.

    An id we don't know restricts nothing; the report complains of it.
    """
    cases = [case for id_ in case_ids if (case := cases_by_id().get(id_)) is not None]
    return tuple(
        name for name in BACKENDS if all(name in case.backends for case in cases)
    )
