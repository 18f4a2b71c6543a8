"""What an emulated program imports; without a prefix, the Symbian user library."""

import userlib.symbian
from userlib.symbian import *  # noqa: F403 - its __all__ is ours

__all__ = []
__all__ += userlib.symbian.__all__
