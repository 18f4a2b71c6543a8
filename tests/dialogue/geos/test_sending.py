"""Messages between threads and geodes: direct or queued, with results or without."""

from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.host_process import HostProcess
from tools.pytest_plugin import Run
from userlib import KErrDied, Leave, RThread, TRequestStatus, User, trap
from userlib.geos import (
    MF_CALL,
    MF_CHECK_DUPLICATE,
    MF_CHECK_LAST_ONLY,
    MF_CUSTOM,
    MF_DISCARD_IF_NO_MATCH,
    MF_FORCE_QUEUE,
    MF_INSERT_AT_FRONT,
    MF_MATCH_ALL,
    MF_REPLACE,
    MSG_META_ATTACH,
    NULL_OPTR,
    PROC_SE_CONTINUE,
    PROC_SE_EXIT,
    PROC_SE_STORE_AT_BACK,
    AppLaunchBlock,
    Event,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeHandle,
    GeodeToken,
    GeosFatalError,
    MetaClass,
    Optr,
    ProcSendEvent,
    geode_create_thread,
    geode_exit,
    geode_get_app_object,
    geode_get_process_handle,
    geode_info_queue,
    message,
    method,
    obj_free,
    obj_instantiate,
    obj_message,
)

TOKEN = GeodeToken(b"TEST", 8)


class Log(GenApplicationClass):
    """An application object that keeps what it was told, and by which thread."""

    MSG_LOG = message(what=object)
    MSG_GET = message()
    MSG_DIE = message()
    MSG_END = message()

    def __init__(self) -> None:
        self.kept: list[object] = []

    @method(MSG_LOG)
    def log(self, what: object) -> object:
        self.kept.append(what)
        return (what, len(self.kept))

    @method(MSG_GET)
    def get(self) -> tuple[object, ...]:
        return tuple(self.kept)

    @method(MSG_DIE)
    def die(self) -> None:
        raise LookupError("a handler's mistake")

    @method(MSG_END)
    def end(self) -> None:
        geode_exit(7)


GEODE = Geode("log", TOKEN, application=Log, ui_thread=True)


def logged(machine: Kernel, geode: int) -> list[object]:
    with machine.attach():
        return list(
            obj_message(geode_get_app_object(geode), Log.MSG_GET, MF_CALL) or ()
        )


def test_a_call_from_another_geode_brings_the_result(
    machine: Kernel, begin: Callable[[Geode], GeodeHandle]
) -> None:
    geode = begin(GEODE)
    results = []

    def caller() -> None:
        app = geode_get_app_object(geode)
        assert (app.geode, bool(app.thread == geode)) == (geode, False)
        value = ("text", b"bytes", None, 5, app, TOKEN)
        results.append(obj_message(app, Log.MSG_LOG, MF_CALL, what=value))
        results.append(value)
        results.append(obj_message(app, Log.MSG_LOG, what="no result"))

    machine.run(caller)
    assert results == [(results[1], 1), results[1], None]
    machine.wait_idle()
    assert logged(machine, geode)[1] == "no result"


def test_messages_of_one_sender_arrive_in_order(
    machine: Kernel, begin: Callable[[Geode], GeodeHandle]
) -> None:
    geode = begin(GEODE)

    def sender() -> None:
        app = geode_get_app_object(geode)
        for number in range(100):
            obj_message(app, Log.MSG_LOG, what=number)

    machine.run(sender)
    machine.wait_idle()
    assert logged(machine, geode) == list(range(100))


def test_on_the_same_thread_a_message_is_a_call_unless_it_is_queued(run: Run) -> None:
    told: list[object] = []

    class Speaker(MetaClass):
        MSG_SAY = message(what=str)

        @method(MSG_SAY)
        def say(self, what: str) -> str:
            told.append(what)
            return what.upper()

    class Process(GenProcessClass):
        MSG_FINISH = message()

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            speaker = obj_instantiate(Speaker)
            say = Speaker.MSG_SAY
            obj_message(speaker, say, MF_FORCE_QUEUE, what="second")
            first = MF_FORCE_QUEUE | MF_INSERT_AT_FRONT
            obj_message(speaker, say, first, what="first")
            assert geode_info_queue() == 2
            assert obj_message(speaker, say, what="now") is None
            assert obj_message(speaker, say, MF_CALL, what="called") == "CALLED"
            obj_message(self, Process.MSG_FINISH, MF_FORCE_QUEUE)
            assert told == ["now", "called"]

        @method(MSG_FINISH)
        def finish(self) -> None:
            geode_exit()

    run(Geode("same", process=Process).run)
    assert told == ["now", "called", "first", "second"]


def test_what_goes_to_nobody_is_dropped(
    machine: Kernel, start: Callable[[Geode], HostProcess]
) -> None:
    process = start(GEODE)
    outcome: list[object] = []

    def sender() -> None:
        apps = [geode_get_app_object(geode) for geode in range(1, 20)]
        (app,) = filter(None, apps)
        assert obj_message(NULL_OPTR, Log.MSG_LOG, MF_CALL, what=1) is None
        obj_message(app, Log.MSG_END)
        User.after(1_000)  # time passes when all else is idle
        obj_message(app, Log.MSG_LOG, what="too late")
        outcome.append(trap(obj_message, app, Log.MSG_GET, MF_CALL))
        assert geode_get_app_object(app.geode) == NULL_OPTR

    machine.run(sender)
    assert outcome == [KErrDied]
    assert process.wait().reason == 7


@pytest.mark.dies_of("LookupError")
def test_a_call_fails_cleanly_if_the_handler_dies(
    machine: Kernel, start: Callable[[Geode], HostProcess]
) -> None:
    process = start(GEODE)
    outcome: list[str] = []

    def caller() -> None:
        (app,) = filter(None, map(geode_get_app_object, range(1, 20)))
        with pytest.raises(Leave) as raised:
            obj_message(app, Log.MSG_DIE, MF_CALL)
        outcome.append(str(raised.value))

    machine.run(caller)
    (text,) = outcome
    assert text.startswith("KErrDied (-13): the thread of queue")
    assert process.wait().category == "KERN-EXEC"  # the whole geode ends


def test_an_object_that_was_freed_gets_no_more(run: Run) -> None:
    class Process(GenProcessClass):
        MSG_FINISH = message(log=Optr)

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            log = Log()
            obj_message(log, Log.MSG_LOG, MF_FORCE_QUEUE, what="never")
            obj_free(log)
            with pytest.raises(RuntimeError, match="is not run by this thread"):
                obj_free(log)
            assert obj_message(log, Log.MSG_GET, MF_CALL) is None
            obj_message(self, Process.MSG_FINISH, MF_FORCE_QUEUE, log=log)
            self.log = log

        log: Log

        @method(MSG_FINISH)
        def finish(self, log: Optr) -> None:
            assert self.log.optr == log
            assert Log().optr != log
            geode_exit(len(self.log.kept))

    assert run(Geode("free", process=Process).run).reason == 0


def test_a_message_to_a_geode_or_a_thread_is_for_its_process_object(run: Run) -> None:
    told: list[tuple[str, str]] = []

    class Named(GenProcessClass):
        MSG_SAY = message(what=str)
        MSG_FINISH = message()

        @method(MSG_SAY)
        def say(self, what: str) -> None:
            told.append((type(self).__name__, what))

        @method(MSG_FINISH)
        def finish(self) -> None:
            geode_exit()

    class Second(Named):
        pass

    class First(Named):
        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            second = geode_create_thread("second", Second)
            obj_message(second, Named.MSG_SAY, MF_CALL, what="to a thread")
            own = geode_get_process_handle()
            obj_message(own, Named.MSG_SAY, what="to the geode")
            with RThread().create("plain", from_a_plain_thread) as plain:
                status = TRequestStatus()
                plain.logon(status)
                plain.resume()
                User.wait_for_request(status)
            obj_message(own, Named.MSG_FINISH, MF_FORCE_QUEUE)

    def from_a_plain_thread() -> None:
        """No geode has made it, yet it finds the one it is in."""
        own = geode_get_process_handle()
        obj_message(own, Named.MSG_SAY, what="from a plain thread")

    run(Geode("named", process=First).run)
    assert told == [
        ("Second", "to a thread"),
        ("First", "to the geode"),
        ("First", "from a plain thread"),
    ]


def queued(
    machine: Kernel, flags: int, *, combine: object = None
) -> tuple[list[object], list[object]]:
    """What a thread handles that was sent "old", "other", and then "new" merged.

    Also what *combine* was shown.
    """
    told: list[object] = []
    shown: list[object] = []

    def see(queued: Event, new: Event) -> object:
        shown.append((queued.values[0], new.values[0]))
        return combine

    class Keeper(GenProcessClass):
        MSG_KEEP = message(what=str)
        MSG_OTHER = message(what=str)
        MSG_FINISH = message()

        @method(MSG_KEEP, MSG_OTHER)
        def keep(self, what: str) -> None:
            told.append(what)

        @method(MSG_FINISH)
        def finish(self) -> None:
            geode_exit()

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            obj_message(self, Keeper.MSG_KEEP, MF_FORCE_QUEUE, what="old")
            obj_message(self, Keeper.MSG_OTHER, MF_FORCE_QUEUE, what="other")
            how = MF_FORCE_QUEUE | MF_CHECK_DUPLICATE | flags
            args = () if combine is None else (see,)
            obj_message(self, Keeper.MSG_KEEP, how, *args, what="new")  # type: ignore[arg-type] # see
            obj_message(self, Keeper.MSG_FINISH, MF_FORCE_QUEUE)

    machine.run(Geode("keeper", process=Keeper).run)
    return told, shown


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (0, ["old", "other"]),
        (MF_REPLACE, ["new", "other"]),
        (MF_CHECK_LAST_ONLY, ["old", "other", "new"]),
        (MF_CHECK_LAST_ONLY | MF_DISCARD_IF_NO_MATCH, ["old", "other"]),
        (MF_DISCARD_IF_NO_MATCH | MF_REPLACE, ["new", "other"]),
    ],
)
def test_an_event_is_merged_with_a_queued_one(
    machine: Kernel, flags: int, expected: list[object]
) -> None:
    assert queued(machine, flags) == (expected, [])


@pytest.mark.parametrize(
    ("verdict", "flags", "expected", "seen"),
    [
        (PROC_SE_EXIT, 0, ["old", "other"], ["other"]),
        (PROC_SE_STORE_AT_BACK, 0, ["old", "other", "new"], ["other"]),
        (PROC_SE_CONTINUE, 0, ["old", "other", "new"], ["other", "old"]),
        (PROC_SE_CONTINUE, MF_MATCH_ALL, ["old", "other", "new"], ["other", "old"]),
        (PROC_SE_CONTINUE, MF_CHECK_LAST_ONLY, ["old", "other", "new"], ["other"]),
        (PROC_SE_CONTINUE, MF_DISCARD_IF_NO_MATCH, ["old", "other"], ["other", "old"]),
        (("both",), 0, ["old", "both"], ["other"]),
    ],
)
def test_a_function_combines_events(
    machine: Kernel,
    verdict: ProcSendEvent | tuple[str, ...],
    flags: int,
    expected: list[object],
    seen: list[str],
) -> None:
    told, shown = queued(machine, MF_CUSTOM | flags, combine=verdict)
    assert told == expected
    assert shown == [(one, "new") for one in seen]


def test_a_class_is_no_place_to_send_to(run: Run) -> None:
    def program() -> None:
        with pytest.raises(GeosFatalError) as raised:
            obj_message(Log, Log.MSG_GET)
        assert raised.value.name == "ILLEGAL_HANDLE"

    run(program)
