"""Names: folding, what is legal, and how a request's text becomes a full name.

A text is understood in two steps, since the drive is looked at between them:
`parse_name` finds its parts, and `FileName.check` refuses what no volume can hold. So a
bad name on a drive without media gives KErrNotReady, as in the original.
"""

from dataclasses import dataclass
from typing import Final

from kernel.abi.errors import KErrBadName
from servers.fileserver.failure import Refused
from servers.fileserver.modes import KMaxDrives

KMaxFileName: Final = 256  # characters of an argument
KMaxVolumePath: Final = 254  # characters after the drive's colon
KMaxDirectoryPath: Final = 253  # the same, of a directory that is renamed
KMaxShortName: Final = 32  # characters of a file system's name
KMaxVolumeLabel: Final = 11
KMaxDriveName: Final = 255

ILLEGAL: Final = frozenset('<>:"/|\0')
WILD: Final = frozenset("*?")

Components = tuple[str, ...]


def fold(name: str) -> str:
    """The form in which names are compared; as long as the name itself.

    The only place that folds: whoever compares names calls this.
    """
    if name.isascii():
        return name.lower()
    return "".join(map(_fold_character, name))


def _fold_character(character: str) -> str:
    # Full folding would make `ß` equal `ss`, and two legal names one.
    folded = character.casefold()
    if len(folded) != 1:
        folded = character.lower()
    return folded if len(folded) == 1 else character


def fold_path(path: Components) -> Components:
    """Each component, folded: what identifies a file on its drive."""
    return tuple(map(fold, path))


def is_wild(text: str) -> bool:
    """Whether *text* has wildcards."""
    return not WILD.isdisjoint(text)


def is_illegal_character(character: str) -> bool:
    """Whether no name may have it; wildcards are another question."""
    # A lone surrogate is half a character: it has no form on a host, nor on the wire.
    return character in ILLEGAL or "\ud800" <= character <= "\udfff"


def is_legal_component(component: str) -> bool:
    """Whether a stored name can be this, exactly: what a client can ask for."""
    return (
        component != ""
        and component[-1] not in ". "
        and "\\" not in component
        and not is_wild(component)
        and not any(map(is_illegal_character, component))
    )


def drive_number(letter: str) -> int:
    """0 to 25. Raises: Refused(KErrBadName) if *letter* is none."""
    if len(letter) == 1 and letter.isascii() and letter.isalpha():
        return ord(letter.upper()) - ord("A")
    raise Refused(KErrBadName)


def drive_text(number: int) -> str:
    """A drive's letter and colon."""
    assert 0 <= number < KMaxDrives
    return chr(ord("A") + number) + ":"


@dataclass(frozen=True, slots=True)
class FileName:
    r"""A full name: drive, directories, and the part after the last `\`.

    The parts are as the client wrote them, until `check` makes them what is stored.
    """

    drive: int
    directory: Components
    name: str

    @property
    def path(self) -> Components:
        """All components; a name that is not there is none."""
        return (*self.directory, self.name) if self.name else self.directory

    @property
    def text(self) -> str:
        """The full name with its drive."""
        return drive_text(self.drive) + path_text(self.directory, self.name)

    def check(self, *, wild: bool = False) -> "FileName":
        """The name as a volume stores it: final dots and trailing spaces dropped.

        Raises: Refused(KErrBadName) for what can be on no volume.
        """
        directory = tuple(map(_checked_directory, self.directory))
        name = _checked_name(self.name, wild=wild) if self.name else ""
        checked = FileName(self.drive, directory, name)
        if len(path_text(directory, name)) > KMaxVolumePath:
            raise Refused(KErrBadName)
        return checked


def path_text(directory: Components, name: str = "") -> str:
    r"""A full name without its drive; ends in `\` if there is no *name*."""
    return "\\" + "".join(component + "\\" for component in directory) + name


def _checked_directory(component: str) -> str:
    stored = component.rstrip(" ")
    if stored.endswith(".") or not is_legal_component(stored):
        raise Refused(KErrBadName)
    return stored


def _checked_name(name: str, *, wild: bool) -> str:
    stored = name.rstrip(" .")
    if wild and is_wild(name):
        # A pattern's final dot is dropped no less: `*.` matches what `*` does.
        if any(map(is_illegal_character, name)):
            raise Refused(KErrBadName)
        return stored or name
    if not is_legal_component(stored):
        raise Refused(KErrBadName)
    return stored


def split_drive(text: str) -> tuple[str, str]:
    """The drive's letter, if there is one, and what follows its colon."""
    if len(text) >= 2 and text[1] == ":":  # noqa: PLR2004 - letter and colon
        return text[0], text[2:]
    return "", text


def parse_name(text: str, session_path: str) -> FileName:
    """The parts of *text*; what it lacks comes from *session_path*.

    Raises: Refused(KErrBadName) if it is too long, or is no full name at all.
    """
    if len(text) > KMaxFileName:
        raise Refused(KErrBadName)
    letter, rest = split_drive(text)
    session_letter, session_rest = split_drive(session_path)
    drive = drive_number(letter or session_letter)
    if "\\" not in rest:
        return FileName(drive, _directories(session_rest), rest)
    if not rest.startswith("\\"):
        raise Refused(KErrBadName)
    directory, _, name = rest.rpartition("\\")
    return FileName(drive, _directories(directory + "\\"), name)


def _directories(path: str) -> Components:
    # `\` alone is the root; an empty component is kept, for `check` to refuse.
    return tuple(path[1:-1].split("\\")) if len(path) > 1 else ()


def bad_character(text: str) -> str | None:
    """Why *text* is no valid name: None if it is one.

    `*` if it has one, else `?`, else the last illegal character; a space if it is wrong
    for another reason. Original: RFs::IsValidName.
    """
    for wildcard in "*?":
        if wildcard in text:
            return wildcard
    _, rest = split_drive(text)
    for character in reversed(rest):
        if is_illegal_character(character):
            return character
    try:
        name = parse_name(text, "A:\\")
        name.check()
    except Refused:
        return " "
    if not name.name or name.name.endswith(".."):
        return " "
    return None


def is_valid_name(text: str) -> bool:
    """Whether *text* names a file that could be; it has a name part."""
    return bad_character(text) is None
