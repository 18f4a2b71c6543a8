"""What `eka stress` says: how far it is, what failed, what came of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import click
from tqdm import tqdm

from tools.campaign.plan import Extent
from tools.campaign.run import Failure
from tools.campaign.summary import Summary
from tools.cli.one_line import wants_debug
from tools.cli.stress_options import StressOptions, again

KBarOfSeconds: Final = "{l_bar}{bar}| {n:.0f}/{total:.0f} s{postfix}"
KMaxSeeds: Final = 20  # failing ones named in the table


class Progress:
    """A bar of runs, or of seconds if these alone limit them; none without terminal."""

    def __init__(self, extent: Extent) -> None:
        self._by_runs: Final = extent.runs is not None
        self._bar: Final = tqdm(
            total=extent.runs if self._by_runs else extent.seconds,
            unit=" runs",
            bar_format=None if self._by_runs else KBarOfSeconds,
            ncols=79,
            mininterval=0.5,
            leave=False,
            disable=None,
        )

    def show(self, summary: Summary) -> None:
        """So far it has come."""
        done = summary.runs if self._by_runs else round(summary.seconds, 1)
        self._bar.set_postfix_str(f"{len(summary.failed)} failed", refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()


def tell(options: StressOptions, seed: int, failures: Sequence[Failure]) -> None:
    """What was wrong with one run, and how to run it again."""
    for failure in failures:
        text = failure.text if wants_debug() else _in_short(failure.text)
        click.echo(f"eka: seed {seed}: {failure.kind.value}: {text}", err=True)
    click.echo(f"eka: seed {seed}: again: {again(options, seed)}", err=True)


def _in_short(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first} …" if rest else first


def table(summary: Summary) -> str:
    """The summary for people."""
    failed = len(summary.failed)
    lines = [f"{summary.runs} runs in {summary.seconds:.1f} s, {failed} failed"]
    latency = summary.latency()
    if latency:
        text = "  ".join(f"{name} {us / 1000:.1f}" for name, us in latency.items())
        lines.append(f"  latency, ms    {text}")
    kinds = summary.kinds()
    for title, counts in (
        ("ends", summary.ends),
        ("injected", summary.injected),
        ("left alive", summary.left),
        ("failures", kinds),
        ("leaks", summary.leaks()),
    ):
        if counts:
            lines.append(f"  {title:14} {_listed(counts)}")
    if failed:
        lines.append(f"  failing seeds  {_seeds(summary)}")
    return "\n".join(lines)


def _seeds(summary: Summary) -> str:
    seeds = [str(seed) for seed in summary.failed]
    return ", ".join([*seeds[:KMaxSeeds], *(["…"] if seeds[KMaxSeeds:] else [])])


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{text} ({n})" for text, n in counts.most_common())


def as_dict(
    options: StressOptions, extent: Extent, summary: Summary
) -> dict[str, object]:
    """The summary for programs."""
    return {
        "program": options.program,
        "args": list(options.args),
        "backend": options.backend,
        "clock": options.clock,
        "copies": options.copies,
        "first_seed": extent.first_seed,
        "runs": summary.runs,
        "failed": len(summary.failed),
        "seconds": round(summary.seconds, 3),
        "latency_us": summary.latency(),
        "ends": summary.ends,
        "injected": summary.injected,
        "left_alive": summary.left,
        "leaks": summary.leaks(),
        "kinds": summary.kinds(),
        "failures": [
            {
                "seed": seed,
                "kind": failure.kind.value,
                "text": failure.text,
                "command": again(options, seed),
            }
            for seed, failures in summary.failed.items()
            for failure in failures
        ],
    }
