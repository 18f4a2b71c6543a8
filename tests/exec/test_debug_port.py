"""RDebug, RTest and the debug port: symbian-userlib 15."""

import re
from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.events import Event, TEvent, event_dict
from userlib import RDebug, RTest, RThread, TBuf, TBuf8, UHeap, User


def printed(text: str) -> list[str]:
    """What stands on each line behind the time and the ids."""
    found = [re.fullmatch(r" *\d+\.\d{6} \d+\.\d+ +(.*)", x) for x in text.splitlines()]
    assert all(found), text
    return [match[1] for match in found if match]


def test_line_is_formatted_and_says_who_and_when(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    def program() -> None:
        RDebug.print("%d of %S", 3, TBuf(8, "seven"))
        User.after_high_res(1_500_000)
        RDebug.printf("%04x", 255)

    machine.run(program)
    first, second = capfd.readouterr().err.splitlines()
    assert printed(first) == ["3 of seven"]
    assert printed(second) == ["00ff"]
    seconds = [float(line.split()[0]) for line in (first, second)]
    assert 1.5 <= seconds[1] - seconds[0] < 1.6
    assert first.split()[1] == second.split()[1]


def test_raw_text_is_printed_as_it_is(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    def program() -> None:
        RDebug.raw_print("one, ")
        RDebug.raw_print(TBuf8(8, b"two\n"))
        RDebug.raw_print(b"three")
        RDebug.print("a line of its own")

    machine.run(program)
    text = capfd.readouterr().err
    assert text.startswith("one, two\nthree\n")
    assert printed(text.splitlines()[-1]) == ["a line of its own"]


def test_printing_never_fails(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not without memory, nor for a wrong pattern, nor for what no log can hold."""

    def program() -> None:
        UHeap.fail_next(1)
        RDebug.print("no %d memory", 1)
        assert UHeap.check_failure() == 0
        UHeap.reset()
        RDebug.print("%q", 5)
        RDebug.print("%d", "five")
        RDebug.print("%d")
        RDebug.print("half a pair: \ud800")

    assert str(machine.run(program)) == "exited with KErrNone"
    assert printed(capfd.readouterr().err) == [
        "no 1 memory",
        "%q 5",
        "%d 'five'",
        "%d",
        "half a pair: \ufffd",
    ]


def test_threads_print_whole_lines(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    def printer(letter: str) -> None:
        for _ in range(20):
            RDebug.print("%S", letter * 50)

    def program() -> None:
        threads = [RThread().create("", printer, args=(x,)) for x in "ABC"]
        for thread in threads:
            thread.resume()
        for thread in threads:
            while thread.exit_info().is_pending:
                User.after(1)
            thread.close()

    machine.run(program)
    lines = printed(capfd.readouterr().err)
    assert sorted(lines) == [x * 50 for x in "ABC" for _ in range(20)]


def test_sinks_and_the_recorder_get_what_is_printed(machine: Kernel) -> None:
    seen: list[tuple[object, ...]] = []

    def note(event: Event) -> None:
        if event[2] in (TEvent.EDebugPrint, TEvent.EDebugRawPrint):
            seen.append((event[2].name, *event[5:]))

    def program() -> None:
        RDebug.print("a line")
        RDebug.raw_print("half a pair: \ud800")

    machine.debug.add_sink(note)
    machine.run(program)
    assert seen == [
        ("EDebugPrint", "a line"),
        ("EDebugRawPrint", "half a pair: \ufffd"),
    ]
    kept = [event_dict(event) for event in machine.debug.events()]
    texts = [record["text"] for record in kept if record["event"] == "debug/print"]
    assert texts == ["a line"]


@pytest.mark.machine_config(debug_port=False)
def test_debug_port_can_be_switched_off(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.run(lambda: RDebug.print("unheard"))
    assert capfd.readouterr().err == ""


def test_machine_in_which_nobody_prints_has_no_sink(machine: Kernel) -> None:
    """A sink makes every message dearer."""
    machine.run(lambda: None)
    assert machine._core.sinks == []


# RTest


def test_levels_are_numbered_with_dots(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    def program() -> None:
        test = RTest("counter")
        test.title()
        test.start("connect")
        test(True)
        test.next("count")
        test.start("to ten")
        test.next("to twenty")
        assert test.number == "002.002"
        test.end()
        test.next("close")
        test.printf("%d left", 0)
        test.end()
        test.close()

    assert str(machine.run(program)) == "exited with KErrNone"
    assert printed(capfd.readouterr().err) == [
        "RTEST TITLE: counter",
        "RTEST: Level 001 Next test - connect",
        "RTEST: Level 002 Next test - count",
        "RTEST: Level 002.001 Next test - to ten",
        "RTEST: Level 002.002 Next test - to twenty",
        "RTEST: Level 003 Next test - close",
        "0 left",
        "RTEST: SUCCESS : counter test completed O.K.",
    ]


def failing(check: Callable[[RTest], object]) -> Callable[[], None]:
    def program() -> None:
        test = RTest("counter")
        test.start("connect")
        test(1 + 1)
        check(test)

    return program


def test_false_condition_says_where_and_panics_user_84(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    line = failing.__code__.co_firstlineno

    end = machine.run(failing(lambda test: test(0)))

    assert str(end) == "panicked USER 84"
    level, failed = printed(capfd.readouterr().err)[-2:]
    assert level == "RTEST: Level 001"
    place = re.fullmatch(
        r"FAIL : counter failed check 2 in test_debug_port\.py at line (\d+)", failed
    )
    assert place is not None
    assert int(place[1]) > line


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda test: test.equal(3, 4), ": expected 3, got 4"),
        (lambda test: test.no_error(-1), ": KErrNotFound"),
    ],
)
def test_comparison_shows_what_it_got(
    machine: Kernel,
    capfd: pytest.CaptureFixture[str],
    check: Callable[[RTest], object],
    said: str,
) -> None:
    assert str(machine.run(failing(check))) == "panicked USER 84"
    assert printed(capfd.readouterr().err)[-1].endswith(said)


def test_comparison_that_holds_says_nothing(machine: Kernel) -> None:
    def program() -> None:
        test = RTest("counter")
        test.start("compare")
        test.equal("a", "a")
        test.no_error(0)
        test.end()

    assert str(machine.run(program)) == "exited with KErrNone"


def too_deep(test: RTest) -> None:
    for level in range(16):
        test.start(str(level))


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: RTest("counter").end(),
        lambda: RTest("counter").next("count"),
        failing(too_deep),
    ],
)
def test_levels_out_of_turn_panic_user_84(
    machine: Kernel, misuse: Callable[[], None]
) -> None:
    assert str(machine.run(misuse)) == "panicked USER 84"
