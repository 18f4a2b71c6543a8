"""Deadlocks on purpose, to show that the machine says so at once.

    eka run examples/deadlock.py

Two threads each hold one fork and wait for the other's. Nothing in the machine can ever
run again, so the run ends, with exit status 120 and a report. It has these lines, with
the process, the ids and the places in this file besides:

    who waits for what:
      Main waits for <mutex left: held by Plato>
      Plato waits for <mutex right: held by Socrates>
      Socrates waits for <mutex left: held by Plato>
      a circle: Plato -> Socrates -> Plato
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
    for _ in range(2):
        ready.wait()
    go.signal(2)  # now the order in which they run makes no difference any more
    left.wait()
