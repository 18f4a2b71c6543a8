"""Options that several commands have."""

from pathlib import Path

import click

from tools.cli.one_line import set_debug

debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=set_debug,
    help="Show tracebacks of errors.",
)
json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
drive = click.option(
    "--drive",
    "drives",
    multiple=True,
    metavar="C=DIR[:ro]",
    help="Mount a directory of this computer; may be given several times.",
)
backend = click.option(
    "--backend",
    type=click.Choice(["threads", "explore", "priority"]),
    default="threads",
    show_default=True,
    help="What carries the emulated threads.",
)
clock = click.option(
    "--clock",
    type=click.Choice(["real", "virtual"]),
    default="real",
    show_default=True,
    help="Whether time passes by itself.",
)
program = click.option(
    "--program",
    "programs",
    multiple=True,
    metavar="[NAME=]FILE.py",
    help="A program that the machine gets; may be given several times.",
)
seed = click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="What the explore back-end draws its choices from.",
)
geos = click.option(
    "--geos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A directory of GEOS applications; the machine gets GEOS and IACP too.",
)
log = click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.jsonl",
    help="Write every kernel event to a file.",
)
