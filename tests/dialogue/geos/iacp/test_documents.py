"""Documents that servers have open; applications that are located. geos-iacp 3.11."""

from dataclasses import replace
from typing import Any

import pytest

from eka import Kernel, MachineConfig
from servers.fileserver.client import RFile, RFs
from servers.iacp.boot import iacp_config
from servers.iacp.protocol import IACPSpec
from tools.boot import machine_config as standard_config
from userlib.geos import (
    NULL_OPTR,
    SP_APPLICATION,
    SP_SYS_APPLICATION,
    ApplicationImage,
    GeodeToken,
    GeosFatalError,
    iacp,
)
from userlib.geos.iacp_constants import (
    IACPCE_NO_SERVER,
    IACPCF_CLIENT_OD_SPECIFIED,
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    UILM_GURU,
)
from userlib.geos.paths import SP_DOCUMENT, FileError, disk_handle
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"OTHR", 8)
IN_UI = 2
ANY_DISK = disk_handle("C")


def never() -> None:
    """A program that no test here launches."""


@pytest.fixture
def images() -> list[ApplicationImage]:
    return [
        ApplicationImage("A", T, never),
        ApplicationImage("WORLD\\B", U, never),
        ApplicationImage("A2", T, never),
        ApplicationImage("S", GeodeToken(b"SYST", 0), never, SP_SYS_APPLICATION),
        ApplicationImage("A", GeodeToken(b"SYST", 0), never, SP_SYS_APPLICATION),
    ]


@pytest.fixture
def machine_config(images: list[ApplicationImage], spec: IACPSpec) -> MachineConfig:
    return standard_config(
        config=iacp_config(*images, spec=spec), services=("fileserver",)
    )


@pytest.fixture(autouse=True)
def files(machine: Kernel) -> None:
    """F and G, in the document directory and elsewhere."""

    def write() -> None:
        with RFs().connect() as fs:
            for directory in ("C:\\DOCUMENT\\LETTERS\\", "D:\\ELSEWHERE\\"):
                fs.mk_dir_all(directory)
                for name in ("F", "G"):
                    RFile().replace(fs, directory + name).close()

    machine.run(write)


def document_block(name: str, **more: Any) -> Any:
    block = iacp.create_default_launch_block(more.pop("app_mode", OPEN_APPLICATION))
    return replace(block, path="LETTERS", data_file=name, **more)


@pytest.fixture
def two(stage: Any) -> tuple[Any, Any, Any]:
    """Servers in modes 2 and 0, the second of which has F open; and a client."""
    s1 = stage.server("S1", 2, token=T)
    s2 = stage.server("S2", 0, token=T)
    c = stage.geode("C")
    stage.tell(s2, register_f)
    return s1, s2, c


def register_f(app: Any) -> Any:
    found = iacp.get_document_id("LETTERS", "F", SP_DOCUMENT)
    assert isinstance(found, iacp.DocumentId)
    iacp.register_document(app, *found)
    return found


@pytest.mark.case("GI-78")
def test_a_document_is_registered_once(stage: Any) -> None:
    s1 = stage.server("S1", token=T)
    c = stage.geode("C")

    def register(app: Any) -> Any:
        found = register_f(app)
        assert register_f(app) == found
        assert iacp.documents() == ((*found, app.optr),)
        was_known = iacp.unregister_document(app, *found)
        return was_known, iacp.unregister_document(app, *found), iacp.documents()

    assert stage.tell(s1, register) == (True, False, ())
    made = stage.tell(
        c, lambda _: iacp.connect_to_document_server("LETTERS", "F", SP_DOCUMENT)
    )
    assert made == (0, 0, IACPCE_NO_SERVER, 0)


@pytest.mark.case("GI-79")
def test_whoever_has_the_document_is_connected_to(stage: Any, two: Any) -> None:
    _, s2, c = two
    block = document_block("F")
    made = stage.connect(c, IACPCF_FIRST_ONLY | IN_UI, block)
    assert made == (made.connection, 1, None, s2.handle)
    (connection,) = stage.connections()
    assert connection.servers == (s2.app,)
    assert connection.held == 0
    assert stage.take() == [("S2", "NEW", block, False, made.connection)]
    assert stage.tell(
        c, lambda _: iacp.get_document_connection_file_id(made.connection)
    ) == stage.tell(c, lambda _: iacp.get_document_id("LETTERS", "F", SP_DOCUMENT))


@pytest.mark.case("GI-80")
@pytest.mark.parametrize("name", ["F", "G", "nowhere"])
def test_a_document_is_opened_by_one_server(stage: Any, two: Any, name: str) -> None:
    _, _, c = two

    def connect(_: Any) -> str:
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect(T, IN_UI, document_block(name))
        return caught.value.name

    assert stage.tell(c, connect) == "FIRST_ONLY_MUST_BE_SET_IF_DOCUMENT_SPECIFIED"
    assert stage.connections() == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("G", {}),  # nobody has it open
        ("nowhere", {}),
        ("F", {"disk_handle": disk_handle("Q")}),
        ("F", {"disk_handle": 99}),  # no disk at all
        ("F", {"app_mode": OPEN_ENGINE}),  # which opens no documents
    ],
)
def test_otherwise_it_is_as_without_a_document(
    stage: Any, two: Any, name: str, fields: dict[str, int]
) -> None:
    s1, _, c = two
    block = document_block(name, **fields)
    made = stage.connect(c, IACPCF_FIRST_ONLY | IN_UI, block)
    assert made == (made.connection, 1, None, s1.handle)


def test_a_document_of_another_list_is_nobodys(stage: Any, two: Any) -> None:
    s1, _, c = two
    other = stage.server("S3", 2, serves=U)

    def register_g(app: Any) -> None:
        found = iacp.get_document_id("LETTERS", "G", SP_DOCUMENT)
        assert isinstance(found, iacp.DocumentId)
        iacp.register_document(app, *found)

    stage.tell(other, register_g)
    made = stage.connect(c, IACPCF_FIRST_ONLY | IN_UI, document_block("G"))
    assert made.first_owner == s1.handle


@pytest.mark.case("GI-81")
def test_a_document_leads_to_its_server(stage: Any, two: Any) -> None:
    _, s2, c = two

    def connect(name: str) -> Any:
        place = ("LETTERS", name, SP_DOCUMENT)
        found = stage.tell(c, lambda _: iacp.connect_to_document_server(*place, IN_UI))
        stage.settle()
        return found

    made = connect("F")
    assert made == (made.connection, 1, None, s2.handle)
    (connection,) = stage.connections()
    assert (connection.servers, connection.held) == ((s2.app,), None)
    assert stage.take() == [("S2", "NEW", None, False, made.connection)]
    assert stage.send(c, made.connection) == 1
    assert stage.take() == [("S2", "HI")]
    assert connect("G") == (0, 0, IACPCE_NO_SERVER, 0)
    assert connect("nowhere") == (0, 0, FileError.ERROR_FILE_NOT_FOUND, 0)


def test_a_document_server_is_found_by_its_own_token(stage: Any, two: Any) -> None:
    """Who has a document open but serves other tokens only is not found."""
    _, s2, c = two
    stage.tell(s2, lambda app: iacp.unregister_server(T, app))
    stage.tell(s2, lambda app: iacp.register_server(U, app, 2))

    def connect(_: Any) -> Any:
        return iacp.connect_to_document_server("LETTERS", "F", SP_DOCUMENT)

    assert stage.tell(c, connect) == (0, 0, IACPCE_NO_SERVER, 0)


def test_a_document_connection_needs_a_client(stage: Any, two: Any) -> None:
    _, _, c = two

    def connect(_: Any) -> str:
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect_to_document_server(
                "LETTERS", "F", SP_DOCUMENT, IACPCF_CLIENT_OD_SPECIFIED, NULL_OPTR
            )
        return caught.value.name

    assert stage.tell(c, connect) == "IACP_CONNECTION_HAS_NO_CLIENT_OBJECT"


def test_a_file_has_one_number_whatever_leads_to_it(stage: Any) -> None:
    c = stage.geode("C")

    def ids(_: Any) -> list[Any]:
        get = iacp.get_document_id
        return [
            get("LETTERS", "F", SP_DOCUMENT),
            get("\\document\\letters\\", "f", ANY_DISK),
            get("", "LETTERS\\F", SP_DOCUMENT),
            get("LETTERS", "G", SP_DOCUMENT),
            get("ELSEWHERE", "F", disk_handle("D")),
        ]

    first, *same, other, elsewhere = stage.tell(c, ids)
    assert same == [first, first]
    assert first.disk == ANY_DISK
    assert elsewhere.disk == disk_handle("D")
    assert len({first, other, elsewhere}) == 3


@pytest.mark.parametrize(
    ("directory", "name", "disk", "error"),
    [
        ("LETTERS", "nowhere", SP_DOCUMENT, FileError.ERROR_FILE_NOT_FOUND),
        ("NOWHERE", "F", SP_DOCUMENT, FileError.ERROR_PATH_NOT_FOUND),
        ("", "LETTERS", SP_DOCUMENT, FileError.ERROR_FILE_NOT_FOUND),
        ("LETTERS", "F", disk_handle("Q"), FileError.ERROR_DRIVE_NOT_READY),
        ("LETTERS", "F", 99, FileError.ERROR_PATH_NOT_FOUND),
        ("LETTERS", "F*", SP_DOCUMENT, FileError.ERROR_PATH_NOT_FOUND),
    ],
)
def test_why_a_file_is_none_is_told(
    stage: Any, directory: str, name: str, disk: int, error: FileError
) -> None:
    c = stage.geode("C")
    found = stage.tell(c, lambda _: iacp.get_document_id(directory, name, disk))
    assert found is error


class TestWithTheLaunchModel:
    """A document goes before the model."""

    @pytest.fixture
    def spec(self) -> IACPSpec:
        return IACPSpec(launch_model=UILM_GURU)

    def test_a_document_goes_to_its_server(self, stage: Any, two: Any) -> None:
        s1, s2, c = two
        stage.tell(s1, lambda app: iacp.register_server(T, app, 2, 0x80))
        flags = IACPCF_FIRST_ONLY | IACPCF_OBEY_LAUNCH_MODEL | IN_UI
        assert stage.connect(c, flags, document_block("F")).first_owner == s2.handle


# Applications


def located(stage: Any, c: Any, token: GeodeToken) -> Any:
    found = stage.tell(c, lambda _: iacp.locate_server(token))
    return None if found is None else (found.file_name, found.disk_handle)


@pytest.mark.case("GI-83")
def test_a_binding_goes_before_tokens(stage: Any) -> None:
    c = stage.geode("C")
    stage.tell(c, lambda _: iacp.bind_token(T, "world\\b"))
    assert located(stage, c, T) == ("WORLD\\B", SP_APPLICATION)
    assert located(stage, c, U) == ("WORLD\\B", SP_APPLICATION)
    stage.tell(c, lambda _: iacp.unbind_token(T))
    stage.tell(c, lambda _: iacp.unbind_token(T))
    assert located(stage, c, T) == ("A", SP_APPLICATION)


@pytest.mark.case("GI-84")
def test_a_binding_to_nothing_counts_for_nothing(stage: Any) -> None:
    c = stage.geode("C")
    stage.tell(c, lambda _: iacp.bind_token(T, "nowhere"))
    assert located(stage, c, T) == ("A", SP_APPLICATION)


def test_a_later_binding_takes_the_place_of_the_first(stage: Any) -> None:
    c = stage.geode("C")
    for path in ("nowhere", "WORLD\\B", "A2"):
        stage.tell(c, lambda _, p=path: iacp.bind_token(T, p))
    assert located(stage, c, T) == ("A2", SP_APPLICATION)


def test_the_systems_applications_come_last(stage: Any) -> None:
    c = stage.geode("C")
    system = GeodeToken(b"SYST", 0)
    assert located(stage, c, system) == ("S", SP_SYS_APPLICATION)
    stage.tell(c, lambda _: iacp.bind_token(system, "A"))
    assert located(stage, c, system) == ("A", SP_APPLICATION)
    assert located(stage, c, GeodeToken(b"NONE", 0)) is None
