"""Asynchronous requests: a server answers them later, a client may take them back.

    eka run examples/cancel_requests.py

prints

    Ann and Bob wait for news
    Bob has enough: KErrCancel
    Ann reads: it rains
    Ann has enough too, but too late: KErrNone, it pours
"""

from enum import IntEnum

from userlib import (
    CActive,
    CActiveScheduler,
    CServer2,
    CSession2,
    KErrCancel,
    KErrInUse,
    KErrNone,
    KErrNotSupported,
    RMessage2,
    RSessionBase,
    RThread,
    TBuf,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    code_name,
)


class TNews(IntEnum):
    """What a client can ask for."""

    ENext = 0  # 0: 16-bit buffer, to write to
    ECancelNext = 1
    EPublish = 2  # 0: 16-bit text


class NewsSession(CSession2):
    """A client's session. What it cannot answer yet it keeps, and answers later."""

    def __init__(self, waiting: dict[CSession2, RMessage2]) -> None:
        self.waiting = waiting  # of all sessions

    def service(self, message: RMessage2) -> None:
        """Every message is completed once, now or later."""
        match message.function:
            case TNews.ENext if self not in self.waiting:
                self.waiting[self] = message
            case TNews.ENext:
                message.complete(KErrInUse)
            case TNews.ECancelNext:
                self.end_wait()
                message.complete(KErrNone)
            case TNews.EPublish:
                while self.waiting:
                    _, request = self.waiting.popitem()
                    request.complete(request.try_write(0, message.read(0)))
                message.complete(KErrNone)
            case _:
                message.complete(KErrNotSupported)

    def end_wait(self) -> None:
        """Answer this client's request, if there is one."""
        if request := self.waiting.pop(self, None):
            request.complete(KErrCancel)

    def destroy(self) -> None:
        """The client has gone, perhaps without cancelling."""
        self.end_wait()
        super().destroy()


class NewsServer(CServer2):
    """Knows which sessions wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[CSession2, RMessage2] = {}

    def new_session(self, version: TVersion, message: RMessage2) -> NewsSession:
        return NewsSession(self.waiting)


class RNews(RSessionBase):
    """The client's side: a request and its cancelling come in pairs."""

    def next(self, text: TBuf, status: TRequestStatus) -> None:
        self.request(TNews.ENext, TIpcArgs(text), status)

    def cancel_next(self) -> None:
        self.send_receive(TNews.ECancelNext)

    def publish(self, text: str) -> None:
        self.send_receive(TNews.EPublish, TIpcArgs(text))


class Reader(CActive):
    """Has one request outstanding, and says what comes of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.text = TBuf(80)
        self.news = RNews().create_session("news")
        CActiveScheduler.add(self)

    def start(self) -> None:
        self.news.next(self.text, self.status)
        self.set_active()

    def run(self) -> None:
        """The request is complete."""
        print(f"{self.name} reads: {self.text}")
        CActiveScheduler.stop()

    def do_cancel(self) -> None:
        """`cancel` calls this, then waits for the completion: `run` is not called."""
        self.news.cancel_next()

    def destroy(self) -> None:
        self.cancel()
        super().destroy()
        self.news.close()


def e32main() -> None:
    """Two readers in one thread, who don't block it; the server has its own."""
    CActiveScheduler.install(CActiveScheduler())
    RThread().launch("server", lambda: NewsServer().run("news"))
    ann, bob = Reader("Ann"), Reader("Bob")
    ann.start()
    bob.start()
    print("Ann and Bob wait for news")
    bob.cancel()
    print(f"Bob has enough: {code_name(bob.status.value)}")
    bob.news.publish("it rains")
    CActiveScheduler.start()  # until Ann has read it

    ann.start()
    bob.news.publish("it pours")
    ann.cancel()  # it is complete already, which is no mistake of anybody's
    outcome = code_name(ann.status.value)
    print(f"Ann has enough too, but too late: {outcome}, {ann.text}")
    ann.destroy()
    bob.destroy()
