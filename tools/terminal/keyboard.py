"""The host thread that sits at the keyboard of an interactive terminal.

It borrows an emulated thread for as long as it runs: a machine that has a keyboard is
never deadlocked, since anybody may type. What it is to do comes through a queue: have
a line edited, read single keys, end. The terminal's service, inside the machine, puts
that there, and takes it back when nobody waits for it any more.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    AttachedThreadDied,
    Deadlock,
    KernelFault,
    KErrAbort,
    KErrCancel,
    KErrEof,
    Leave,
)
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.protocol import KMaxLine, TicketT
from tools.terminal.keymap import event_of
from tools.terminal.terminal import TERMINAL_IMAGE, send_whole_line

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPress
    from prompt_toolkit.output import Output

    from kernel.machine import Kernel


_KEscapeDelayS: Final = 0.1
_KPatienceS: Final = 1.0


class LineStoppedError(Exception):
    """Nobody wants the line any more that was being edited."""


class Keyboard:
    """Edits lines and reads keys, as the terminal's service wants.

    Threads: `edit_line`, `stop_line` and `want_keys` the service's; `stop` any host
    thread; the rest its own.
    """

    def __init__(
        self,
        machine: "Kernel",
        source: "Input",
        target: "Output",
        prints_above: Callable[[], AbstractContextManager[str]],
    ) -> None:
        # Fixed for life:
        self._machine: Final = machine
        self._source: Final = source
        self._target: Final = target
        self._prints_above: Final = prints_above
        self._jobs: Final[SimpleQueue[Callable[[RConsoleDevice], None] | None]] = (
            SimpleQueue()
        )
        self._os_thread: Final = threading.Thread(
            target=self._run, name="eka-keyboard", daemon=True
        )
        self._lock: Final = threading.Lock()

        # Guarded by self._lock:
        self._is_ended = False
        self._wants_keys = False
        self._stopped: set[TicketT] = set()
        self._quit: Callable[[], None] | None = None  # ends what it does now
        self._ticket: TicketT | None = None  # of the line that it edits now

    def start(self) -> None:
        """Begin to take jobs."""
        self._os_thread.start()

    def stop(self) -> None:
        """End what it does, and the thread.

        A machine in which somebody computes for ever keeps the thread, which has to
        take its leave of it, until it is shut down: that must not wait for the thread.
        """
        with self._lock:
            self._is_ended = True
            if self._quit is not None:
                self._quit()
        self._jobs.put(None)
        self._os_thread.join(_KPatienceS)

    def join(self) -> None:
        """Blocks: until the thread has ended, which the machine's shutdown sees to."""
        self._os_thread.join()

    # For the service.

    def edit_line(self, order: TDeviceOrder) -> None:
        """Have a line edited."""
        self._jobs.put(lambda device: self._edit(device, order))

    def stop_line(self, ticket: TicketT) -> None:
        """Give back that line, if it is not done yet."""
        with self._lock:
            self._stopped.add(ticket)
            if self._ticket == ticket and self._quit is not None:
                self._quit()

    def want_keys(self, *, wanted: bool) -> None:
        """Send keys, or do so no more."""
        with self._lock:
            self._wants_keys = wanted
            if not wanted and self._ticket is None and self._quit is not None:
                self._quit()
        if wanted:
            self._jobs.put(self._send_keys)

    # The thread.

    def _run(self) -> None:
        try:
            with (
                self._machine.attach(TERMINAL_IMAGE),
                RConsoleDevice().connect() as device,
            ):
                while (job := self._jobs.get()) is not None:
                    job(device)
        except (AttachedThreadDied, Deadlock, KernelFault, Leave):
            return  # the machine, or its console server, is no more

    def _edit(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        try:
            line = self._prompt(device, order)
        except LineStoppedError as stopped:
            device.send_line(order.ticket, KErrCancel, str(stopped)[:KMaxLine])
        except KeyboardInterrupt:
            device.send_line(order.ticket, KErrAbort)
        except EOFError:
            device.send_line(order.ticket, KErrEof)
        else:
            send_whole_line(device, order.ticket, line)
        finally:
            with self._lock:
                self._quit = self._ticket = None
                self._stopped.discard(order.ticket)

    def _prompt(self, device: RConsoleDevice, order: TDeviceOrder) -> str:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import InMemoryHistory
        from prompt_toolkit.shortcuts import CompleteStyle

        session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(order.history),
            completer=_completer(device, order.ticket),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            input=self._source,
            output=self._target,
        )
        with self._prints_above() as partial_line:
            return session.prompt(
                partial_line + order.prompt,
                default=order.line,
                pre_run=lambda: self._may_be_stopped(session, order.ticket),
                handle_sigint=False,
            )

    def _may_be_stopped(self, session: "PromptSession[str]", ticket: TicketT) -> None:
        """The editor runs: whoever stops the line from now on ends it."""
        loop, app = asyncio.get_running_loop(), session.app

        def give_back() -> None:
            if not app.is_done:
                text = session.default_buffer.text
                app.exit(exception=LineStoppedError(text), style="class:aborting")

        with self._lock:
            self._ticket = ticket
            self._quit = lambda: _call_soon(loop, give_back)
            if ticket in self._stopped or self._is_ended:
                self._quit()

    def _send_keys(self, device: RConsoleDevice) -> None:
        asyncio.run(self._send_keys_until_stopped(device))
        with self._lock:
            self._quit = None

    async def _send_keys_until_stopped(self, device: RConsoleDevice) -> None:
        from prompt_toolkit.input.typeahead import get_typeahead

        loop, done = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            if not self._wants_keys or self._is_ended:
                return
            self._quit = lambda: _call_soon(loop, done.set)

        def send(presses: "list[KeyPress]") -> None:
            _send(device, presses)
            # An escape is a key by itself if nothing follows it soon.
            loop.call_later(
                _KEscapeDelayS, lambda: _send(device, self._source.flush_keys())
            )

        def keys_are_ready() -> None:
            send(self._source.read_keys())
            if self._source.closed:
                device.end_input()
                done.set()

        with self._source.raw_mode(), self._source.attach(keys_are_ready):
            send(get_typeahead(self._source))
            await done.wait()


def _send(device: RConsoleDevice, presses: "list[KeyPress]") -> None:
    """Send the keys that the console has a code for."""
    for press in presses:
        event = event_of(press.key)
        if event is not None:
            device.send_event(event)


def _call_soon(loop: asyncio.AbstractEventLoop, function: Callable[[], None]) -> None:
    """Call it in the loop's thread, if the loop still runs."""
    with suppress(RuntimeError):  # it has just been closed
        loop.call_soon_threadsafe(function)


def _completer(device: RConsoleDevice, ticket: TicketT) -> "Completer":
    """Candidates from the program that waits for the line."""
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    class ConsoleCompleter(Completer):
        def get_completions(
            self, document: Document, complete_event: CompleteEvent
        ) -> Iterator[Completion]:
            text = document.text_before_cursor
            start, candidates = device.complete(ticket, text)
            for candidate in candidates:
                yield Completion(candidate, start_position=start - len(text))

    return ConsoleCompleter()
