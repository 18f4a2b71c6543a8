"""A service that two editors share, of which one dies.

    eka run --geos examples/geos examples/geos/spell_check.py

prints

    the first editor's unknown words: teh
    the second editor dies before its answer comes
    one speller serves what is left: kernle mesage
    the last editor closes, and the speller leaves

Nobody starts the speller (`speller.py`), and nobody ends it. The first editor
(`editor.py`) that asks has it launched; the dead one is taken off its connection by
IACP; and when the other one leaves, its application object sees that nobody is left.
"""

from editor import EditorProcessClass
from status_text import launch

from userlib import TRequestStatus, User
from userlib.geos import (
    MF_CALL,
    MSG_META_QUIT,
    GeodeHandle,
    geode_get_app_object,
    geode_open_process,
    geodes,
    obj_message,
)


def unknown_words(editor: GeodeHandle, text: str) -> str:
    """Let an editor check a text."""
    obj_message(editor, EditorProcessClass.MSG_EDITOR_CHECK, MF_CALL, text=text)
    get = EditorProcessClass.MSG_EDITOR_GET_UNKNOWN
    unknown: str = obj_message(editor, get, MF_CALL)
    return unknown


def speller() -> GeodeHandle:
    """The only one there is."""
    (found,) = [info.handle for info in geodes() if info.name == "speller"]
    return found


def e32main() -> None:
    """Start two editors, let one crash and the other close."""
    first, second = launch("editor"), launch("editor")
    print(f"the first editor's unknown words: {unknown_words(first, 'teh small word')}")
    service = speller()

    died = TRequestStatus()
    with geode_open_process(second) as process:
        process.logon(died)
        crash = EditorProcessClass.MSG_EDITOR_CHECK_AND_CRASH
        obj_message(second, crash, text="sends teh mesage")
        User.wait_for_request(died)
    print("the second editor dies before its answer comes")

    left = unknown_words(first, "the kernle sends a mesage")
    assert speller() == service
    print(f"one speller serves what is left: {left}")

    gone = TRequestStatus()
    with geode_open_process(service) as process:
        process.logon(gone)
        obj_message(geode_get_app_object(first), MSG_META_QUIT)
        User.wait_for_request(gone)
    print("the last editor closes, and the speller leaves")
