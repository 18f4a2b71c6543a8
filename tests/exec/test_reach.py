"""From where kernel objects of every kind that has names can be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EIpcSession_GlobalSharable,
    KErrBadHandle,
    KErrNone,
    KErrNotFound,
    RChunk,
    RCondVar,
    RHandleBase,
    RMessage2,
    RMsgQueueBase,
    RMutex,
    RProcess,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TFindChunk,
    TFindHandleBase,
    TFindMutex,
    TFindSemaphore,
    TIpcArgs,
    User,
    trap,
)

Named: TypeAlias = RChunk | RCondVar | RMsgQueueBase | RMutex | RSemaphore


@dataclass(frozen=True)
class Kind:
    """How to make an object of one kind, and to look for it if one can."""

    handle_class: type[Named]
    local: Callable[[], Named]
    public: Callable[[str], Named]
    find: type[TFindHandleBase] | None = None


KINDS = [
    Kind(
        RSemaphore,
        lambda: RSemaphore().create_local(0),
        lambda name: RSemaphore().create_global(name, 0),
        TFindSemaphore,
    ),
    Kind(
        RMutex,
        lambda: RMutex().create_local(),
        lambda name: RMutex().create_global(name),
        TFindMutex,
    ),
    Kind(
        RChunk,
        lambda: RChunk().create_local(0x1000, 0x1000),
        lambda name: RChunk().create_global(name, 0x1000, 0x1000),
        TFindChunk,
    ),
    Kind(
        RMsgQueueBase,
        lambda: RMsgQueueBase().create_local(1, 4),
        lambda name: RMsgQueueBase().create_global(name, 1, 4),
    ),
    Kind(
        RCondVar,
        lambda: RCondVar().create_local(),
        lambda name: RCondVar().create_global(name),
    ),
]
of_each_kind = pytest.mark.parametrize(
    "kind", KINDS, ids=[kind.handle_class.__name__ for kind in KINDS]
)


@pytest.mark.case("SK-027")
@of_each_kind
def test_a_local_object_is_neither_found_nor_opened_by_name(
    run: Run, kind: Kind
) -> None:
    def program() -> None:
        with kind.local() as local:
            full_name = local.full_name()
            if kind.find is not None:
                assert trap(kind.find(full_name).next) == KErrNotFound
            assert trap(kind.handle_class().open_global, full_name) == KErrNotFound
            assert trap(kind.handle_class().open_global, "") == KErrNotFound

    run(program)


@of_each_kind
def test_a_global_object_is_found_and_opened_by_name(run: Run, kind: Kind) -> None:
    def program() -> None:
        with kind.public("Public") as public:
            with kind.handle_class().open_global("public") as opened:
                assert opened.handle != public.handle
                assert opened.full_name() == "Public"
            if kind.find is not None:
                found = kind.find("Public")
                assert found.next() == "Public"
                kind.handle_class().open(found).close()
        assert trap(kind.handle_class().open_global, "Public") == KErrNotFound

    run(program)


@pytest.mark.case("SK-033")
@of_each_kind
def test_a_server_opens_what_is_passed_unless_it_is_local(
    machine: Kernel, run: Run, kind: Kind
) -> None:
    """Whether it is in the client's process or in another."""
    names: list[str] = []

    def open_all(message: RMessage2) -> None:
        opened = kind.handle_class()
        opened.set_handle(77)
        assert trap(opened.open, message, 0) == KErrBadHandle
        assert opened.handle == 0
        for index in (1, 2):
            with opened.open(message, index):
                names.append(opened.full_name())

    def serve(name: str) -> None:
        server = RServer2().create_global(name, EIpcSession_GlobalSharable)
        RThread.rendezvous(KErrNone)
        RProcess.rendezvous(KErrNone)
        server.receive().complete(KErrNone)
        message = server.receive()
        open_all(message)
        message.complete(KErrNone)
        User.wait_for_any_request()

    def program() -> None:
        RThread().launch("server", serve, "near")
        with (
            RProcess().launch("other"),
            kind.local() as local,
            kind.public("Public") as public,
            kind.public("") as protected,
        ):
            passed: tuple[RHandleBase, ...] = (local, public, protected)
            for name in ("near", "far"):
                with RSessionBase().create_session(name) as session:
                    assert session.send_receive(1, TIpcArgs(*passed)) == KErrNone
            assert names == ["Public", protected.full_name()] * 2

    machine.register("other", lambda: serve("far"))
    run(program)
