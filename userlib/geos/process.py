"""The object that a thread's own messages go to, and the process object of a geode."""

from userlib.geos.meta import MetaClass


class ProcessClass(MetaClass):
    """What a message to a thread or a geode is for. Original: ProcessClass."""


class GenProcessClass(ProcessClass):
    """The process object of an application. Original: GenProcessClass."""
