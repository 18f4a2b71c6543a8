"""The command line of `eka stress`, and the words that repeat one of its runs."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servers.fileserver.protocol import KFileServerProgram
from tools.boot import machine_config
from tools.campaign.plan import Extent, Injection, KHangS, Plan
from tools.cli.drives import parse_drives
from tools.cli.programs import find_program
from tools.cli.refusal import Refusal

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


def make_plan(options: StressOptions) -> Plan:
    """What is to be run. Raises: Refusal."""
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
