"""CapturedTerminal: a terminal for tests, which plays what somebody would type."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from kernel.abi.errors import KErrAbort, KErrEof, KErrNone
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.keys import TKeyCode
from servers.console.protocol import TOrder
from tools.terminal.terminal import Terminal


@dataclass(frozen=True, slots=True)
class TypeKeys:
    """Keys for programs that read keys."""

    text: str


@dataclass(frozen=True, slots=True)
class AskFor:
    """Wants candidates for what stands in the line so far; the line goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Presses Ctrl-C instead of entering a line."""


# What is typed: a line, or one of the above.
Act: TypeAlias = str | TypeKeys | AskFor | GiveUp


class CapturedTerminal(Terminal):
    """Enters *acts* one by one, and keeps what is printed, prompts and lines included.

    When they are used up the input ends. With *break_on* Ctrl-C is pressed, once, as
    soon as that text has been printed.
    """

    def __init__(self, acts: Iterable[Act] = (), *, break_on: str = "") -> None:
        self.completions: Final[list[tuple[int, list[str]]]] = []  # for each AskFor
        self.histories: Final[list[list[str]]] = []  # for each line
        self._acts: Final = list(acts)
        self._printed: Final[list[str]] = []
        self._break_on = break_on

    @property
    def output(self) -> str:
        """Everything printed so far."""
        return "".join(self._printed)

    def obey(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        match order.kind:
            case TOrder.EPrint:
                self._print(device, order.text)
            case TOrder.EClearScreen:
                self._printed.append("\f")
            case TOrder.EEditLine:
                self.histories.append(order.history)
                self._enter_line(device, order)
            case TOrder.EWantKeys if order.number:
                self._press(device)
            case _:
                pass  # a line is entered before it could be given up

    def _print(self, device: RConsoleDevice, text: str) -> None:
        self._printed.append(text)
        if self._break_on and self._break_on in self.output:
            self._break_on = ""
            device.send_key(TKeyCode.EKeyBreak)

    def _enter_line(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        self._printed.append(order.prompt)
        while self._acts and isinstance(asked := self._acts[0], AskFor):
            self._acts.pop(0)
            self.completions.append(device.complete(order.ticket, asked.text))
        match self._acts[0] if self._acts else None:
            case str() as line:
                self._acts.pop(0)
                self._printed.append(f"{line}\n")
                device.send_line(order.ticket, KErrNone, line)
            case GiveUp():
                self._acts.pop(0)
                self._printed.append("^C\n")
                device.send_line(order.ticket, KErrAbort)
            case _:
                device.send_line(order.ticket, KErrEof)

    def _press(self, device: RConsoleDevice) -> None:
        match self._acts[0] if self._acts else None:
            case TypeKeys(text):
                self._acts.pop(0)
                device.send_text(text)
            case _:
                device.end_input()
