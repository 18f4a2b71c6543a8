"""The console server: one thread, one screen, one terminal.

Original: the text window server (`!E32WindowServer`); symbian-userlib 14.1.
"""

from typing import Final

from kernel.abi.image import Image
from kernel.abi.security import ALL_CAPABILITIES
from servers.console.desk import Desk
from servers.console.protocol import (
    KConsoleServerName,
    KConsoleServerUid,
    KConsoleVersion,
    KTestModeArgument,
)
from servers.console.session import CConsoleSession
from userlib import (
    CServer2,
    EPriorityStandard,
    ESharableSessions,
    KErrNotSupported,
    Leave,
    RMessage2,
    TVersion,
    User,
)

# The name is one for servers with ProtServ.
IMAGE: Final = Image(uid3=KConsoleServerUid, capabilities=ALL_CAPABILITIES)


class CConsoleServer(CServer2):
    """The server; *test_mode* suppresses all output, for speed."""

    def __init__(self, *, test_mode: bool = False) -> None:
        super().__init__(EPriorityStandard, ESharableSessions)
        self.desk: Final = Desk()
        self.test_mode: Final = test_mode

    def new_session(self, version: TVersion, message: RMessage2) -> CConsoleSession:
        if not User.query_version_supported(KConsoleVersion, version):
            raise Leave(KErrNotSupported)
        return CConsoleSession(self)

    def update_views(self) -> None:
        """Tell the terminals that wait for a change of the screen."""
        for session in self.session_iter:
            if isinstance(session, CConsoleSession) and session.view.is_waiting:
                session.view.update(self.desk.screen)


def e32main() -> int:
    """Serve until the process is killed; the argument `test-mode` is for tests."""
    test_mode = KTestModeArgument in User.command_line().split()
    return CConsoleServer(test_mode=test_mode).run(KConsoleServerName)
