"""`eka names`: an original's name, and ours; errors and panics too."""

import json
from collections.abc import Iterator, Sequence

import click

from tools.cli.status import Status
from tools.names import Entry, Found, find

KGap = "  "
HEAD = ("original", "ours", "what it is")
KEPT = frozenset(("constant", "error", "panic"))  # the name is the original's


def show_names(words: Sequence[str], *, as_json: bool) -> Status:
    """Look each word up, and print what there is; FAILED if one was not found."""
    results = find(words)
    if as_json:
        click.echo(json.dumps([as_plain(found) for found in results], indent=2))
    else:
        _print(results)
    for found in results:
        if not found.entries:
            click.echo(f"eka: {_nothing(found)}", err=True)
    return Status.OK if all(found.entries for found in results) else Status.FAILED


def as_plain(found: Found) -> dict[str, object]:
    """For JSON."""
    return {
        "word": found.word,
        "nearest": list(found.nearest),
        "found": [
            {
                "kind": entry.kind,
                "ours": entry.ours,
                "originals": list(entry.originals),
                "value": entry.value,
                "says": entry.says,
                "original": entry.original,
                "import": entry.imports,
                "page": page_path(entry),
            }
            for entry in found.entries
        ],
    }


def page_path(entry: Entry) -> str:
    """The page, from the top of the tree; empty if there is none."""
    return f"docs/{entry.page}" if entry.page else ""


def _print(results: Sequence[Found]) -> None:
    blocks = []
    for found in results:
        if len(found.entries) == 1:
            blocks.append("\n".join(_block(found.entries[0])))
        elif found.entries:
            blocks.append("\n".join(_table(found.entries)))
    if blocks:
        click.echo("\n\n".join(blocks))


def _block(entry: Entry) -> Iterator[str]:
    """All that is known of one."""
    yield _title(entry)
    if entry.says:
        yield f"    {entry.says}"
    rows = {
        "Original:": "" if entry.kind in KEPT else entry.original,
        "Import:": entry.imports,
        "Page:": page_path(entry),
    }
    for head, text in rows.items():
        if text:
            yield f"    {head:<10}{text}"


def _title(entry: Entry) -> str:
    if entry.kind == "panic":
        return f"{entry.ours}, {entry.originals[0]}"
    return entry.ours if entry.value is None else f"{entry.ours} = {entry.value}"


def _table(entries: Sequence[Entry]) -> Iterator[str]:
    """A line each, as short as it can be."""
    rows = [HEAD, *((_originals(one), _title(one), one.says) for one in entries)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for first, second, last in rows:
        cells = (first.ljust(widths[0]), second.ljust(widths[1]), last)
        yield KGap.join(cells).rstrip()


def _originals(entry: Entry) -> str:
    if entry.kind in KEPT:
        return entry.original.partition("::")[0]
    return ", ".join(entry.originals) or "-"


def _nothing(found: Found) -> str:
    meant = " or ".join(repr(name) for name in found.nearest)
    return f"no name {found.word!r}" + (f"; did you mean {meant}?" if meant else "")
