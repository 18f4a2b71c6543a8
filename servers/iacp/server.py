"""The IACP server: one for the machine, in a process and thread of its own.

    geode's thread ──► CIACPSession ──► Model ──► KernelPost ──► the objects' queues
                            │
                            └─ connect ──► Attempt ──► errands: load, identify, ask
    geodes that die ──► Watches ──► Model.geode_died

Nothing here waits for a client: what takes time is an errand, and the answer deferred.

Original: the IACP module of the UI library, which runs on its callers' threads behind
one lock; here the lock is that there is one thread.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNotSupported, Leave
from kernel.abi.image import Image
from kernel.abi.limits import KMaxPublishedText
from kernel.abi.priorities import TProcessPriority
from kernel.abi.security import TCapability
from servers.iacp.applications import locate
from servers.iacp.attempt import Answer
from servers.iacp.bindings import Bindings
from servers.iacp.connections import Connections
from servers.iacp.errand import CErrand
from servers.iacp.faults import Fatal
from servers.iacp.files import FileIds, FileReference, file_error, full_name, look_up
from servers.iacp.launches import Launches
from servers.iacp.letters import Deliveries, Letter
from servers.iacp.lists import Choice, ServerLists
from servers.iacp.marks import ConnectionMark, KIACPSecureId
from servers.iacp.model import Model
from servers.iacp.post import KernelPost
from servers.iacp.protocol import (
    IACPSpec,
    KDefaultIACP,
    KIACPServerName,
    KIACPVersion,
)
from servers.iacp.report import (
    KLaunchesName,
    report,
    report_launches,
    report_name,
)
from servers.iacp.session import CIACPSession
from servers.iacp.watch import Watches
from userlib.geos.errors import GeodeLoadError, GeodeLoadFailure
from userlib.geos.geode_info import geode_get_token, geode_info
from userlib.geos.iacp_constants import (
    IACP_NO_CONNECTION,
    IACPCE_NO_SERVER,
    IACPSide,
    UILaunchModel,
)
from userlib.geos.iacp_documents import DocumentId
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.loading import LoadedGeode, begin_load
from userlib.geos.paths import FileError
from userlib.geos.values import (
    AppInstanceReference,
    AppLaunchBlock,
    GeodeToken,
    Optr,
)
from userlib.symbian.leave import trap
from userlib.symbian.message import RMessage2
from userlib.symbian.process import RProcess
from userlib.symbian.server import CServer2
from userlib.symbian.version import TVersion

T = TypeVar("T")

# The name `!IACP` is for servers with ProtServ.
IMAGE: Final = Image(
    secure_id=KIACPSecureId,
    capabilities=frozenset((TCapability.ECapabilityProtServ,)),
    priority=TProcessPriority.EPriorityHigh,
)
_KTicketsBits: Final = 32  # of a ticket count those of one server


class CIACPServer(CServer2):
    """What the sessions share; the desk at which attempts to connect are dealt with."""

    def __init__(self, spec: IACPSpec) -> None:
        super().__init__()

        # Fixed for life:
        self._spec: Final = spec
        self.model: Final = _new_model()
        self.launches: Final = Launches()
        self.bindings: Final = Bindings()
        self._files: Final = FileIds()
        self._watches: Final = Watches(self._on_death)

        # Owned by the server's thread:
        self._names: Final[dict[int, str]] = {}  # of geodes that were shown
        self._shown_launches = ""

    def new_session(self, version: TVersion, message: RMessage2) -> CIACPSession:
        ours = TVersion(*KIACPVersion)
        if (version.major, version.minor) > (ours.major, ours.minor):
            raise Leave(KErrNotSupported)
        return CIACPSession(self)

    def destroy(self) -> None:
        self._watches.destroy()
        super().destroy()

    # What sessions ask for.

    def register(self, token: GeodeToken, server: Optr, mode: int, flags: int) -> None:
        """Put *server* on the list; who has launched it goes on.

        It may be dead already, and then that is dealt with at once.
        """
        is_new = self.model.register(token, server, mode, flags)
        self._tell(token, mode)
        self.watch(server.geode)
        holder = self.launches.holder
        if is_new and holder is not None:
            holder.on_registration()

    def unregister(self, token: GeodeToken, server: Optr) -> None:
        """Take it off."""
        if self.model.unregister(token, server):
            self._tell(token, None)

    def register_document(self, server: Optr, document: DocumentId) -> None:
        """Note that *server* has it open."""
        self.model.documents.register(server, document)
        self.watch(server.geode)

    def send(self, connection: int, letter: Letter, side: IACPSide, owner: int) -> int:
        """As `Model.send`; the completion is *owner*'s."""
        count = self.model.send(connection, letter, side)
        if letter.completion is not None and owner:
            self.watch(owner)
        return count

    def moved(self, ticket: int, geode: int) -> None:
        """The holder of *ticket* has sent it on to *geode*, which may be dead."""
        if self.model.deliveries.move(ticket, geode):
            self.watch(geode)

    def connect_to_document(
        self, document: DocumentId | FileError, client: Optr
    ) -> Answer:
        """Connect to the one server that has it open, in whatever mode.

        Raises: Fatal without a client.
        """
        if isinstance(document, FileError):
            return Answer(IACP_NO_CONNECTION, 0, document, 0)
        server = self.model.documents.find(document)
        token = None if server is None else geode_get_token(server.geode)
        found = None if token is None else self.lists.find(token)
        if server is None or found is None or found.index_of(server) is None:
            return Answer(IACP_NO_CONNECTION, 0, IACPCE_NO_SERVER, 0)
        if not client:
            raise Fatal(IACPFault.IACP_CONNECTION_HAS_NO_CLIENT_OBJECT)
        choice = Choice((server,), is_held=False)
        made = self.model.connect(found, client, choice, document=document)
        if made is None:
            error = GeodeLoadError.GLE_MEMORY_ALLOCATION_ERROR
            return Answer(IACP_NO_CONNECTION, 0, error, 0)
        self.watch(client.geode)
        return Answer(made.number, 1, 0, server.geode)

    def publish(self) -> None:
        """Show debuggers what has changed, if there is memory for that."""
        publish = current_exec.get().debug_publish
        for token in self.model.take_touched():
            found = self.lists.find(token)
            text = "" if found is None else report(found, self._name_of)
            trap(publish, report_name(token), text[:KMaxPublishedText])
        launches = report_launches(self.launches)
        if launches != self._shown_launches:
            self._shown_launches = launches
            trap(publish, KLaunchesName, launches[:KMaxPublishedText])

    def _name_of(self, geode: int) -> str:
        """As soon as it has one; asked for once, since reports are made often."""
        name = self._names.get(geode, "")
        info = None if name else geode_info(geode)
        if info is not None:
            name = self._names[geode] = info.name
        return name

    # The desk: see `MDesk`.

    @property
    def lists(self) -> ServerLists:
        return self.model.lists

    @property
    def launch_model(self) -> UILaunchModel:
        return self._spec.launch_model

    def locate(self, token: GeodeToken) -> AppInstanceReference | None:
        return locate(token, self.bindings)

    def load(
        self,
        block: AppLaunchBlock,
        done: Callable[[int | GeodeLoadFailure | Leave], None],
    ) -> None:
        def load() -> LoadedGeode | GeodeLoadFailure:
            try:
                return begin_load(block)
            except GeodeLoadFailure as failure:
                return failure

        def on_loaded(result: LoadedGeode | GeodeLoadFailure | Leave) -> None:
            if isinstance(result, LoadedGeode):
                self._watches.watch_process(*result)
                done(result.handle)
            else:
                done(result)

        CErrand(load, self._then_publish(on_loaded)).begin()

    def identify(
        self, file: FileReference, done: Callable[[DocumentId | FileError], None]
    ) -> None:
        name = full_name(file, self._spec.standard_paths)
        if name is None:
            done(FileError.ERROR_PATH_NOT_FOUND)
            return

        def on_found(result: str | Leave) -> None:
            if isinstance(result, Leave):
                done(file_error(result))
            else:
                done(self._files.of(result))

        CErrand(lambda: look_up(name), self._then_publish(on_found)).begin()

    def ask_reuse(
        self, token: GeodeToken, name: str, done: Callable[[bool], None]
    ) -> None:
        """Only an explicit no is one: an errand that fails is none."""
        ask = self._spec.on_ask_reuse
        if ask is None:
            done(True)
            return
        answer = self._then_publish(done)
        CErrand(
            lambda: ask(token, name), lambda reply: answer(reply is not False)
        ).begin()

    def watch(self, geode: int) -> bool:
        is_alive = self._watches.watch(geode)
        if not is_alive:
            self._on_death(geode)
        return is_alive

    def _then_publish(self, done: Callable[[T], None]) -> Callable[[T], None]:
        """For what is done of itself, and not at a client's request."""

        def do(result: T) -> None:
            done(result)
            self.publish()

        return do

    # Death and news.

    def _on_death(self, geode: int) -> None:
        self._names.pop(geode, None)
        for token in self.model.geode_died(geode):
            self._tell(token, None)
        holder = self.launches.holder
        if holder is not None:
            holder.on_death(geode)
        self.publish()

    def _tell(self, token: GeodeToken, mode: int | None) -> None:
        if self._spec.on_server_change is not None:
            self._spec.on_server_change(token, mode)


def _new_model() -> Model:
    """Nothing yet; and no number that an earlier server can have given."""
    mark = ConnectionMark()
    return Model(
        KernelPost(),
        Connections(mark.last, mark.pass_by),
        Deliveries(RProcess().id() << _KTicketsBits),
    )


def serve(spec: IACPSpec = KDefaultIACP) -> int:
    """A program: serve until the process is killed."""
    return CIACPServer(spec).run(KIACPServerName)
