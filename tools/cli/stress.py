"""`eka stress`: runs the campaign that was asked for, and says what came of it."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from pathlib import Path
from typing import Final

import click
from tqdm import tqdm

from tools.campaign.campaign import run_campaign
from tools.campaign.run import Outcome
from tools.campaign.summary import Summary
from tools.cli.status import Status
from tools.cli.stress_options import StressOptions, make_plan
from tools.cli.stress_report import Progress, as_dict, table, tell

KMaxShown: Final = 5  # failures told in words; the summary has all of them


def run_stress(options: StressOptions) -> int:
    """Run the campaign; FAILED if a run did."""
    plan, extent = make_plan(options), options.extent
    summary = Summary()
    status = Status.OK
    with closing(Progress(extent)) as progress, _output(options):

        def on_run(outcome: Outcome) -> None:
            progress.show(summary)
            if outcome.failures and len(summary.failed) <= KMaxShown:
                with tqdm.external_write_mode():  # the bar steps aside
                    tell(options, outcome.seed, outcome.failures)

        try:
            run_campaign(plan, extent, summary, on_run)
        except KeyboardInterrupt:
            status = Status.INTERRUPTED
    if options.as_json:
        click.echo(json.dumps(as_dict(options, extent, summary), indent=2))
    else:
        click.echo(table(summary))
    return status or (Status.FAILED if summary.failed else Status.OK)


@contextmanager
def _output(options: StressOptions) -> Iterator[None]:
    """Where the program's output goes: standard output is the summary's."""
    if options.shows_output:
        with redirect_stdout(sys.stderr):
            yield
    else:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            yield
