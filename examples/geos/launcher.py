"""A launcher: it has an application opened for the user, and keeps nothing of it.

    eka run --geos examples/geos examples/geos/launcher.py

prints

    launched: connected to 1 server
    asked again: connected to 1 server, the same one
    the server is open for the user: mode 2

This program is a geode itself. Connecting launches `server.py`, and leaving at once
ends nothing: the application was opened as a user opens it.
"""

from typing import Final

from server import SERVER_TOKEN

from userlib.geos import (
    MF_CALL,
    MF_FORCE_QUEUE,
    MSG_META_DUMMY,
    MSG_META_QUIT,
    OPEN_APPLICATION,
    AppLaunchBlock,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    geode_get_app_object,
    iacp,
    method,
    obj_message,
)
from userlib.geos.iacp_constants import (
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    IACPSM_USER_INTERACTIBLE,
)

FLAGS: Final = IACPCF_OBEY_LAUNCH_MODEL | IACPCF_FIRST_ONLY | IACPSM_USER_INTERACTIBLE


class LauncherProcessClass(GenProcessClass):
    """Launches on its process thread, for that waits."""

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def open(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Open the same application twice, then close."""
        self.callsuper()
        first = self.launch()
        print(f"launched: connected to {first.num_servers} server")
        second = self.launch()
        which = "the same one" if second.first_owner == first.first_owner else "another"
        print(f"asked again: connected to {second.num_servers} server, {which}")
        obj_message(first.first_owner, MSG_META_DUMMY, MF_CALL)  # until it is open
        (server,) = next(
            each.servers for each in iacp.lists() if each.token == SERVER_TOKEN
        )
        print(f"the server is open for the user: mode {server.mode}")
        obj_message(geode_get_app_object(), MSG_META_QUIT, MF_FORCE_QUEUE)

    def launch(self) -> iacp.ConnectResult:
        """Connect, and leave at once."""
        block = iacp.create_default_launch_block(OPEN_APPLICATION)
        made = iacp.connect(SERVER_TOKEN, FLAGS, block)
        iacp.shutdown(made.connection)
        return made


GEODE: Final = Geode(
    "launcher", None, LauncherProcessClass, GenApplicationClass, ui_thread=True
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
