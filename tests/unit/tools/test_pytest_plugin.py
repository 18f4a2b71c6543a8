"""The pytest plugin, as a project sees it that has eka installed."""

import pytest

HELLO = """
from userlib import CServer2, CSession2, KErrNone, RSessionBase, RThread, TBuf, TIpcArgs

class HelloSession(CSession2):
    def service(self, message):
        message.write(1, f"hello, {message.read(0)}")
        message.complete(KErrNone)

class HelloServer(CServer2):
    def new_session(self, version, message):
        return HelloSession()

class RHello(RSessionBase):
    def greet(self, name):
        reply = TBuf(80)
        self.send_receive(0, TIpcArgs(name, reply))
        return str(reply)

def e32main():
    RThread().launch("server", lambda: HelloServer().run("hello"))
    with RHello().create_session("hello") as hello:
        print(hello.greet("world"))
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of somebody else's.

    Its sessions run in this process, and leave to us to say where it crashed.
    """
    options = "-p no:cacheprovider -p no:faulthandler --strict-markers"
    pytester.makeini(f"[pytest]\naddopts = {options}")
    return pytester


def test_tests_that_take_nothing_of_ours_are_left_alone(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("def test_own(): pass")
    result = project.runpytest("--collect-only", "-q")
    result.stdout.fnmatch_lines(["*::test_own"])


def test_a_machine_is_booted_on_each_back_end_in_virtual_time(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        def test_boots(machine, eka_backend):
            assert machine.backend == eka_backend
            assert (machine.clock, machine.seed) == ("virtual", 7)
    """)
    result = project.runpytest("-v", "--eka-seed", "7")
    result.stdout.fnmatch_lines(
        [f"*test_boots?{name}? PASSED*" for name in ("threads", "explore", "priority")]
    )
    result.assert_outcomes(passed=3)


def test_one_back_end_may_be_chosen(project: pytest.Pytester) -> None:
    project.makepyfile("""
        def test_boots(machine): pass
        def test_own(): pass
    """)
    result = project.runpytest("--eka-backend", "explore")
    result.assert_outcomes(passed=2, deselected=2)


def test_a_test_may_be_about_one_back_end(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.backends("threads")
        def test_about_threads(machine):
            assert machine.backend == "threads"
    """)
    project.runpytest().assert_outcomes(passed=1)


def test_a_case_that_needs_priorities_runs_where_the_scheduler_is_ours(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.case("SK-092")
        def test_of_a_case(machine):
            assert machine.backend in ("explore", "priority")
    """)
    project.runpytest().assert_outcomes(passed=2)


def test_fields_of_the_configuration_come_from_fixture_and_markers(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest
        from eka import Executable, MachineConfig

        @pytest.fixture
        def machine_config():
            return MachineConfig(
                programs={"nothing": Executable(lambda: None)}, recorder_size=1
            )

        @pytest.mark.machine_config(recorder_size=0)
        def test_config(machine, run):
            assert machine.config.recorder_size == 0
            run("nothing")
    """)
    project.runpytest().assert_outcomes(passed=3)


def test_the_hello_program_runs_in_a_project_that_only_has_eka_installed(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(hello=HELLO)
    project.makepyfile("""
        from pathlib import Path

        def test_hello(run, capsys):
            run(Path("hello.py"))
            assert capsys.readouterr().out == "hello, world\\n"
    """)
    project.runpytest().assert_outcomes(passed=3)


def test_a_program_that_does_not_end_well_fails_with_its_own_traceback(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest

        def divides():
            return 1 // 0

        @pytest.mark.dies_of("ZeroDivisionError")
        def test_divides(run):
            run(divides)

        def test_returns_one(run):
            run(lambda: 1)
    """)
    result = project.runpytest("--eka-backend", "explore")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["*divides* panicked KERN-EXEC 3", "*return 1 // 0", "ZeroDivisionError: *"]
    )
    result.stdout.fnmatch_lines(["*exited with 1"])


def test_an_exception_in_an_emulated_thread_fails_the_test_unless_declared(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest

        def divides():
            return 1 // 0

        def test_unseen(machine):
            machine.run(divides)

        @pytest.mark.dies_of("ZeroDivisionError")
        def test_declared(machine):
            machine.run(divides)

        @pytest.mark.dies_of("ZeroDivisionError")
        def test_declared_in_vain(machine):
            machine.run(lambda: None)
    """)
    result = project.runpytest("--eka-backend", "threads")
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(
        ["*died of ZeroDivisionError, which the test does not*"]
    )
    result.stdout.fnmatch_lines(
        ["no emulated thread died of ZeroDivisionError, which*"]
    )


def test_a_failed_test_shows_what_the_machine_did_last(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        def test_fails(run):
            run(lambda: None)
            assert False
    """)
    result = project.runpytest("--eka-backend", "explore")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*eka: the machine*", "*process/exit*"])


def test_a_deadlock_fails_the_test_at_once_with_who_waits_for_what(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        from userlib import RSemaphore

        def waits():
            with RSemaphore().create_local(0) as never:
                never.wait()

        def test_waits(run):
            run(waits)
    """)
    result = project.runpytest()
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*Deadlock: *", "*who waits for what*"])


# Booting, and the first import of the kernel, take as long as they take.
PATIENT = """
import threading

import pytest

import tools.pytest_plugin
import tools.testing.watchdog

HANGS = threading.Event()

class PatientWatchdog(tools.testing.watchdog.Watchdog):
    def _watch(self):
        HANGS.wait()
        super()._watch()

tools.pytest_plugin.Watchdog = PatientWatchdog
tools.testing.watchdog.KGraceS = 0.2

@pytest.fixture
def from_now_on():
    return HANGS.set
"""


def test_a_computing_program_ends_by_the_time_out_with_stacks_and_dump(
    project: pytest.Pytester,
) -> None:
    project.makeconftest(PATIENT.replace("KGraceS = 0.2", "KGraceS = 100"))
    project.makepyfile("""
        import pytest

        @pytest.mark.timeout(0.5)
        def test_hangs(run, from_now_on):
            def computes():
                from_now_on()
                while True:
                    pass

            run(computes)
    """)
    result = project.runpytest_subprocess("--eka-backend", "threads", timeout=250)
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    result.stdout.fnmatch_lines(["*TimeoutError: the test's time-out of 0.5 s expired"])
    result.stdout.fnmatch_lines(["*eka: time-out*", "OS thread *", "*in computes"])
    result.stdout.fnmatch_lines(["machine at *"])


def test_what_no_abort_can_end_ends_its_process_with_last_words(
    project: pytest.Pytester,
) -> None:
    project.makeconftest(PATIENT)
    project.makepyfile("""
        import pytest

        @pytest.mark.timeout(0.5)
        def test_hangs(machine, from_now_on):
            from_now_on()
            while True:
                pass
    """)
    result = project.runpytest_subprocess("--eka-backend", "explore", timeout=250)
    assert result.ret == 1
    result.stderr.fnmatch_lines(["time-out after 0.5 s", "*in test_hangs"])
    result.stderr.fnmatch_lines(["machine at *"])


PAIR = """
    from random import Random, SystemRandom
    from userlib import RSemaphore

    def rounds(generator):
        def signals():
            with RSemaphore().create_local(0) as items:
                for _ in range(generator.randrange(1000)):
                    items.signal()
        return signals
"""


def test_two_equal_runs_compare_equal_and_are_counted(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(f"""
    {PAIR}
    def test_booted(run):
        run(rounds(Random(1)))

    def test_not_booted(): raise AssertionError("not run")
    """)
    result = project.runpytest("--eka-twice")
    result.assert_outcomes(passed=2, deselected=5)
    result.stdout.fnmatch_lines(["eka: run twice with equal event logs: 1 tests, *"])


def test_two_runs_on_priority_are_equal_and_on_threads_refused(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(f"""
    {PAIR}
    def test_booted(run):
        run(rounds(Random(1)))
    """)
    result = project.runpytest("--eka-twice", "--eka-backend", "priority")
    result.assert_outcomes(passed=2, deselected=4)
    result = project.runpytest("--eka-twice", "--eka-backend", "threads")
    result.stderr.fnmatch_lines(["ERROR: no two runs on threads are equal"])


def test_two_runs_that_differ_fail_with_test_and_event(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(f"""
    {PAIR}
    def test_booted(run):
        run(rounds(SystemRandom()))
    """)
    result = project.runpytest("--eka-twice")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*test_booted?explore?: two runs of one seed differ at event *",
            "*round 1: *",
            "*round 2: *",
        ]
    )


def test_a_program_that_ended_badly_is_shown_with_who_else_died(
    project: pytest.Pytester,
) -> None:
    """To a client, its server is merely gone."""
    mistake = "RSessionBase().send_receive(0); message.write(1"
    project.makepyfile(hello=HELLO.replace("message.write(1", mistake))
    project.makepyfile("""
        from pathlib import Path

        def test_hello(run):
            run(Path("hello.py"))
    """)
    result = project.runpytest()
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "hello.exe*::server panicked KERN-EXEC 0, EBadHandle: *",
            '*hello.py", line 5, in service',
            "hello.py panicked USER 175",
            "*Leave: KErrServerTerminated (-15)",
        ]
        * 3
    )


def test_a_time_out_before_the_machine_is_up_ends_the_test_once_it_waits(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest

        def computes():
            while True:
                pass

        @pytest.mark.timeout(0.001)
        def test_hangs(run):
            run(computes)
    """)
    result = project.runpytest_subprocess("--eka-backend", "threads", timeout=250)
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["*TimeoutError: the test's time-out of 0.001 s*"])
