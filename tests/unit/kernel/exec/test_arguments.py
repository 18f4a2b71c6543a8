"""A wrong type in a kernel call is the caller's TypeError, before anything happens."""

from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.abi.current import current_exec
from kernel.abi.handles import KCurrentThreadHandle
from kernel.abi.memory import ClientBuffer, ClientCell, ClientStatus
from kernel.abi.security import SecurityPolicy
from kernel.exec.arguments import LET_THROUGH, SIGNATURES

# Of each kind that a call may take, one; and what no call takes.
SOUND: dict[type, object] = {
    int: 1,
    bool: True,
    str: "a",
    bytes: b"a",
    tuple: (0, 1, 2),
    type(None): None,
    ClientStatus: ClientStatus(),
    ClientCell: ClientCell(),
    ClientBuffer: ClientBuffer(4),
    SecurityPolicy: SecurityPolicy(),
}
JUNK = (object(), 1.5, [1], {"a": 1}, "text", 7, None, ClientCell(), b"bytes", (1.5,))
NAMES = sorted(SIGNATURES)


def sound(name: str) -> list[object]:
    """Arguments of the right types."""
    return [
        ()
        if parameter.items is not None and Ellipsis in parameter.items
        else next((v for k, v in SOUND.items() if k in parameter.classes), print)
        for parameter in SIGNATURES[name].parameters
    ]


def junk_for(name: str, index: int) -> list[object]:
    """What does not belong in that place."""
    parameter = SIGNATURES[name].parameters[index]
    wrong: list[object] = []
    for value in JUNK:
        is_right = isinstance(value, parameter.classes)
        takes_any = parameter.items == ((object,), ...)
        takes_some = parameter.items is not None and not takes_any
        if not is_right or (takes_some and value == (1.5,)):
            wrong.append(value)
    return wrong


def errors_of(machine: Kernel, calls: list[tuple[str, list[object]]]) -> list[str]:
    """What a program that makes these calls is told, one after the other."""
    told: list[str] = []

    def program() -> None:
        for name, args in calls:
            try:
                getattr(current_exec.get(), name)(*args)
            except TypeError as error:
                told.append(str(error))

    assert str(machine.run(program)) == "exited with KErrNone"
    return told


@pytest.mark.parametrize("name", sorted(set(SIGNATURES) - LET_THROUGH))
def test_each_argument_of_each_call_is_refused_by_name(
    machine: Kernel, name: str
) -> None:
    calls = []
    expected = []
    for index, parameter in enumerate(SIGNATURES[name].parameters):
        for value in junk_for(name, index):
            args = sound(name)
            args[index] = value
            calls.append((name, args))
            expected.append(
                f"{name}: {parameter.name} is {parameter.text}, not {value!r}"
            )
    assert errors_of(machine, calls) == expected
    assert bool(expected) is bool(SIGNATURES[name].parameters)


def test_what_is_declared_reads_well() -> None:
    texts = {
        f"{name}.{parameter.name}": parameter.text
        for name in ("session_create", "chunk_create", "thread_create")
        for parameter in SIGNATURES[name].parameters
    }
    assert texts["session_create.server"] == "str or int"
    assert texts["session_create.policy"] == "SecurityPolicy or None"
    assert texts["chunk_create.extent"] == "tuple[int, int, int]"
    assert texts["thread_create.entry"] == "a function"


def test_the_number_of_arguments_is_that_of_the_caller(machine: Kernel) -> None:
    told = errors_of(machine, [("timer_cancel", []), ("time_uptime", [1])])
    assert told == [
        "timer_cancel takes 1 arguments, not 0",
        "time_uptime takes 0 arguments, not 1",
    ]


def test_each_status_of_a_wait_is_looked_at(machine: Kernel) -> None:
    told = errors_of(machine, [("request_wait", [ClientStatus(), 5])])
    assert told == ["request_wait: statuses is ClientStatus, not 5"]


def test_a_bool_is_an_int_and_an_int_a_bool(machine: Kernel) -> None:
    assert errors_of(machine, [("time_sleep", [True, 1])]) == []


# The calls that are let through: their handlers look themselves.


def echo(machine: Kernel, client: Callable[[int], None]) -> list[int]:
    """Run *client* with a session of a server that answers each request with 5."""
    functions: list[int] = []

    def server(handle: int) -> None:
        call = current_exec.get()
        while functions[-1:] != [99]:
            message, function, _, _ = call.server_receive(handle)
            functions.append(function)
            if function == 0:
                for junk in ("ok", None, 1.5):
                    with pytest.raises(TypeError, match="message_complete: code is"):
                        call.message_complete(message, junk)  # type: ignore[arg-type] # on purpose
            call.message_complete(message, 5)

    def program() -> None:
        call = current_exec.get()
        handle = call.server_create("", 1, 0)
        session = call.session_create(handle, -1, 1, None)
        thread = call.thread_create("server", lambda: server(handle), 4096, 0)
        call.thread_resume(thread)
        client(session)
        assert call.session_send_receive(session, 0, (1, b"x"), 0o60) == 5
        assert call.session_send_receive(session, 99, (), 0) == 5

    assert str(machine.run(program)) == "exited with KErrNone"
    return functions


@pytest.mark.parametrize(
    ("function", "args", "types"),
    [
        (0, 5, 0),
        (0, None, 0),
        (0, "text", 0),
        (0, (), None),
        (0, (), "0"),
        (0, (1,), 1.0),
        ("0", (), 0),
        (None, (), 0),
        (0, ([1],), 6),
        (0, (1.5,), 7),
        (0, (object(),), 4),
    ],
)
def test_a_message_of_junk_is_refused_and_the_session_goes_on(
    machine: Kernel, function: object, args: object, types: object
) -> None:
    def client(session: int) -> None:
        send = current_exec.get().session_send_receive
        with pytest.raises(TypeError):
            send(session, function, args, types)  # type: ignore[arg-type] # on purpose
        with pytest.raises(TypeError):
            send("session", 0, (), 0)  # type: ignore[arg-type] # on purpose

    assert echo(machine, client) == [0, 99]


@pytest.mark.parametrize("call", ["ipc_call", "ipc_reply_and_wait"])
@pytest.mark.parametrize("junk", [object(), 1.5, None, "text", [1]])
def test_an_l4_message_of_junk_is_refused_and_the_gate_is_still_good(
    machine: Kernel, call: str, junk: object
) -> None:
    def program() -> None:
        kernel = current_exec.get()
        gate = kernel.gate_create(KCurrentThreadHandle, 0, 0xEF)
        sane = [7, b"12345678", (), (), 0, 0]
        head = [gate] if call == "ipc_call" else []
        count = 6 if call == "ipc_call" else 5
        for index in range(count):
            args = sane[:count]
            args[index] = junk
            with pytest.raises(TypeError):
                getattr(kernel, call)(*head, *args)
        assert kernel.ipc_call(gate, 7, b"", (), (), 0, 0)[0] == 2
        assert kernel.gate_info(gate)[0] == 0

    assert str(machine.run(program)) == "exited with KErrNone"


def test_a_receive_into_junk_is_refused_and_the_server_goes_on(
    machine: Kernel,
) -> None:
    def program() -> None:
        call = current_exec.get()
        server = call.server_create("", 1, 0)
        session = call.session_create(server, -1, 1, None)
        call.session_send(session, 7, (), 0)
        for cell, status in ((5, ClientStatus()), (ClientCell(), 5), (None, None)):
            with pytest.raises(TypeError, match="server_request_receive: "):
                call.server_request_receive(server, cell, status)  # type: ignore[arg-type] # on purpose
        assert call.server_receive(server)[1] == 7
        with pytest.raises(TypeError):
            call.server_receive("server")  # type: ignore[arg-type] # on purpose

    assert str(machine.run(program)) == "exited with KErrNone"
