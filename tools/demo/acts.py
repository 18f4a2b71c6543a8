"""`eka demo`: count, count again while a worker is killed, and replay a seed.

Every count is compared, word by word, with one that the host made by itself; the first
difference ends the demo with a status that isn't 0.
"""

import hashlib
from typing import Final

import click
from tqdm import tqdm

from kernel.abi.exit import ExitInfo, TExitType
from tools.cli.refusal import Refusal
from tools.cli.status import Status
from tools.demo.act import (
    EventLog,
    KProgram,
    Outcome,
    arguments,
    count_on_threads,
    require_clean,
    result_of,
    stage_machine,
)
from tools.demo.host_count import Totals, count_files, differences
from tools.demo.stage import Stage, this_python

KWorkers: Final = 4
KMostFrequent: Final = 20
KSmallFolder: Final = "json"  # of the standard library, for the act that is replayed


def run_demo(seed: int) -> Status:
    """All three acts."""
    stage = this_python()
    for letter, root in stage.drives.items():
        click.echo(f"{letter}: is {root}, read-only")
    host = count_files(stage.files().values())
    click.echo(f"{host.files:,} files, {host.size:,} bytes by the host's own count")
    click.echo(f"\n1. Count, with {KWorkers} worker processes")
    print_most_frequent(count(stage, host).totals)
    click.echo("\n2. Count again, and kill a worker midway")
    killed = count(stage, host, kill=host.files // 2)
    if killed.lost != 1:
        raise Refusal(f"{killed.lost} workers died, not 1", "", Status.FAILED)
    click.echo(f"\n3. Run twice on the explore back-end, seed {seed}")
    replay(Stage({"C": stage.drives["C"] / KSmallFolder}), seed)
    return Status.OK


def count(stage: Stage, host: Totals, *, kill: int = 0) -> Outcome:
    """Run it under a progress bar, verify it, and say how long it took."""
    with tqdm(total=host.files, unit=" files", ncols=79, mininterval=0.5) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        outcome = count_on_threads(stage, KWorkers, on_progress, kill=kill)
        # The program may have ended before it was asked again.
        bar.update(outcome.totals.files - bar.n)
    check_end(outcome.info)
    verify(outcome.totals, host)
    totals, rate = outcome.totals, outcome.messages / outcome.seconds
    click.echo(
        f"   {totals.files:,} files, {totals.size:,} bytes, "
        f"{sum(totals.words.values()):,} words in {outcome.seconds:.1f} s; "
        f"workers lost: {outcome.lost}\n"
        f"   {outcome.messages:,} messages, {rate:,.0f} messages per second\n"
        f"   verified: each of {len(totals.words):,} words has the host's own count"
    )
    return outcome


def check_end(info: ExitInfo) -> None:
    """Raises: Refusal unless the program ended as it should."""
    if info.type is not TExitType.EExitKill or info.reason:
        raise Refusal(f"{KProgram} {info}\n{info.exception}", "", Status.FAILED)


def verify(totals: Totals, host: Totals) -> None:
    """Raises: Refusal if anything at all differs."""
    if found := differences(totals, host):
        listed = "; ".join(found)
        raise Refusal(f"the host counts otherwise: {listed}", "", Status.FAILED)


def print_most_frequent(totals: Totals) -> None:
    """The words found most often, in two columns."""
    lines = [
        f"{number:>10,}  {word.decode():<20}"
        for word, number in totals.words.most_common(KMostFrequent)
    ]
    half = (len(lines) + 1) // 2
    for place, left in enumerate(lines[:half]):
        right = lines[half + place] if half + place < len(lines) else ""
        click.echo(f"   {left}{right}".rstrip())


def replay(stage: Stage, seed: int) -> None:
    """Run twice with one seed. Raises: Refusal unless the event logs are equal."""
    host = count_files(stage.files().values())
    first, second = (explore_log(stage, host, seed) for _ in range(2))
    if first != second:
        raise Refusal(f"seed {seed} gave two event logs", "", Status.FAILED)
    digest = hashlib.sha256("\n".join(first).encode()).hexdigest()[:16]
    click.echo(
        f"   {host.files} files, counted right; two logs of {len(first):,} events, "
        f"byte for byte the same (sha256 {digest}…)"
    )


def explore_log(stage: Stage, host: Totals, seed: int) -> list[str]:
    """One run on the explore back-end: its event log, after its count was verified."""
    log = EventLog()
    with stage_machine(stage, backend="explore", clock="virtual", seed=seed) as machine:
        machine.debug.add_sink(log)
        info = machine.run(KProgram, *arguments(stage, KWorkers).split())
        check_end(info)
        verify(result_of(machine).totals, host)
    require_clean(machine)
    return log.lines()
