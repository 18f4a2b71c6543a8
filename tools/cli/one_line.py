"""A click group whose errors are one line, and whose tracebacks are for `--debug`."""

import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from tools.cli.refusal import Refusal, one_line, status_of_error
from tools.cli.status import Status


def wants_debug(context: click.Context | None = None) -> bool:
    """Whether `--debug` was given, before or after the command's name."""
    context = context or click.get_current_context(silent=True)
    return bool(context is not None and context.meta.get(__name__))


def set_debug(
    context: click.Context, _parameter: click.Parameter, given: object
) -> None:
    """The callback of every `--debug`; all contexts of a call share one `meta`."""
    if given:
        context.meta[__name__] = True


class OneLineGroup(click.Group):
    """The outermost edge of the command line: whatever is raised ends here."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:  # noqa: ANN401 - click's signature
        """Run, print at most one line about an error, and exit with a status."""
        if not standalone_mode:
            return super().main(
                args, prog_name, complete_var, standalone_mode=False, **extra
            )
        try:
            status = super().main(
                args, prog_name, complete_var, standalone_mode=False, **extra
            )
        except click.exceptions.NoArgsIsHelpError as nothing:
            click.echo(nothing.format_message(), err=True)
            status = Status.USAGE
        except click.ClickException as refused:
            click.echo(one_line(refused), err=True)
            status = status_of_error(refused)
        except (click.Abort, KeyboardInterrupt):
            click.echo("eka: interrupted", err=True)
            status = Status.INTERRUPTED
        sys.exit(status or Status.OK)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; an error nobody foresaw is ours, and becomes a Refusal."""
        try:
            return super().invoke(ctx)
        except (
            click.ClickException,
            click.Abort,
            click.exceptions.Exit,
            BrokenPipeError,  # as in `eka conformance | head`: click ends quietly
        ):
            raise
        except Exception as error:
            raise _internal(error, debug=wants_debug(ctx)) from error


def _internal(error: Exception, *, debug: bool) -> Refusal:
    if debug:
        traceback.print_exc()
    text = " ".join(str(error).split()) or "no message"
    return Refusal(
        f"internal error: {type(error).__name__}: {text}",
        "" if debug else "--debug shows the traceback",
        Status.FAULT,
    )
