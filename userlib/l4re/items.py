"""What an item carries: a capability, or a flexpage."""

from userlib.l4re.cap import Cap
from userlib.l4re.fpage import Fpage

__all__ = ["Cap", "Fpage"]
