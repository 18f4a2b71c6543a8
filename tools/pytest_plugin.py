"""The pytest plugin: a machine for each test, on every back-end, and no loose end.

Fixtures: `machine`, `run`, `machine_config`, `eka_backend`. Markers: `case`, `stress`,
`dies_of`, `machine_config`, `backends`. Options: `--eka-seed`, `--eka-backend`,
`--eka-twice`. A project gets all this by having eka installed; tests that take no
fixture of ours are left alone. What is heavy is imported when a machine boots.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import pytest

from tools.testing.guard import is_good_end, loose_ends
from tools.testing.one_cpu import one_cpu, worker_number
from tools.testing.twice import ROUNDS, RoundLog
from tools.testing.watchdog import Watchdog, dump_or_why_not

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from kernel.abi.config import MachineConfig, Program
    from kernel.abi.exit import ExitInfo
    from kernel.machine import Kernel

_BACKENDS: Final = ("threads", "explore", "priority")
_MACHINE: Final = pytest.StashKey["Kernel"]()
_WATCHDOG: Final = pytest.StashKey[Watchdog]()
_GRACE_S: Final = 20.0
_EVENTS: Final = "eka events in each of two equal runs"

_MARKERS: Final = (
    "case(id, ...): the conformance cases that this test asserts, wholly",
    "stress: long or random; run apart from the other tests",
    "dies_of(name, ...): an emulated thread of this test dies of that exception",
    "machine_config(**fields): fields of MachineConfig that this test needs otherwise",
    "backends(name, ...): the back-ends that this test is about",
)


class HasTimeout(Protocol):
    """What pytest-timeout says of a test, as far as we ask."""

    timeout: float


class Run(Protocol):
    """What the fixture `run` is."""

    def __call__(self, program: Program, *args: str) -> ExitInfo: ...


# Options and markers


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("eka", "emulated machines")
    group.addoption("--eka-seed", type=int, default=0, help="seed of every machine")
    group.addoption(
        "--eka-backend", choices=_BACKENDS, help="boot machines on this back-end only"
    )
    group.addoption(
        "--eka-twice",
        action="store_true",
        help="run what boots a machine twice, on explore or on --eka-backend priority, "
        "and compare the event logs",
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


# Collection


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "eka_backend" not in metafunc.fixturenames:
        return
    metafunc.parametrize(
        "eka_backend", _backends_of(metafunc.definition), indirect=True
    )
    if metafunc.config.getoption("eka_twice"):
        ids = [f"round{number}" for number in ROUNDS]
        metafunc.parametrize("eka_round", ROUNDS, ids=ids, indirect=True)


def _backends_of(node: pytest.Item) -> list[str]:
    """Those of its `backends` marker, as far as its cases hold on them."""
    marker = node.get_closest_marker("backends")
    names = list(marker.args if marker is not None else _BACKENDS)
    cases = [case for marker in node.iter_markers("case") for case in marker.args]
    if cases:
        from tools.conformance.cases import backends_for

        names = [name for name in names if name in backends_for(cases)]
    return names


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    twice = config.getoption("eka_twice")
    wanted = config.getoption("eka_backend")
    if twice and wanted == "threads":
        raise pytest.UsageError("no two runs on threads are equal")
    if twice:
        wanted = wanted or "explore"
    if wanted is None:
        return
    left: list[pytest.Item] = []
    kept: list[pytest.Item] = []
    for item in items:
        backend = _params(item).get("eka_backend")
        is_wanted = backend == wanted or (backend is None and not twice)
        (kept if is_wanted else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _params(item: pytest.Item) -> dict[str, object]:
    """The parameters of a parametrised test; nothing for another."""
    callspec = getattr(item, "callspec", None)
    params: dict[str, object] = callspec.params if callspec is not None else {}
    return params


# Fixtures


@pytest.fixture
def eka_backend(request: pytest.FixtureRequest) -> str:
    """The name of the back-end that this run of the test boots its machine on."""
    name: str = request.param
    return name


@pytest.fixture
def eka_round(request: pytest.FixtureRequest) -> int | None:
    """Which of two equal runs this is; None without `--eka-twice`."""
    number: int | None = getattr(request, "param", None)
    return number


@pytest.fixture
def machine_config() -> MachineConfig:
    """What `machine` is built from; a project overrides this to add its programs."""
    from kernel.abi.config import MachineConfig

    return MachineConfig()


@pytest.fixture(scope="session")
def _eka_one_cpu() -> Iterator[None]:
    with one_cpu(worker_number()):
        yield


@pytest.fixture
def machine(
    request: pytest.FixtureRequest,
    eka_backend: str,
    eka_round: int | None,
    machine_config: MachineConfig,
    tmp_path_factory: pytest.TempPathFactory,
    _eka_one_cpu: None,
) -> Iterator[Kernel]:
    """A booted machine on virtual time, once for each back-end.

    When the test is over every invariant has to hold, and after the shutdown nothing
    may be left: no leaked object, no stuck carrier, no exception that the test didn't
    declare.
    """
    from kernel.machine import Kernel

    node: pytest.Item = request.node
    seed: int = request.config.getoption("eka_seed")
    config = _config_of(node, machine_config)
    kernel = Kernel(config, backend=eka_backend, clock="virtual", seed=seed)
    node.stash[_MACHINE] = kernel
    with _round_log(node, kernel, eka_round, tmp_path_factory):
        with kernel:
            yield kernel
            kernel.debug.check()
        _require_clean_end(node, kernel)


@pytest.fixture
def run(machine: Kernel) -> Run:
    """Run a program on the machine as a process, which has to end by itself with 0."""

    def run_program(program: Program, *args: str) -> ExitInfo:
        __tracebackhide__ = True
        info = machine.run(program, *args)
        if not is_good_end(info):
            pytest.fail(_why_bad(machine, program, info), pytrace=False)
        return info

    return run_program


def _why_bad(machine: Kernel, program: Program, info: ExitInfo) -> str:
    """How a program ended, and what else happened in the machine: that may be why.

    To its client a server that died is merely gone.
    """
    from tools.blame import unwinding
    from tools.panics import in_words

    machine.wait_idle()  # who panicked is known when it has unwound
    lines = [
        f"{one.thread} {in_words(one.info)}\n"
        f"{unwinding(one.traceback) or one.traceback}"
        for one in machine.debug.panics
        if one.info is not info
    ]
    lines += [
        f"{one.thread} died\n{one.traceback}"
        for one in machine.debug.exceptions
        if one.traceback != info.exception
    ]
    return "\n".join([*lines, f"{program} {in_words(info)}\n{info.exception}"]).rstrip()


def _config_of(node: pytest.Item, config: MachineConfig) -> MachineConfig:
    """The configuration with the fields that the test's markers give, nearest last.

    What is slow to unwind, on a computer that is busy, is not yet left behind.
    """
    grace_s = max(config.shutdown_grace_s, _GRACE_S)
    config = replace(config, shutdown_grace_s=grace_s)
    for marker in reversed(list(node.iter_markers("machine_config"))):
        config = replace(config, **marker.kwargs)
    return config


def _require_clean_end(node: pytest.Item, kernel: Kernel) -> None:
    watchdog = node.stash.get(_WATCHDOG, None)
    if watchdog is not None and watchdog.bite is not None:
        pytest.fail(watchdog.bite, pytrace=False)
    declared = [kind for marker in node.iter_markers("dies_of") for kind in marker.args]
    ends = loose_ends(kernel, declared)
    if ends:
        pytest.fail("\n\n".join(ends), pytrace=False)


@contextmanager
def _round_log(
    node: pytest.Item,
    kernel: Kernel,
    number: int | None,
    factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Log every event of this round, and compare when it ended well.

    On several CPUs no two runs are equal.
    """
    if number is None or kernel.config.cpus > 1:
        yield
        return
    from kernel.debug.sinks import JsonLinesSink

    name_of_both = node.nodeid.replace(f"-round{number}", "")
    log = RoundLog(_shared_folder(factory), name_of_both, number)
    with closing(JsonLinesSink(log.draft)) as sink:
        kernel.debug.add_sink(sink)
        yield
    node.user_properties.append((_EVENTS, log.settle()))


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all worker processes of this session."""
    base = factory.getbasetemp()
    folder = (
        base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    ) / "eka-logs"
    folder.mkdir(exist_ok=True)
    return folder


# Time-outs and reports


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: HasTimeout) -> bool | None:
    """A hang prints every OS thread's stack and the machine's dump, then aborts it."""
    if "eka_backend" not in _params(item):
        return None
    item.stash[_WATCHDOG] = Watchdog(
        settings.timeout,
        lambda: item.stash.get(_MACHINE, None),
        lambda text: _print_past_capture(item.config, text),
    )
    return True


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_timeout_cancel_timer(item: pytest.Item) -> bool | None:
    watchdog = item.stash.get(_WATCHDOG, None)
    if watchdog is None:
        return None
    watchdog.cancel()
    return True


def _print_past_capture(config: pytest.Config, text: str) -> None:
    """For the last words of a process that is about to be ended."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=False)
    print(f"\n{text}", file=sys.stderr, flush=True)  # noqa: T201 - last words


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what its machine did last, and where it was stuck."""
    report = yield
    machine = item.stash.get(_MACHINE, None)
    if machine is not None and report.failed and report.when != "teardown":
        report.sections.append(("eka: the machine", dump_or_why_not(machine)))
        watchdog = item.stash.get(_WATCHDOG, None)
        if watchdog is not None and watchdog.bite is not None:
            report.sections.append(("eka: time-out", watchdog.bite))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much `--eka-twice` has compared."""
    counts = [
        int(str(value))
        for report in terminalreporter.getreports(
            ""
        )  # all passed set-ups and tear-downs
        for name, value in getattr(report, "user_properties", ())
        if name == _EVENTS and report.when == "teardown"
    ]
    if counts:
        terminalreporter.write_line(
            f"eka: run twice with equal event logs: "
            f"{len(counts) // len(ROUNDS)} tests, {sum(counts) // len(ROUNDS)} events"
        )
