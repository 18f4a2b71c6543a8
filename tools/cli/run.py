"""`eka run`: boots a machine, runs one program in it, and says how it ended."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

import tools
from kernel.abi.errors import Deadlock, KernelFault
from kernel.abi.exit import ExitInfo, TExitType
from kernel.debug.sinks import ConsoleSink, JsonLinesSink
from kernel.machine import Kernel
from servers.fileserver.protocol import DriveSpec, KFileServerProgram
from tools.boot import machine_config
from tools.cli.one_line import wants_debug
from tools.cli.programs import Found, find_program
from tools.cli.refusal import Refusal
from tools.cli.status import Status, status_of

_PLACE: Final = re.compile(r'^  File "(.+)", line (\d+)', re.MULTILINE)
_KRoot: Final = Path(tools.__file__).parents[1]
_KOurs: Final = tuple(_KRoot / name for name in ("kernel", "userlib", "servers"))


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


def run_program(options: RunOptions) -> int:
    """Run it; the exit status. What is to be said about the end goes to stderr."""
    config = machine_config(options.drives, services=(KFileServerProgram,))
    program = find_program(options.program, config.programs)
    machine = Kernel(
        config, backend=options.backend, clock=options.clock, seed=options.seed
    )
    if program.executable is not None:
        machine.register(program.name, program.executable)
    with ExitStack() as stack:
        add_sinks(machine, options, stack)
        with machine:
            status = _run(machine, program, options.args)
    if options.resources:
        report_resources(machine)
    for leak in machine.leaks:
        _say(f"left at shutdown: {leak}")
    return status


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
        _say(f"alive at shutdown: {resource}")
    if not left:
        _say("nothing was alive at shutdown but the services")


def _run(machine: Kernel, program: Found, args: tuple[str, ...]) -> int:
    try:
        info = machine.run(program.name, *args)
    except Deadlock as deadlock:
        _say(f"deadlock: nothing can run any more\n{deadlock}")
        return Status.DEADLOCK
    except KeyboardInterrupt:
        _say(f"interrupted; who was where:\n{machine.debug.dump()}")
        return Status.INTERRUPTED
    except KernelFault as fault:
        _say(f"the machine stopped: {fault}\n{machine.debug.dump()}")
        return Status.FAULT
    explain(program.name, info)
    return status_of(info)


def explain(name: str, info: ExitInfo) -> None:
    """One line about an end that the exit status does not tell by itself."""
    if info.type is TExitType.EExitKill and status_of(info) == info.reason:
        return
    text = f"{name} {info}"
    if info.exception and wants_debug():
        text += f"\n{info.exception.rstrip()}"
    elif info.exception:
        text += f": {shorten(info.exception)}; --debug shows the traceback"
    _say(text)


def shorten(traceback: str) -> str:
    """The exception's name and message, and where the program was at fault."""
    name, colon, message = traceback.rstrip().splitlines()[-1].partition(":")
    text = name.rpartition(".")[2] + colon + message
    places = _PLACE.findall(traceback)
    theirs = [place for place in places if not _is_ours(Path(place[0]))]
    for file, line in (theirs or places)[-1:]:
        text += f" ({file}:{line})"
    return text


def _is_ours(file: Path) -> bool:
    return any(file.is_relative_to(folder) for folder in _KOurs)


def _say(text: str) -> None:
    click.echo(f"eka: {text}", err=True)
