r"""How the file of a program or a DLL is named in a call: `X:\dir\base{version}.ext`.

Only *base* has to be there. The version says which one is compatible; a module of the
same major version, and of that minor version or a later one.

Original: TFileNameInfo (f32image.h); symbian-userlib 13.2.
"""

import re
from dataclasses import dataclass
from typing import Final

from kernel.abi.errors import KernelError, KErrBadName
from kernel.abi.limits import KMaxFullName, KMaxKernelName
from kernel.abi.names import fold

KLoaderName: Final = "!Loader"  # the server that finds them on drives
KExeSuffix: Final = ".exe"
KDllSuffix: Final = ".dll"
KPythonSuffix: Final = ".py"  # stands for either
KSysBin: Final = "\\sys\\bin\\"

# Printable, and in no name of a file; brackets would be a UID, which is not asked for.
_ILLEGAL: Final = re.compile(r'[^ -~]|[][*?<>"/|]')
_BRACES: Final = frozenset("{}")
_DRIVE: Final = re.compile(r"(?:([A-Za-z]):)?([^:]*)")
_NAME: Final = re.compile(r"([^{}]+?)(?:\{([0-9A-Fa-f]{1,8})\})?(\.[^.{}]*)?")


@dataclass(frozen=True, slots=True)
class ExecutableName:
    """The parts of such a name; a part that was not given is empty."""

    drive: str  # a capital letter
    path: str  # begins and ends with a backslash
    base: str
    version: int | None
    extension: str  # with its dot

    @property
    def root(self) -> str:
        """What the executable is called, wherever it is: base and extension."""
        return self.base + self.extension


def parse_executable_name(text: str, extension: str) -> ExecutableName:
    """Take *text* apart; without a dot in its name it gets *extension*.

    Raises: KErrBadName for more than 256 characters, or 80 without the path; for what
        is not printable ASCII or in no name of a file, `[` and `]` among that; for a
        colon or a brace out of place, a relative path, and for no name at all.
    """
    if len(text) > KMaxFullName or _ILLEGAL.search(text):
        raise KernelError(KErrBadName)
    letter, rest = _split_drive(text)
    directory, slash, last = rest.rpartition("\\")
    path = directory + slash
    found = _NAME.fullmatch(last)
    if found is None or not is_directory(path):
        raise KernelError(KErrBadName)
    base, version, own_extension = found.groups()
    if base.startswith(".") or not base.strip():
        raise KernelError(KErrBadName)
    name = ExecutableName(
        letter.upper(),
        path,
        base,
        None if version is None else int(version, 16),
        extension if own_extension is None else own_extension.rstrip("."),
    )
    if len(name.root) > KMaxKernelName:
        raise KernelError(KErrBadName)
    return name


def _split_drive(text: str) -> tuple[str, str]:
    found = _DRIVE.fullmatch(text)
    if found is None:
        raise KernelError(KErrBadName)
    return found[1] or "", found[2]


def parse_directory(text: str) -> tuple[str, str]:
    """A drive's letter, if there is one, and a path; its last backslash may lack.

    Raises: KErrBadName if it is no directory's name.
    """
    if len(text) > KMaxFullName or _ILLEGAL.search(text):
        raise KernelError(KErrBadName)
    letter, path = _split_drive(text)
    path = path if path.endswith("\\") else path + "\\"
    if not is_directory(path) or not _is_plain(path):
        raise KernelError(KErrBadName)
    return letter.upper(), path


def is_directory(path: str) -> bool:
    """Whether *path*, which ends with a backslash or is empty, begins at the root."""
    return not path or (path[0] == "\\" and _is_plain(path))


def _is_plain(path: str) -> bool:
    components = path.split("\\")[1:-1]
    return not any(
        component == "" or component[-1] in ". " or not _BRACES.isdisjoint(component)
        for component in components
    )


def is_in_sys_bin(path: str) -> bool:
    r"""Whether a path is `\sys\bin\`, or below it."""
    return fold(path).startswith(KSysBin)
