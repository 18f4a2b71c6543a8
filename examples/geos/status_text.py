"""What the sample applications share: a status text, and how to start them.

No application of its own: the folder's applications import it, and so do the programs
that start them.
"""

from userlib.geos import (
    MF_CALL,
    MSG_META_DUMMY,
    SP_APPLICATION,
    AppInstanceReference,
    AppLaunchBlock,
    GenApplicationClass,
    GenTextClass,
    GeodeHandle,
    Optr,
    geode_get_app_object,
    message,
    method,
    obj_message,
    user_load_application,
)


class StatusApplicationClass(GenApplicationClass):
    """An application object that shows one text; its geode sets it up with `set_up`."""

    MSG_STATUS_GET_TEXT = message()

    @method(MSG_STATUS_GET_TEXT)
    def get_text(self) -> Optr:
        """Which object the text is."""
        return self.focus


def set_up(application: StatusApplicationClass) -> None:
    """Make the text; the application's thread runs it."""
    application.focus = GenTextClass().optr


def status_text(geode: int = 0) -> Optr:
    """The text of a geode, 0: of the caller's own."""
    application = geode_get_app_object(geode)
    text: Optr = obj_message(
        application, StatusApplicationClass.MSG_STATUS_GET_TEXT, MF_CALL
    )
    return text


def show(line: str) -> None:
    """Append a line to the text of the caller's own geode."""
    append = GenTextClass.MSG_VIS_TEXT_APPEND
    obj_message(status_text(), append, text=f"{line}\n")


def lines_of(geode: int) -> list[str]:
    """What a geode shows."""
    text: str = obj_message(
        status_text(geode), GenTextClass.MSG_VIS_TEXT_GET_ALL, MF_CALL
    )
    return text.splitlines()


def launch(name: str) -> GeodeHandle:
    """Start the application of that file, and wait until it is open."""
    geode = user_load_application(
        AppLaunchBlock(AppInstanceReference(name, disk_handle=SP_APPLICATION))
    )
    obj_message(geode, MSG_META_DUMMY, MF_CALL)  # is handled after MSG_META_ATTACH
    return geode
