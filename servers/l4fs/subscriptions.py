"""Subscriptions: who is told of what happens to a file."""

from dataclasses import dataclass
from typing import Final

from servers.l4fs.codes import l4_errors
from servers.l4fs.protocol import KEveryEvent
from userlib.l4re.cap import Cap
from userlib.l4re.consts import (
    L4_EEXIST,
    L4_EINVAL,
    L4_ENOENT,
    L4_EPERM,
    Rights,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.irq import Irq


@dataclass(frozen=True, slots=True)
class Subscription:
    """One user's wish to be told."""

    user: object
    notifier: Irq
    flags: int


class Subscriptions:
    """Those of one file, by all its users.

    Requires: the provider's lock.
    """

    def __init__(self) -> None:
        self._all: Final[list[Subscription]] = []

    def add(self, user: object, notifier: Cap, flags: int) -> None:
        """Tell *notifier* of events that other users than *user* cause.

        Raises: L4Error: L4_EINVAL for no or unknown flags, L4_EPERM for an Irq that
            may not be triggered, L4_EEXIST.
        """
        if not flags or flags & ~KEveryEvent:
            raise L4Error(L4_EINVAL)
        if not notifier.rights() & Rights.W:
            raise L4Error(L4_EPERM)
        with l4_errors():
            if self._find(user, notifier) is not None:
                raise L4Error(L4_EEXIST)
            kept = Irq.of(notifier.keep())
        self._all.append(Subscription(user, kept, flags))

    def remove(self, user: object, notifier: Cap) -> None:
        """Raises: L4Error with L4_ENOENT."""
        found = self._find(user, notifier)
        if found is None:
            raise L4Error(L4_ENOENT)
        self._end(found)

    def remove_all(self, user: object) -> None:
        """The user has closed the file."""
        for found in [one for one in self._all if one.user is user]:
            self._end(found)

    def tell(self, event: int, origin: object) -> None:
        """Something happened, by the doing of *origin*, who is not told."""
        for one in list(self._all):
            if one.flags & event and one.user is not origin:
                try:
                    one.notifier.trigger()
                except L4Error:  # it is gone, or never was an Irq
                    self._end(one)

    def _find(self, user: object, notifier: Cap) -> Subscription | None:
        """Whatever else either capability may be used for."""
        with notifier.duplicate(Rights.R) as wanted:
            for one in self._all:
                with one.notifier.duplicate(Rights.R) as known:
                    if one.user is user and wanted.equals(known):
                        return one
        return None

    def _end(self, one: Subscription) -> None:
        self._all.remove(one)
        Cap(one.notifier.handle).close()
