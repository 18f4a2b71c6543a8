"""TParse: a file name, completed from others, and its parts.

Nothing here needs the server. Original: TParse (f32file.h); specification 17.
"""

from dataclasses import dataclass

from kernel.abi.errors import KErrBadName, KErrGeneral, Leave
from servers.fileserver.names import KMaxFileName, is_wild, split_drive


@dataclass(frozen=True, slots=True)
class _Parts:
    drive: str = ""
    path: str = ""
    name: str = ""
    ext: str = ""


def _parts(text: str) -> _Parts:
    if len(text) > KMaxFileName:
        raise Leave(KErrBadName)
    letter, rest = split_drive(text)
    if "\\" in rest and not rest.startswith("\\"):
        raise Leave(KErrBadName)
    directory, slash, last = rest.rpartition("\\")
    stem, dot, extension = last.rpartition(".")
    name, ext = (stem, dot + extension) if dot else (last, "")
    return _Parts(letter + ":" if letter else "", directory + slash, name, ext)


class TParse:
    """A full name put together from up to three, and its parts.

    Drive, path, name and extension each come from the first text that has it. The
    `…_present` questions are about the first text alone.
    """

    def __init__(self, name: str = "", related: str = "", default: str = "") -> None:
        self._given = _Parts()
        self._parts = _Parts()
        self.set(name, related, default)

    def set(self, name: str, related: str = "", default: str = "") -> None:
        """Parse anew. Raises: Leave(KErrBadName), with the old contents kept."""
        texts = [_parts(text) for text in (name, related, default)]
        merged = _Parts(
            next((text.drive for text in texts if text.drive), ""),
            next((text.path for text in texts if text.path), ""),
            next((text.name for text in texts if text.name), ""),
            next((text.ext for text in texts if text.ext), ""),
        )
        if len(_joined(merged)) > KMaxFileName:
            raise Leave(KErrBadName)
        self._given, self._parts = texts[0], merged

    def full_name(self) -> str:
        return _joined(self._parts)

    def drive(self) -> str:
        """The letter and its colon."""
        return self._parts.drive

    def path(self) -> str:
        r"""The directories, with both outer `\`."""
        return self._parts.path

    def drive_and_path(self) -> str:
        return self._parts.drive + self._parts.path

    def name(self) -> str:
        return self._parts.name

    def ext(self) -> str:
        """The extension, dot included: from the last dot on."""
        return self._parts.ext

    def name_and_ext(self) -> str:
        return self._parts.name + self._parts.ext

    def drive_present(self) -> bool:
        return bool(self._given.drive)

    def path_present(self) -> bool:
        return bool(self._given.path)

    def name_present(self) -> bool:
        return bool(self._given.name)

    def ext_present(self) -> bool:
        return bool(self._given.ext)

    def name_or_ext_present(self) -> bool:
        return bool(self._given.name or self._given.ext)

    def is_root(self) -> bool:
        return self._parts.path == "\\"

    def is_wild(self) -> bool:
        return is_wild(self.name_and_ext())

    def pop_dir(self) -> None:
        """Drop the last directory. Raises: Leave(KErrGeneral) at the root."""
        if self._parts.path in ("", "\\"):
            raise Leave(KErrGeneral)
        shorter = self._parts.path[:-1].rpartition("\\")[0] + "\\"
        self._replace_path(shorter)

    def add_dir(self, name: str) -> None:
        r"""Append a directory; an empty *name* changes nothing.

        Raises: Leave(KErrBadName) if it has a `\`, Leave(KErrGeneral) if the whole
            becomes too long.
        """
        if not name:
            return
        if "\\" in name:
            raise Leave(KErrBadName)
        if len(self.full_name()) + len(name) + 1 > KMaxFileName:
            raise Leave(KErrGeneral)
        self._replace_path((self._parts.path or "\\") + name + "\\")

    def _replace_path(self, path: str) -> None:
        old = self._parts
        self._parts = _Parts(old.drive, path, old.name, old.ext)


def _joined(parts: _Parts) -> str:
    return parts.drive + parts.path + parts.name + parts.ext
