"""`eka idl`: compiles descriptions, says what is wrong with them, writes modules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Final

import click

from tools.cli.refusal import Refusal
from tools.cli.status import Status
from tools.idl.compilation import Compilation, Options, compile_file
from tools.idl.dump import dumped, make_rule
from tools.idl.output import KINDS, GeneratedFile, generate, write_files
from tools.idl.source import IDENTIFIER
from tools.idl.symbols import NUMBER, number_of

STALE: Final = "is not up to date"


@dataclass(frozen=True)
class IdlOptions:
    """What the command line asks for."""

    files: Sequence[Path]
    folder: Path | None
    search: Sequence[Path]
    kinds: Sequence[str]  # empty: all
    imported: bool
    defines: Sequence[str]
    package: str
    type_maps: Sequence[Path]
    checks_only: bool
    strict: bool
    compares: bool
    dumps: bool
    depends: bool


def run_idl(options: IdlOptions) -> int:
    """Compile everything before anything is written; the exit status."""
    needs = Options(options.search, parse_defines(options.defines), options.type_maps)
    _check_package(options.package)
    compilations = [compile_file(path, needs) for path in options.files]
    _report(compilations)
    if any(_is_bad(one, strict=options.strict) for one in compilations):
        return Status.FAILED
    files = [_generated(one, options) for one in compilations]
    _check_targets(compilations, files)
    if options.dumps:
        click.echo(json.dumps([dumped(one) for one in compilations], indent=2))
    if options.depends:
        for compilation, made in zip(compilations, files, strict=True):
            click.echo(make_rule(made, compilation.depends))
    every = {file.path.resolve(): file for made in files for file in made}
    if options.compares:
        return _compare(list(every.values()))
    if options.dumps or options.depends or options.checks_only:
        return Status.OK
    return _write(list(every.values()))


def parse_defines(defines: Sequence[str]) -> Mapping[str, int]:
    """The constants of `-D NAME=NUMBER`."""
    found = {}
    for define in defines:
        name, _, number = define.partition("=")
        if not IDENTIFIER.match(name) or not NUMBER.match(number):
            hint = "write it as NAME=NUMBER"
            raise Refusal(f"bad constant {define!r}", hint)
        found[name] = number_of(number)
    return found


def _check_package(package: str) -> None:
    parts = package.split(".") if package else []
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise Refusal(f"bad package {package!r}", "write it as NAME or NAME.NAME")


def _report(compilations: Sequence[Compilation]) -> None:
    """Print every diagnostic, each once, with its line."""
    found = dict.fromkeys(one for c in compilations for one in c.diagnostics)
    for diagnostic in found:
        click.echo(str(diagnostic), err=True)
        if diagnostic.source:
            click.echo(diagnostic.excerpt(), err=True)


def _is_bad(compilation: Compilation, *, strict: bool) -> bool:
    return not compilation.is_good or (strict and bool(compilation.diagnostics))


def _generated(compilation: Compilation, options: IdlOptions) -> list[GeneratedFile]:
    return generate(
        compilation,
        options.folder,
        kinds=options.kinds or KINDS,
        package=options.package,
        imported=options.imported,
    )


def _check_targets(
    compilations: Sequence[Compilation], files: Sequence[Sequence[GeneratedFile]]
) -> None:
    """Refuse two descriptions that would be written to one file."""
    taken: dict[Path, GeneratedFile] = {}
    for compilation, made in zip(compilations, files, strict=True):
        for file in made:
            other = taken.setdefault(file.path.resolve(), file)
            if other.text != file.text:
                what = f"{compilation.path} and another description make {file.path}"
                raise Refusal(what, "name an output directory for each")


def _compare(files: Sequence[GeneratedFile]) -> int:
    stale = [file for file in files if not file.is_current]
    for file in stale:
        click.echo(f"eka: {file.path} {STALE}; eka idl makes it", err=True)
    return Status.FAILED if stale else Status.OK


def _write(files: Sequence[GeneratedFile]) -> int:
    try:
        write_files(files)
    except OSError as error:
        why = error.strerror or str(error)
        where = f" {error.filename}" if error.filename else ""
        raise Refusal(f"cannot write{where}: {why}", status=Status.FAILED) from error
    return Status.OK
