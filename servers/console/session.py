"""A client's session: its window, or the terminal's end of the screen.

Original: CWsSession of the text window server.
"""

from typing import TYPE_CHECKING, Final

from kernel.abi.security import TCapability
from servers.console.device_ops import DEVICE_OPERATIONS
from servers.console.protocol import (
    WSERV,
    KErrPremature,
    TWsMessage,
    TWsPanic,
)
from servers.console.update import ScreenView
from servers.console.window_ops import OPERATIONS, OUTPUT
from userlib import (
    CSession2,
    KErrCancel,
    KErrNone,
    KErrPermissionDenied,
    KRequestPending,
    Leave,
    RMessage2,
)

if TYPE_CHECKING:
    from servers.console.desk import Desk
    from servers.console.device import Device
    from servers.console.server import CConsoleServer
    from servers.console.window import CWindow


class CConsoleSession(CSession2):
    """One RConsole, or one RConsoleDevice. Threads: the server's."""

    def __init__(self, console_server: "CConsoleServer") -> None:
        # Fixed for life:
        self.desk: Final[Desk] = console_server.desk
        self.view: Final = ScreenView()  # what its terminal knows of the screen
        self._console_server: Final = console_server

        self.window: CWindow | None = None
        self.device: Device | None = None  # it takes the orders
        self._writes: list[RMessage2] = []  # that a terminal has still to print

    def service(self, message: RMessage2) -> None:
        code = self._serve(message)
        if code != KRequestPending:
            message.complete(code)
        self.desk.arrange()
        self._console_server.update_views()

    def service_error(self, message: RMessage2, code: int) -> None:
        """A positive code is a mistake that no client may make."""
        if message.is_null:
            return
        if code > 0:
            message.panic(WSERV, code)
        else:
            message.complete(code)
        self._console_server.update_views()

    def disconnect(self, message: RMessage2) -> None:
        """Nothing of the session's may be left when it is complete."""
        self.destroy_window()
        self.close_device()
        self.view.cancel()
        super().disconnect(message)
        self.desk.arrange()
        self._console_server.update_views()

    def destroy_window(self) -> None:
        """The window and what it keeps waiting, if there is one."""
        window, self.window = self.window, None
        if window is None:
            return
        self.desk.withdraw(window, KErrCancel)
        self.desk.screen.remove(window)
        window.destroy()
        self._forget_writes()

    def close_device(self) -> None:
        """It takes no orders any more."""
        device, self.device = self.device, None
        if device is not None:
            device.ask_cancel()
            self.desk.close_device()

    def hold(self, message: RMessage2) -> None:
        """A terminal will complete *message*, unless the window goes first."""
        self._writes = [*self._held(), message]

    def _held(self) -> list[RMessage2]:
        return [message for message in self._writes if not message.is_null]

    def _forget_writes(self) -> None:
        device = self.desk.device
        if device is not None:
            device.forget(self._held())
        self._writes = []

    def _serve(self, message: RMessage2) -> int:
        function = message.function
        if function in DEVICE_OPERATIONS:
            if not message.has_capability(TCapability.ECapabilitySwEvent):
                return KErrPermissionDenied
            return DEVICE_OPERATIONS[function](self, message)
        serve = OPERATIONS.get(function)
        if serve is None:
            raise Leave(TWsPanic.EBadFunction)
        if function == TWsMessage.ECreate:
            return serve(self, message)
        if self.window is None:
            return KErrPremature
        if self._console_server.test_mode and function in OUTPUT:
            return KErrNone
        return serve(self, message)
