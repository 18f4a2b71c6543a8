"""Deadlocks on purpose, to show that the machine says so at once.

    eka run examples/deadlock.py

Two threads each hold one fork and wait for the other's. Nothing in the machine can ever
run again, so the run ends with a report of who waits for what.
"""

from userlib import RMutex, RSemaphore, RThread


def dine(first: RMutex, second: RMutex, ready: RSemaphore, go: RSemaphore) -> None:
    """Take one fork, wait until everybody has one, then want the other."""
    first.wait()
    ready.signal()
    go.wait()
    second.wait()


def e32main() -> None:
    """Seat two philosophers at a table with two forks."""
    left, right = RMutex().create_global("left"), RMutex().create_global("right")
    ready, go = RSemaphore().create_local(0), RSemaphore().create_local(0)
    for name, forks in (("Plato", (left, right)), ("Socrates", (right, left))):
        RThread().create(name, dine, args=(*forks, ready, go)).resume()
    ready.wait()
    ready.wait()
    go.signal(2)
    left.wait()
