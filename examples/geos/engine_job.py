"""A job for an engine: launched without a user interface, used once, and gone.

    eka run --geos examples/geos examples/geos/engine_job.py

prints

    connected to 1 server
    the speller does not know: systm
    the speller is gone

This program is a geode itself: it has an application object to be a client with, and
its process object does the work. The engine is `speller.py`.
"""

from typing import Final

from speller import SPELLER_TOKEN, SpellerClientClass, SpellerProcessClass

from userlib import TRequestStatus, User
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_QUIT,
    OPEN_ENGINE,
    TO_PROCESS,
    AppLaunchBlock,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    geode_get_app_object,
    geode_open_process,
    iacp,
    method,
    obj_message,
    record,
)
from userlib.geos.iacp_constants import IACPCF_FIRST_ONLY, IACPS_CLIENT


class JobProcessClass(SpellerClientClass):
    """Has one text checked as soon as it is open."""

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Launch the engine, send it the job, and leave it."""
        self.callsuper()
        block = iacp.create_default_launch_block(OPEN_ENGINE)
        made = iacp.connect(SPELLER_TOKEN, IACPCF_FIRST_ONLY, block)
        print(f"connected to {made.num_servers} server")
        gone = TRequestStatus()
        with geode_open_process(made.first_owner) as engine:
            engine.logon(gone)
            job = record(
                SpellerProcessClass,
                SpellerProcessClass.MSG_SPELLER_CHECK,
                text="a small systm",
                answer_to=self.optr,
            )
            iacp.send_message(made.connection, job, TO_PROCESS, None, IACPS_CLIENT)
            iacp.shutdown(made.connection)
            User.wait_for_request(gone)

    @method(SpellerClientClass.MSG_SPELLER_ANSWER)
    def on_answer(self, unknown: str) -> None:
        """The answer was queued while this thread waited for the engine's end."""
        print(f"the speller does not know: {unknown}")
        print("the speller is gone")
        obj_message(geode_get_app_object(), MSG_META_QUIT, MF_FORCE_QUEUE)


GEODE: Final = Geode("job", None, JobProcessClass, GenApplicationClass, ui_thread=True)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
