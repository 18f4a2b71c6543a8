"""Many requests, one thread: active objects and their scheduler.

    eka run examples/active_objects.py

prints

    urgent is run first
    patient is run second
    tick 1
    tick 2
    another thread called
    tick 3
    time is up
"""

from userlib import (
    CActive,
    CActiveScheduler,
    CAsyncCallBack,
    CPeriodic,
    CTimer,
    RThread,
    User,
)

MS = 1_000  # microseconds


class Alarm(CTimer):
    """Ends the loop after some time."""

    def run(self) -> None:
        """Handle the timer's completion; the scheduler's loop calls it."""
        print("time is up")
        CActiveScheduler.stop()


class Ticker:
    """Counts the calls of a periodic timer."""

    def __init__(self) -> None:
        self.count = 0

    def tick(self) -> None:
        """One period has passed."""
        self.count += 1
        print(f"tick {self.count}")


def e32main() -> None:
    """Set everything going, then let the scheduler run what is ready."""
    CActiveScheduler.install(CActiveScheduler())

    # Both are ready when the loop begins: priority decides, not who was called first.
    patient = CAsyncCallBack(lambda: print("patient is run second"), 0)
    urgent = CAsyncCallBack(lambda: print("urgent is run first"), CActive.EPriorityHigh)
    patient.call_back()
    urgent.call_back()

    ticker = CPeriodic(CActive.EPriorityStandard)
    ticker.start(200 * MS, 200 * MS, Ticker().tick)

    alarm = Alarm(CActive.EPriorityStandard).construct()
    CActiveScheduler.add(alarm)
    alarm.after(700 * MS)

    called = CAsyncCallBack(lambda: print("another thread called"))
    with RThread().create("helper", call_later, args=(called,)) as helper:
        helper.resume()

    CActiveScheduler.start()  # until the alarm stops it
    for active in (patient, urgent, ticker, alarm, called):
        active.destroy()


def call_later(called: CAsyncCallBack) -> None:
    """What the helper thread does: have something run in the other thread."""
    User.after(500 * MS)
    called.call_back()
