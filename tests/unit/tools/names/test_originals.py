"""What names an `Original:` line holds."""

import pytest

from tools.names.originals import first_sentence, original_line, original_names

LINES = {
    "CActive::RunL.": ("CActive::RunL",),
    "CActive (e32base.h).": ("CActive",),
    "CleanupClosePushL (e32base.h).": ("CleanupClosePushL",),
    "RMsgQueue<T>::Send.": ("RMsgQueue<T>::Send",),
    "RProcess::Rendezvous(TRequestStatus&).": ("RProcess::Rendezvous",),
    "RLibrary::Type, GetInfo.": ("RLibrary::Type", "RLibrary::GetInfo"),
    "Dll::Tls, UserSvr::DllTls.": ("Dll::Tls", "UserSvr::DllTls"),
    "TTime::UniversalTime, which counts from the year 0.": ("TTime::UniversalTime",),
    "RFile::Open. The default mode is ours.": ("RFile::Open",),
    "TBuf16, usually written TBuf.": ("TBuf16", "TBuf"),
    "TDblQueIter::operator++.": ("TDblQueIter::operator++",),
    "TDblQueIter::operator T*.": ("TDblQueIter::operator T*",),
    "RTest::operator().": ("RTest::operator()",),
    "CActive::~CActive; a subclass cancels.": ("CActive::~CActive",),
    "L4::Cap, L4Re::Util::Unique_cap; l4re-idl 1.1.": (
        "L4::Cap",
        "L4Re::Util::Unique_cap",
    ),
    "L4::Runtime_error, and l4_error; a tag.": ("L4::Runtime_error", "l4_error"),
    "l4_task_map within one task.": ("l4_task_map",),
    "an explicit reply capability, L4::Ipc::Reply_cap.": ("L4::Ipc::Reply_cap",),
    "Ned's :wait.": (":wait",),
    "@message, and a message's enumerator.": ("@message",),
    "…MARK.": ("__UHEAP_MARK", "__RHEAP_MARK", "__KHEAP_MARK"),
    "none; a convenience.": (),
    "the result and the two arguments of FindByName.": (),
    "": (),
}


@pytest.mark.parametrize("line", LINES)
def test_the_names_before_the_words(line: str) -> None:
    assert original_names(line) == LINES[line]


class Documented:
    """Says what it is. And more.

    Original: CThing::DoIt, which goes on
    in the next line.

    Not part of it.
    """


class InPassing:
    """Says it at once. Original: CThing."""


def test_the_line_ends_with_its_paragraph() -> None:
    expected = "CThing::DoIt, which goes on in the next line."
    assert original_line(Documented) == expected
    assert original_line(InPassing) == "CThing."


def test_the_first_sentence_is_what_it_is() -> None:
    assert first_sentence(Documented) == "Says what it is."
    assert first_sentence(InPassing) == "Says it at once."


def test_without_a_docstring_nothing_is_said() -> None:
    assert (original_line(int.__add__), first_sentence(lambda: 0)) == ("", "")
