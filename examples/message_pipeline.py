"""Three threads in a row, with message queues between them.

    eka run examples/message_pipeline.py

prints

    1 squared is 1
    2 squared is 4
    3 squared is 9
    4 squared is 16
    5 squared is 25
    that is all
"""

from userlib import RMsgQueue, RThread

KNumbers = 5
KEnd = 0  # says that nothing follows
KSlots = 2  # of a queue: who is further ahead of the next thread waits


def count(numbers: RMsgQueue) -> None:
    """The first: makes numbers."""
    for number in range(1, KNumbers + 1):
        numbers.send_blocking(number)
    numbers.send_blocking(KEnd)


def square(numbers: RMsgQueue, squares: RMsgQueue) -> None:
    """The second: takes a number, passes it on with its square."""
    while (number := numbers.receive_blocking()) != KEnd:
        squares.send_blocking(number, number * number)
    squares.send_blocking(KEnd, KEnd)


def e32main() -> None:
    """Start both, and be the third.

    A message is a structure of fixed size, in the notation of Python's struct module;
    it is copied into the queue and out again.
    """
    with (
        RMsgQueue("<i").create_local(KSlots) as numbers,
        RMsgQueue("<ii").create_local(KSlots) as squares,
        RThread().create("count", count, args=(numbers,)) as first,
        RThread().create("square", square, args=(numbers, squares)) as second,
    ):
        first.resume()
        second.resume()
        while (pair := squares.receive_blocking()) != (KEnd, KEnd):
            print("{} squared is {}".format(*pair))
        print("that is all")
