"""What both sides know of event queues: how events are merged."""

from enum import IntEnum, IntFlag
from typing import Final, TypeAlias

# An event: ints, strings, bytes, None, and tuples of these. The kernel looks at its
# first items only, to find duplicates: who it is for, and what it says.
EventData: TypeAlias = tuple[object, ...]

KMaxEventDepth: Final = 32  # tuples in tuples
KDuplicateKey: Final = 2  # equal first items make events duplicates


class TMerge(IntFlag):
    """How an event is merged with a queued one of the same key."""

    ENone = 0
    ELastOnly = 1  # look only at the last event with the same first item
    EReplace = 2  # the new one takes the old one's place
    EDiscard = 4  # without a match it is dropped


class TMerged(IntEnum):
    """What became of an event that was to be merged."""

    EAppended = 0
    EDropped = 1  # one like it was there
    EReplaced = 2
    EDiscarded = 3  # none like it was there
