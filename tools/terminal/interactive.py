"""InteractiveTerminal: a person at a real terminal.

Inside the machine its service prints; outside, the thread of keyboard.py edits lines
with prompt_toolkit. Ctrl-C at the prompt gives up the line. While a command runs the
terminal is in its usual mode, so that Ctrl-C is a signal: `wait` makes of it the key
that breaks the command.
"""

import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import AttachedThreadDied, Deadlock, KernelFault, Leave
from kernel.abi.exit import ExitInfo
from kernel.host_process import HostProcess
from kernel.machine import Kernel
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.keys import TKeyCode
from servers.console.protocol import TConsSize, TOrder
from tools.terminal.terminal import (
    TERMINAL_IMAGE,
    Terminal,
    host_call,
    write_text,
)

if TYPE_CHECKING:
    from tools.terminal.keyboard import Keyboard

_KMaxUnheard: Final = 2
_KClear: Final = "\x1b[H\x1b[2J"
_KEraseLine: Final = "\r\x1b[K"

# The console's control codes, where a terminal means something else by them.
_CODES: Final[Mapping[int, str]] = MappingProxyType(
    {0: "", 8: "\b \b", 11: "", 12: _KClear, 127: "\b \b"}
)


class InteractiveTerminal(Terminal):
    """Needs `on` around its use; prints to whatever `sys.stdout` is."""

    def __init__(self) -> None:
        self._keyboard: Keyboard | None = None
        self._breaks: Final[SimpleQueue[bool]] = SimpleQueue()  # False: no more
        self._unheard_breaks = 0  # in a row, that no program was waiting for
        self._is_waiting = False  # for the program's end, in `wait`
        self._is_gone = False  # the service, while the machine runs on
        self._lock: Final = threading.Lock()

        # Guarded by self._lock:
        self._partial_line = ""  # printed, and not ended yet

    def serve(self) -> int:
        """As Terminal.serve. If that is killed nobody hears a person but `wait`."""
        has_returned = False
        try:
            code = super().serve()
            has_returned = True
            return code
        finally:
            if self._is_waiting and not has_returned:
                self._is_gone = True
                sys.stderr.write("\n[the terminal has ended; Ctrl-C interrupts]\n")
                sys.stderr.flush()

    def size(self) -> TConsSize:
        columns, lines = shutil.get_terminal_size()
        return TConsSize(max(columns, 1), max(lines, 1))

    def obey(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        host_call(self._obey, order)

    def _obey(self, order: TDeviceOrder) -> None:
        keyboard = self._keyboard
        match order.kind:
            case TOrder.EPrint:
                self._print(order.text)
            case TOrder.EClearScreen:
                self._print("\f")
            case TOrder.EEditLine if keyboard is not None:
                keyboard.edit_line(order)
            case TOrder.EStopLine if keyboard is not None:
                keyboard.stop_line(order.ticket)
            case TOrder.EWantKeys if keyboard is not None:
                keyboard.want_keys(wanted=bool(order.number))
            case _:
                pass  # the terminal is being put away

    def _print(self, text: str) -> None:
        with self._lock:  # `sys.stdout` is another one while a line is edited
            write_text(sys.stdout, text.translate(_CODES))
            sys.stdout.flush()
            self._partial_line = last_line(self._partial_line + text)

    @contextmanager
    def _prints_above(self) -> Iterator[str]:
        """What is printed inside appears above the line that is edited.

        Yields what stands before the prompt in its line; the editor prints it again.
        """
        from prompt_toolkit.patch_stdout import patch_stdout

        with ExitStack() as patched:
            with self._lock:
                partial = self._take_partial_line_locked()
                patched.enter_context(patch_stdout(raw=True))
            try:
                yield partial
            finally:
                with self._lock:
                    patched.close()

    def _take_partial_line_locked(self) -> str:
        partial, self._partial_line = self._partial_line, ""
        if partial:
            sys.stdout.write(_KEraseLine)
            sys.stdout.flush()
        return partial

    @contextmanager
    def on(self, machine: Kernel) -> Iterator[None]:
        """With the keyboard of this host."""
        from prompt_toolkit.input import create_input
        from prompt_toolkit.output import create_output

        from tools.terminal.keyboard import Keyboard

        keyboard = Keyboard(
            machine, create_input(), create_output(), self._prints_above
        )
        keyboard.start()
        # Not waited for in the end: a machine that is stuck would keep it.
        threading.Thread(target=self._send_breaks, args=(machine,), daemon=True).start()
        self._keyboard = keyboard
        try:
            yield
        finally:
            self._keyboard = None
            self._breaks.put(False)
            keyboard.stop()

    def wait(self, process: HostProcess) -> ExitInfo:
        """As HostProcess.wait; Ctrl-C breaks what runs in the machine.

        Raises: KeyboardInterrupt at the third in a row that no program waits for, and
            at the first when our service has been ended.
        """
        if threading.current_thread() is not threading.main_thread():
            return process.wait()  # Ctrl-C is not for this thread
        before = signal.signal(signal.SIGINT, self._on_interrupt)
        self._is_waiting = True
        try:
            return process.wait()
        finally:
            self._is_waiting = False
            signal.signal(signal.SIGINT, before)

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler, which makes no kernel call: another thread does."""
        if self._is_gone or self._unheard_breaks == _KMaxUnheard:
            raise KeyboardInterrupt
        self._unheard_breaks += 1
        self._breaks.put(True)

    def _send_breaks(self, machine: Kernel) -> None:
        """What that thread runs."""
        while self._breaks.get():
            try:
                with (
                    machine.attach(TERMINAL_IMAGE),
                    RConsoleDevice().connect() as device,
                ):
                    if device.send_key(TKeyCode.EKeyBreak):
                        self._unheard_breaks = 0
                    else:
                        self._say_unheard()
            except (AttachedThreadDied, Deadlock, KernelFault, Leave, RuntimeError):
                return  # the machine, or its console server, is no more

    def _say_unheard(self) -> None:
        more = _KMaxUnheard + 1 - self._unheard_breaks
        sys.stderr.write(
            f"\n[no program waits for a break; {more} more to interrupt]\n"
        )
        sys.stderr.flush()


def last_line(text: str) -> str:
    """What stands in the cursor's line when a console has printed *text*."""
    line = ""
    for character in text:
        match character:
            case "\n" | "\r" | "\f":
                line = ""
            case "\b" | "\x7f":
                line = line[:-1]
            case _ if character.isprintable() or character == "\t":
                line += character
    return line
