"""The commands of `eka` and their options; each command's work is in its own module."""

from pathlib import Path

import click

from tools.cli import options
from tools.cli.one_line import OneLineGroup


def _show_version(
    context: click.Context, _parameter: click.Parameter, given: object
) -> None:
    if not given:
        return
    # As in the commands: nobody waits for what another needs.
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"eka {version('eka')}")
    except PackageNotFoundError:
        click.echo("eka (from a source tree; it is not installed)")
    context.exit()


@click.group(cls=OneLineGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
@options.debug
def cli() -> None:
    """A microkernel operating system that you import."""


# What follows PROGRAM is the program's, whatever it looks like.
@cli.command(context_settings={"allow_interspersed_args": False})
@click.argument("program")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@options.drive
@options.backend
@options.clock
@options.seed
@options.log
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="Show kernel events from this level on.",
)
@options.program
@options.geos
@click.option(
    "--resources", is_flag=True, help="Show what is alive when the machine shuts down."
)
@options.debug
def run(
    program: str,
    args: tuple[str, ...],
    drives: tuple[str, ...],
    backend: str,
    clock: str,
    seed: int,
    log: Path | None,
    log_level: str | None,
    programs: tuple[str, ...],
    geos: Path | None,
    resources: bool,
) -> int:
    """Boot a machine, run PROGRAM in it with ARGS, and exit as it did.

    PROGRAM is a file of this computer, an importable module, or the name of a program
    the machine has. Options come before PROGRAM; what follows it is the program's.
    """
    from tools.cli.drives import parse_drives
    from tools.cli.run import RunOptions, run_program

    return run_program(
        RunOptions(
            program=program,
            args=args,
            drives=parse_drives(drives),
            backend=backend,
            clock=clock,
            seed=seed,
            log=log,
            log_level=log_level,
            resources=resources,
            programs=programs,
            geos=geos,
        )
    )


@cli.command(context_settings={"allow_interspersed_args": False})
@click.argument("program")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@options.drive
@options.backend
@options.clock
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="The seed of the first run; each further run has the next.",
)
@click.option(
    "--count", type=click.IntRange(1), help="How many runs; 100 without --for."
)
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Begin no further run after so long.",
)
@click.option(
    "--copies",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes of PROGRAM at once, in one machine.",
)
@click.option(
    "--kills", is_flag=True, help="Kill random threads and processes of the program."
)
@click.option(
    "--alloc-failures", is_flag=True, help="Let random allocations in the kernel fail."
)
@click.option(
    "--delays", is_flag=True, help="Hold random threads for a while at kernel calls."
)
@click.option(
    "--timeout-us",
    type=click.IntRange(1),
    help="Fail a run that takes longer on the machine's clock.",
)
@click.option(
    "--hang-s",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Fail a run that takes longer on this computer's clock.",
)
@click.option(
    "--allow-exit",
    "allowed",
    multiple=True,
    metavar="REASON|any",
    help="An exit reason that is no failure; may be given several times.",
)
@click.option("--fail-fast", is_flag=True, help="Stop after the first failure.")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.jsonl",
    help="Write every kernel event to a file, which each run begins anew.",
)
@click.option(
    "--show-output", is_flag=True, help="Show what the program prints, on stderr."
)
@options.json
@options.debug
def stress(
    program: str,
    args: tuple[str, ...],
    drives: tuple[str, ...],
    backend: str,
    clock: str,
    seed: int,
    count: int | None,
    seconds: float | None,
    copies: int,
    kills: bool,
    alloc_failures: bool,
    delays: bool,
    timeout_us: int | None,
    hang_s: float,
    allowed: tuple[str, ...],
    fail_fast: bool,
    log: Path | None,
    show_output: bool,
    as_json: bool,
) -> int:
    """Run PROGRAM again and again, each time in a new machine with the next seed.

    PROGRAM and ARGS are as for `eka run`. Fails if a run does, and says how to make
    that run again.
    """
    from tools.campaign.plan import Extent, Injection
    from tools.cli.stress import run_stress
    from tools.cli.stress_options import StressOptions

    if count is None and seconds is None:
        count = 100
    return run_stress(
        StressOptions(
            program=program,
            args=args,
            drives=drives,
            backend=backend,
            clock=clock,
            copies=copies,
            injection=Injection(kills, alloc_failures, delays),
            allowed=allowed,
            timeout_us=timeout_us,
            hang_s=hang_s,
            extent=Extent(seed, count, seconds, fail_fast),
            log=log,
            as_json=as_json,
            shows_output=show_output,
        )
    )


@cli.command()
@options.drive
@click.option(
    "-c",
    "--command",
    "commands",
    metavar="COMMANDS",
    help="Carry out COMMANDS, separated by ; or line ends, and end.",
)
@click.option("-q", "--quiet", is_flag=True, help="No banner.")
@options.program
@click.option("--no-autoexec", is_flag=True, help="Leave AUTOEXEC.BAT alone.")
@options.backend
@options.clock
@options.seed
@options.log
@options.debug
def shell(
    drives: tuple[str, ...],
    commands: str | None,
    quiet: bool,
    programs: tuple[str, ...],
    no_autoexec: bool,
    backend: str,
    clock: str,
    seed: int,
    log: Path | None,
) -> int:
    """Boot a machine and work in it, by commands such as dir, copy, ps and help.

    At a terminal with line editing, history and completion; else lines are read from
    standard input. Exits with the result of the last command, or with that of EXIT.
    """
    from tools.cli.drives import parse_drives
    from tools.cli.run import RunOptions
    from tools.cli.shell import KShellProgram, ShellOptions, run_shell

    return run_shell(
        ShellOptions(
            RunOptions(
                KShellProgram,
                drives=parse_drives(drives),
                backend=backend,
                clock=clock,
                seed=seed,
                log=log,
            ),
            commands=commands,
            programs=programs,
            quiet=quiet,
            autoexec=not no_autoexec,
        )
    )


@cli.command()
@click.argument("names", nargs=-1)
@options.json
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=15,
    show_default=True,
    help="How often each is measured.",
)
@click.option(
    "--count",
    type=click.IntRange(1),
    default=2_000,
    show_default=True,
    help="Operations of one round.",
)
@options.debug
def bench(names: tuple[str, ...], as_json: bool, rounds: int, count: int) -> int:
    """Measure ours beside the host's own, all of them or those NAMEd."""
    from tools.cli.bench import run_bench

    return run_bench(names, as_json=as_json, rounds=rounds, count=count)


# An error's number is no option.
@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@options.json
@options.debug
def names(words: tuple[str, ...], as_json: bool) -> int:
    """Say what a name of the originals is called here, or what ours is there.

    WORD is a name, in any case, with its class or without, or a part of one; or an
    error's number; or a panic's category and number. * stands for anything.
    """
    from tools.cli.names import show_names

    return show_names(words, as_json=as_json)


@cli.command()
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The seed of the two runs that are compared.",
)
@options.debug
def demo(seed: int) -> int:
    """Boot a machine and count the words of this computer's own Python."""
    from tools.demo.acts import run_demo

    return run_demo(seed)


@cli.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE.idl...",
    type=click.Path(path_type=Path),
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where modules go; otherwise beside their description.",
)
@click.option(
    "-I",
    "search",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Look for imported files there too; may be given several times.",
)
@click.option("-i", "kinds", flag_value="interface", multiple=True, help="Interfaces.")
@click.option("-c", "kinds", flag_value="client", multiple=True, help="Clients.")
@click.option("-s", "kinds", flag_value="server", multiple=True, help="Servers.")
@click.option("-r", "imported", is_flag=True, help="Make imported files' modules too.")
@click.option(
    "-D",
    "defines",
    multiple=True,
    metavar="NAME=NUMBER",
    help="A constant that descriptions may use; may be given several times.",
)
@click.option(
    "-p",
    "package",
    default="",
    metavar="PACKAGE",
    help="Import sibling modules from that package.",
)
@click.option(
    "-t",
    "type_maps",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="More types and constants, `type NAME = C-TYPE` and `const NAME = NUMBER`.",
)
@click.option("-n", "checks_only", is_flag=True, help="Check only; write nothing.")
@click.option(
    "-W",
    "strict",
    type=click.Choice(["error"]),
    help="What warnings are: errors.",
)
@click.option(
    "--check",
    "compares",
    is_flag=True,
    help="Write nothing; fail if a module is not up to date.",
)
@click.option("--dump", "dumps", is_flag=True, help="Print the interfaces as JSON.")
@click.option("--depend", "depends", is_flag=True, help="Print a rule for make.")
@options.debug
def idl(
    files: tuple[Path, ...],
    folder: Path | None,
    search: tuple[Path, ...],
    kinds: tuple[str, ...],
    imported: bool,
    defines: tuple[str, ...],
    package: str,
    type_maps: tuple[Path, ...],
    checks_only: bool,
    strict: str | None,
    compares: bool,
    dumps: bool,
    depends: bool,
) -> int:
    """Make Python of L4Re interface descriptions.

    Of calc.idl become calc_interface.py, calc_client.py and calc_server.py; with -i, -c
    and -s only those of that kind.
    """
    from tools.cli.idl import IdlOptions, run_idl

    return run_idl(
        IdlOptions(
            files=files,
            folder=folder,
            search=search,
            kinds=kinds,
            imported=imported,
            defines=defines,
            package=package,
            type_maps=type_maps,
            checks_only=checks_only,
            strict=strict is not None,
            compares=compares,
            dumps=dumps,
            depends=depends,
        )
    )


@cli.command()
@options.json
@options.debug
def conformance(as_json: bool) -> int:
    """Show which cases of the specifications have a test."""
    from tools.cli.conformance import show_conformance

    return show_conformance(as_json=as_json)
