"""The `--drive` option: `C=DIR`, `C=DIR:ro`, `C=DIR:rw`; `C:` will do for `C`."""

from collections.abc import Sequence
from pathlib import Path

from servers.fileserver.protocol import DriveSpec
from tools.cli.refusal import Refusal

KForm = "write it as C=DIR or C=DIR:ro"


def parse_drive(text: str) -> tuple[str, DriveSpec]:
    """Read one `--drive`. Raises: Refusal, with what is wrong with it."""
    letter, equals, rest = text.partition("=")
    letter = letter.removesuffix(":")  # a drive's name as programs write it
    if not equals or not rest:
        raise Refusal(f"bad drive '{text}'", KForm)
    if len(letter) != 1 or not letter.isascii() or not letter.isalpha():
        raise Refusal(f"bad drive letter '{letter}' in '{text}'", "letters are A to Z")
    place, read_only = _split_mode(rest)
    directory = _directory(place, text)
    return letter.upper(), DriveSpec(directory, read_only, "host")


def parse_drives(texts: Sequence[str]) -> dict[str, DriveSpec]:
    """Read all of them, by letter. Raises: Refusal, also if a letter comes twice."""
    drives: dict[str, DriveSpec] = {}
    for text in texts:
        letter, spec = parse_drive(text)
        if letter in drives:
            raise Refusal(f"drive {letter}: is given twice", "keep one of them")
        drives[letter] = spec
    return drives


def _split_mode(place: str) -> tuple[str, bool]:
    """Only `:ro` and `:rw` end a directory; other colons belong to its name."""
    for suffix in (":ro", ":rw"):
        if place.endswith(suffix) and place != suffix:
            return place.removesuffix(suffix), suffix == ":ro"
    return place, False


def _directory(place: str, text: str) -> Path:
    directory = Path(place).expanduser()
    if not directory.exists():
        raise Refusal(f"no directory '{place}' for drive '{text}'", KForm)
    if not directory.is_dir():
        raise Refusal(f"'{place}' is not a directory, in drive '{text}'", KForm)
    return directory.resolve()
