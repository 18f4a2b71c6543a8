"""A server in a process of its own: the documentation's simple count server.

    eka run examples/count_simple.py

prints

    a new session's counter is 0
    after some counting: 44
    a bad string is refused with 99, the counter is still 44
    another session has a counter of its own: -1
    a bad request ends its thread: panicked CountServer 1
"""

from servers.count.simple.client import RCountServSession
from servers.count.simple.protocol import KCountServerName
from userlib import RProcess, RThread, TRequestStatus, User, trap


def count() -> None:
    """What the requests of a session do."""
    with RCountServSession().connect() as counter:
        print(f"a new session's counter is {counter.counter_value()}")
        counter.set_from_string("40")
        counter.increase()
        counter.increase_by(5)
        counter.decrease_by(2)
        print(f"after some counting: {counter.counter_value()}")
        code = trap(counter.set_from_string, "forty")
        value = counter.counter_value()
        print(f"a bad string is refused with {code}, the counter is still {value}")
        with RCountServSession().connect() as other:
            other.decrease()
            value = other.counter_value()
            print(f"another session has a counter of its own: {value}")


def send_a_bad_request() -> None:
    """A request that the server doesn't know: it panics the thread that sent it."""
    RCountServSession().connect().send_receive(1234)


def e32main() -> None:
    """Start the server's program, count, and see what becomes of a bad client."""
    RProcess().launch(KCountServerName).close()
    count()
    with RThread().create("bad client", send_a_bad_request) as client:
        ended = TRequestStatus()
        client.logon(ended)
        client.resume()
        User.wait_for_request(ended)
        print(f"a bad request ends its thread: {client.exit_info()}")
