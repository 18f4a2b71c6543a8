"""RTest: how the programs that test the originals say where they are.

    test = RTest("counter")
    test.title()
    test.start("Connect")                   001
    test.next("Count")                      002
    test.start("To ten")                    002.001
    test(counter.value() == 10)             panics USER 84 if that is false
    test.end()
    test.end()                              the last one: success

Output goes where RDebug's goes.
"""

import inspect
from os.path import basename
from types import FrameType
from typing import Final

from kernel.abi.current import panic
from kernel.abi.errors import KErrNone, code_name
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.debug import RDebug

KMaxTestLevels: Final = 16


class RTest:
    """Numbers the parts of a test, and ends the thread at the first failure.

    Threads: one. Original: RTest (e32test.h).
    """

    def __init__(self, title: str) -> None:
        self._title: Final = title
        self._numbers: list[int] = []  # of each level begun, outermost first
        self._checks = 0  # since the last start or next

    def __repr__(self) -> str:
        return f"<RTest {self._title} {self.number}>"

    @property
    def number(self) -> str:
        """Where the test is: `001.002`; empty before the first start.

        Original: none; what is printed.
        """
        return ".".join(f"{number:03}" for number in self._numbers)

    def title(self) -> None:
        """Say which test this is. Original: RTest::Title."""
        self._say(f"RTEST TITLE: {self._title}")

    def start(self, name: str) -> None:
        """Begin a level, at its number 1. More than 16 of them panic USER 84.

        Original: RTest::Start.
        """
        if len(self._numbers) == KMaxTestLevels:
            self._fail(f"start({name!r}) goes beyond {KMaxTestLevels} levels")
        self._numbers.append(0)
        self.next(name)

    def next(self, name: str) -> None:
        """Go on to the level's next number. Before any start panics USER 84.

        Original: RTest::Next.
        """
        if not self._numbers:
            self._fail(f"next({name!r}) before any start")
        self._numbers[-1] += 1
        self._checks = 0
        self._say(f"RTEST: Level {self.number} Next test - {name}")

    def end(self) -> None:
        """End a level; the last one says that the test has succeeded.

        Without a level panics USER 84. Original: RTest::End.
        """
        if not self._numbers:
            self._fail("end() without a matching start")
        del self._numbers[-1]
        if not self._numbers:
            self._say(f"RTEST: SUCCESS : {self._title} test completed O.K.")

    def __call__(self, condition: object) -> None:
        """Demand that *condition* is true; else say where, and panic USER 84.

        Original: RTest::operator().
        """
        self._checks += 1
        if not condition:
            self._fail_at(inspect.currentframe(), "")

    def equal(self, expected: object, actual: object) -> None:
        """Demand that two values are equal, and show them if not.

        Original: none; the macro test_Equal (e32test.h).
        """
        self._checks += 1
        if expected != actual:
            self._fail_at(
                inspect.currentframe(), f": expected {expected!r}, got {actual!r}"
            )

    def no_error(self, code: int) -> None:
        """Demand KErrNone, and show the code if not.

        Original: none; the macro test_KErrNone (e32test.h).
        """
        self._checks += 1
        if code != KErrNone:
            self._fail_at(inspect.currentframe(), f": {code_name(code)}")

    def printf(self, pattern: str, *args: object) -> None:
        """Say something more, as RDebug.print does. Original: RTest::Printf."""
        RDebug.print(pattern, *args)

    def close(self) -> None:
        """Forget where the test is. Original: RTest::Close, which closes a console."""
        self._numbers.clear()

    def _fail_at(self, frame: FrameType | None, what: str) -> None:
        caller = frame.f_back if frame is not None else None
        assert caller is not None
        # No folder: a log is the same wherever the program lies.
        place = f"{basename(caller.f_code.co_filename)} at line {caller.f_lineno}"  # noqa: PTH119 - of a text
        self._fail(f"check {self._checks} in {place}{what}")

    def _fail(self, what: str) -> None:
        self._say(f"RTEST: Level {self.number}")
        self._say(f"FAIL : {self._title} failed {what}")
        panic(USER, TUserPanic.ERTestFailed)

    @staticmethod
    def _say(text: str) -> None:
        RDebug.print("%S", text)
