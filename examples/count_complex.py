"""Sub-sessions: the documentation's complex count server.

    eka run examples/count_complex.py

prints

    2 counters are open
    one is 7, the other 123
    1 counter is left when one is closed
    sub-sessions took 0 handles, 10 sessions take 10
"""

from servers.count.complex.client import RCountServSession, RCountServSubSession
from servers.count.complex.protocol import KCountServerName
from userlib import RProcess, RThread


def count(session: RCountServSession) -> None:
    """Two counters in one session."""
    one = RCountServSubSession().open(session)
    other = RCountServSubSession().open(session)
    print(f"{session.resource_count()} counters are open")
    one.increase_by(10)
    one.decrease_by(3)
    other.set_from_string("123")
    print(f"one is {one.counter_value()}, the other {other.counter_value()}")
    one.close()
    print(f"{session.resource_count()} counter is left when one is closed")
    # The other is left open: the session's end in the server closes it.


def handles() -> int:
    """How many handles this thread and its process have open."""
    return sum(RThread().handle_count())


def e32main() -> None:
    """A sub-session is a number that the server knows, and costs the kernel nothing."""
    RProcess().launch(KCountServerName).close()
    with RCountServSession().connect() as session:
        count(session)
        before = handles()
        for _ in range(10):
            RCountServSubSession().open(session)
        sub_sessions = handles() - before
        for _ in range(10):
            RCountServSession().connect()
        sessions = handles() - before - sub_sessions
        print(f"sub-sessions took {sub_sessions} handles, 10 sessions take {sessions}")
