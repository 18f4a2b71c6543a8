"""The DLL that consoles come from: its first function makes one.

A machine has it as `econs.dll`. Another DLL in its place gives all programs another
kind of console.

Original: econs.dll.
"""

from typing import Final

from kernel.abi.image import Image, KDynamicLibraryUid
from kernel.abi.security import ALL_CAPABILITIES
from servers.console.client import CConsoleBase

# Programs of any trust load it.
IMAGE: Final = Image(uid1=KDynamicLibraryUid, capabilities=ALL_CAPABILITIES)


def new_console() -> CConsoleBase:
    """A console that is not yet on the screen. Original: NewConsole."""
    return CConsoleBase()


EXPORTS: Final = (new_console,)
