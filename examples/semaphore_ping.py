"""Two threads take turns, by two semaphores.

    eka run examples/semaphore_ping.py

prints

    ping 1
        pong 1
    ping 2
        pong 2
    ping 3
        pong 3
    pong exited with KErrNone
"""

from userlib import RSemaphore, RThread, TRequestStatus, User

KRounds = 3


def play(word: str, my_turn: RSemaphore, your_turn: RSemaphore) -> None:
    """Wait for my turn, say the word, and give the turn away."""
    for count in range(1, KRounds + 1):
        my_turn.wait()
        print(f"{word} {count}")
        your_turn.signal()


def e32main() -> None:
    """Play against another thread, then wait for its end.

    A handle belongs to the process unless one asks otherwise, so both threads can use
    these two. Ping's semaphore begins at 1: it is ping's turn.
    """
    with (
        RSemaphore().create_local(1) as ping,
        RSemaphore().create_local(0) as pong,
        RThread().create("pong", play, args=("    pong", pong, ping)) as partner,
    ):
        ended = TRequestStatus()
        partner.logon(ended)
        partner.resume()
        play("ping", ping, pong)
        User.wait_for_request(ended)
        print(f"pong {partner.exit_info()}")
