"""How GEOS routines fail.

A `GeosFatalError` is the program's mistake, found by what the original's error-checking
build checks: it is not meant to be handled. The others are ordinary.
"""

from enum import IntEnum
from typing import Final


class GeosFatalError(Exception):
    """The program misused a routine; *name* is the original's name for that.

    Original: FatalError, with the names of the error-checking kernel and libraries.
    """

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name: Final = name


class GeosTimeout(Exception):
    """The time that the caller allowed has passed. Original: none; waits there last."""


class GeodeLoadError(IntEnum):
    """Why an application could not be loaded; 0 is an error too.

    Original: GeodeLoadError (geode.def).
    """

    GLE_PROTOCOL_IMPORTER_TOO_RECENT = 0
    GLE_PROTOCOL_IMPORTER_TOO_OLD = 1
    GLE_FILE_NOT_FOUND = 2
    GLE_LIBRARY_NOT_FOUND = 3
    GLE_FILE_READ_ERROR = 4
    GLE_NOT_GEOS_FILE = 5
    GLE_NOT_GEOS_EXECUTABLE_FILE = 6
    GLE_ATTRIBUTE_MISMATCH = 7
    GLE_MEMORY_ALLOCATION_ERROR = 8
    GLE_NOT_MULTI_LAUNCHABLE = 9
    GLE_LIBRARY_PROTOCOL_ERROR = 10
    GLE_LIBRARY_LOAD_ERROR = 11
    GLE_DRIVER_INIT_ERROR = 12
    GLE_LIBRARY_INIT_ERROR = 13
    GLE_DISK_TOO_FULL = 14
    GLE_FIELD_DETACHING = 15
    GLE_INSUFFICIENT_HEAP_SPACE = 16


class GeodeLoadFailure(Exception):
    """An application was not loaded.

    Original: the carry flag and GeodeLoadError of UserLoadApplication.
    """

    def __init__(self, code: GeodeLoadError, detail: str = "") -> None:
        super().__init__(f"{code.name}: {detail}" if detail else code.name)
        self.code: Final = code
