"""What the loader is started with; what its clients send is in the user library.

Original: e32ldr_private.h; symbian-userlib 13.2.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from kernel.abi.executable_name import KLoaderName
from userlib.symbian.loader_protocol import (
    HANDLE_OFFSET,
    LOAD,
    KLibraryInfoSize,
    KLoaderVersion,
    TLibraryInfo,
    TLoaderMsg,
)

__all__ = [
    "HANDLE_OFFSET",
    "LOAD",
    "KDefaultLoader",
    "KHashPath",
    "KLibraryInfoSize",
    "KLoaderName",
    "KLoaderVersion",
    "LoaderSpec",
    "TLibraryInfo",
    "TLoaderMsg",
    "installation_hash",
]

KHashPath: Final = "C:\\sys\\hash\\"  # a file for each executable, with its hash


def installation_hash(contents: bytes) -> bytes:
    r"""What an installer stores as `C:\sys\hash\NAME` for a removable drive's file."""
    return sha256(contents).digest()


@dataclass(frozen=True, slots=True)
class LoaderSpec:
    r"""How strict the loader is.

    With *enforce_sys_bin* executables are found in `\sys\bin` and below it only, where
    none but trusted programs can put them. With *check_hashes* one on a removable drive
    needs its hash in `C:\sys\hash`.
    """

    enforce_sys_bin: bool = True
    check_hashes: bool = True


KDefaultLoader: Final = LoaderSpec()
