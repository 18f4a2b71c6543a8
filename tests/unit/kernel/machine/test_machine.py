"""Kernel as the host uses it: run, start, kill, time-outs, deadlock, attach, time."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from eka import (
    AttachedThreadDied,
    Deadlock,
    EExitKill,
    EExitPanic,
    Executable,
    ExitInfo,
    Image,
    Kernel,
    KernelFault,
    MachineConfig,
    Service,
)
from userlib import (
    CServer2,
    CSession2,
    KErrNone,
    Leave,
    RMsgQueueBase,
    RMutex,
    RProcess,
    RProperty,
    RSemaphore,
    RSessionBase,
    RThread,
    RTimer,
    RUndertaker,
    TRequestStatus,
    User,
)


def test_run_gives_the_exit_information_of_the_process(machine: Kernel) -> None:
    assert machine.run(lambda: 7) == ExitInfo(EExitKill, 7, "Kill")


def test_a_panic_of_main_is_the_exit_of_its_process(machine: Kernel) -> None:
    info = machine.run(lambda: User.panic("Cat", 3))
    assert (info.type, info.category, info.reason) == (EExitPanic, "Cat", 3)


def test_arguments_reach_the_program_as_its_command_line(machine: Kernel) -> None:
    seen = []

    def program() -> None:
        seen.append(User.command_line())

    machine.run(program, "one", "two words")
    assert seen == ["one 'two words'"]


@pytest.mark.dies_of("ZeroDivisionError")
def test_an_exception_is_kern_exec_3_with_its_traceback(machine: Kernel) -> None:
    def program() -> None:
        1 / 0  # noqa: B018 - for its exception

    info = machine.run(program)
    assert (info.category, info.reason) == ("KERN-EXEC", 3)
    assert "ZeroDivisionError" in info.exception
    assert __file__ in info.exception
    assert len(machine.debug.exceptions) == 1


def test_a_leave_nobody_traps_is_user_175(machine: Kernel) -> None:
    def program() -> None:
        raise Leave(-4)

    info = machine.run(program)
    assert (info.category, info.reason) == ("USER", 175)
    assert "KErrNoMemory" in info.exception


def test_system_exit_is_user_exit(machine: Kernel) -> None:
    assert machine.run(lambda: sys.exit(9)).reason == 9


def test_an_unknown_name_is_refused_with_the_nearest(machine: Kernel) -> None:
    machine.register("counter", lambda: 0)
    with pytest.raises(LookupError, match="did you mean 'counter'"):
        machine.run("countre")


def test_a_file_that_is_run_can_start_processes_of_itself(
    machine: Kernel, tmp_path: Path
) -> None:
    file = tmp_path / "again.py"
    file.write_text(
        "from userlib import RProcess, TRequestStatus, User\n"
        "def e32main():\n"
        "    if User.command_line():\n"
        "        return 5\n"
        "    with RProcess().create(RProcess().file_name(), 'child') as child:\n"
        "        ended = TRequestStatus()\n"
        "        child.logon(ended)\n"
        "        child.resume()\n"
        "        User.wait_for_request(ended)\n"
        "        return child.exit_reason() + 1\n"
    )
    assert machine.run(file).reason == 6
    machine.register("again", lambda: 7)  # what is registered goes first
    assert machine.run(file).reason == 8


def test_a_registered_program_is_found_by_emulated_processes(machine: Kernel) -> None:
    machine.register("child", lambda: 5)

    def program() -> int:
        status = TRequestStatus()
        with RProcess().create("CHILD.EXE", "") as child:
            child.logon(status)
            child.resume()
            User.wait_for_request(status)
        return status.value

    assert machine.run(program).reason == 5


def test_each_process_gets_its_programs_module_afresh(
    machine: Kernel, tmp_path: Path
) -> None:
    file = tmp_path / "fresh.py"
    file.write_text(
        "import sys\n"
        "COUNT = [0]\n"
        "def e32main():\n"
        "    COUNT[0] += 1\n"
        "    assert sys.modules[__name__].COUNT is COUNT\n"
        "    return COUNT[0]\n"
    )
    assert [machine.run(file).reason, machine.run(file).reason] == [1, 1]
    assert not [name for name in sys.modules if name.startswith("eka.process")]


def test_the_image_is_read_before_the_program_runs(
    machine: Kernel, tmp_path: Path
) -> None:
    file = tmp_path / "trusted.py"
    file.write_text(
        "from eka import Image\n"
        "IMAGE = Image(uid3=0x1234, capabilities=frozenset({2}))\n"
        "from userlib import RProcess\n"
        "def e32main():\n"
        "    assert RProcess().secure_id() == 0x1234\n"
        "    assert RProcess().has_capability(2)\n"
    )
    info = machine.run(file)
    assert (info.reason, info.exception) == (0, "")


def test_a_syntax_error_is_the_hosts_to_see(machine: Kernel, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("def e32main(:\n")
    with pytest.raises(SyntaxError):
        machine.run(file)


def test_start_wait_and_kill(machine: Kernel) -> None:
    process = machine.start(lambda: User.after(3_600_000_000))
    assert process.exit_info.is_pending
    process.kill(11)
    assert process.wait() == ExitInfo(EExitKill, 11, "Kill")


def test_a_timeout_counts_on_the_machines_clock(machine: Kernel) -> None:
    with pytest.raises(TimeoutError, match="did not end within 1000000 us") as caught:
        machine.run(lambda: User.after(3_600_000_000), timeout_us=1_000_000)
    assert "the time" in str(caught.value)


def test_time_jumps_while_somebody_waits(machine: Kernel) -> None:
    def program() -> None:
        before = User.uptime_us()
        User.after(3_600_000_000)
        assert User.uptime_us() - before >= 3_600_000_000

    assert machine.run(program).reason == 0


def test_advance_fires_what_falls_due_and_no_more(machine: Kernel) -> None:
    done: list[str] = []

    def program() -> None:
        with RTimer().create_local() as timer:
            for name in ("first", "second"):
                status = TRequestStatus()
                timer.high_res(status, 1_000_000)
                User.wait_for_request(status)
                done.append(name)

    process = machine.start(program)
    machine.wait_idle()
    assert done == []
    machine.advance(1_500_000)
    assert done == ["first"]
    machine.advance(1_500_000)
    assert done == ["first", "second"]
    assert process.wait().reason == 0


def test_two_mutexes_in_two_orders_are_a_deadlock_with_its_circle(
    machine: Kernel,
) -> None:
    def program() -> None:
        first, second = RMutex().create_local(), RMutex().create_local()
        ready, go = RSemaphore().create_local(0), RSemaphore().create_local(0)

        def other() -> None:
            second.wait()
            ready.signal()
            go.wait()
            first.wait()

        thread = RThread().create("other", other)
        thread.resume()
        first.wait()
        ready.wait()
        go.signal()
        second.wait()

    with pytest.raises(Deadlock) as caught:
        machine.run(program)
    text = str(caught.value)
    assert "::Main" in text
    assert "::other" in text
    assert "held by" in text
    assert "a circle:" in text
    assert f"{__file__}:" in text


def test_an_unanswered_request_is_a_deadlock_that_names_the_server(
    machine: Kernel,
) -> None:
    class Silent(CSession2):
        def service(self, message: object) -> None:
            """Answer never."""

    class SilentServer(CServer2):
        def new_session(self, version: object, message: object) -> Silent:
            return Silent()

    def program() -> None:
        RThread().launch("server", lambda: SilentServer().run("silent"))
        RSessionBase().create_session("silent").send_receive(5)

    with pytest.raises(Deadlock, match="the answer to <message fn 5 to silent"):
        machine.run(program)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            lambda status: (
                RMsgQueueBase().create_global("q", 1, 4).notify_data_available(status)
            ),
            "a message in <msgqueue q #",
        ),
        (
            lambda status: RUndertaker().create().logon(status),
            "a death told by <undertaker ",
        ),
        (
            lambda status: RProperty().attach(1, 2).subscribe(status),
            "a change of <propertyref ",
        ),
    ],
    ids=["queue", "undertaker", "property"],
)
def test_a_deadlock_names_what_a_request_was_made_of(
    machine: Kernel, ask: Callable[[TRequestStatus], None], said: str
) -> None:
    def program() -> None:
        status = TRequestStatus()
        ask(status)
        User.wait_for_request(status)

    with pytest.raises(Deadlock) as caught:
        machine.run(program)
    assert f"waits for a request (outstanding: {said}" in str(caught.value)


def test_a_program_of_idle_servers_only_is_no_deadlock(machine: Kernel) -> None:
    class Plain(CServer2):
        def new_session(self, version: object, message: object) -> CSession2:
            return CSession2()

    process = machine.start(lambda: Plain().run("plain"))
    machine.wait_idle()
    waiter = threading.Thread(target=process.wait)
    waiter.start()
    machine.wait_idle()
    assert process.exit_info.is_pending
    process.kill()
    waiter.join()


def test_lent_thread_has_the_identity_it_is_given(machine: Kernel) -> None:
    image = Image(uid3=0x1234, capabilities=frozenset((12,)))
    with machine.attach(image), RProcess() as process:
        assert process.secure_id() == 0x1234
        assert process.has_capability(12)
    with machine.attach(), RProcess() as process:
        assert not process.has_capability(12)


def test_a_host_thread_borrows_an_emulated_one(machine: Kernel) -> None:
    with machine.attach(), RSemaphore().create_local(1) as semaphore:
        semaphore.wait()
        assert semaphore.try_wait(1000) == -33
        User.after(1000)


def test_a_borrowed_thread_may_use_the_machine_beside(machine: Kernel) -> None:
    with machine.attach(), RSemaphore().create_global("shared", 0) as semaphore:

        def program() -> None:
            with RSemaphore().open_global("shared") as other:
                other.signal()

        assert machine.run(program).reason == 0
        semaphore.wait()


def test_a_borrowed_thread_that_waits_for_ever_is_a_deadlock(machine: Kernel) -> None:
    with (
        machine.attach(),
        pytest.raises(Deadlock),
        RSemaphore().create_local(0) as semaphore,
    ):
        semaphore.wait()


def test_a_panic_of_the_borrowed_thread_is_told(machine: Kernel) -> None:
    with (
        machine.attach(),
        pytest.raises(AttachedThreadDied, match="panicked KERN-EXEC 0"),
    ):
        RSemaphore().signal()


def test_a_host_thread_that_borrowed_none_is_told_so() -> None:
    with pytest.raises(RuntimeError, match=r"machine\.attach"):
        RSemaphore().create_local(0)


def test_services_boot_in_order_and_are_awaited() -> None:
    order: list[str] = []

    def first() -> None:
        order.append("first")
        RProcess.rendezvous(KErrNone)
        User.wait_for_any_request()

    def second() -> None:
        order.append("second")
        RProcess.rendezvous(KErrNone)
        User.wait_for_any_request()

    config = MachineConfig(
        programs={"first": Executable(first), "second": Executable(second)},
        services=(Service("first"), Service("second")),
    )
    for backend in ("threads", "explore"):
        with Kernel(config, backend=backend, clock="virtual") as machine:
            assert machine.run(lambda: 0).reason == 0
        assert machine.leaks == []
    assert order == ["first", "second"] * 2


def test_a_service_that_dies_before_it_is_ready_stops_the_boot() -> None:
    config = MachineConfig(
        programs={"bad": Executable(lambda: 3)}, services=(Service("bad"),)
    )
    with pytest.raises(RuntimeError, match="service bad exited with 3"):
        Kernel(config).boot()


def test_several_machines_live_in_one_interpreter() -> None:
    def program() -> None:
        with RSemaphore().create_global("mine", 0):
            User.after(1000)

    with Kernel(clock="virtual") as one, Kernel(clock="virtual") as other:
        processes = [machine.start(program) for machine in (one, other)]
        assert [process.wait().reason for process in processes] == [0, 0]


def test_a_machine_that_was_not_booted_says_so() -> None:
    with pytest.raises(RuntimeError, match="with Kernel"):
        Kernel().run(lambda: 0)


@pytest.mark.parametrize("what", ["backend", "clock"])
def test_a_bad_choice_names_the_good_ones(what: str) -> None:
    with pytest.raises(ValueError, match="choose one of"):
        Kernel(**{what: "fast"})  # type: ignore[arg-type]


def test_a_fault_before_the_wait_is_told_all_the_same(machine: Kernel) -> None:
    machine.register(
        "vital",
        Executable(vital, Image(capabilities=frozenset({8}))),  # ProtServ
    )
    process = machine.start("vital")
    with suppress(KernelFault):  # those who wait when it happens are told, too
        machine.wait_idle()
    with pytest.raises(KernelFault, match="system permanent"):
        process.wait()


def vital() -> None:
    User.set_critical(5)  # ESystemPermanent
