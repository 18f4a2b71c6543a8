"""`eka stress`: runs the campaign that was asked for, and says what came of it."""

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from tqdm import tqdm

from servers.fileserver.protocol import KFileServerProgram
from tools.boot import machine_config
from tools.campaign.campaign import run_campaign
from tools.campaign.plan import Extent, Injection, KHangS, Plan
from tools.campaign.run import Failure, Outcome
from tools.campaign.summary import Summary
from tools.cli.drives import parse_drives
from tools.cli.one_line import wants_debug
from tools.cli.programs import find_program
from tools.cli.refusal import Refusal
from tools.cli.status import Status

KMaxShown: Final = 5  # failures told in words; the summary has all of them
KMaxSeeds: Final = 20  # of them named in the table
KAnyReason: Final = "any"
KNoInjection: Final = Injection()
KUsualExtent: Final = Extent(runs=100)


@dataclass(frozen=True, slots=True)
class StressOptions:
    """The command line of `eka stress`, understood."""

    program: str
    args: tuple[str, ...] = ()
    drives: tuple[str, ...] = ()
    backend: str = "threads"
    clock: str = "real"
    copies: int = 1
    injection: Injection = KNoInjection
    allowed: tuple[str, ...] = ()  # reasons, or "any"
    timeout_us: int | None = None
    hang_s: float = KHangS
    extent: Extent = KUsualExtent
    log: Path | None = None
    as_json: bool = False
    shows_output: bool = False


def run_stress(options: StressOptions) -> int:
    """Run the campaign; FAILED if a run did."""
    plan, extent = _plan(options), options.extent
    summary = Summary()
    status = Status.OK
    with closing(Progress(extent)) as progress, _output(options):

        def on_run(outcome: Outcome) -> None:
            progress.show(summary)
            if outcome.failures and len(summary.failed) <= KMaxShown:
                with tqdm.external_write_mode():  # the bar steps aside
                    _tell(options, outcome.seed, outcome.failures)

        try:
            run_campaign(plan, extent, summary, on_run)
        except KeyboardInterrupt:
            status = Status.INTERRUPTED
    if options.as_json:
        click.echo(json.dumps(as_dict(options, extent, summary), indent=2))
    else:
        click.echo(table(summary))
    return status or (Status.FAILED if summary.failed else Status.OK)


def _plan(options: StressOptions) -> Plan:
    drives = parse_drives(options.drives)
    config = machine_config(drives, services=(KFileServerProgram,))
    program = find_program(options.program, config.programs)
    reasons = [reason for reason in options.allowed if reason != KAnyReason]
    return Plan(
        name=program.name,
        executable=program.executable,
        args=options.args,
        config=config,
        backend=options.backend,
        clock=options.clock,
        copies=options.copies,
        injection=options.injection,
        allowed_reasons=frozenset(_reason(text) for text in reasons),
        allows_any_reason=KAnyReason in options.allowed,
        timeout_us=options.timeout_us,
        hang_s=options.hang_s,
        log=_writable(options.log),
    )


def _writable(log: Path | None) -> Path | None:
    """The file itself; each run begins it anew."""
    if log is not None:
        try:
            log.touch()
        except OSError as error:
            raise Refusal(
                f"cannot write '{log}': {error.strerror}",
                "--log takes the name of a file",
            ) from error
    return log


def _reason(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refusal(
            f"'{text}' is no exit reason", f"write a number, or '{KAnyReason}'"
        ) from error


@contextmanager
def _output(options: StressOptions) -> Iterator[None]:
    """Where the program's output goes: standard output is the summary's."""
    if options.shows_output:
        with redirect_stdout(sys.stderr):
            yield
    else:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            yield


# Saying it


class Progress:
    """A bar of runs, or of seconds if these alone limit them; none without terminal."""

    def __init__(self, extent: Extent) -> None:
        self._by_runs: Final = extent.runs is not None
        self._bar: Final = tqdm(
            total=extent.runs if self._by_runs else extent.seconds,
            unit=" runs" if self._by_runs else " s",
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


def _tell(options: StressOptions, seed: int, failures: list[Failure]) -> None:
    """What was wrong with one run, and how to run it again."""
    for failure in failures:
        text = failure.text if wants_debug() else _in_short(failure.text)
        click.echo(f"eka: seed {seed}: {failure.kind.value}: {text}", err=True)
    click.echo(f"eka: seed {seed}: again: {again(options, seed)}", err=True)


def _in_short(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first} …" if rest else first


def again(options: StressOptions, seed: int) -> str:
    """The command that makes one run again, alone."""
    words = ["eka", "stress", "--backend", options.backend, "--clock", options.clock]
    words += ["--seed", str(seed), "--count", "1"]
    if options.copies > 1:
        words += ["--copies", str(options.copies)]
    injection = options.injection
    words += ["--kills"] if injection.kills else []
    words += ["--alloc-failures"] if injection.alloc_failures else []
    words += ["--delays"] if injection.delays else []
    if options.timeout_us is not None:
        words += ["--timeout-us", str(options.timeout_us)]
    if options.hang_s != KHangS:
        words += ["--hang-s", f"{options.hang_s:g}"]
    for reason in options.allowed:
        words += ["--allow-exit", reason]
    for drive in options.drives:
        words += ["--drive", drive]
    return shlex.join([*words, options.program, *options.args])


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
