"""Applications on a machine that has no IACP: they run, and nobody finds them."""

import pytest

from eka import Kernel, MachineConfig
from userlib.geos import (
    MF_CALL,
    MSG_META_QUIT,
    GenApplicationClass,
    GenDocumentGroupClass,
    Geode,
    GeodeToken,
    Optr,
    geodes,
    geos_config,
    message,
    method,
    obj_message,
)

T = GeodeToken(b"SRVR", 8)


class Application(GenApplicationClass):
    """Tells whether its user interface is up, and what it has open."""

    MSG_IS_USABLE = message()
    MSG_OPEN = message()

    @method(MSG_IS_USABLE)
    def is_usable(self) -> bool:
        return self.state.is_usable

    @method(MSG_OPEN)
    def open(self) -> Optr:
        group = GenDocumentGroupClass()
        self.document_group = self.model = group.optr
        opened: Optr = obj_message(
            group,
            GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_OPEN_DOC,
            MF_CALL,
            file_name="LETTER",
        )
        return opened


@pytest.fixture
def machine_config() -> MachineConfig:
    return geos_config()


def test_an_application_comes_up_opens_documents_and_quits(machine: Kernel) -> None:
    process = machine.start(
        Geode("app", T, application=Application, ui_thread=True).run
    )
    machine.wait_idle()
    with machine.attach():
        (app,) = [info.app_object for info in geodes() if info.name == "app"]
        assert obj_message(app, Application.MSG_IS_USABLE, MF_CALL)
        assert obj_message(app, Application.MSG_OPEN, MF_CALL)
        obj_message(app, MSG_META_QUIT)
    machine.wait_idle()
    assert str(process.exit_info) == "exited with KErrNone"
