"""One call of Connect, from the request to the answer.

    begin ──► is there a server? ──no──► launch one, wait until it registers ─┐
                │ yes                                                         │
                ▼                                                             │
        the block's document: whose is it? ◄──────────────────────────────────┘
                │ nobody's
                ▼
        the launch model: this server, or another copy? ──another──► launch, wait ─┐
                │ this one                                                         │
                ▼                                                                  │
        choose, make the connection, notify its servers, answer ◄──────────────────┘

What takes time is an errand, a turn to launch or a registration. Nothing is locked
meanwhile, so the list is looked up again after each of them.

Original: IACPConnect (iacpConnect.asm); geos-iacp 3.3, 3.10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from servers.iacp.faults import Fatal
from servers.iacp.files import FileReference
from servers.iacp.launches import Launch, Launched, MLaunchDesk
from servers.iacp.lists import ServerEntry, ServerList
from servers.iacp.model import Model
from userlib.geos.constants import AppLaunchFlags
from userlib.geos.errors import GeodeLoadError
from userlib.geos.iacp_constants import (
    IACP_NO_CONNECTION,
    IACPCE_NO_SERVER,
    IACPCE_SERVER_EXITED,
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    IACPCF_SERVER_MODE,
    IACPSF_MULTIPLE_INSTANCES,
    IACPSM_USER_INTERACTIBLE,
    UILM_GURU,
    UILM_MULTIPLE_INSTANCES,
    UILaunchModel,
)
from userlib.geos.iacp_documents import DocumentId
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.paths import FileError
from userlib.geos.process import OPEN_APPLICATION
from userlib.geos.values import AppLaunchBlock, GeodeToken, Optr


@dataclass(frozen=True, slots=True)
class Wanted:
    """What Connect was called with. *client* may be null."""

    token: GeodeToken
    flags: int
    block: AppLaunchBlock | None
    client: Optr

    @property
    def mode(self) -> int:
        """The mode that a server has to be in."""
        return self.flags & IACPCF_SERVER_MODE

    @property
    def first_only(self) -> bool:
        """Whether one server is enough."""
        return bool(self.flags & IACPCF_FIRST_ONLY)

    @property
    def document(self) -> FileReference | None:
        """The document that an application is to open, if the block names one."""
        block = self.block
        if block is None or block.app_mode not in (0, OPEN_APPLICATION):
            return None
        if not block.data_file:
            return None
        return FileReference(block.disk_handle, block.path, block.data_file)


class Answer(NamedTuple):
    """What Connect comes to; with *connection* 0 there is an *error*."""

    connection: int
    num_servers: int
    error: int
    owner: int  # the geode of the first server


class MDesk(MLaunchDesk, Protocol):
    """What an attempt needs of the server."""

    @property
    def model(self) -> Model:
        """The lists and connections."""

    @property
    def launch_model(self) -> UILaunchModel:
        """The system's."""

    def watch(self, geode: int) -> bool:
        """Hear of its death. Returns: whether it lives."""

    def identify(
        self, file: FileReference, done: Callable[[DocumentId | FileError], None]
    ) -> None:
        """Find out which file that is."""

    def ask_reuse(
        self, token: GeodeToken, name: str, done: Callable[[bool], None]
    ) -> None:
        """Ask the user whether the running application will do."""


class Attempt:
    """See the picture above. It ends once, by calling *answer*, or never."""

    def __init__(
        self, desk: MDesk, wanted: Wanted, answer: Callable[[Answer | Fatal], None]
    ) -> None:
        # Fixed for life:
        self._desk: Final = desk
        self._wanted: Final = wanted
        self._answer: Final = answer

        # Owned by the server's thread:
        self._launch: Launch | None = None
        self._launched = 0  # the geode
        self._document: DocumentId | None = None
        self._is_over = False

    def begin(self) -> None:
        """Look whether there is a server."""
        if self._servers() is not None:
            self._find_document()
        elif self._wanted.block is None:
            self._fail(IACPCE_NO_SERVER)
        else:
            self._begin_launch(self._wanted.block, self._on_launched, another=False)

    def abandon(self) -> None:
        """Nobody waits for the answer any more."""
        self._is_over = True
        if self._launch is not None:
            self._launch.abandon()

    # Launching.

    def _begin_launch(
        self,
        block: AppLaunchBlock,
        done: Callable[[Launched], None],
        *,
        another: bool,
    ) -> None:
        token = self._wanted.token
        self._launch = Launch(self._desk, token, block, done, another=another)
        self._launch.begin()

    def _on_launched(self, launched: Launched) -> None:
        if launched.error is not None:
            self._fail(launched.error)
            return
        self._launched = launched.geode
        self._find_document()

    def _on_another(self, launched: Launched) -> None:
        """What is running does, if the launch failed."""
        self._launched = launched.geode
        found = self._servers()
        if found is None or launched.error is not None:
            self._connect()
        else:
            self._connect(found.index_of_geode(launched.geode))

    # The document.

    def _find_document(self) -> None:
        file = self._wanted.document
        if file is None:
            self._consult_launch_model()
        elif not self._wanted.first_only:
            self._end(Fatal(IACPFault.FIRST_ONLY_MUST_BE_SET_IF_DOCUMENT_SPECIFIED))
        else:
            self._desk.identify(file, self._on_identified)

    def _on_identified(self, document: DocumentId | FileError) -> None:
        found = self._servers()
        if self._is_over:
            return
        index = None
        if found is not None and isinstance(document, DocumentId):
            server = self._desk.model.documents.find(document)
            index = found.index_of(server) if server is not None else None
        if index is None or isinstance(document, FileError):
            self._consult_launch_model()
        else:
            self._document = document
            self._connect(index)

    # The launch model.

    def _consult_launch_model(self) -> None:
        wanted = self._wanted
        if wanted.block is None or not wanted.flags & IACPCF_OBEY_LAUNCH_MODEL:
            self._connect()
        elif not wanted.first_only:
            self._end(
                Fatal(IACPFault.MUST_CONNECT_TO_FIRST_ONLY_IF_OBEYING_LAUNCH_MODEL)
            )
        elif wanted.mode < IACPSM_USER_INTERACTIBLE:
            self._end(Fatal(IACPFault.MUST_CONNECT_IN_APP_MODE_IF_OBEYING_LAUNCH_MODEL))
        else:
            self._obey_launch_model(wanted.block)

    def _obey_launch_model(self, block: AppLaunchBlock) -> None:
        found = self._servers()
        running = None if found is None else found.first_in(self._wanted.mode)
        if self._launched or not self._may_launch_beside(running, block):
            self._connect()
        elif self._desk.launch_model == UILM_GURU:
            self._begin_launch(block, self._on_another, another=True)
        else:
            self._ask(block)

    def _may_launch_beside(
        self, running: ServerEntry | None, block: AppLaunchBlock
    ) -> bool:
        return (
            running is not None
            and bool(running.flags & IACPSF_MULTIPLE_INSTANCES)
            and not block.launch_flags & AppLaunchFlags.ALF_OVERRIDE_MULTIPLE_INSTANCE
            and self._desk.launch_model >= UILM_MULTIPLE_INSTANCES
        )

    def _ask(self, block: AppLaunchBlock) -> None:
        """By the document's name, or the application's; with neither, don't."""
        name = block.data_file or block.app_ref.file_name
        if not name:
            found = self._desk.locate(self._wanted.token)
            name = "" if found is None else found.file_name
        if name:
            self._desk.ask_reuse(self._wanted.token, name, self._on_reply)
        else:
            self._connect()

    def _on_reply(self, reuse: bool) -> None:
        block = self._wanted.block
        assert block is not None, "the launch model is for those with a block"
        if self._is_over:
            return
        if reuse:
            self._connect()
        else:
            self._begin_launch(block, self._on_another, another=True)

    # The end.

    def _connect(self, forced: int | None = None) -> None:
        """Connect to whoever there is; *forced* whatever its mode."""
        found = self._servers()
        if found is None:
            self._start_again()
            return
        if not self._wanted.client:
            self._end(Fatal(IACPFault.IACP_CONNECTION_HAS_NO_CLIENT_OBJECT))
            return
        launched = found.index_of_geode(self._launched) if self._launched else None
        start = forced if forced is not None else launched or 0
        choice = found.choose(
            self._wanted.mode, start, forced, first_only=self._wanted.first_only
        )
        made = self._desk.model.connect(
            found,
            self._wanted.client,
            choice,
            block=self._wanted.block,
            just_launched=bool(self._launched),
            document=self._document,
        )
        if made is None:
            self._fail(GeodeLoadError.GLE_MEMORY_ALLOCATION_ERROR)
        else:
            first = choice.servers[0]
            self._end(Answer(made.number, len(choice.servers), 0, first.geode))
            self._desk.watch(self._wanted.client.geode)

    def _start_again(self) -> None:
        """All servers left while we waited for something else."""
        if self._launched:
            self._fail(IACPCE_SERVER_EXITED)
        else:
            self.begin()

    def _servers(self) -> ServerList | None:
        """The token's list, if there is a server on it."""
        found = self._desk.lists.find(self._wanted.token)
        return found if found is not None and found.servers else None

    def _fail(self, error: int) -> None:
        self._end(Answer(IACP_NO_CONNECTION, 0, error, 0))

    def _end(self, answer: Answer | Fatal) -> None:
        assert not self._is_over, "a connect has one answer"
        self._is_over = True
        self._answer(answer)
