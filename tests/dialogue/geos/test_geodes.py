"""Geodes: who they are, how they are launched, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from userlib import KErrNotFound, RThread, TRequestStatus, User, trap
from userlib.geos import (
    MF_CALL,
    MSG_META_ATTACH,
    MSG_META_DUMMY,
    MSG_META_SEND_CLASSED_EVENT,
    NULL_OPTR,
    SP_APPLICATION,
    SP_SYS_APPLICATION,
    TO_SELF,
    TO_SYS_FOCUS,
    AppInstanceReference,
    AppLaunchBlock,
    ApplicationImage,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeLoadError,
    GeodeLoadFailure,
    GeodeToken,
    MetaClass,
    Optr,
    SystemClass,
    application_images,
    begin_load,
    geode_exit,
    geode_get_app_object,
    geode_get_process_handle,
    geode_get_token,
    geode_info,
    geode_is_alive,
    geode_open_process,
    geodes,
    geos_config,
    message,
    method,
    obj_flush_input_queue,
    obj_message,
    record,
    system_geode,
    user_load_application,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel
    from kernel.host_process import HostProcess
    from tools.pytest_plugin import Run

TOKEN = GeodeToken(b"SRVR", 8)


class Application(GenApplicationClass):
    """Keeps the block it was launched with, which its process hands it."""

    MSG_KEEP = message(block=AppLaunchBlock)
    MSG_GET = message()
    MSG_END = message()

    block: AppLaunchBlock | None = None

    @method(MSG_KEEP)
    def keep(self, block: AppLaunchBlock) -> None:
        self.block = block

    @method(MSG_GET)
    def get(self) -> AppLaunchBlock | None:
        return self.block

    @method(MSG_END)
    def end(self) -> None:
        geode_exit()


class Process(GenProcessClass):
    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
        app = geode_get_app_object()
        obj_message(app, Application.MSG_KEEP, block=app_launch_block)


SERVER = Geode("srvr", TOKEN, Process, Application, ui_thread=True)


def broken() -> None:
    """A program that does not become a geode."""
    raise LookupError("before it began")


SYSTEM = geos_config(
    ApplicationImage("WORLD\\Server", TOKEN, SERVER.run, multi_launchable=False),
    ApplicationImage("WORLD\\Many", TOKEN, SERVER.run),
    ApplicationImage("Broken", GeodeToken(b"BRKN", 8), broken, SP_SYS_APPLICATION),
)
with_applications = pytest.mark.machine_config(
    programs=SYSTEM.programs, services=SYSTEM.services
)


def block(path: str) -> AppLaunchBlock:
    reference = AppInstanceReference(path, "state", 1)
    return AppLaunchBlock(
        reference, app_mode=5, data_file="text", gen_parent=Optr(1, 2, 3)
    )


def test_a_geode_says_who_it_is(
    machine: Kernel, start: Callable[[Geode], HostProcess]
) -> None:
    process = start(SERVER)
    assert process.name.startswith("srvr")
    with machine.attach():
        (info,) = geodes()
        assert (info.name, info.token) == ("srvr", TOKEN)
        app = geode_get_app_object(info.handle)
        assert (app.geode, app.chunk) == (info.handle, 1)
        assert app.thread != info.handle
        assert geode_get_token(info.handle) == TOKEN
        assert geode_get_process_handle() == 0
        assert geode_get_app_object() == NULL_OPTR
        with geode_open_process(info.handle) as opened:
            assert opened.id() == info.process_id
        assert system_geode() == 0
        assert application_images() == ()
    process.kill()
    with machine.attach():
        assert not geode_is_alive(info.handle)
        assert geode_info(info.handle) is None
        assert geode_get_app_object(info.handle) == NULL_OPTR
        assert trap(geode_open_process, info.handle) == KErrNotFound


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"process": GenApplicationClass},
            "x: the process object is of a ProcessClass, not of GenApplicationClass",
        ),
        ({"process": 5}, "x: the process object is of a ProcessClass, not of 5"),
        (
            {"application": int},
            "x: the application object is of a GeosClass, not of int",
        ),
        ({"token": b"SRVR"}, "x: a token is a GeodeToken, not b'SRVR'"),
    ],
)
def test_a_geode_that_could_not_run_is_refused_when_it_is_declared(
    fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(TypeError) as caught:
        Geode("x", **fields)
    assert str(caught.value) == words


def test_one_thread_can_run_everything(
    machine: Kernel, start: Callable[[Geode], HostProcess]
) -> None:
    process = start(Geode("one", TOKEN, Process, Application))
    with machine.attach():
        (info,) = geodes()
        assert info.app_object == Optr(info.handle, 1, info.handle)
    process.kill()


def test_a_geode_that_is_run_by_hand_is_attached_with_an_empty_block(
    machine: Kernel, start: Callable[[Geode], HostProcess]
) -> None:
    process = start(SERVER)
    with machine.attach():
        app = geodes()[0].app_object
        assert obj_message(app, Application.MSG_GET, MF_CALL) == AppLaunchBlock()
    process.kill()


@with_applications
def test_a_launched_application_gets_a_copy_of_the_block(run: Run) -> None:
    def program() -> None:
        asked = block("world\\MANY")
        geode = user_load_application(asked)
        app = geode_get_app_object(geode)
        assert (geode_get_token(geode), bool(app)) == (TOKEN, True)
        other = user_load_application(asked)
        assert other != geode
        got = []
        for one in (geode, other):
            User.after(1_000)  # time passes when its process has handled the attach
            app = geode_get_app_object(one)
            got.append(obj_message(app, Application.MSG_GET, MF_CALL))
            obj_message(app, Application.MSG_END)
        assert got == [asked, asked]

    run(program)


@with_applications
@pytest.mark.dies_of("LookupError")
def test_what_cannot_be_loaded_says_why(run: Run) -> None:
    def program() -> None:
        def failure(path: str) -> GeodeLoadError:
            with pytest.raises(GeodeLoadFailure) as raised:
                user_load_application(block(path))
            return raised.value.code

        assert failure("WORLD\\Nothing") is GeodeLoadError.GLE_FILE_NOT_FOUND
        assert failure("") is GeodeLoadError.GLE_FILE_NOT_FOUND
        assert failure("Broken") is GeodeLoadError.GLE_LIBRARY_INIT_ERROR

    run(program)


@with_applications
def test_an_application_that_runs_once_is_not_launched_twice(run: Run) -> None:
    def program() -> None:
        server = block("WORLD\\Server")
        geode = user_load_application(server)
        with pytest.raises(GeodeLoadFailure) as raised:
            user_load_application(server)
        assert raised.value.code is GeodeLoadError.GLE_NOT_MULTI_LAUNCHABLE
        with geode_open_process(geode) as process:
            status = TRequestStatus()
            process.logon(status)
            obj_message(geode_get_app_object(geode), Application.MSG_END)
            User.wait_for_request(status)
        again = user_load_application(server)
        assert again > geode
        obj_message(geode_get_app_object(again), Application.MSG_END)

    run(program)


@with_applications
def test_of_two_that_launch_at_once_one_is_told(run: Run) -> None:
    outcomes: list[object] = []

    def launch() -> None:
        try:
            outcomes.append(user_load_application(block("WORLD\\Server")) > 0)
        except GeodeLoadFailure as failure:
            outcomes.append(failure.code)

    def program() -> None:
        statuses = []
        for name in ("one", "other"):
            with RThread().create(name, launch) as thread:
                statuses.append(TRequestStatus())
                thread.logon(statuses[-1])
                thread.resume()
        for status in statuses:
            User.wait_for_request(status)

    run(program)
    assert set(outcomes) == {True, GeodeLoadError.GLE_NOT_MULTI_LAUNCHABLE}
    assert len(outcomes) == 2


@with_applications
def test_a_load_that_is_only_begun_knows_the_geode_at_once(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        loaded = begin_load(
            block("WORLD\\Many"), lambda process: process.request_rendezvous(status)
        )
        with loaded.process:
            obj_message(loaded.handle, MSG_META_DUMMY)
            User.wait_for_request(status)
            assert geode_is_alive(loaded.handle)
            obj_message(geode_get_app_object(loaded.handle), Application.MSG_END)

    run(program)


@with_applications
def test_programs_see_the_applications_in_directory_order(run: Run) -> None:
    def program() -> None:
        found = [
            (image.path, image.token, image.tree, image.multi_launchable)
            for image in application_images()
        ]
        assert found == [
            ("WORLD\\Server", TOKEN, SP_APPLICATION, False),
            ("WORLD\\Many", TOKEN, SP_APPLICATION, True),
            ("Broken", GeodeToken(b"BRKN", 8), SP_SYS_APPLICATION, True),
        ]

    run(program)


@with_applications
def test_a_flush_and_the_systems_chains_go_by_the_system_geode(
    machine: Kernel,
) -> None:
    told: list[str] = []

    class Listener(MetaClass):
        MSG_HEAR = message(what=str)

        @method(MSG_HEAR)
        def hear(self, what: str) -> None:
            told.append(what)

    class Flushing(GenProcessClass):
        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            listener = Listener()
            obj_flush_input_queue(record(listener, Listener.MSG_HEAR, what="flushed"))
            event = record(SystemClass, MSG_META_DUMMY)
            send = MSG_META_SEND_CLASSED_EVENT
            obj_message(listener, send, event=event, travel=TO_SYS_FOCUS)
            event = record(Listener, Listener.MSG_HEAR, what="own")
            obj_message(listener, send, event=event, travel=TO_SELF)

    process = machine.start(Geode("flush", process=Flushing).run)
    machine.wait_idle()
    assert told == ["own", "flushed"]
    posted = [
        line for line in machine.debug.snapshot().threads if "system" in line.name
    ]
    assert len(posted) == 1
    assert posted[0].is_idle_server
    process.kill()
