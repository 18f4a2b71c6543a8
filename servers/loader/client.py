"""What clients import: RLoader, which the user library itself needs, and its values.

Original: RLoader (e32ldr.h).
"""

from userlib.symbian.loader import RLoader
from userlib.symbian.loader_protocol import TLibraryInfo, TLoaderMsg

__all__ = ["RLoader", "TLibraryInfo", "TLoaderMsg"]
