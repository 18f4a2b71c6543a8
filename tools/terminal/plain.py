"""PlainTerminal: lines from one stream, text to another; for pipes and scripts."""

import os
from pathlib import Path
from typing import Final, TextIO

from kernel.abi.errors import KErrEof, KErrNone
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.protocol import KMaxLine, TOrder
from tools.terminal.terminal import Terminal, host_call


class PlainTerminal(Terminal):
    """Reads only what a program asks for, so that what is left stays in the stream.

    With *echo* prompts and lines are printed too, as a person at a terminal sees them.
    """

    def __init__(self, source: TextIO, target: TextIO, *, echo: bool = False) -> None:
        self._source: Final = source
        self._target: Final = target
        self._echo: Final = echo

    def obey(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        match order.kind:
            case TOrder.EPrint:
                self._print(order.text)
            case TOrder.EEditLine:
                self._read_line(device, order)
            case TOrder.EWantKeys if order.number:
                self._read_key(device)
            case _:
                pass  # nothing to clear, no line that could be given up

    def _read_line(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        read = host_call(self._source.readline)
        if not read:
            device.send_line(order.ticket, KErrEof)
            device.end_input()
            return
        line = (order.line + read.removesuffix("\n"))[:KMaxLine]
        if self._echo:
            self._print(f"{order.prompt}{line}\n")
        device.send_line(order.ticket, KErrNone, line)

    def _read_key(self, device: RConsoleDevice) -> None:
        read = host_call(self._source.read, 1)
        if read:
            device.send_text(read)
        else:
            device.end_input()

    def _print(self, text: str) -> None:
        host_call(self._write, text)

    def _write(self, text: str) -> None:
        try:
            self._target.write(text)
            self._target.flush()
        except BrokenPipeError:
            # Nobody reads it, as behind `| head`: the rest goes nowhere, and so does
            # what is still buffered when the interpreter exits.
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), self._target.fileno())
