"""`eka bench`: chooses the groups, measures them, prints a table or JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from tools.bench.groups import GROUPS
from tools.bench.measure import Effort
from tools.bench.peers import has_pykka
from tools.bench.rows import Group, Row, measure_groups
from tools.cli.refusal import Refusal, nearest
from tools.cli.status import Status


def run_bench(
    names: Sequence[str], *, as_json: bool, rounds: int, count: int
) -> Status:
    """Measure what was asked for and print it."""
    groups = chosen_groups(names)
    if not has_pykka():
        click.echo("pykka is not installed; its rows are left out", err=True)
    rows = measure_groups(groups, Effort(rounds, count))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        click.echo(table(rows))
    return Status.OK


def chosen_groups(names: Sequence[str]) -> Sequence[Group]:
    """The groups that have one of *names*, all if there are none.

    A row is never measured without the ones it is compared with.
    """
    known = {name for group in GROUPS for name in group.names}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near}'?" if near else f"there are {_listed(known)}"
            raise Refusal(f"no benchmark '{name}'", hint)
    return [one for one in GROUPS if not names or one.names.intersection(names)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    head = f"{'':28} {'median':>10}   {'beside':24} {'ratio':>6} {'target':>7}"
    return "\n".join([head, *map(_line, rows)])


def _line(row: Row) -> str:
    start = f"{row.name:28} {row.median_us:>7.2f} us"
    if row.ratio is None:
        return start
    ratio = f"{start}   {row.against or '':24} {row.ratio:>6.2f}"
    if row.target is None:
        return ratio
    return f"{ratio} {row.target:>7.2f}  {'reached' if row.is_reached else 'missed'}"
