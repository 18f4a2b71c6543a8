"""Geodes as puppets: a test tells them what to do, and they log what they hear.

Every geode has an application object of its own making, with the handlers that the
conformance cases give a server. `stage.tell(puppet, function)` calls a function of the
test's with that object, on its thread; its result comes back. Nothing is awaited but by
`stage.settle()`, after which every queue is empty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pytest

from eka import Kernel, MachineConfig
from kernel.host_process import HostProcess
from servers.iacp.boot import iacp_config
from servers.iacp.protocol import IACPSpec
from userlib.geos import (
    MF_CALL,
    MF_FORCE_QUEUE,
    MSG_META_ATTACH,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_IACP_PROCESS_MESSAGE,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    TO_SELF,
    AppLaunchBlock,
    ApplicationImage,
    Event,
    Geode,
    GeodeToken,
    MetaClass,
    Optr,
    ProcessClass,
    geodes,
    iacp,
    message,
    method,
    obj_message,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPSM_USER_INTERACTIBLE

T = GeodeToken(b"SRVR", 8)


@dataclass
class Script:
    """What the puppets of one machine share with the test: it is no GEOS' way."""

    functions: list[Callable[[Any], Any]] = field(default_factory=list)
    results: dict[int, Any] = field(default_factory=dict)
    log: list[tuple[Any, ...]] = field(default_factory=list)
    apps: dict[int, Any] = field(default_factory=dict)  # launched, by geode


def make_puppet(script: Script) -> type[MetaClass]:  # noqa: C901 - one class
    """The class of the application objects."""

    class Puppet(MetaClass):
        """Logs what it is sent, under the name it has."""

        name: str = "?"
        finishes: bool = False  # every connection, at once
        leaves: bool = True  # when the client has left

        MSG_PUPPET_DO = message(number=int)
        MSG_HI = message(number=int | None)
        MSG_DONE = message(text=str | None)

        def note(self, *what: Any) -> None:
            script.log.append((self.name, *what))

        @method(MSG_PUPPET_DO)
        def do(self, number: int) -> None:
            script.results[number] = script.functions[number](self)

        @method(MSG_HI)
        def hi(self, number: int | None) -> None:
            self.note("HI") if number is None else self.note("HI", number)

        @method(MSG_DONE)
        def done(self, text: str | None) -> None:
            self.note("DONE") if text is None else self.note("DONE", text)

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def process_message(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            iacp.process_message(self, msg_to_send, topt, completion_msg)

        @method(MSG_META_IACP_NEW_CONNECTION)
        def new_connection(
            self,
            app_launch_block: AppLaunchBlock | None,
            just_launched: bool,
            connection: int,
        ) -> None:
            self.note("NEW", app_launch_block, just_launched, connection)
            if self.finishes:
                iacp.finish_connect(connection, self)

        @method(MSG_META_IACP_LOST_CONNECTION)
        def lost_connection(self, connection: int, server_num: int) -> None:
            self.note("LOST", connection, server_num)
            if self.leaves and server_num == 0:
                iacp.lost_connection(self, connection)

        @method(MSG_META_IACP_SHUTDOWN_CONNECTION)
        def shutdown_connection(self, connection: int) -> None:
            self.note("SHUTDOWN", connection)
            iacp.shutdown_connection(self, connection)

    return Puppet


def make_process(script: Script) -> type[ProcessClass]:
    """The class of their process objects."""

    class PuppetProcess(ProcessClass):
        """Logs under its geode's handle."""

        MSG_PROCESS_HI = message(number=int | None)
        MSG_PROCESS_DO = message(number=int)

        @method(MSG_PROCESS_HI)
        def hi(self, number: int | None) -> None:
            script.log.append((f"process {self.optr.geode}", "HI", number))

        @method(MSG_PROCESS_DO)
        def do(self, number: int) -> None:
            script.results[number] = script.functions[number](self)

    return PuppetProcess


def make_application(
    script: Script,
    name: str,
    token: GeodeToken,
    on_attach: Callable[[Any], Any] | None = None,
) -> Geode:
    """A geode that is launched; *on_attach* is called with its application object."""
    puppet, process = make_puppet(script), make_process(script)

    class Launched(process):  # type: ignore[misc,valid-type] # made here
        """Logs what it is launched with."""

        @method(MSG_META_ATTACH)
        def attach(self, app_launch_block: AppLaunchBlock) -> None:
            script.log.append((name, "ATTACH", app_launch_block))
            if on_attach is not None:
                on_attach(script.apps[self.optr.geode])

    def set_up(app: Any) -> None:
        app.name = name
        script.apps[app.optr.geode] = app

    return Geode(name, token, Launched, puppet, set_up=set_up)


@dataclass
class Puppet:
    """A geode on the stage."""

    name: str
    process: HostProcess | None  # None: it was launched
    handle: int
    app: Optr


class Stage:
    """The machine and its puppets, as a test sees them."""

    def __init__(self, machine: Kernel, script: Script) -> None:
        self.machine: Final = machine
        self.token: Final = T
        self.script: Final = script
        self.object_class: Final[Any] = make_puppet(self.script)
        self.process_class: Final[Any] = make_process(self.script)

    # Geodes.

    def geode(
        self,
        name: str,
        *,
        token: GeodeToken | None = None,
        ui_thread: bool = False,
        cls: type[MetaClass] | None = None,
        **fields: Any,
    ) -> Puppet:
        """A geode that has started; *fields* are those of its application object."""

        def set_up(app: Any) -> None:
            app.name = name
            for key, value in fields.items():
                setattr(app, key, value)

        geode = Geode(
            name,
            token,
            self.process_class,
            cls or self.object_class,
            ui_thread,
            set_up,
        )
        process = self.machine.start(geode.run)
        self.settle()
        return self.known(name, process)

    def known(self, name: str, process: HostProcess) -> Puppet:
        """The geode of *process*."""
        with self.machine.attach():
            (info,) = [each for each in geodes() if each.process_id == process.id]
        return Puppet(name, process, info.handle, info.app_object)

    def launched(self, name: str) -> list[Puppet]:
        """The geodes of that name that IACP has launched, oldest first."""
        with self.machine.attach():
            found = [each for each in geodes() if each.name == name]
        return [Puppet(name, None, each.handle, each.app_object) for each in found]

    def server(
        self, name: str, mode: int = IACPSM_USER_INTERACTIBLE, **more: Any
    ) -> Puppet:
        """A geode whose application object serves T in *mode*."""
        flags = more.pop("flags", 0)
        token = more.pop("serves", T)
        puppet = self.geode(name, **more)
        self.tell(puppet, lambda app: iacp.register_server(token, app, mode, flags))
        return puppet

    def servers(self, *modes: int) -> list[Puppet]:
        """S1, S2 and so on, in these modes."""
        return [self.server(f"S{n}", mode) for n, mode in enumerate(modes, 1)]

    # Telling.

    def tell(self, puppet: Puppet, function: Callable[[Any], Any]) -> Any:
        """Call *function* with the application object, on its thread, and wait."""
        with self.machine.attach():
            return self.ask(puppet, function)

    def ask(self, puppet: Puppet, function: Callable[[Any], Any]) -> Any:
        """The same from a function of another puppet's."""
        number = self.enter(function)
        self._send(puppet.app, number, MF_CALL)
        return self.script.results.pop(number)

    def post(self, puppet: Puppet, function: Callable[[Any], Any]) -> int:
        """The same without waiting; `result` takes what it returned."""
        number = self.enter(function)
        self._send(puppet.app, number, MF_FORCE_QUEUE)
        return number

    def begin(self, puppet: Puppet, function: Callable[[Any], Any]) -> int:
        """As `tell`, without waiting; `result` takes what it returned."""
        with self.machine.attach():
            return self.post(puppet, function)

    def result(self, number: int) -> Any:
        return self.script.results.pop(number)

    def enter(self, function: Callable[[Any], Any]) -> int:
        """A number by which a puppet can be told to call it."""
        self.script.functions.append(function)
        return len(self.script.functions) - 1

    def _send(self, to: Optr, number: int, flags: int) -> None:
        obj_message(to, self.object_class.MSG_PUPPET_DO, flags, number=number)

    def settle(self) -> None:
        """Until all queues are empty, and every thread waits for an event."""
        self.machine.wait_idle()

    def kill(self, puppet: Puppet) -> None:
        assert puppet.process is not None
        puppet.process.kill()
        self.settle()

    # IACP, as C does it.

    def hi(self, number: int | None = None) -> Event:
        return record(None, self.object_class.MSG_HI, number=number)

    def process_call(self, function: Callable[[Any], Any]) -> Callable[[], Event]:
        """Makes an event that calls *function* with the process object it reaches."""
        number = self.enter(function)
        cls = self.process_class
        return lambda: record(cls, cls.MSG_PROCESS_DO, number=number)

    def done(self, to: Puppet, text: str | None = None) -> Event:
        return record(to.app, self.object_class.MSG_DONE, text=text)

    def connect(self, puppet: Puppet, *args: Any, **more: Any) -> iacp.ConnectResult:
        token = more.pop("token", T)
        result = self.tell(puppet, lambda _: iacp.connect(token, *args, **more))
        self.settle()
        return result  # type: ignore[no-any-return] # what connect returned

    def send(
        self,
        puppet: Puppet,
        connection: int,
        event: Callable[[], Event] | None = None,
        *,
        travel: int = TO_SELF,
        done: Puppet | None = None,
        side: int = IACPS_CLIENT,
        server: int | None = None,
    ) -> int:
        """Let *puppet* send *event*, else HI; DONE goes to *done*."""

        def send(_: Any) -> int:
            completion = None if done is None else self.done(done)
            sent = self.hi() if event is None else event()
            if server is not None:
                return iacp.send_message_to_server(
                    connection, sent, travel, completion, server
                )
            return iacp.send_message(connection, sent, travel, completion, side)

        count: int = self.tell(puppet, send)
        self.settle()
        return count

    def shutdown(
        self, puppet: Puppet, connection: int, server: Puppet | None = None
    ) -> None:
        leaving = None if server is None else server.app
        self.tell(puppet, lambda _: iacp.shutdown(connection, leaving))
        self.settle()

    # Looking.

    def take(self) -> list[tuple[Any, ...]]:
        """What has been logged since the last time."""
        self.settle()
        taken = list(self.script.log)
        self.script.log.clear()
        return taken

    def geodes(self) -> list[int]:
        with self.machine.attach():
            return [each.handle for each in geodes()]

    def lists(self) -> dict[GeodeToken, iacp.ServerListInfo]:
        with self.machine.attach():
            return {each.token: each for each in iacp.lists()}

    def connections(self) -> list[iacp.ConnectionInfo]:
        with self.machine.attach():
            return list(iacp.connections())


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def make_geode(script: Script) -> Callable[..., Geode]:
    """Makes geodes to launch, as `make_application` does."""
    return partial(make_application, script)


@pytest.fixture
def images() -> list[ApplicationImage]:
    """The applications of the machine; a test file overrides it."""
    return []


@pytest.fixture
def spec() -> IACPSpec:
    """How the IACP server is started; a test file overrides it."""
    return IACPSpec()


@pytest.fixture
def machine_config(images: list[ApplicationImage], spec: IACPSpec) -> MachineConfig:
    return iacp_config(*images, spec=spec)


@pytest.fixture
def stage(machine: Kernel, script: Script) -> Iterator[Stage]:
    """At the end every queue is empty again."""
    stage = Stage(machine, script)
    yield stage
    stage.settle()
