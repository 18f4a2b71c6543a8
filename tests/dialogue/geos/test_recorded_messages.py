"""Recorded messages: dispatched, passed on, queued, and sent on their way by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from userlib.geos import (
    MF_CALL,
    MF_FORCE_QUEUE,
    MF_RECORD,
    MSG_META_ATTACH,
    MSG_META_DISPATCH_EVENT,
    MSG_META_DUMMY,
    MSG_META_SEND_CLASSED_EVENT,
    NULL_OPTR,
    TO_APP_FOCUS,
    TO_APP_MODEL,
    TO_FOCUS,
    TO_GEN_PARENT,
    TO_MODEL,
    TO_NULL,
    TO_OBJ_BLOCK_OUTPUT,
    TO_PRINT_CONTROL,
    TO_PROCESS,
    TO_SELF,
    TO_SYS_TARGET,
    TO_TARGET,
    AppLaunchBlock,
    Event,
    GenApplicationClass,
    GenClass,
    GenProcessClass,
    Geode,
    GeosFatalError,
    KDispatchIfUndeliverable,
    MetaClass,
    Optr,
    TravelOption,
    geode_create_thread,
    geode_exit,
    geode_get_app_object,
    message,
    message_dispatch,
    message_set_destination,
    method,
    obj_flush_input_queue,
    obj_free,
    obj_message,
    record,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel
    from tools.pytest_plugin import Run


class Thing(GenClass):
    """Tells the process by what name it heard something."""

    MSG_HEAR = message(what=str)

    name: str = ""
    told: list[tuple[str, str]]

    def __init__(self, name: str, told: list[tuple[str, str]], **fields: Optr) -> None:
        super().__init__(**fields)
        self.name = name
        self.told = told

    @method(MSG_HEAR)
    def hear(self, what: str) -> str:
        self.told.append((self.name, what))
        return f"{self.name} heard {what}"


class Special(Thing):
    pass


class App(GenApplicationClass):
    pass


def in_a_geode(machine: Kernel, story: Callable[[], object], **geode: Any) -> None:
    """Play *story* in the process thread, and let everything be handled."""

    class Process(GenProcessClass):
        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            story()

    process = machine.start(Geode("story", process=Process, **geode).run)
    machine.wait_idle()
    assert process.exit_info.is_pending
    process.kill()


def test_a_dispatched_event_is_used_up_unless_it_is_kept(
    machine: Kernel,
) -> None:
    told: list[tuple[str, str]] = []

    def story() -> None:
        thing = Thing("thing", told)
        event = record(thing, Thing.MSG_HEAR, what="it")
        assert message_dispatch(event, MF_CALL | MF_RECORD) == "thing heard it"
        assert message_dispatch(event) is None
        with pytest.raises(GeosFatalError, match="ILLEGAL_HANDLE"):
            message_dispatch(event)
        queued = record(thing, Thing.MSG_HEAR, what="queued")
        message_dispatch(queued, MF_FORCE_QUEUE)
        assert told == [("thing", "it")] * 2

    in_a_geode(machine, story)
    assert told[2:] == [("thing", "queued")]


def test_an_event_can_be_retargeted_and_passed_to_another_thread(
    machine: Kernel,
) -> None:
    told: list[tuple[str, str]] = []
    things: list[Optr] = []

    def story() -> None:
        thread = geode_create_thread(
            "other", set_up=lambda: things.append(Thing("other", told).optr)
        )
        event = record(None, Thing.MSG_HEAR, what="it")
        message_set_destination(event, things[0])
        result = obj_message(
            thread, MSG_META_DISPATCH_EVENT, MF_CALL, event=event, flags=MF_CALL
        )
        assert result == "other heard it"
        assert event.is_consumed
        with pytest.raises(GeosFatalError, match="any object of Thing is none"):
            message_dispatch(record(Thing, Thing.MSG_HEAR, what="to whom?"))
        assert message_dispatch(record(None, MSG_META_DUMMY), MF_CALL) is None

    in_a_geode(machine, story)
    assert told == [("other", "it")]


def travel(
    machine: Kernel,
    option: TravelOption,
    wanted: type[MetaClass] | None,
    *,
    is_marked: bool = False,
) -> list[tuple[str, str]]:
    """Who hears an event that starts from "start", in a geode with chains of objects.

    The chains of start: focus first, then special; target second, then special; model
    and parent special. The application's focus and model are start.
    """
    told: list[tuple[str, str]] = []

    def story() -> None:
        special = Special("special", told)
        first = Thing("first", told, focus=special.optr)
        others: list[Thing] = []
        geode_create_thread(
            "other",
            set_up=lambda: others.append(Thing("second", told, target=special.optr)),
        )
        start = Thing(
            "start",
            told,
            output=first.optr,
            focus=first.optr,
            target=others[0].optr,
            model=special.optr,
            gen_parent=special.optr,
        )
        app = geode_get_app_object()
        obj_message(app, SETUP, focus=start, model=start, print_control=first)
        event = record(wanted, Thing.MSG_HEAR, what="it")
        if is_marked:
            inner = record(start, Thing.MSG_HEAR, what="not lost")
            event = record(
                wanted,
                MSG_META_DISPATCH_EVENT,
                event=inner,
                flags=MF_FORCE_QUEUE,
                marker=KDispatchIfUndeliverable,
            )
        obj_message(start, MSG_META_SEND_CLASSED_EVENT, event=event, travel=option)
        assert event.is_consumed

    in_a_geode(machine, story, application=Application)
    return told


class Application(App):
    """An application object that is told where its chains begin."""

    MSG_SETUP = message(focus=Optr, model=Optr, print_control=Optr)

    @method(MSG_SETUP)
    def set_up(self, focus: Optr, model: Optr, print_control: Optr) -> None:
        self.focus = focus
        self.model = model
        self.print_control = print_control


SETUP = Application.MSG_SETUP


@pytest.mark.parametrize(
    ("option", "wanted", "who"),
    [
        (TO_NULL, None, None),
        (TO_SELF, None, "start"),
        (TO_SELF, Thing, "start"),
        (TO_SELF, GenClass, "start"),
        (TO_SELF, Special, None),
        (TO_OBJ_BLOCK_OUTPUT, Thing, "first"),
        (TO_OBJ_BLOCK_OUTPUT, Special, None),
        (TO_FOCUS, None, "special"),
        (TO_FOCUS, Thing, "start"),
        (TO_FOCUS, Special, "special"),
        (TO_FOCUS, App, None),
        (TO_TARGET, None, "special"),
        (TO_TARGET, Special, "special"),
        (TO_MODEL, Special, "special"),
        (TO_APP_FOCUS, Special, "special"),
        (TO_APP_MODEL, Thing, "start"),
        (TO_SYS_TARGET, None, None),
        (TO_GEN_PARENT, None, "special"),
        (TO_GEN_PARENT, Special, "special"),
        (TO_GEN_PARENT, App, None),
        (TO_PRINT_CONTROL, Thing, "first"),
        (TO_PRINT_CONTROL, Special, None),
    ],
)
def test_a_classed_event_goes_to_the_first_of_its_class(
    machine: Kernel,
    option: TravelOption,
    wanted: type[MetaClass] | None,
    who: str | None,
) -> None:
    assert travel(machine, option, wanted) == ([] if who is None else [(who, "it")])


@pytest.mark.parametrize(
    ("option", "wanted"),
    [
        (TO_NULL, None),
        (TO_SELF, Special),
        (TO_FOCUS, App),
        (TO_TARGET, App),
        (TO_GEN_PARENT, App),
        (TO_SYS_TARGET, None),
        (TO_OBJ_BLOCK_OUTPUT, Special),
        (TO_SELF, Thing),  # the ordinary case: it is not dispatched twice
    ],
)
def test_a_marked_event_is_dispatched_once_whatever_becomes_of_it(
    machine: Kernel, option: TravelOption, wanted: type[MetaClass] | None
) -> None:
    assert travel(machine, option, wanted, is_marked=True) == [("start", "not lost")]


def test_to_process_the_class_is_not_checked(run: Run) -> None:
    """Only the number counts: an unrelated class of the same level will do."""
    told: list[str] = []

    class Ours(GenProcessClass):
        MSG_OURS = message(text=str)
        MSG_FINISH = message()

        @method(MSG_OURS)
        def ours(self, text: str) -> None:
            told.append(text)

        @method(MSG_FINISH)
        def finish(self) -> None:
            geode_exit()

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            event = record(Theirs, Theirs.MSG_THEIRS, words="theirs")
            app = geode_get_app_object()
            obj_message(
                app, MSG_META_SEND_CLASSED_EVENT, event=event, travel=TO_PROCESS
            )
            obj_flush_input_queue(record(self, Ours.MSG_FINISH))

    class Theirs(GenProcessClass):
        MSG_THEIRS = message(words=str)

    run(Geode("ours", process=Ours, application=App, ui_thread=True).run)
    assert told == ["theirs"]


@pytest.mark.parametrize("ui_thread", [False, True])
def test_a_flush_comes_after_all_that_was_queued(run: Run, ui_thread: bool) -> None:
    """Also after what the application object has passed on to the process."""
    told: list[str] = []

    class Relaying(GenApplicationClass):
        MSG_PASS_ON = message(text=str)

        @method(MSG_PASS_ON)
        def pass_on(self, text: str) -> None:
            event = record(None, Process.MSG_HEAR, text=text)
            obj_message(
                self, MSG_META_SEND_CLASSED_EVENT, event=event, travel=TO_PROCESS
            )

    class Process(GenProcessClass):
        MSG_HEAR = message(text=str)
        MSG_FINISH = message()

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
            app = geode_get_app_object()
            for text in ("one", "two"):
                obj_message(app, Relaying.MSG_PASS_ON, MF_FORCE_QUEUE, text=text)
            obj_flush_input_queue(record(self, Process.MSG_FINISH))
            obj_message(app, Relaying.MSG_PASS_ON, MF_FORCE_QUEUE, text="late")

        @method(MSG_HEAR)
        def hear(self, text: str) -> None:
            told.append(text)

        @method(MSG_FINISH)
        def finish(self) -> None:
            told.append("flushed")
            geode_exit()

    run(Geode("relay", process=Process, application=Relaying, ui_thread=ui_thread).run)
    assert told[:2] == ["one", "two"]
    assert "flushed" in told


def test_an_event_for_an_object_that_is_gone_is_dropped_unless_marked(
    machine: Kernel,
) -> None:
    told: list[tuple[str, str]] = []

    def story() -> None:
        gone, thing = Thing("gone", told), Thing("thing", told)
        obj_free(gone)
        inner = record(thing, Thing.MSG_HEAR, what="not lost")
        obj_message(gone, Thing.MSG_HEAR, MF_FORCE_QUEUE, what="lost")
        obj_message(
            gone,
            MSG_META_DISPATCH_EVENT,
            MF_FORCE_QUEUE,
            event=inner,
            flags=MF_FORCE_QUEUE,
            marker=KDispatchIfUndeliverable,
        )

    in_a_geode(machine, story)
    assert told == [("thing", "not lost")]


def test_a_handler_gets_an_event_of_its_own(machine: Kernel) -> None:
    kept: list[Event] = []

    class Keeper(MetaClass):
        MSG_KEEP = message(event=Event)

        @method(MSG_KEEP)
        def keep(self, event: Event) -> None:
            kept.append(event)

    def story() -> None:
        keeper = Keeper()
        event = record(NULL_OPTR, MSG_META_DUMMY)
        obj_message(keeper, Keeper.MSG_KEEP, event=event)
        assert kept == [event]  # on the same thread nothing is copied
        obj_message(keeper, Keeper.MSG_KEEP, MF_FORCE_QUEUE, event=event)
        assert event.is_consumed

    in_a_geode(machine, story)
    assert [event.is_consumed for event in kept] == [True, False]
