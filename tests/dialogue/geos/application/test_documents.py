"""Documents and the files they hold, when clients ask for either. geos-iacp 4.5."""

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from eka import MachineConfig
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareExclusive, EFileWrite
from servers.fileserver.protocol import KFileServerProgram
from servers.iacp.boot import iacp_config
from tools.boot import machine_config as standard_config
from userlib import Leave, trap
from userlib.geos import (
    MSG_META_IACP_ALLOW_FILE_ACCESS,
    MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED,
    NULL_OPTR,
    TO_MODEL,
    TO_SELF,
    AppLaunchFlags,
    ApplicationImage,
    Event,
    GenApplicationClass,
    GenDocumentClass,
    GenDocumentGroupClass,
    GeodeToken,
    iacp,
    message,
    method,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import (
    IACPCE_NO_SERVER,
    IACPCF_FIRST_ONLY,
    IACPS_CLIENT,
    IACPSM_USER_INTERACTIBLE,
)
from userlib.geos.paths import SP_DOCUMENT, FileError

if TYPE_CHECKING:
    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
FIRST = IACPCF_FIRST_ONLY | IACPSM_USER_INTERACTIBLE
FOR_IACP_ONLY = AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY
LETTER = "C:\\DOCUMENT\\LETTER"


class FileDocument(GenDocumentClass):
    """Holds its file open, so that nobody else can open it."""

    play: ClassVar[Any] = None

    @method(GenDocumentClass.MSG_GEN_DOCUMENT_PHYSICAL_OPEN)
    def physical_open(self) -> int:
        self.fs = RFs().connect()
        self.file = RFile()
        name = f"C:\\DOCUMENT\\{self.file_name}"
        try:
            self.file.open(self.fs, name, EFileShareExclusive | EFileWrite)
        except Leave:
            self.fs.close()
            return FileError.ERROR_SHARING_VIOLATION
        self.play.log.append((self.file_name, "open"))
        return 0

    @method(GenDocumentClass.MSG_GEN_DOCUMENT_PHYSICAL_CLOSE)
    def physical_close(self) -> None:
        self.file.close()
        self.fs.close()
        self.play.log.append((self.file_name, "closed"))

    @method(GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE_FILE)
    def wait_first(self, ack: Event | None) -> None:
        for gate in self.play.gates:
            queue_get_message(gate)
        self.callsuper()


class QuietApplication(GenApplicationClass):
    """An application that logs nothing, so that its documents can be heard."""

    play: Any = None
    name: str = "?"

    MSG_HI = message(number=int | None)
    MSG_WAIT = message(queue=int)
    MSG_CHANGE = message()

    @method(MSG_CHANGE)
    def change(self) -> None:
        for key, value in self.play.changes.pop().items():
            setattr(self, key, value)


@pytest.fixture
def images(play: "Play") -> list[ApplicationImage]:
    return [play.image("EDITOR", cls=QuietApplication, documents=FileDocument)]


@pytest.fixture
def machine_config(images: list[ApplicationImage]) -> MachineConfig:
    return iacp_config(*images, config=standard_config(services=(KFileServerProgram,)))


@pytest.fixture
def letter(client: "Client") -> str:
    """A file, and another one, in the document directory."""

    def write(_: Any) -> None:
        with RFs().connect() as fs:
            fs.mk_dir_all("C:\\DOCUMENT\\")
            for name in (LETTER, "C:\\DOCUMENT\\OTHER"):
                RFile().replace(fs, name, EFileWrite).close()

    client.tell(write)
    return "LETTER"


def can_open(_: Any) -> bool:
    """Whether somebody else than the document can have the file."""
    with RFs().connect() as fs, RFile() as file:
        return not trap(file.open, fs, LETTER, EFileShareExclusive | EFileWrite)


def open_for(client: "Client", connection: int, name: str = "LETTER") -> None:
    """Ask the server to open a document for the connection."""

    def ask(_: Any) -> None:
        event = record(
            GenDocumentGroupClass,
            GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_OPEN_DOC,
            file_name=name,
            disk_handle=int(SP_DOCUMENT),
            connection=connection,
        )
        iacp.send_message(connection, event, TO_MODEL, None, IACPS_CLIENT)

    client.tell(ask)


def send(client: "Client", connection: int, what: Any, number: int) -> None:
    """Send a message about the connection itself, with a completion."""

    def ask(_: Any) -> None:
        event = record(None, what, connection=connection)
        iacp.send_message(connection, event, TO_SELF, client.done(number), IACPS_CLIENT)

    client.tell(ask)


@pytest.mark.case("GI-82")
def test_access_to_a_file_is_allowed_when_its_document_has_closed_it(
    play: "Play", client: "Client", letter: str
) -> None:
    made = client.connect(FIRST, play.app_block(data_file=letter))
    assert play.take() == [("LETTER", "open")]
    assert not client.tell(can_open)
    gate = client.make_gate()
    send(client, made.connection, MSG_META_IACP_ALLOW_FILE_ACCESS, 1)
    assert play.take() == []
    play.open_gate(gate)
    assert play.take() == [("LETTER", "closed"), ("C", "DONE", 1)]
    assert client.tell(can_open)
    send(client, made.connection, MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED, 2)
    assert set(play.take()) == {("LETTER", "open"), ("C", "DONE", 2)}
    assert not client.tell(can_open)


def test_without_a_document_access_is_allowed_at_once(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(FIRST, play.app_block())
    send(client, made.connection, MSG_META_IACP_ALLOW_FILE_ACCESS, 1)
    assert play.take() == [("C", "DONE", 1)]


def test_an_application_may_make_way_for_who_needs_its_file(
    play: "Play", client: "Client", letter: str
) -> None:
    """The completion comes when its UI is closed, and the application leaves later."""
    made = client.connect(FIRST, play.app_block(data_file=letter))
    play.take()
    quits = {"quit_on_allow_file_access": True}
    play.change("EDITOR", **quits)
    send(client, made.connection, MSG_META_IACP_ALLOW_FILE_ACCESS, 1)
    assert play.take() == [("LETTER", "closed"), ("C", "DONE", 1)]
    assert client.tell(can_open)
    assert play.modes() == {T: [0]}
    send(client, made.connection, MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED, 2)
    client.shutdown(made.connection)
    assert play.running("EDITOR") == []


def test_clients_find_the_application_that_has_a_file_open(
    play: "Play", client: "Client", letter: str
) -> None:
    client.connect(FIRST, play.app_block(data_file=letter))
    (editor,) = play.running("EDITOR")

    def connect(name: str) -> Any:
        return client.tell(
            lambda _: iacp.connect_to_document_server("", name, SP_DOCUMENT)
        )

    made = connect("letter")
    assert made == (made.connection, 1, None, editor.handle)
    assert connect("OTHER") == (0, 0, IACPCE_NO_SERVER, 0)
    client.tell(iacp.shutdown_all)
    play.quit("EDITOR")
    assert connect("LETTER") == (0, 0, IACPCE_NO_SERVER, 0)


def test_a_client_is_told_of_the_document_it_had_opened_and_closed(
    play: "Play", client: "Client", letter: str
) -> None:
    made = client.connect(FIRST, play.app_block())
    open_for(client, made.connection, letter)
    (opened, told) = play.take()
    assert opened == ("LETTER", "open")
    assert told[:2] == ("C", "DOC_OPEN_ACK")
    document, connection, server_number = told[2:]
    assert (connection, server_number) == (made.connection, 1)

    def close(_: Any) -> None:
        event = record(
            document, GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE, connection=connection
        )
        iacp.send_message(connection, event, -1, None, IACPS_CLIENT)

    client.tell(close)
    assert play.take() == [
        ("LETTER", "closed"),
        ("C", "DOC_CLOSE_ACK", document, connection, 1, 0),
    ]
    client.tell(close)
    assert play.take() == []


def test_a_document_that_cannot_be_opened_is_told_as_null(
    play: "Play", client: "Client", letter: str
) -> None:
    made = client.connect(FIRST, play.app_block())

    def hold(_: Any) -> None:
        fs = RFs().connect()
        RFile().open(fs, LETTER, EFileShareExclusive | EFileWrite)

    client.tell(hold)
    open_for(client, made.connection, letter)
    assert play.take() == [("C", "DOC_OPEN_ACK", NULL_OPTR, made.connection, 1)]


def test_a_document_closes_with_the_last_who_needs_it(
    play: "Play", client: "Client", new_client: Any, letter: str
) -> None:
    other = new_client("D")
    first = client.connect(FIRST, play.app_block())
    second = other.connect(FIRST, play.app_block())
    open_for(client, first.connection, letter)
    open_for(other, second.connection, letter)
    assert [what for what in play.take() if what[0] == "LETTER"] == [("LETTER", "open")]
    client.shutdown(first.connection)
    assert play.take() == []
    other.shutdown(second.connection)
    assert play.take() == [("LETTER", "closed")]
    assert len(play.running("EDITOR")) == 1


def test_the_documents_of_a_user_outlive_connections(
    play: "Play", client: "Client", letter: str
) -> None:
    made = client.connect(FIRST, play.app_block(data_file=letter))
    open_for(client, made.connection, letter)
    play.take()
    client.shutdown(made.connection)
    assert play.take() == []
    play.quit("EDITOR")
    assert play.take() == [("LETTER", "closed")]


@pytest.mark.parametrize("flags", [0, FOR_IACP_ONLY])
def test_a_document_that_is_open_for_iacp_only_can_be_closed_as_such(
    play: "Play", client: "Client", letter: str, flags: int
) -> None:
    made = client.connect(FIRST, play.app_block(data_file=letter, launch_flags=flags))
    close = GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE_IF_OPEN_FOR_IACP_ONLY

    def ask(_: Any) -> None:
        event = record(GenDocumentClass, close)
        iacp.send_message(made.connection, event, TO_MODEL, None, IACPS_CLIENT)

    play.take()
    client.tell(ask)
    assert play.take() == ([("LETTER", "closed")] if flags else [])
    client.shutdown(made.connection)
    assert len(play.running("EDITOR")) == (0 if flags else 1)


def test_a_file_that_somebody_else_has_taken_closes_its_document(
    play: "Play", client: "Client", letter: str
) -> None:
    made = client.connect(FIRST, play.app_block(data_file=letter))
    send(client, made.connection, MSG_META_IACP_ALLOW_FILE_ACCESS, 1)

    def hold(_: Any) -> None:
        fs = RFs().connect()
        RFile().open(fs, LETTER, EFileShareExclusive | EFileWrite)

    client.tell(hold)
    play.take()
    send(client, made.connection, MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED, 2)
    assert play.take() == [("C", "DONE", 2)]
    result = client.tell(
        lambda _: iacp.connect_to_document_server("", letter, SP_DOCUMENT)
    )
    assert result == (0, 0, IACPCE_NO_SERVER, 0)


def test_a_document_closes_when_the_iacp_server_is_gone(
    play: "Play", client: "Client", letter: str
) -> None:
    """It cannot be found any more, nor its client be told; but the file is free."""
    made = client.connect(FIRST, play.app_block(data_file=letter))
    open_for(client, made.connection)
    opened, acknowledged = play.take()
    assert (opened, acknowledged[:2]) == (("LETTER", "open"), ("C", "DOC_OPEN_ACK"))
    play.end_iacp()
    close = GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE
    play.send(acknowledged[2], close, connection=made.connection)
    assert play.take() == []  # the user has it open
    play.quit("EDITOR")
    assert play.take() == [("LETTER", "closed")]
    assert client.tell(can_open)
    assert play.running("EDITOR") == []
