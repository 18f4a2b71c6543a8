"""A server that refuses what its client has no capability for.

    eka run examples/policy_server.py

prints

    read: dear diary
    write: KErrPermissionDenied
    sing: KErrNotSupported
    burn: panicked E32USER-CBase 103
"""

from enum import IntEnum

from userlib import (
    CPolicyServer,
    CSession2,
    EPriorityStandard,
    Image,
    KErrNone,
    RMessage2,
    RSessionBase,
    RThread,
    TBuf,
    TCapability,
    TIpcArgs,
    TPolicy,
    TPolicyElement,
    TRequestStatus,
    TSecurityPolicy,
    TVersion,
    User,
    code_name,
)

# What this program may do. A message bears the identity of its sender's process.
IMAGE = Image(capabilities=frozenset({TCapability.ECapabilityReadUserData}))


class TDiary(IntEnum):
    """The requests."""

    ERead = 0  # 0: 16-bit buffer, to write to
    EWrite = 1  # 0: 16-bit text
    EBurn = 2
    ESing = 3  # in no version so far


KReaders = TSecurityPolicy.of_capabilities(TCapability.ECapabilityReadUserData)
KWriters = TSecurityPolicy.of_capabilities(TCapability.ECapabilityWriteUserData)

# Each range of functions begins where it says and ends before the next one; its index
# names the element, or says what to do without asking who it is.
KPolicy = TPolicy(
    on_connect=CPolicyServer.EAlwaysPass,
    ranges=(TDiary.ERead, TDiary.EWrite, TDiary.EBurn, TDiary.ESing),
    element_indexes=(0, 1, 2, CPolicyServer.ENotSupported),
    elements=(
        TPolicyElement(KReaders),
        TPolicyElement(KWriters),
        TPolicyElement(KWriters, CPolicyServer.EPanicClient),
    ),
)


class DiarySession(CSession2):
    """Serves without a check of its own: what gets here has passed."""

    text = "dear diary"

    def service(self, message: RMessage2) -> None:
        match message.function:
            case TDiary.ERead:
                message.write(0, self.text)
            case TDiary.EWrite:
                self.text = message.read16(0)
            case TDiary.EBurn:
                self.text = ""
        message.complete(KErrNone)


class DiaryServer(CPolicyServer):
    """Has the table."""

    def __init__(self) -> None:
        super().__init__(EPriorityStandard, KPolicy)

    def new_session(self, version: TVersion, message: RMessage2) -> DiarySession:
        return DiarySession()


def burn() -> None:
    """What a client is ended for."""
    RSessionBase().create_session("diary").send_receive(TDiary.EBurn)


def e32main() -> None:
    """Try everything; the last in a thread, which does not survive it."""
    RThread().launch("server", lambda: DiaryServer().run("diary"))
    with RSessionBase().create_session("diary") as diary:
        page = TBuf(80)
        diary.send_receive(TDiary.ERead, TIpcArgs(page))
        print(f"read: {page}")
        code = diary.try_send_receive(TDiary.EWrite, TIpcArgs("I was here"))
        print(f"write: {code_name(code)}")
        print(f"sing: {code_name(diary.try_send_receive(TDiary.ESing))}")
    with RThread().create("vandal", burn) as vandal:
        ended = TRequestStatus()
        vandal.logon(ended)
        vandal.resume()
        User.wait_for_request(ended)
        print(f"burn: {vandal.exit_info()}")
