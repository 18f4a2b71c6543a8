"""Publish and subscribe: a thermometer, and somebody who wants to know of changes.

    eka run examples/property_monitor.py

prints

    waiting for a temperature
    19 degrees
    21 degrees
    20 degrees
    no thermometer any more: KErrNotFound
"""

from userlib import (
    CActive,
    CActiveScheduler,
    Image,
    KErrNone,
    KErrNotFound,
    RProperty,
    RThread,
    TPropertyType,
    TSecurityPolicy,
    User,
    code_name,
)

IMAGE = Image(uid3=0x2000ACE1)

KMyUid = IMAGE.uid3  # a property's category says whose it is
KTemperature = 1  # its key, which of them
KPause = 100_000  # microseconds


def measure() -> None:
    """The thermometer: defines the property, sets it, and takes it away.

    Whoever publishes does not know who listens, or whether anybody does.
    """
    everybody = TSecurityPolicy.always_pass()
    only_me = TSecurityPolicy.of_secure_id(KMyUid)
    RProperty.define(KTemperature, TPropertyType.EInt, everybody, only_me)
    for degrees in (19, 21, 20):
        RProperty.set_at(KMyUid, KTemperature, degrees)
        User.after(KPause)
    RProperty.delete(KMyUid, KTemperature)


class Monitor(CActive):
    """Is told that there is a new value, then looks what it is.

    Of several changes in a row one that is busy may see only the last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.temperature = RProperty().attach(KMyUid, KTemperature)
        CActiveScheduler.add(self)

    def start(self) -> None:
        """Subscribe, for one change: perhaps before there is such a property."""
        self.temperature.subscribe(self.status)
        self.set_active()

    def run(self) -> None:
        if self.status != KErrNone:
            print(f"no thermometer any more: {code_name(self.status.value)}")
            CActiveScheduler.stop()
            return
        self.start()  # before looking: a change from now on is another one
        print(f"{self.temperature.get()} degrees")

    def run_error(self, code: int) -> int:
        """`get` found nothing: then the subscription is about to tell, too."""
        return KErrNone if code == KErrNotFound else code

    def do_cancel(self) -> None:
        self.temperature.cancel()

    def destroy(self) -> None:
        self.cancel()
        super().destroy()
        self.temperature.close()


def e32main() -> None:
    """Subscribe, then start the thermometer, and listen until it is gone."""
    CActiveScheduler.install(CActiveScheduler())
    monitor = Monitor()
    monitor.start()
    print("waiting for a temperature")
    with RThread().create("thermometer", measure) as thermometer:
        thermometer.resume()
        CActiveScheduler.start()
    monitor.destroy()
