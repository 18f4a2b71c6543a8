"""PlainTerminal: lines from one stream, text to another; for pipes and scripts."""

import os
from pathlib import Path
from typing import Final, TextIO

from kernel.abi.errors import KErrEof
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.protocol import TOrder
from tools.terminal.terminal import Terminal, host_call, send_whole_line, write_text


class PlainTerminal(Terminal):
    """Reads only what a program asks for, so that what is left stays in the stream.

    With *echo* prompts and lines are printed too, as a person at a terminal sees them.
    """

    def __init__(self, source: TextIO, target: TextIO, *, echo: bool = False) -> None:
        self._source: Final = source
        self._target: Final = target
        self._echo: Final = echo

        self.write_error: str | None = None  # the host's words for it

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
        line = order.line + read.removesuffix("\n")
        if self._echo:
            self._print(f"{order.prompt}{line}\n")
        send_whole_line(device, order.ticket, line)

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
            write_text(self._target, text)
            self._target.flush()
        except BrokenPipeError:
            self._forsake_target()  # nobody reads it, as behind `| head`
        except OSError as error:
            self.write_error = error.strerror
            self._forsake_target()

    def _forsake_target(self) -> None:
        """What is still buffered goes nowhere, nor does anything that comes."""
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), self._target.fileno())
