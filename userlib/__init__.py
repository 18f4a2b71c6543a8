"""What an emulated program imports; without a prefix, the Symbian user library."""

import userlib.symbian
import userlib.symbian.constants
from userlib.symbian import *  # noqa: F403 - its __all__ is part of ours
from userlib.symbian.constants import *  # noqa: F403 - likewise

__all__ = []
__all__ += userlib.symbian.__all__
__all__ += userlib.symbian.constants.__all__
