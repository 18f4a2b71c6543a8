"""Hold races of IACP from a command line.

    $ python -m tools.races --seeds 2000 "send/death"
    send/death: 2000 schedules, 1987 courses of events, 41.0 s

    $ python -m tools.races --seed 17 "send/death"      one of them, with its notes

Without a name all races are held. A foul ends the race with its notes, and the command
that holds it again.
"""

import time

import click

from tools.races.judge import FoulError
from tools.races.race import Race, hold_many, run_race
from tools.races.races import RACES
from tools.testing.one_cpu import one_cpu


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--seeds", default=100, help="How many, from --first on.")
@click.option("--first", default=0, help="The first seed.")
@click.option("--seed", type=int, help="This one only; prints the notes.")
@click.option("--backend", default="explore")
def main(
    names: tuple[str, ...], seeds: int, first: int, seed: int | None, backend: str
) -> None:
    """Hold them one after the other."""
    unknown = set(names) - RACES.keys()
    if unknown:
        raise click.UsageError(f"no such race: {', '.join(sorted(unknown))}")
    fouls = 0
    with one_cpu(0):
        for name in names or RACES:
            if seed is not None:
                fouls += _show(RACES[name], seed, backend)
            else:
                fouls += _run_all(RACES[name], range(first, first + seeds), backend)
    raise SystemExit(bool(fouls))


def _show(race: Race, seed: int, backend: str) -> bool:
    try:
        course = run_race(race, seed, backend)
    except FoulError as foul:
        click.echo(str(foul))
        return True
    click.echo("\n".join(map(str, course.book.notes)))
    return False


def _run_all(race: Race, seeds: range, backend: str) -> bool:
    begin_s = time.monotonic()
    try:
        courses = hold_many(race, seeds, backend)
    except FoulError as foul:
        click.echo(f"{race.name}: {foul}")
        return True
    click.echo(
        f"{race.name}: {len(seeds)} schedules, {courses} courses of events, "
        f"{time.monotonic() - begin_s:.1f} s"
    )
    return False


if __name__ == "__main__":
    main()
