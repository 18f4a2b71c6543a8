"""L4 IPC through gates: who waits for whom, what arrives, and how each side fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.current import current_exec
from kernel.abi.handles import EOwnerThread, KCurrentThreadHandle, KHandleNoClose
from kernel.abi.l4 import L4_FPAGE_FULL, L4Err, L4IpcErr, Rights
from kernel.abi.l4_ipc import (
    KBufferLocalId,
    ReceivedItem,
    SentItem,
    TGateState,
    TIpcItem,
)
from userlib import KernelError, KErrArgument, RChunk, RThread, TRequestStatus, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.pytest_plugin import Run

NEVER = -1
NOW = 0
OK = 0
WORD = bytes(range(8))
FULL = int(L4_FPAGE_FULL)
OBJECT = int(TIpcItem.EObject)


def ex() -> Any:
    """The calling thread's Exec."""
    return current_exec.get()


class Worker:
    """A thread that does something, and can be waited for."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.result: object = None
        self.thread = RThread().create("", lambda: self._run(function, args))
        self.status = TRequestStatus()
        self.thread.logon(self.status)
        self.thread.resume()

    def _run(self, function: Callable[..., object], args: tuple[object, ...]) -> None:
        self.result = function(*args)

    def join(self) -> object:
        User.wait_for_request(self.status)
        self.thread.close()
        return self.result


def call(gate: int, label: int = 5, words: bytes = WORD, **more: Any) -> Any:
    options: dict[str, Any] = {
        "items": (),
        "buffers": (),
        "send_us": NEVER,
        "receive_us": NEVER,
        **more,
    }
    return ex().ipc_call(gate, label, words, *options.values())


def wait(*buffers: int, timeout_us: int = NEVER) -> Any:
    return ex().ipc_wait(buffers, timeout_us, 0)


def bound_gate(label: int = 0x40) -> int:
    gate: int = ex().gate_create(KCurrentThreadHandle, label, FULL)
    assert gate > 0
    return gate


def test_a_call_is_received_with_the_gates_label_and_answered(run: Run) -> None:
    def program() -> None:
        gate = bound_gate(0x40)
        reader = ex().cap_duplicate(gate, Rights.RW)
        client = Worker(call, reader)
        assert wait() == (OK, 5, 0x40 | Rights.W, WORD, (), True, OK)
        assert ex().ipc_reply(0, 7, WORD * 2, ()) == OK
        assert client.join() == (OK, 7, WORD * 2, ())

    run(program)


def test_a_send_ends_when_it_is_taken_and_gives_nobody_to_reply_to(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(lambda: ex().ipc_send(gate, 5, WORD, (), NEVER))
        assert wait()[5] is False
        assert client.join() == OK
        assert ex().ipc_reply(0, 0, b"", ()) == L4IpcErr.L4_IPC_NO_REPLY_CAP

    run(program)


def test_senders_wait_at_an_unbound_gate_until_it_is_bound(run: Run) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        client = Worker(call, gate)
        User.after(1_000)
        assert call(gate, send_us=NOW)[0] == L4IpcErr.L4_IPC_SETIMEOUT
        assert ex().gate_bind(gate, KCurrentThreadHandle, 8) == OK
        request = wait()
        assert request[:3] == (OK, 5, 8 | Rights.W | Rights.S)
        ex().ipc_reply(0, 1, b"", ())
        assert client.join() == (OK, 1, b"", ())

    run(program)


def test_who_waited_at_a_gate_for_its_binding_is_received_by_priority(run: Run) -> None:
    """Whether the thread waits already, or only later."""

    def program() -> None:
        for is_early in (True, False):
            gate = ex().gate_create(0, 0, FULL)
            low, high = Worker(call, gate, 1), Worker(call, gate, 2)
            low.thread.set_priority(100)
            User.after(1_000)
            server = RThread().create("", serve)
            bind = (gate, server.handle, 8)
            if is_early:
                ex().gate_bind(*bind)
            server.resume()
            User.after(1_000)
            if not is_early:
                ex().gate_bind(*bind)
            low.join()
            high.join()
            server.close()
        assert order == [2, 1, 2, 1]

    def serve() -> None:
        for _ in range(2):
            order.append(wait()[1])
            ex().ipc_reply(0, 0, b"", ())

    order: list[int] = []
    run(program)


def test_unbinding_puts_back_who_was_not_received_yet(run: Run) -> None:
    def program() -> None:
        gate = bound_gate(4)
        client = Worker(call, gate)
        User.after(1_000)
        assert ex().gate_unbind(gate) == OK
        assert ex().gate_info(gate) == (OK, 4, TGateState.EUnbound, 1)
        assert wait(timeout_us=1_000)[0] == L4IpcErr.L4_IPC_RETIMEOUT
        ex().gate_bind(gate, KCurrentThreadHandle, 0x100)
        assert wait()[2] & ~3 == 0x100
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


def test_queued_messages_keep_the_old_label_unless_relabelled(run: Run) -> None:
    def program() -> None:
        gate = bound_gate(4)
        clients = [Worker(call, gate), Worker(call, gate)]
        User.after(1_000)
        ex().gate_bind(gate, KCurrentThreadHandle, 8)
        assert wait()[2] & ~3 == 4
        ex().ipc_reply(0, 0, b"", ())
        assert ex().gate_relabel_senders(4, 8) == 1
        assert wait()[2] & ~3 == 8
        ex().ipc_reply(0, 0, b"", ())
        for client in clients:
            client.join()

    run(program)


@pytest.mark.parametrize("phase", ["send", "receive"])
def test_each_phase_has_its_own_time_out(run: Run, phase: str) -> None:
    def program() -> None:
        gate = bound_gate()
        if phase == "send":
            error = Worker(lambda: call(gate, send_us=1_000)[0])
            assert error.join() == L4IpcErr.L4_IPC_SETIMEOUT
            assert wait(timeout_us=NOW)[0] == L4IpcErr.L4_IPC_RETIMEOUT
        else:
            error = Worker(lambda: call(gate, receive_us=1_000)[0])
            wait()
            assert error.join() == L4IpcErr.L4_IPC_RETIMEOUT
            late = ex().ipc_reply(0, 0, b"", ())
            assert late == L4IpcErr.L4_IPC_ENOT_EXISTENT

    run(program)


def test_a_saved_reply_is_answered_once_later_by_any_thread(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        clients = [Worker(call, gate, number) for number in (1, 2)]
        replies = {}
        for _ in clients:
            label = wait()[1]
            replies[label] = ex().ipc_save_reply()
        assert ex().ipc_save_reply() == 0
        for label in (2, 1):
            args = (replies[label], label * 10, b"", ())
            assert Worker(lambda a=args: ex().ipc_reply(*a)).join() == OK
            again = ex().ipc_reply(*args)
            assert again == L4IpcErr.L4_IPC_ENOT_EXISTENT
        results = [client.join() for client in clients]
        assert results == [(OK, 10, b"", ()), (OK, 20, b"", ())]

    run(program)


def test_a_reply_capability_of_the_threads_own_is_used_up_too(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(call, gate)
        wait()
        saved = ex().ipc_save_reply()
        own = ex().handle_duplicate(KCurrentThreadHandle, saved, EOwnerThread)
        assert ex().ipc_reply(own, 1, b"", ()) == OK
        assert [ex().cap_valid(handle) for handle in (own, saved)] == [0, 1]
        assert ex().ipc_reply(saved, 1, b"", ()) == L4IpcErr.L4_IPC_ENOT_EXISTENT
        assert client.join() == (OK, 1, b"", ())

    run(program)


def test_a_reply_capability_marked_not_to_be_closed_is_used_up_too(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(call, gate)
        wait()
        saved = ex().ipc_save_reply()
        assert ex().ipc_reply(saved | KHandleNoClose, 1, b"", ()) == OK
        assert ex().cap_valid(saved) == 0
        assert client.join() == (OK, 1, b"", ())

    run(program)


def test_a_reply_capability_can_be_granted_in_its_own_answer(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(lambda: call(gate, buffers=(OBJECT,)))
        wait()
        saved = ex().ipc_save_reply()
        item = SentItem(TIpcItem.EObject, saved, FULL, grant=True)
        assert ex().ipc_reply(saved, 1, b"", (item,)) == OK
        assert ex().cap_valid(saved) == 0
        error, label, _, (arrived,) = client.join()  # type: ignore[misc] # a TIpcReply
        assert (error, label, ex().cap_valid(arrived.value)) == (OK, 1, 1)

    run(program)


def test_a_reply_capability_closed_unused_aborts_the_call(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(call, gate)
        wait()
        ex().cap_release(ex().ipc_save_reply())
        assert client.join() == (L4IpcErr.L4_IPC_REABORTED, 0, b"", ())

    run(program)


def test_the_death_of_a_server_thread_tells_each_caller_how_far_it_was(
    run: Run,
) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        server = RThread().create(
            "server", lambda: (wait(), wait(timeout_us=NEVER), None)[2]
        )
        bound = ex().gate_bind(gate, server.handle, 4)
        assert bound == OK
        server.resume()
        received = Worker(call, gate)
        User.after(1_000)
        server.suspend()
        User.after(1_000)
        queued = Worker(call, gate)
        User.after(1_000)
        server.kill(3)
        assert received.join()[0] == L4IpcErr.L4_IPC_REABORTED
        assert queued.join()[0] in (
            L4IpcErr.L4_IPC_SECANCELED,
            L4IpcErr.L4_IPC_REABORTED,
        )
        assert call(gate)[0] == L4IpcErr.L4_IPC_ENOT_EXISTENT
        assert ex().gate_info(gate)[2] == TGateState.EOrphaned
        server.close()

    run(program)


def test_senders_queued_at_a_thread_that_dies_are_cancelled(run: Run) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        server = RThread().create("server", lambda: None)
        ex().gate_bind(gate, server.handle, 4)
        queued = Worker(call, gate)
        User.after(1_000)
        server.kill(3)
        assert queued.join() == (L4IpcErr.L4_IPC_SECANCELED, 0, b"", ())
        server.close()

    run(program)


def test_a_capability_arrives_with_the_rights_both_sides_allow(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        offered = ex().gate_create(0, 0, FULL)
        used = ex().cap_duplicate(gate, Rights.R)
        item = SentItem(TIpcItem.EObject, offered, Rights.RWSD)
        client = Worker(lambda: call(used, items=(item,)))
        (arrived,) = wait(OBJECT)[4]
        assert arrived.kind == TIpcItem.EObject
        # S was taken away, for the capability used has none.
        assert arrived.rights == Rights.R | Rights.W | Rights.D
        assert ex().cap_rights(arrived.value) == arrived.rights
        assert ex().cap_equal(arrived.value, offered) == 0
        assert ex().cap_equal(offered, ex().cap_duplicate(offered, FULL)) == 1
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


def test_rights_without_r_map_nothing_and_void_items_take_no_buffer(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        items = (
            SentItem(TIpcItem.EVoid),
            SentItem(TIpcItem.EObject, gate, Rights.W),
        )
        client = Worker(lambda: call(gate, items=items))
        request = wait(OBJECT)
        assert request[0] == OK
        assert request[4] == (
            ReceivedItem(TIpcItem.EVoid),
            ReceivedItem(TIpcItem.EObject),
        )
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


def test_an_item_too_many_fails_both_sides(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        item = SentItem(TIpcItem.EObject, gate, Rights.R)
        client = Worker(lambda: call(gate, items=(item, item))[0])
        request = wait(OBJECT)
        assert request[0] == L4IpcErr.L4_IPC_REMSGCUT
        assert len(request[4]) == 1
        ex().cap_release(request[4][0].value)
        assert client.join() == L4IpcErr.L4_IPC_SEMSGCUT

    run(program)


def test_a_receiver_recognises_its_own_objects(run: Run) -> None:
    def program() -> None:
        gate = bound_gate(0x80)
        other = ex().gate_create(0, 0, FULL)
        items = (
            SentItem(TIpcItem.EObject, gate, Rights.RW),
            SentItem(TIpcItem.EObject, other, Rights.RW),
        )
        client = Worker(lambda: call(gate, items=items))
        local = OBJECT | KBufferLocalId
        arrived = wait(local, local)[4]
        assert [item.kind for item in arrived] == [
            TIpcItem.ELocalLabel,
            TIpcItem.ELocalHandle,
        ]
        assert [item.value for item in arrived] == [0x80 | Rights.W, other]
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


def test_a_grant_moves_the_capability(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        offered = ex().gate_create(0, 0, FULL)
        item = SentItem(TIpcItem.EObject, offered, FULL, grant=True)
        client = Worker(lambda: call(gate, items=(item,)))
        (arrived,) = wait(OBJECT)[4]
        assert ex().cap_valid(offered) == 0
        assert ex().cap_valid(arrived.value) == 1
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


@pytest.mark.parametrize("timeout_us", [NEVER, 50_000])
def test_a_gate_that_ends_while_it_is_granted_to_its_own_thread_is_told_of_later(
    run: Run, timeout_us: int
) -> None:
    """The thread that waits goes on with the message, once, and then hears of it."""

    def program() -> None:
        gate, doomed, irq = bound_gate(4), bound_gate(8), ex().irq_create()
        ex().irq_bind(irq, KCurrentThreadHandle, 0x20)
        ex().gate_set_deletion_irq(irq)
        ex().gate_dec_refcnt(doomed, 1)  # the next one who lets go ends it
        item = SentItem(TIpcItem.EObject, doomed, FULL, grant=True)

        def send() -> int:
            User.after(1_000)
            return int(ex().ipc_send(gate, 5, WORD, (item,), NEVER))

        sender = Worker(send)
        error, label, _, words, (arrived,), *_ = wait(OBJECT, timeout_us=timeout_us)
        assert (error, label, words) == (OK, 5, WORD)
        assert ex().cap_valid(arrived.value) == 0
        assert wait(timeout_us=NOW)[:3] == (OK, -1, 0x20)
        assert wait(timeout_us=NOW)[0] == L4IpcErr.L4_IPC_RETIMEOUT
        assert sender.join() == OK

    run(program)


def test_memory_is_taken_back_from_receivers_alone(run: Run) -> None:
    memory = int(TIpcItem.EMemory)

    def receive(gate: int, handle: int, order: int) -> int:
        """What arrives here of memory that a thread sends."""
        item = SentItem(TIpcItem.EMemory, handle, 6, offset=0, order=order)
        client = Worker(lambda: call(gate, items=(item,)))
        (arrived,) = wait(memory)[4]
        ex().ipc_reply(0, 0, b"", ())
        client.join()
        return arrived.value

    def program() -> None:
        gate = bound_gate()
        chunk = RChunk().create_local(0x4000, 0x4000)
        own = chunk.view(0, 4)
        whole = receive(gate, chunk.handle, 14)
        seen = [ex().fpage_view(whole, page * 0x1000, 4) for page in range(4)]
        seen[0][:] = b"abcd"
        ex().fpage_unmap(chunk.handle, 0x0FFF, 2)  # the first two pages
        with pytest.raises(ValueError, match="released"):
            bytes(seen[0])
        with pytest.raises(ValueError, match="released"):
            bytes(seen[1])
        assert ex().fpage_view(whole, 0x1FFF, 1) is None
        assert ex().fpage_view(whole, 0x1FFF, 2) is None
        assert bytes(ex().fpage_view(whole, 0x2000, 0x2000)) == b"\3" * 0x2000
        assert bytes(seen[3]) == b"\3" * 4
        assert bytes(own) == b"abcd"
        passed_on = receive(gate, whole, 12)
        assert ex().fpage_view(passed_on, 0, 4) is None
        again = receive(gate, chunk.handle, 12)
        assert bytes(ex().fpage_view(again, 0, 4)) == b"abcd"
        for handle in (whole, passed_on, again):
            ex().cap_release(handle)
        with pytest.raises(KernelError) as refused:
            ex().fpage_unmap(chunk.handle, 0, 0x10_0001)
        assert refused.value.code == KErrArgument
        chunk.close()

    run(program)


def test_what_is_unmapped_on_its_way_does_not_arrive(run: Run) -> None:
    """A mapping of one's own loses pages before it is sent; part of a chunk cannot."""

    def program() -> None:
        gate = bound_gate()
        chunk = RChunk().create_local(0x4000, 0x4000)
        own = ex().fpage_create(chunk.handle, 0x1000, 12, 6)
        both = ex().fpage_create(chunk.handle, 0, 13, 4)
        assert ex().fpage_view(both, 0, 4).readonly
        ex().fpage_unmap(chunk.handle, 0x1000, 0x1000)
        items = tuple(
            SentItem(TIpcItem.EMemory, handle, 6, grant=True, offset=0, order=order)
            for handle, order in ((own, 12), (both, 13))
        )
        client = Worker(lambda: call(gate, items=items))
        one, two = wait(int(TIpcItem.EMemory), int(TIpcItem.EMemory))[4]
        ex().ipc_reply(0, 0, b"", ())
        client.join()
        assert [ex().cap_valid(handle) for handle in (own, both)] == [0, 0]
        assert ex().fpage_view(one.value, 0, 1) is None
        assert bytes(ex().fpage_view(two.value, 0, 4)) == b"\3" * 4
        assert ex().fpage_view(two.value, 0x0FFF, 2) is None
        for item in (one, two):
            ex().cap_release(item.value)
        for offset, order in ((0, 11), (0x100, 12), (0x100000, 12)):
            with pytest.raises(KernelError) as refused:
                ex().fpage_create(chunk.handle, offset, order, 6)
            assert refused.value.code == KErrArgument
        chunk.close()

    run(program)


def test_memory_arrives_as_part_of_a_chunk_with_its_rights(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        chunk = RChunk().create_local(0x4000, 0x4000)
        chunk.view(0x2000, 4)[:] = b"abcd"
        items = tuple(
            SentItem(TIpcItem.EMemory, chunk.handle, rights, offset=0x2000, order=12)
            for rights in (4, 6)
        )
        client = Worker(lambda: call(gate, items=items))
        memory = int(TIpcItem.EMemory)
        reading, writing = wait(memory, memory)[4]
        ex().ipc_reply(0, 0, b"", ())
        client.join()
        view = ex().fpage_view(writing.value, 0, 4)
        assert bytes(view) == b"abcd"
        view[:] = b"efgh"
        seen = ex().fpage_view(reading.value, 0, 4)
        assert bytes(seen) == b"efgh"
        assert seen.readonly
        assert ex().fpage_view(reading.value, 0x1000, 1) is None
        del view, seen
        for item in (reading, writing):
            ex().cap_release(item.value)
        chunk.close()

    run(program)


def test_messages_that_do_not_fit_are_refused(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        for words, items in (
            (b"x", ()),
            (bytes(64 * 8), ()),
            (bytes(62 * 8), (SentItem(0),)),
            (b"", (SentItem(TIpcItem.ELocalLabel, gate),)),
            (b"", (SentItem(0), SentItem(-1, gate))),
            (b"", (SentItem(9),)),
        ):
            with pytest.raises(KernelError) as refused:
                call(gate, words=words, items=items)
            assert refused.value.code == KErrArgument

    run(program)


def test_a_wait_with_too_many_buffers_answers_nobody(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        client = Worker(call, gate)
        wait()
        many = (OBJECT,) * 59
        with pytest.raises(KernelError) as refused:
            ex().ipc_reply_and_wait(1, b"", (), many, NOW)
        assert refused.value.code == KErrArgument
        assert ex().ipc_reply(0, 2, b"", ()) == OK
        assert client.join() == (OK, 2, b"", ())

    run(program)


def test_a_mere_wait_tells_of_no_reply(run: Run) -> None:
    """Even if it fails at once, and the reply before failed."""

    def program() -> None:
        failed = ex().ipc_reply_and_wait(1, b"", (), (), NOW)
        assert failed[-1] == L4IpcErr.L4_IPC_NO_REPLY_CAP
        nobodys = ex().irq_create()
        request = ex().ipc_wait((), NOW, nobodys)
        assert (request[0], request[-1]) == (L4IpcErr.L4_IPC_ENOT_EXISTENT, OK)

    run(program)


@pytest.mark.parametrize(
    "wrong", [SentItem("1"), SentItem(1, None), SentItem(1, rights=1.0)]
)
def test_an_item_of_other_things_than_numbers_is_a_type_error(
    run: Run, wrong: SentItem
) -> None:
    def program() -> None:
        gate = bound_gate()
        for items in ((wrong,), (SentItem(0), wrong)):
            with pytest.raises(TypeError, match="items is"):
                call(gate, items=items)
            with pytest.raises(TypeError, match="items is"):
                ex().ipc_reply(0, 0, b"", items)

    run(program)


@pytest.mark.parametrize("order", [-1, 0, 11, 30, 64, 1 << 40])
def test_memory_of_a_size_that_the_chunk_does_not_have_fails_both_sides(
    run: Run, order: int
) -> None:
    def program() -> None:
        gate = bound_gate()
        chunk = RChunk().create_local(0x4000, 0x4000)
        item = SentItem(TIpcItem.EMemory, chunk.handle, 7, order=order)
        client = Worker(lambda: call(gate, items=(item,)))
        error, *_ = wait(int(TIpcItem.EMemory))
        assert error == L4IpcErr.L4_IPC_REMAPFAILED
        assert client.join() == (L4IpcErr.L4_IPC_SEMAPFAILED, 0, b"", ())
        chunk.close()

    run(program)


def test_calls_on_empty_slots_and_on_other_objects_answer_at_once(run: Run) -> None:
    def program() -> None:
        gate = bound_gate()
        ex().cap_release(gate)
        assert call(gate) == (L4IpcErr.L4_IPC_ENOT_EXISTENT, 0, b"", ())
        irq = ex().irq_create()
        assert call(irq) == (OK, -L4Err.L4_EBADPROTO, b"", ())

    run(program)


def test_an_irq_merges_what_was_not_delivered(run: Run) -> None:
    def program() -> None:
        irq = ex().irq_create()
        assert ex().irq_bind(irq, KCurrentThreadHandle, 0x20) == OK
        for _ in range(5):
            assert ex().irq_trigger(irq) == OK
        assert wait() == (OK, -1, 0x20, b"", (), False, OK)
        assert wait(timeout_us=NOW)[0] == L4IpcErr.L4_IPC_RETIMEOUT
        ex().irq_trigger(irq)
        assert ex().ipc_wait((), NEVER, irq)[2] == 0x20

    run(program)


def test_who_waits_for_one_irq_hears_of_nothing_else(run: Run) -> None:
    def program() -> None:
        gate, irq = bound_gate(), ex().irq_create()
        ex().irq_bind(irq, KCurrentThreadHandle, 0x20)
        client = Worker(call, gate)
        User.after(1_000)
        trigger = Worker(lambda: (User.after(1_000), ex().irq_trigger(irq)))
        assert ex().ipc_wait((), NEVER, irq)[:2] == (OK, -1)
        trigger.join()
        assert wait()[1] == 5
        ex().ipc_reply(0, 0, b"", ())
        client.join()

    run(program)


def test_an_interrupt_comes_before_messages_and_messages_by_priority(run: Run) -> None:
    def program() -> None:
        gate, irq = bound_gate(), ex().irq_create()
        ex().irq_bind(irq, KCurrentThreadHandle, 0x20)
        low, high = Worker(call, gate, 1), Worker(call, gate, 2)
        low.thread.set_priority(100)
        User.after(1_000)
        ex().irq_trigger(irq)
        order = []
        for _ in range(3):
            order.append(wait()[1])
            ex().ipc_reply(0, 0, b"", ())
        assert order == [-1, 2, 1]
        low.join()
        high.join()

    run(program)


def test_the_last_counted_capability_deletes_the_gate_and_triggers_the_irq(
    run: Run,
) -> None:
    def program() -> None:
        gate, irq = bound_gate(), ex().irq_create()
        ex().irq_bind(irq, KCurrentThreadHandle, 0x20)
        assert ex().gate_set_deletion_irq(irq) == OK
        client = ex().cap_duplicate(gate, Rights.R)
        second = ex().cap_duplicate(gate, Rights.R)
        assert ex().gate_dec_refcnt(gate, 1) == OK
        assert ex().gate_info(gate)[3] == 2
        ex().cap_release(second)
        assert ex().cap_valid(gate) == 1
        ex().cap_release(client)
        assert ex().cap_valid(gate) == 0
        assert wait()[1:3] == (-1, 0x20)

    run(program)


def test_deleting_empties_every_slot_and_ends_waits_at_the_gate(run: Run) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        other = ex().cap_duplicate(gate, Rights.R)
        waiting = Worker(call, other)
        User.after(1_000)
        ex().cap_delete(other)  # without D: only released
        assert ex().cap_valid(gate) == 1
        ex().cap_delete(gate)
        assert ex().cap_valid(gate) == 0
        assert waiting.join() == (L4IpcErr.L4_IPC_ENOT_EXISTENT, 0, b"", ())

    run(program)


def test_binding_checks_in_the_originals_order(run: Run) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        weak = ex().cap_duplicate(gate, Rights.RW | Rights.C)
        me = KCurrentThreadHandle
        assert ex().gate_bind(weak, gate, 3) == -L4Err.L4_EPERM
        assert ex().gate_bind(gate, me, 2) == -L4Err.L4_EINVAL
        assert ex().gate_bind(gate, gate, 4) == -L4Err.L4_EINVAL
        feeble = ex().cap_duplicate(me, Rights.R)
        assert ex().gate_bind(gate, feeble, 4) == -L4Err.L4_EPERM
        assert ex().gate_create(me, 1, FULL) == -L4Err.L4_EINVAL

    run(program)


def test_a_handle_is_duplicated_with_the_rights_it_has(run: Run) -> None:
    def program() -> None:
        gate = ex().gate_create(0, 0, FULL)
        reader = ex().cap_duplicate(gate, Rights.R)
        again = ex().handle_duplicate(KCurrentThreadHandle, reader, 0)
        assert ex().cap_rights(again) == Rights.R

    run(program)
