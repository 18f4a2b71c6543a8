"""The originals' names and ours: read from our sources, and looked up."""

from tools.names.entry import Entry, Section
from tools.names.library import library, sections
from tools.names.lookup import Found, find

__all__ = ["Entry", "Found", "Section", "find", "library", "sections"]
