"""A campaign: runs in a row, each with the next seed."""

import time
from collections.abc import Callable

from tools.campaign.plan import Extent, Plan
from tools.campaign.run import Outcome, run_once
from tools.campaign.summary import Summary


def run_campaign(
    plan: Plan,
    extent: Extent,
    summary: Summary,
    on_run: Callable[[Outcome], object] = lambda _: None,
) -> None:
    """Run until there was enough; what came of it is added to *summary*.

    It is the caller's, so that an interrupted campaign can be reported too.
    """
    start_s = time.monotonic()
    for seed in extent.seeds():
        outcome = run_once(plan, seed)
        summary.add(outcome)
        summary.seconds = time.monotonic() - start_s
        on_run(outcome)
        if outcome.failures and extent.ends_at_failure:
            return
        if extent.seconds is not None and summary.seconds >= extent.seconds:
            return
