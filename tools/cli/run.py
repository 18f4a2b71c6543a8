"""`eka run`: boots a machine, runs one program in it, and says how it ended."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from kernel.abi.errors import Deadlock, KernelFault
from kernel.abi.exit import ExitInfo
from kernel.debug.sinks import LEVELS, ConsoleSink, JsonLinesSink, event_level
from kernel.events import TEvent
from kernel.machine import Kernel
from servers.fileserver.protocol import DriveSpec, KFileServerProgram
from tools.boot import machine_config
from tools.cli.deaths import explain
from tools.cli.programs import (
    Found,
    add_applications,
    find_program,
    given_programs,
)
from tools.cli.refusal import Refusal
from tools.cli.status import Status


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The command line of `eka run`, understood."""

    program: str
    args: tuple[str, ...] = ()
    drives: dict[str, DriveSpec] = field(default_factory=dict)
    backend: str = "threads"
    clock: str = "real"
    seed: int = 0
    log: Path | None = None
    log_level: str | None = None
    resources: bool = False
    programs: tuple[str, ...] = ()  # [NAME=]FILE, beside the one to run
    geos: Path | None = None  # where the applications of GEOS are


def run_program(options: RunOptions) -> int:
    """Run it; the exit status. What is to be said about the end goes to stderr."""
    config = machine_config(options.drives, services=(KFileServerProgram,))
    if options.geos is not None:
        config = add_applications(options.geos, config)
    program = find_program(options.program, config.programs)
    if _console_shows_prints(options):
        config = replace(config, debug_port=False)
    machine = Kernel(
        config, backend=options.backend, clock=options.clock, seed=options.seed
    )
    for name, executable in given_programs(options.programs, config.programs).items():
        machine.register(name, executable)
    if program.executable is not None:
        machine.register(program.name, program.executable)
    with ExitStack() as stack:
        add_sinks(machine, options, stack)
        with machine:
            end = _run(machine, program, options.args)
    status = explain(machine, program.name, end)
    if options.resources:
        report_resources(machine)
    for leak in machine.leaks:
        say(f"left at shutdown: {leak}")
    return status


def _console_shows_prints(options: RunOptions) -> bool:
    """Whether what programs print would stand on standard error twice."""
    level = options.log_level
    return level is not None and LEVELS[level] <= event_level(TEvent.EDebugPrint)


def add_sinks(machine: Kernel, options: RunOptions, stack: ExitStack) -> None:
    """The log file and the console, where they were asked for."""
    if options.log is not None:
        try:
            sink = JsonLinesSink(options.log)
        except OSError as error:
            raise Refusal(
                f"cannot write '{options.log}': {error.strerror}",
                "--log takes the name of a file",
            ) from error
        stack.callback(sink.close)
        machine.debug.add_sink(sink)
    if options.log_level is not None:
        machine.debug.add_sink(ConsoleSink(options.log_level))


def report_resources(machine: Kernel) -> None:
    """What programs had not let go of when the machine was shut down."""
    left = [resource for resource in machine.resources if not resource.is_service]
    for resource in left:
        say(f"alive at shutdown: {resource}")
    if not left:
        say("nothing was alive at shutdown but the services")


def _run(machine: Kernel, program: Found, args: tuple[str, ...]) -> ExitInfo | Status:
    try:
        return machine.run(program.name, *args)
    except Deadlock as deadlock:
        say(f"deadlock: nothing can run any more\n{deadlock}")
        return Status.DEADLOCK
    except KeyboardInterrupt:
        say_interrupted(f"; who was where:\n{machine.debug.dump()}")
        return Status.INTERRUPTED
    except KernelFault as fault:
        say(f"the machine stopped: {fault}\n{machine.debug.dump()}")
        return Status.FAULT


def say(text: str) -> None:
    """A line of ours, beside what programs print."""
    click.echo(f"eka: {text}", err=True)


def say_interrupted(more: str = "") -> None:
    """On a line of its own, for a terminal has just shown the key, as ^C."""
    click.echo(err=True)
    say(f"interrupted{more}")
