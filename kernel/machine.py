"""`Kernel`: the composition root, which builds, boots and shuts down a machine."""

from __future__ import annotations

import difflib
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from kernel.abi.config import Executable, MachineConfig, Program
from kernel.abi.current import current_exec
from kernel.abi.errors import AttachedThreadDied, KernelFault
from kernel.abi.exit import EExitKill, ExitInfo
from kernel.abi.handles import TObjectType
from kernel.core import Backend, Core
from kernel.debug.debug import Debug
from kernel.debug.report import describe_stall
from kernel.debug.resources import Resource, take_resources
from kernel.debug.sinks import DebugPort
from kernel.events import TEvent
from kernel.exec.entrance import ThreadExec
from kernel.exec.port import Job, Port, PortExec, close_port, post_job
from kernel.exec.process import resume_process, run_program
from kernel.exec.table import handlers
from kernel.host_process import HostProcess
from kernel.ipc.event_hook import EventHook
from kernel.nkern.clock import RealClock, VirtualClock
from kernel.nkern.explore import ExploreBackend
from kernel.nkern.host import HostCall, HostWait
from kernel.nkern.priority import PriorityBackend
from kernel.nkern.threads import ThreadsBackend
from kernel.tasks.factory import make_process
from kernel.tasks.idle import begin_wait, finish_wait, on_idle
from kernel.tasks.logon import HostLogon
from kernel.tasks.objects import DObjectCon
from kernel.tasks.programs import LoadedProgram, ProgramTable, load, root_name
from kernel.tasks.thread_exit import end_process, make_exit_info
from kernel.waits.change_notifier import announce_change
from kernel.waits.wall_clock import WallClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from kernel.abi.exec import Exec
    from kernel.abi.image import Image
    from kernel.tasks.process import DProcess

T = TypeVar("T")

BACKENDS: Final = ("threads", "explore", "priority")
CLOCKS: Final = ("real", "virtual")
_KPieces: Final = 20  # in which a shutdown waits

_KShutDown: Final = "the machine was shut down"


class Kernel:
    """One machine. Use it as a context manager: entering boots it.

    Threads: any host thread may call it; emulated code runs on threads of its own.
    """

    def __init__(
        self,
        config: MachineConfig | None = None,
        *,
        backend: str = "threads",
        clock: str = "real",
        seed: int = 0,
    ) -> None:
        self.config: Final = config or MachineConfig()
        self.backend: Final = _one_of("backend", backend, BACKENDS)
        self.clock: Final = _one_of("clock", clock, CLOCKS)
        self.seed: Final = seed
        self._core: Final = self._build()
        self.debug: Final = Debug(self._core, self._on_machine)
        self.leaks: list[str] = []  # found at shutdown
        self.resources: list[Resource] = []  # alive when the shutdown began
        self._services: Final[list[DProcess]] = []
        self._is_booted = False

    def _build(self) -> Core:
        backend: Backend
        config = self.config
        match self.backend:
            case "explore":
                backend = ExploreBackend(self.seed)
            case "priority":
                backend = PriorityBackend(config.cpus)
            case _:
                backend = ThreadsBackend()
        clock = (
            VirtualClock(config.start_time_us)
            if self.clock == "virtual"
            else RealClock()
        )
        core = Core(config, backend, clock, self.seed)
        core.containers.extend(DObjectCon(kind + 1) for kind in TObjectType)
        if config.debug_port:
            core.debug_port = DebugPort()
        core.programs = ProgramTable()
        core.wall_clock = WallClock(core)
        core.event_hook = EventHook(core)
        core.handlers = handlers()
        core.on_idle = on_idle
        core.on_change = announce_change
        core.describe_stall = lambda: describe_stall(core)
        for name, executable in config.programs.items():
            core.programs.register(name, executable)
        return core

    # Booting and shutting down

    def __enter__(self) -> Self:
        self.boot()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()

    def boot(self) -> None:
        """Start the machine and its services, each awaited by its rendezvous.

        Raises: RuntimeError if a service cannot be started, or dies before.
        """
        core = self._core
        core.backend.start(core)
        if self.backend != "explore":
            core.clock.start(core.lock, core.deliver)
        self._is_booted = True
        core.event(TEvent.EMachineBoot, None, self.backend, self.clock, self.seed)
        try:
            for service in self.config.services:
                self._start_service(service.name, service.args)
        except BaseException:
            self.shutdown()
            raise

    def _start_service(self, name: str, args: tuple[str, ...]) -> None:
        process = self._create(name, args)
        process.is_service = True
        self._services.append(process)
        wait = self._life_wait(process, f"the start of service {name}")
        self._begin(process, wait, is_rendezvous=True, resume=True)
        wait.wait()
        if process.dead:
            exception = process.exit_info.exception or process.main.exception
            raise RuntimeError(
                f"service {name} {process.exit_info} before it was ready"
                + (f"\n{exception}" if exception else "")
            )

    def shutdown(self) -> None:
        """End everything: programs first, then services, the last started first.

        What was alive as it began stands in `resources`, and what is left in the end
        in `leaks`. A second call does nothing.
        """
        if not self._is_booted:
            return
        self._is_booted = False
        core = self._core
        wait = HostWait("shutdown", needs_progress=False, is_stuck=lambda: False)

        def end_all() -> None:
            core.closing = True
            core.shutdown_wait = wait
            self.resources = take_resources(core)
            services = list(reversed(self._services))
            others = [p for p in reversed(core.processes.values()) if p not in services]
            for process in [*others, *services]:
                end_process(core, process, make_exit_info(EExitKill, "", 0))
            for other in list(core.host_waits):
                finish_wait(core, other, KernelFault(_KShutDown))
            if not core.carriers:
                finish_wait(core, wait)

        self._end_all(end_all)
        self._wait_for_carriers(wait)
        self._report_leaks()
        core.event(TEvent.EMachineShutdown, None)
        core.deliver()
        core.clock.stop()
        if self.backend != "explore" or not core.carriers:
            core.backend.stop()

    def _end_all(self, end_all: Callable[[], None]) -> None:
        """Run *end_all* inside, or from here if the machine's OS thread is not free.

        On `explore` a program that computes for ever keeps it: then, with every thread
        dead, that program is torn out.
        """
        core = self._core

        def run() -> None:
            with core.lock:
                if not core.closing:
                    end_all()
            core.deliver()

        call = HostCall(run)
        core.backend.post(call.run)
        piece_s = self.config.shutdown_grace_s / _KPieces
        if not any(call.wait_for(piece_s) for _ in range(_KPieces)):
            run()
            core.backend.interrupt()

    def _wait_for_carriers(self, wait: HostWait) -> None:
        """Let them unwind: for the grace after the last one that did.

        It is waited for in pieces. A host that has no time for us for a while lets one
        of them take longer, and not all the grace pass with nobody running.
        """
        left, pieces = len(self._core.carriers), _KPieces
        while pieces and not wait.wait(self.config.shutdown_grace_s / _KPieces):
            now = len(self._core.carriers)
            pieces = pieces - 1 if now == left else _KPieces
            left = now

    def _report_leaks(self) -> None:
        core = self._core
        self.leaks += [
            f"carrier of {thread!r} has not unwound"
            for thread in core.carriers.values()
        ]
        self.leaks += [
            repr(obj) for container in core.containers for obj in container.in_order()
        ]

    def abort(self, error: BaseException) -> None:
        """Fail every wait of a host thread with *error*; for time-outs."""
        core = self._core
        with core.lock:
            for wait in list(core.host_waits):
                finish_wait(core, wait, error)

    # Programs

    def register(
        self, name: str, program: Executable | Path | str | Callable[[], int | None]
    ) -> None:
        """Make a program known by *name* to emulated processes and to `run`."""
        executable = program if isinstance(program, Executable) else Executable(program)
        self._core.programs.register(name, executable)

    def run(
        self, program: Program, *args: str, timeout_us: int | None = None
    ) -> ExitInfo:
        """Run *program* as a process and wait for its end.

        Raises: Deadlock, with the wait-for graph; TimeoutError when *timeout_us* have
            passed on the machine's clock; KernelFault; LookupError for an unknown name;
            OSError, SyntaxError for a file, which may start further processes of
            itself.
        """
        return self.wait_for(self._create(program, args), timeout_us, resume=True)

    def start(self, program: Program, *args: str) -> HostProcess:
        """Start *program* as a process. Raises: as `run`, as far as it concerns files.

        On `explore` it runs on while a host thread waits for the machine; on `priority`
        with virtual time too.
        """
        process = self._create(program, args)
        self._locked(lambda: resume_process(self._core, process))
        return HostProcess(self, process)

    def _create(self, program: Program, args: tuple[str, ...]) -> DProcess:
        self._demand_booted()
        loaded = self._load(program)
        line = shlex.join(args)
        return self._locked(lambda: self._make_process(loaded, line))

    def _make_process(self, loaded: LoadedProgram, line: str) -> DProcess:
        if self._core.closing:  # since it was asked for: nobody would end it any more
            raise KernelFault(_KShutDown)
        process = make_process(self._core, loaded, line, None, run_program)
        process.close()  # the host holds no handle: its existence keeps it
        return process

    def _load(self, program: Program) -> LoadedProgram:
        if callable(program):
            name = getattr(program, "__name__", type(program).__name__)
            stem = "".join(c for c in name if c.isalnum() or c in "._") or "program"
            return load(root_name(stem), Executable(program))
        if isinstance(program, Path):
            return self._core.programs.load_file(program)
        found = self._core.programs.find(program)
        if isinstance(found, LoadedProgram):
            return found
        if found is not None:
            raise found
        names = [n.removesuffix(".exe") for n in self._core.programs.names()]
        near = difflib.get_close_matches(program, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
        raise LookupError(f"no program {program!r} is registered ({hint})")

    def wait_for(
        self, process: DProcess, timeout_us: int | None = None, *, resume: bool = False
    ) -> ExitInfo:
        """Wait for a process's end; see `run`."""
        wait = self._life_wait(process, f"the wait for {process.full_name}")
        self._begin(process, wait, timeout_us, is_rendezvous=False, resume=resume)
        wait.wait()
        return process.exit_info

    def end(self, process: DProcess, reason: int) -> None:
        """Kill a process, by the host's authority."""
        core = self._core
        info = make_exit_info(EExitKill, "", reason)
        self._locked(lambda: end_process(core, process, info))

    def _life_wait(self, process: DProcess, describe: str) -> HostWait:
        def is_stuck() -> bool:
            # A process of which only idle servers are left waits for clients to come.
            return any(not t.is_parked_as_service() for t in process.threads.values())

        return HostWait(describe, needs_progress=True, is_stuck=is_stuck)

    def _begin(
        self,
        process: DProcess,
        wait: HostWait,
        timeout_us: int | None = None,
        *,
        is_rendezvous: bool,
        resume: bool,
    ) -> None:
        core = self._core

        def begin() -> None:
            if resume:
                resume_process(core, process)
            if core.fault or process.dead:
                wait.finish(KernelFault(core.fault) if core.fault else None)
                return
            process.logons.append(HostLogon(wait, is_rendezvous=is_rendezvous))
            if timeout_us is not None:
                late = f"{process.full_name} did not end within {timeout_us} us"
                core.clock.add(
                    core.clock.now() + timeout_us,
                    lambda: finish_wait(
                        core, wait, TimeoutError(f"{late}\n{describe_stall(core)}")
                    ),
                )
            begin_wait(core, wait)

        self._count_host(counted=False)
        try:
            self._locked(begin)
        finally:
            self._count_host(counted=True)

    # Borrowing a thread

    @contextmanager
    def attach(self, image: Image | None = None) -> Iterator[None]:
        """Lend the calling host thread an emulated thread, in a process of its own.

        Inside, the user libraries work as in a program; *image* says with what identity
        and capabilities, None: with none. Raises, inside: Deadlock from a call that can
        never end; AttachedThreadDied once the emulated thread is dead.
        """
        port = Port(self._core)
        loaded = load("host.exe", Executable(port.serve, image))
        core = self._core

        def begin() -> DProcess:
            process = self._make_process(loaded, "")
            port.thread = process.main
            port.thread.at_end[port] = None
            resume_process(core, process)
            return process

        self._demand_booted()
        self._locked(begin)
        exec_ = PortExec(port, lambda name, args: self._forward(port, name, args))
        token = current_exec.set(cast("Exec", exec_))
        try:
            yield
        finally:
            current_exec.reset(token)
            self._locked(lambda: close_port(port))

    def _forward(self, port: Port, name: str, args: tuple[object, ...]) -> object:
        if name not in self._core.handlers:
            raise AttributeError(f"there is no kernel call {name}")
        job = Job(name, args)
        wait = self._locked(lambda: post_job(port, job))
        wait.wait()
        if job.error is not None:
            raise job.error
        if port.thread.dead:
            info = port.thread.exit_info
            raise AttachedThreadDied(f"the borrowed thread {info} in {name}")
        return job.result

    # Time and idleness

    def wait_idle(self) -> None:
        """Blocks: until no emulated thread can run. Virtual time stands still."""
        core = self._core
        wait = HostWait("wait_idle", needs_progress=False, is_stuck=lambda: False)
        self._locked(lambda: begin_wait(core, wait))
        wait.wait()

    def advance(self, us: int) -> None:
        """Let virtual time pass by *us*, and all that falls due in it happen."""
        clock = self._core.clock
        if not isinstance(clock, VirtualClock):
            raise RuntimeError(  # noqa: TRY004 - the machine is wrong, not an argument
                "advance() needs a machine with clock='virtual'"
            )
        target_us = clock.now() + us

        def step() -> bool:
            due_us = clock.next_deadline()
            at_us = target_us if due_us is None else min(due_us, target_us)
            clock.move_to(at_us)
            return at_us < target_us

        self.wait_idle()
        while self._locked(step):
            self.wait_idle()
        self.wait_idle()

    # Inside the machine

    def _demand_booted(self) -> None:
        if not self._is_booted:
            raise RuntimeError("the machine is not running; use 'with Kernel() as …:'")

    def _on_machine(self, function: Callable[[], T]) -> T:
        """Run *function* on the machine's own OS thread, or here once it is down."""
        if not self._is_booted and self._core.closing:
            return function()  # nothing runs any more
        exec_: object = current_exec.get()
        if isinstance(exec_, ThreadExec):  # it may run on the very OS thread to ask
            raise RuntimeError(  # noqa: TRY004 - the place is wrong, not the type
                f"{exec_.thread.full_name} is an emulated thread: the machine itself "
                "is for the host"
            )
        call = HostCall(function)
        self._core.backend.post(call.run)
        return call.wait()

    def _locked(self, function: Callable[[], T]) -> T:
        """The same under the kernel lock; events are delivered after it."""

        def run() -> T:
            with self._core.lock:
                result = function()
            self._core.deliver()
            return result

        return self._on_machine(run)

    def _count_host(self, *, counted: bool) -> None:
        """Whether an attached host thread is busy by itself, or waits here."""
        exec_ = current_exec.get()
        if isinstance(exec_, PortExec):
            port = exec_.port
            self._locked(lambda: port.count(counted=counted))


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"no {what} {value!r}: choose one of {', '.join(allowed)}")
    return value
