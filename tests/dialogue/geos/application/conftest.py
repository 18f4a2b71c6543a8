"""Real applications, that a test watches: what they hear, and the modes they announce.

Servers are applications of the default classes that also log. The client is one too;
`play.tell` calls a function of the test's with its application object, on its thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from eka import Executable, Image, Kernel, MachineConfig
from kernel.abi.security import TCapability
from kernel.host_process import HostProcess
from servers.iacp.boot import iacp_config
from servers.iacp.protocol import IACPSpec, KIACPProgram
from userlib import KErrGeneral, RProcess, TFindProcess
from userlib.geos import (
    MF_CALL,
    MSG_META_DUMMY,
    MSG_META_IACP_DOC_CLOSE_ACK,
    MSG_META_IACP_DOC_OPEN_ACK,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_QUIT,
    OPEN_APPLICATION,
    OPEN_ENGINE,
    SP_APPLICATION,
    TO_SELF,
    AppInstanceReference,
    AppLaunchBlock,
    ApplicationImage,
    Event,
    GenApplicationClass,
    GenDocumentClass,
    GenDocumentGroupClass,
    GenProcessClass,
    Geode,
    GeodeInfo,
    GeodeToken,
    Optr,
    geode_alloc_queue,
    geode_exit,
    geodes,
    iacp,
    message,
    method,
    obj_message,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import (
    IACPS_CLIENT,
    IACPSM_USER_INTERACTIBLE,
)

T: Final = GeodeToken(b"SRVR", 8)
U: Final = GeodeToken(b"USRV", 8)
APP_MODE: Final = IACPSM_USER_INTERACTIBLE


class LogApplication(GenApplicationClass):
    """A default application object that logs in the test's *play*."""

    MSG_HI = message(number=int | None)
    MSG_WAIT = message(queue=int)
    MSG_CHANGE = message()
    MSG_DIE = message()
    MSG_IS_USABLE = message()

    play: Any = None
    name: str = "?"

    @method(MSG_WAIT)
    def wait(self, queue: int) -> None:
        """Handle nothing until there is something in the queue."""
        queue_get_message(queue)

    def note(self, *what: Any) -> None:
        self.play.log.append((self.name, *what))

    @method(MSG_CHANGE)
    def change(self) -> None:
        for key, value in self.play.changes.pop().items():
            setattr(self, key, value)

    @method(MSG_IS_USABLE)
    def is_usable(self) -> bool:
        return self.state.is_usable

    @method(MSG_DIE)
    def die(self) -> None:
        geode_exit(KErrGeneral)

    @method(MSG_HI)
    def hi(self, number: int | None) -> None:
        self.note("HI", number)

    @method(GenApplicationClass.MSG_GEN_APPLICATION_IACP_REGISTER)
    def log_register(self, mode: int) -> None:
        self.note("REGISTER", mode)
        self.callsuper()

    @method(GenApplicationClass.MSG_GEN_APPLICATION_IACP_UNREGISTER)
    def log_unregister(self) -> None:
        self.note("UNREGISTER")
        self.callsuper()

    @method(GenApplicationClass.MSG_GEN_APPLICATION_OPEN_COMPLETE)
    def log_open_complete(self) -> None:
        self.note("OPEN_COMPLETE")
        self.callsuper()

    @method(GenApplicationClass.MSG_GEN_APPLICATION_BRING_TO_TOP)
    def log_bring_to_top(self) -> None:
        self.note("TOP")

    @method(MSG_META_IACP_NEW_CONNECTION)
    def log_new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        self.note("NEW", just_launched)
        self.callsuper()

    @method(MSG_META_IACP_LOST_CONNECTION)
    def log_lost_connection(self, connection: int, server_num: int) -> None:
        self.note("LOST", server_num)
        self.callsuper()


class LogProcess(GenProcessClass):
    """A default process object that logs the modes it is opened and closed in."""

    play: Any = None
    name: str = "?"

    def note(self, what: str) -> None:
        self.play.process_log.append((self.name, what))

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_ENGINE)
    def log_open_engine(self, app_launch_block: AppLaunchBlock | None) -> None:
        self.note("OPEN_ENGINE")
        self.callsuper()

    @method(GenProcessClass.MSG_GEN_PROCESS_CLOSE_ENGINE)
    def log_close_engine(self) -> None:
        self.note("CLOSE_ENGINE")

    @method(GenProcessClass.MSG_GEN_PROCESS_CLOSE_APPLICATION)
    def log_close_application(self) -> None:
        self.note("CLOSE_APPLICATION")


class ClientApplication(GenApplicationClass):
    """The client's: it does what the test says."""

    MSG_DO = message(number=int)
    MSG_DONE = message(number=int | None)

    play: Any = None
    name: str = "?"

    @method(MSG_DO)
    def do(self, number: int) -> None:
        self.play.results[number] = self.play.functions[number](self)

    @method(MSG_DONE)
    def done(self, number: int | None) -> None:
        self.play.log.append((self.name, "DONE", number))

    @method(MSG_META_IACP_DOC_OPEN_ACK)
    def log_open(self, doc_obj: Optr, connection: int, server_num: int) -> None:
        what = (self.name, "DOC_OPEN_ACK", doc_obj, connection, server_num)
        self.play.log.append(what)

    @method(MSG_META_IACP_DOC_CLOSE_ACK)
    def log_close(
        self, doc_obj: Optr, connection: int, server_num: int, status: int
    ) -> None:
        what = (self.name, "DOC_CLOSE_ACK", doc_obj, connection, server_num, status)
        self.play.log.append(what)

    @method(MSG_META_IACP_LOST_CONNECTION)
    def log_lost(self, connection: int, server_num: int) -> None:
        self.play.log.append((self.name, "LOST", server_num))
        self.callsuper()


@dataclass
class Play:
    """What the programs of one machine share with the test."""

    log: list[tuple[Any, ...]] = field(default_factory=list)  # of application objects
    process_log: list[tuple[Any, ...]] = field(default_factory=list)
    gates: list[int] = field(default_factory=list)  # queues that servers wait for
    functions: list[Callable[[Any], Any]] = field(default_factory=list)
    results: dict[int, Any] = field(default_factory=dict)
    wait_level: int = -1  # at which processes wait for the gates, as they quit
    abort_level: int = -1  # at which they do not agree
    changes: list[dict[str, Any]] = field(default_factory=list)
    late_clients: "list[Client]" = field(default_factory=list)
    machine: Kernel | None = None

    # Programs.

    def geode(
        self,
        name: str,
        token: GeodeToken = T,
        *,
        cls: type[LogApplication] = LogApplication,
        process: type[LogProcess] = LogProcess,
        documents: type[GenDocumentClass] | None = None,
        ui_thread: bool = True,
        **fields: Any,
    ) -> Geode:
        """An application whose objects log under *name*."""

        own: Any = {"play": self}

        def set_up(application: Any) -> None:
            application.name = name
            for key, value in fields.items():
                setattr(application, key, value)
            if documents is not None:
                group = type("Documents", (GenDocumentGroupClass,), {})()
                group.document_class = type("NamedDocument", (documents,), own)
                application.document_group = application.model = group.optr

        return Geode(
            name,
            token,
            type("NamedProcess", (process,), own | {"name": name}),
            type("NamedApplication", (cls,), own),
            ui_thread,
            set_up,
        )

    def image(self, name: str, token: GeodeToken = T, **more: Any) -> ApplicationImage:
        r"""The same as an application that can be launched as WORLD\NAME."""
        multi_launchable = more.pop("multi_launchable", True)
        geode = self.geode(name, token, **more)
        return ApplicationImage(
            f"WORLD\\{name}", token, geode.run, multi_launchable=multi_launchable
        )

    # The machine.

    @property
    def kernel(self) -> Kernel:
        assert self.machine is not None
        return self.machine

    def start(self, geode: Geode) -> HostProcess:
        process = self.kernel.start(geode.run)
        self.settle()
        return process

    def settle(self) -> None:
        self.kernel.wait_idle()

    def end_iacp(self) -> None:
        """Kill the IACP server."""

        def end() -> None:
            (name,) = TFindProcess(f"{KIACPProgram}*")
            with RProcess().open(name) as process:
                process.kill(0)

        trusted = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))
        self.kernel.register("end", Executable(end, trusted))
        self.settle()
        assert str(self.kernel.run("end")) == "exited with KErrNone"
        self.settle()

    def running(self, name: str) -> list[GeodeInfo]:
        """The geodes of that name, the oldest first."""
        self.settle()
        with self.kernel.attach():
            return [info for info in geodes() if info.name == name]

    def app(self, name: str) -> Optr:
        (info,) = self.running(name)
        return info.app_object

    def modes(self) -> dict[GeodeToken, list[int]]:
        """Of the servers of each list."""
        self.settle()
        with self.kernel.attach():
            return {
                each.token: [int(server.mode) for server in each.servers]
                for each in iacp.lists()
            }

    def flags(self) -> dict[GeodeToken, list[int]]:
        """Of the servers of each list."""
        with self.kernel.attach():
            return {
                each.token: [int(server.flags) for server in each.servers]
                for each in iacp.lists()
            }

    def take(self) -> list[tuple[Any, ...]]:
        """What has been logged since the last time."""
        self.settle()
        taken = list(self.log)
        self.log.clear()
        return taken

    def take_of_process(self) -> list[tuple[Any, ...]]:
        """The same of process objects."""
        self.settle()
        taken = list(self.process_log)
        self.process_log.clear()
        return taken

    def is_held(self) -> bool:
        """Whether the only connection is."""
        with self.kernel.attach():
            (connection,) = iacp.connections()
        return connection.held is not None

    def held_connections(self) -> list[int]:
        with self.kernel.attach():
            return [
                one.connection for one in iacp.connections() if one.held is not None
            ]

    def change(self, name: str, **fields: Any) -> None:
        """Give fields of its application object other values."""
        self.changes.append(fields)
        self.send(self.app(name), LogApplication.MSG_CHANGE)

    # Sending.

    @staticmethod
    def hi(number: int | None = None) -> Event:
        """For any object that logs."""
        return record(None, LogApplication.MSG_HI, number=number)

    @staticmethod
    def engine_block(**fields: Any) -> AppLaunchBlock:
        return replace(iacp.create_default_launch_block(OPEN_ENGINE), **fields)

    @staticmethod
    def app_block(**fields: Any) -> AppLaunchBlock:
        return replace(iacp.create_default_launch_block(OPEN_APPLICATION), **fields)

    @staticmethod
    def names(path: str) -> AppInstanceReference:
        """For a block that names its application."""
        return AppInstanceReference(file_name=path, disk_handle=SP_APPLICATION)

    def send(self, to: Optr | int, what: Any, flags: int = 0, **params: Any) -> Any:
        """A message from outside any geode."""
        with self.kernel.attach():
            result = obj_message(to, what, flags, **params)
        self.settle()
        return result

    def quit(self, name: str) -> None:
        self.send(self.app(name), MSG_META_QUIT)

    def number_of(self, name: str) -> tuple[int, int]:
        """Its connections, and those in application mode."""
        cls = GenApplicationClass
        app = self.app(name)
        return (
            self.send(
                app, cls.MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_CONNECTIONS, MF_CALL
            ),
            self.send(
                app,
                cls.MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_APP_MODE_CONNECTIONS,
                MF_CALL,
            ),
        )

    def is_usable(self, name: str) -> bool:
        """Whether its UI is up."""
        usable: bool = self.send(self.app(name), LogApplication.MSG_IS_USABLE, MF_CALL)
        return usable

    def kill(self, geode: GeodeInfo) -> None:
        """Let it end at once, without a word."""
        self.send(geode.app_object, LogApplication.MSG_DIE)

    def occupy(self, name: str, gate: int) -> None:
        """Keep its application object busy until the gate opens."""
        self.send(self.app(name), LogApplication.MSG_WAIT, queue=gate)

    # Gates: what a server waits for until the test says so.

    def open_gate(self, gate: int) -> None:
        self.send(gate, MSG_META_DUMMY)


@dataclass
class Client:
    """A client geode; its application object runs what it is told to."""

    name: str
    play: Play
    process: HostProcess
    app: Optr

    def enter(self, function: Callable[[Any], Any]) -> int:
        """Give it a number, for MSG_DO."""
        self.play.functions.append(function)
        return len(self.play.functions) - 1

    def begin(self, function: Callable[[Any], Any]) -> int:
        """Have it called; do not wait."""
        number = self.enter(function)
        with self.play.kernel.attach():
            obj_message(self.app, ClientApplication.MSG_DO, number=number)
        return number

    def call(self, function: Callable[[Any], Any]) -> Any:
        """Have it called from another geode, and wait for the result."""
        number = self.enter(function)
        obj_message(self.app, ClientApplication.MSG_DO, MF_CALL, number=number)
        return self.play.results.pop(number)

    def result(self, number: int) -> Any:
        """What it returned, once the machine is idle."""
        self.play.settle()
        return self.play.results.pop(number)

    def tell(self, function: Callable[[Any], Any]) -> Any:
        """Both."""
        return self.result(self.begin(function))

    def connect(
        self,
        flags: int = 0,
        block: AppLaunchBlock | None = None,
        *,
        token: GeodeToken = T,
        **more: Any,
    ) -> iacp.ConnectResult:
        result: iacp.ConnectResult = self.tell(
            lambda _: iacp.connect(token, flags, block, **more)
        )
        return result

    def hi(self, connection: int, *numbers: int) -> list[int]:
        """Send HI with a completion, one for each number; how many each reached."""

        def send(_: Any) -> list[int]:
            return [
                iacp.send_message(
                    connection,
                    self.play.hi(number),
                    TO_SELF,
                    self.done(number),
                    IACPS_CLIENT,
                )
                for number in numbers
            ]

        result: list[int] = self.tell(send)
        return result

    def done(self, number: int) -> Event:
        """A completion that it logs."""
        return record(self.app, ClientApplication.MSG_DONE, number=number)

    def shutdown(self, connection: int) -> None:
        self.tell(lambda _: iacp.shutdown(connection))

    def make_gate(self) -> int:
        """A queue that belongs to the client, for a server to wait for."""
        gate: int = self.tell(lambda _: geode_alloc_queue())
        self.play.gates.append(gate)
        return gate


@pytest.fixture
def images(play: Play) -> list[ApplicationImage]:
    """The applications of the machine; a test file overrides it."""
    return [play.image("SERVER")]


@pytest.fixture
def spec() -> IACPSpec:
    """How the IACP server is started; a test file overrides it."""
    return IACPSpec()


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture
def machine_config(images: list[ApplicationImage], spec: IACPSpec) -> MachineConfig:
    return iacp_config(*images, spec=spec)


@pytest.fixture
def new_client(play: Play, machine: Kernel) -> Callable[[str], Client]:
    """Starts client geodes."""
    play.machine = machine

    def start(name: str) -> Client:
        cls = type("NamedClient", (ClientApplication,), {"play": play, "name": name})
        geode = Geode(name, application=cls)
        process = play.start(geode)
        return Client(name, play, process, play.app(name))

    return start


@pytest.fixture
def client(new_client: Callable[[str], Client]) -> Client:
    return new_client("C")
