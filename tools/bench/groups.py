"""Everything `eka bench` measures, by group, with the targets of docs/benchmarks.md."""

from typing import Final

from tools.bench.gates import (
    GateCalls,
    raw_caller,
    raw_component,
    typed_caller,
    typed_component,
)
from tools.bench.handles import LookUp
from tools.bench.measure import Contestant
from tools.bench.ours import (
    Requests,
    framework_client,
    framework_server,
    raw_client,
    raw_server,
)
from tools.bench.peers import AsyncioQueues, TwoLocks, thread_peers
from tools.bench.rows import Comparison, Group

KBare: Final = "two_lock_ping_pong"
KBareBatch: Final = "two_lock_ping_pong_batch"
KFew: Final = 1_000
KMany: Final = 1_000_000


def _requests() -> list[Contestant]:
    return [
        *thread_peers(),
        Requests("request_raw", raw_server, raw_client),
        Requests("request_cserver2", framework_server, framework_client),
        Requests("request_raw_priority", raw_server, raw_client, backend="priority"),
    ]


def _gates() -> list[Contestant]:
    return [
        TwoLocks(),
        Requests("gates_request_raw", raw_server, raw_client),
        GateCalls("gate_call_raw", raw_component, raw_caller),
        Requests("gates_request_cserver2", framework_server, framework_client),
        GateCalls("gate_call", typed_component, typed_caller),
    ]


def _explore() -> list[Contestant]:
    raw = Requests("request_raw_explore", raw_server, raw_client, backend="explore")
    framework = Requests(
        "request_cserver2_explore",
        framework_server,
        framework_client,
        backend="explore",
    )
    return [AsyncioQueues(), raw, framework]


def _handles() -> list[Contestant]:
    return [LookUp(KFew), LookUp(KMany)]


def _recorder() -> list[Contestant]:
    return [
        Requests("recorder_on", raw_server, raw_client),
        Requests("recorder_off", raw_server, raw_client, recorder=False),
    ]


def _sink() -> list[Contestant]:
    return [
        Requests("json_sink_on", raw_server, raw_client, json_sink=True),
        Requests("json_sink_off", raw_server, raw_client),
    ]


GROUPS: Final = (
    Group(
        "requests",
        _requests,
        (
            Comparison(KBare),
            Comparison(KBareBatch, KBare),
            Comparison("queue.Queue", KBare),
            Comparison("ThreadPoolExecutor", KBare),
            Comparison("pykka_ask", KBare),
            Comparison("request_raw", KBare, 1.25),
            Comparison("request_raw", KBareBatch),
            Comparison("request_cserver2", KBare, 1.4),
            Comparison("request_cserver2", "queue.Queue"),
            Comparison("request_cserver2", "ThreadPoolExecutor"),
            Comparison("request_cserver2", "pykka_ask"),
            Comparison("request_raw_priority", KBare),
            Comparison("request_raw_priority", "request_raw"),
        ),
    ),
    Group(
        "gates",
        _gates,
        (
            Comparison(KBare),
            Comparison("gates_request_raw", KBare),
            Comparison("gate_call_raw", KBare),
            Comparison("gate_call_raw", "gates_request_raw", 1.0),
            Comparison("gates_request_cserver2", KBare),
            Comparison("gate_call", KBare),
            Comparison("gate_call", "gates_request_cserver2", 1.0),
        ),
    ),
    Group(
        "explore",
        _explore,
        (
            Comparison("asyncio.Queue"),
            Comparison("request_raw_explore", "asyncio.Queue", 1.0),
            Comparison("request_cserver2_explore", "asyncio.Queue"),
        ),
    ),
    Group(
        "handles",
        _handles,
        (
            Comparison(f"handle_lookup_{KFew}"),
            Comparison(f"handle_lookup_{KMany}", f"handle_lookup_{KFew}", 1.5),
        ),
    ),
    Group(
        "recorder",
        _recorder,
        (Comparison("recorder_off"), Comparison("recorder_on", "recorder_off", 1.1)),
    ),
    Group(
        "sink",
        _sink,
        (Comparison("json_sink_off"), Comparison("json_sink_on", "json_sink_off", 2)),
    ),
)
