"""One act of the demo: a machine boots, counts, and what it found is read back.

The host takes part as a client: on a thread lent to it, it launches the program, asks
its server for the progress, and reads the result from D: through the file server.
"""

import importlib.util
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Final

import tools
from kernel.abi.config import Executable
from kernel.abi.exit import ExitInfo
from kernel.events import Event, TEvent, event_dict
from kernel.machine import Kernel
from servers.fileserver.client import RFile, RFs
from servers.fileserver.protocol import DriveSpec
from tools.boot import boot
from tools.cli.refusal import Refusal
from tools.demo.host_count import Totals
from tools.demo.stage import Stage
from userlib import (
    KErrNotFound,
    KErrServerTerminated,
    Leave,
    RProcess,
    TRequestStatus,
    User,
)

KProgram: Final = "wordcount"
KResultFile: Final = "D:\\wordcount.txt"

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act ended and what it counted."""

    info: ExitInfo
    totals: Totals
    lost: int  # workers
    messages: int
    seconds: float


class MessageCounter:
    """A sink that counts the messages sent."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, event: Event) -> None:
        if event[2] is TEvent.EMessageSend:
            self.sent += 1


class EventLog:
    """A sink that keeps all events."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self._events.append(event)

    def lines(self) -> list[str]:
        """The events so far, a line of JSON each: what `--log` writes."""
        return [json.dumps(event_dict(event)) for event in list(self._events)]


def program_file() -> Path:
    """Where `examples/wordcount.py` is: in the clone that eka is run from, or in.

    Raises: Refusal if only eka is installed.
    """
    name = Path("examples") / f"{KProgram}.py"
    for clone in (Path(tools.__file__).parents[1], Path.cwd()):
        if (clone / name).is_file():
            return clone / name
    raise Refusal(
        f"there is no {name} here", "run the demo in a clone of eka's sources"
    )


def stage_machine(
    stage: Stage, *, backend: str = "threads", clock: str = "real", seed: int = 0
) -> Kernel:
    """A machine, not yet booted, with the stage's drives and the program."""
    drives = {
        letter: DriveSpec(root, read_only=True, kind="host")
        for letter, root in stage.drives.items()
    }
    machine = boot(drives, backend=backend, clock=clock, seed=seed)
    machine.register(KProgram, Executable(program_file()))
    return machine


def arguments(stage: Stage, workers: int, *, kill: int = 0) -> str:
    """The program's command line."""
    drives = "".join(stage.drives)
    return (
        f"workers={workers} kill={kill} enough={stage.enough} drives={drives} quiet=1"
    )


def count_on_threads(
    stage: Stage, workers: int, on_progress: Progress, *, kill: int = 0
) -> Outcome:
    """Boot, count with a client of the host's watching, read the result."""
    sink = MessageCounter()
    with stage_machine(stage) as machine:
        machine.debug.add_sink(sink)
        with machine.attach():
            begin = perf_counter()
            info = watch(arguments(stage, workers, kill=kill), on_progress)
            seconds = perf_counter() - begin
            messages = sink.sent
        result = result_of(machine)
    require_clean(machine)
    return Outcome(info, result.totals, result.lost, messages, seconds)


def require_clean(machine: Kernel) -> None:
    """Raises: RuntimeError if the machine left something, or a thread died badly."""
    left = [*machine.leaks, *map(str, machine.debug.exceptions)]
    if left:
        raise RuntimeError(f"the machine left: {'; '.join(left)}")


def watch(command_line: str, on_progress: Progress) -> ExitInfo:
    """Launch the program and follow it to its end. On an attached thread."""
    job_class = load_program().RWordJob
    ended = TRequestStatus()
    with RProcess(0).launch(KProgram, command_line) as process:
        process.logon(ended)
        try:
            with job_class().connect() as job:
                follow(job.progress, on_progress)
        except Leave as gone:
            # It may end before it is asked, or meanwhile: how it did is known next.
            if gone.code not in (KErrNotFound, KErrServerTerminated):
                raise
        User.wait_for_request(ended)
        return process.exit_info()


def follow(ask: Callable[[int], tuple[int, int]], on_progress: Progress) -> None:
    """Tell of all progress. Raises: what asking does."""
    done, total = ask(-1)
    on_progress(done, total)
    while done < total:
        done, total = ask(done)
        on_progress(done, total)


@dataclass(frozen=True, slots=True)
class Result:
    """What the program's result file says."""

    totals: Totals
    lost: int


def result_of(machine: Kernel) -> Result:
    """What the program wrote on D:, read by a small program of the host's."""
    texts: list[bytes] = []

    def read_result() -> None:
        with RFs().connect() as fs, RFile().open(fs, KResultFile) as file:
            texts.append(file.contents())

    info = machine.run(read_result)
    if not texts:
        raise RuntimeError(f"{KResultFile} could not be read: the reader {info}")
    head, *lines = texts[0].splitlines()
    files, size, lost = map(int, head.split())
    words = Counter(
        {
            word: int(number)
            for number, _, word in (one.partition(b" ") for one in lines)
        }
    )
    return Result(Totals(files, size, words), lost)


def load_program() -> ModuleType:
    """The program as a module of the host's, for its client class."""
    spec = importlib.util.spec_from_file_location(KProgram, program_file())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
