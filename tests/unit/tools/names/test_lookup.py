"""Whatever way a name is written, it is found; and what it is not, is not."""

import pytest

from tools.names import find, library

FOUND = {
    "CSession2::ServiceL": ["CSession2.service"],
    "CSession2::Service": ["CSession2.service"],
    "csession2.service": ["CSession2.service"],
    "CSession2.service": ["CSession2.service"],
    "ServiceL": ["CSession2.service"],
    "CSession2::ServiceL()": ["CSession2.service"],
    "CSession2::ServiceL(const RMessage2&)": ["CSession2.service"],
    "RThread::Close": ["RHandleBase.close"],
    "HBufC::NewL": ["HBufC.new"],
    "TBuf<n>": ["TBuf"],
    "TBuf16": ["TBuf"],
    "TRAPD": ["Trap"],
    "CleanupReleasePush": ["cleanup_release_push"],
    "__UHEAP_MARKEND": ["UserHeap.mark_end"],
    "KErrNotFound": ["KErrNotFound"],
    "kerrnotfound": ["KErrNotFound"],
    "TErr::KErrNotFound": ["KErrNotFound"],
    "EStraySignal": ["E32USER-CBase 46"],
    "KERN-EXEC 3": ["KERN-EXEC 3"],
    "kern-exec 44": ["KERN-EXEC 44"],
    "CServer": ["CServer 0", "CServer 1", "CServer 2", "CServer 3"],
    "-3": ["KErrCancel"],
    "-13": ["KErrDied", "L4_EACCESS"],
    "13": ["L4_EACCESS"],
    "-2004": ["L4_IPC_ENOT_EXISTENT"],
    "2004": ["L4_IPC_ENOT_EXISTENT"],
    "0": ["KErrNone", "L4_EOK"],
    "KMaxName": ["KMaxName"],
    "RFs::MkDirAll": ["RFs.mk_dir_all"],
    "l4_ipc_call": ["Cap.call"],
    "IACPConnect": ["connect"],
    "MSG_META_IACP_NEW_CONNECTION": ["MSG_META_IACP_NEW_CONNECTION"],
    "MetaClass::MSG_META_QUIT": ["MSG_META_QUIT"],
    "MSG_GEN_APPLICATION_CLOSE_FILE_ACK": [
        "GenApplicationClass.MSG_GEN_APPLICATION_CLOSE_FILE_ACK"
    ],
    "CreatorHasCapability": ["User.creator_has_capability"],
    "CObjectCon::operator[]": ["CObjectCon.in_order"],
    "RSession*::share*": [
        "RSessionBase.share_auto",
        "RSessionBase.share_protected",
    ],
    "sharepro": ["RSessionBase.share_protected"],
}


@pytest.mark.parametrize("word", FOUND)
def test_a_name_is_found(word: str) -> None:
    (found,) = find([word])
    assert sorted(entry.ours for entry in found.entries) == sorted(FOUND[word])


def test_a_bare_name_is_found_in_every_class() -> None:
    (found,) = find(["SendReceive"])
    assert {entry.ours for entry in found.entries} >= {
        "RSessionBase.send_receive",
        "RSessionBase.try_send_receive",
        "RSubSessionBase.send_receive",
    }


def test_a_category_takes_the_number_behind_it() -> None:
    words = ["KERN-EXEC", "3", "WServ", "panic", "3", "-3", "KErrDied"]
    found = find(words)
    assert [one.word for one in found] == [
        "KERN-EXEC 3",
        "WServ panic 3",
        "-3",
        "KErrDied",
    ]
    assert all(one.entries for one in found)


@pytest.mark.parametrize(
    "word", ["", "*::", "::", "-999", "KERN-EXEC 999", "Zzyzx", "~"]
)
def test_what_nobody_calls_so_is_not_found(word: str) -> None:
    assert [list(one.entries) for one in find([word])] == [[]]


def test_a_slip_is_answered_with_what_was_meant() -> None:
    (found,) = find(["Sendrecieve"])
    assert found.nearest[0] == "SendReceive"


def test_no_word_begins_nothing() -> None:
    assert find([]) == []


def test_each_name_of_ours_stands_once_for_each_place() -> None:
    places = [(entry.ours, entry.module) for entry in library()]
    assert len(places) == len(set(places)) > 1_500


def test_each_error_and_panic_says_what_it_means() -> None:
    told = {"error", "panic"}
    mute = [e.ours for e in library() if e.kind in told and not e.says]
    assert mute == []


def test_each_class_and_function_says_what_it_is() -> None:
    told = {"class", "method", "function"}
    mute = [e.ours for e in library() if e.kind in told and not e.says]
    assert mute == []
