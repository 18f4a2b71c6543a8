"""Publish and subscribe."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Executable, Kernel
from tools.pytest_plugin import Run
from userlib import (
    ECapabilityDRM,
    ECapabilityWriteDeviceData,
    EExitPanic,
    ExitInfo,
    Identity,
    Image,
    KErrAlreadyExists,
    KErrArgument,
    KErrCancel,
    KErrNone,
    KErrNotFound,
    KErrOverflow,
    KErrPermissionDenied,
    KErrTooBig,
    KUidSecurityThresholdCategoryValue,
    RProcess,
    RProperty,
    RThread,
    SecurityPolicy,
    TBuf8,
    TPropertyType,
    TRequestStatus,
    TSecurityPolicy,
    User,
    capability_set,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]

SID = 0x1000_0001
OTHER_SID = 0x1000_0002
KEY = 7
EInt, EByteArray, ELargeByteArray = TPropertyType
ETypeC3 = TSecurityPolicy.of_capabilities().type
PASS = TSecurityPolicy.always_pass()
FAIL = TSecurityPolicy.always_fail()


@pytest.fixture
def publisher(machine: Kernel) -> Callable[[Callable[[], None]], None]:
    """Runs a program with a secure id of its own."""

    def run_with_id(program: Callable[[], None]) -> None:
        image = Image(uid3=SID, secure_id=SID)
        machine.register("publisher", Executable(program, image))
        info = machine.run("publisher")
        assert (info.reason, info.category) == (KErrNone, "Kill"), info

    return run_with_id


Publisher: TypeAlias = Callable[[Callable[[], None]], None]


def define(
    kind: int = EInt,
    read: SecurityPolicy = PASS,
    write: SecurityPolicy = PASS,
    key: int = KEY,
) -> None:
    RProperty.define(key, kind, read, write)


def subscribed(prop: RProperty) -> TRequestStatus:
    status = TRequestStatus()
    prop.subscribe(status)
    return status


def signals() -> int:
    """Take what the request semaphore holds."""
    count = RThread().request_count()
    for _ in range(count):
        User.wait_for_any_request()
    return count


@pytest.mark.case("SK-168")
def test_what_can_be_defined(publisher: Publisher) -> None:
    def program() -> None:
        define()
        assert trap(define) == KErrAlreadyExists
        assert trap(RProperty.delete, SID, KEY) == KErrNone
        assert trap(RProperty.delete, SID, KEY) == KErrNotFound

        def refused(kind: int, preallocate: int) -> int:
            return trap(RProperty.define, KEY, kind, PASS, PASS, preallocate)

        assert refused(EByteArray, -1) == KErrArgument
        assert refused(EByteArray, 65_536) == KErrTooBig
        assert refused(EByteArray, 513) == KErrTooBig
        assert refused(EInt, 4) == KErrArgument
        assert refused(3, 0) == KErrArgument
        assert refused(ELargeByteArray, 65_535) == KErrNone
        assert RProperty.get_data_at(SID, KEY) == b""

    publisher(program)


@pytest.mark.case("SK-169")
def test_a_subscription_waits_for_a_set_not_for_the_definition(
    publisher: Publisher,
) -> None:
    def program() -> None:
        with RProperty().attach(SID, KEY) as prop:
            assert trap(prop.get) == KErrNotFound
            status = subscribed(prop)
            assert status.is_pending
            define()
            assert status.is_pending
            prop.set(1)
            User.wait_for_request(status)
            assert status == KErrNone
            assert prop.get() == RProperty.get_at(SID, KEY) == 1

    publisher(program)


@pytest.mark.case("SK-170")
def test_several_sets_are_one_notification(
    publisher: Publisher, exit_of: ExitOf
) -> None:
    def program() -> None:
        define()
        with RProperty().attach(SID, KEY) as prop:
            status = subscribed(prop)
            prop.set(1)
            prop.set(1)
            assert (status.value, signals()) == (KErrNone, 1)

            def twice() -> None:
                subscribed(prop)
                subscribed(prop)

            info = exit_of(twice)
            assert (info.type, info.category, info.reason) == (
                EExitPanic,
                "KERN-EXEC",
                9,
            )
            status = subscribed(prop)
            prop.cancel()
            assert (status.value, signals()) == (KErrCancel, 1)
            prop.cancel()
            assert signals() == 0

    publisher(program)


@pytest.mark.case("SK-171")
def test_a_deletion_and_wrong_types_and_short_buffers(publisher: Publisher) -> None:
    def program() -> None:
        define()
        with RProperty().attach(SID, KEY) as one, RProperty().attach(SID, KEY) as two:
            statuses = [subscribed(one), subscribed(two)]
            RProperty.delete(SID, KEY)
            assert [status.value for status in statuses] == [KErrNotFound] * 2
            assert signals() == 2
            define(EByteArray)
            assert trap(one.set, 1) == KErrArgument
            assert trap(one.get) == KErrArgument
            one.set_data(b"0123456789")
            short = TBuf8(4)
            assert one.try_get_data(short) == KErrOverflow
            assert (short.length, bytes(short)) == (4, b"0123")
            enough = TBuf8(10)
            assert one.try_get_data(enough) == KErrNone
            assert enough == b"0123456789"

    publisher(program)


@pytest.mark.case("SK-172")
def test_policies_and_secure_ids_are_enforced(
    machine: Kernel, publisher: Publisher
) -> None:
    def other() -> None:
        assert trap(RProperty.set_at, SID, KEY, 1) == KErrPermissionDenied
        assert trap(RProperty.get_at, SID, KEY + 1) == KErrPermissionDenied
        with RProperty().attach(SID, KEY + 1) as prop:
            status = subscribed(prop)
            assert (status.value, signals()) == (KErrPermissionDenied, 1)
        refused = trap(RProperty.define, KEY, EInt, PASS, PASS, category=SID + 100)
        assert refused == KErrPermissionDenied
        assert trap(RProperty.delete, SID, KEY) == KErrPermissionDenied
        RProperty.set_at(SID, KEY + 2, 5)

    def program() -> None:
        own = TSecurityPolicy.of_secure_id(SID)
        define(write=own)
        define(read=own, key=KEY + 1)
        define(write=TSecurityPolicy.of_capabilities(ECapabilityDRM), key=KEY + 2)
        with RProcess().create("other") as process:
            over = TRequestStatus()
            process.logon(over)
            process.resume()
            User.wait_for_request(over)
            assert process.exit_info().reason == KErrNone
        RProperty.set_at(SID, KEY, 3)
        assert RProperty.get_at(SID, KEY) == 3
        assert RProperty.get_at(SID, KEY + 2) == 5

    capabilities = capability_set(ECapabilityDRM)
    image = Image(secure_id=OTHER_SID, capabilities=capabilities)
    machine.register("other", Executable(other, image))
    publisher(program)


def test_low_categories_are_for_those_with_write_device_data(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        threshold = KUidSecurityThresholdCategoryValue
        for category in (threshold - 1, threshold):
            code = trap(RProperty.define, KEY, EInt, PASS, PASS, category=category)
            codes.append(code)

    for name, capabilities in (("plain", ()), ("able", (ECapabilityWriteDeviceData,))):
        image = Image(capabilities=capability_set(*capabilities))
        machine.register(name, Executable(program, image))
        assert machine.run(name).reason == KErrNone
    assert codes == [KErrPermissionDenied] * 2 + [KErrNone, KErrPermissionDenied]


def test_malformed_policies_are_refused(publisher: Publisher) -> None:
    def program() -> None:
        for policy in (
            SecurityPolicy(PASS.type, (3,)),
            SecurityPolicy(id=1),
            SecurityPolicy(ETypeC3, (1, 2, 3, 4)),
            SecurityPolicy(6),  # type: ignore[arg-type] # no such type
        ):
            assert trap(define, EInt, policy) == KErrArgument
            assert trap(define, EInt, PASS, policy) == KErrArgument

    publisher(program)


def test_who_may_not_read_is_told_at_the_definition(publisher: Publisher) -> None:
    def program() -> None:
        with RProperty().attach(SID, KEY) as prop:
            status = subscribed(prop)
            define(read=FAIL)
            assert (status.value, signals()) == (KErrPermissionDenied, 1)

    publisher(program)


def test_a_value_outlives_its_process_and_every_handle(
    machine: Kernel, publisher: Publisher
) -> None:
    def program() -> None:
        define(ELargeByteArray)
        RProperty.set_data_at(SID, KEY, b"x" * 65_535)
        assert trap(RProperty.set_data_at, SID, KEY, b"x" * 65_536) == KErrTooBig

    def reader() -> None:
        assert RProperty.get_data_at(SID, KEY) == b"x" * 65_535

    publisher(program)
    machine.register("reader", reader)
    assert machine.run("reader").reason == KErrNone


def test_closing_the_handle_cancels_and_a_dead_subscriber_is_forgotten(
    publisher: Publisher, exit_of: ExitOf
) -> None:
    def program() -> None:
        define()
        prop = RProperty().attach(SID, KEY)

        def subscribe_and_die() -> None:
            subscribed(prop)

        exit_of(subscribe_and_die)
        status = subscribed(prop)
        prop.close()
        assert (status.value, signals()) == (KErrCancel, 1)
        RProperty.set_at(SID, KEY, 1)
        assert signals() == 0

    publisher(program)


def test_integers_are_words(publisher: Publisher) -> None:
    def program() -> None:
        define()
        RProperty.set_at(SID, KEY, 0xFFFF_FFFF)
        assert RProperty.get_at(SID, KEY) == -1
        with pytest.raises(OverflowError):
            RProperty.set_at(SID, KEY, 1 << 32)

    publisher(program)


# Policies as such.


def test_a_policy_goes_through_its_package() -> None:
    for policy in (
        PASS,
        FAIL,
        TSecurityPolicy.of_capabilities(ECapabilityDRM),
        TSecurityPolicy.of_capabilities(1, 2, 3, 4, 5, 6, 7),
        TSecurityPolicy.of_secure_id(SID, 1, 2, 3),
        TSecurityPolicy.of_vendor_id(1),
    ):
        copy = TSecurityPolicy()
        copy.set(policy.package())
        assert (copy, len(policy.package())) == (policy, 8)


def test_a_malformed_package_makes_a_policy_that_fails() -> None:
    nothing = b"\xff" * 7
    for package in (
        b"",
        b"\1" + nothing + b"\xff",
        b"\6" + nothing,
        b"\0" + b"\1" + nothing[1:],
        b"\1" + nothing[:3] + b"\0\0\0\0",
        b"\2" + nothing[:3] + b"\1" + nothing[4:],
    ):
        policy = TSecurityPolicy.of_capabilities(ECapabilityDRM)
        assert trap(policy.set, package) == KErrArgument
        assert policy == FAIL


def test_a_policy_tells_what_is_missing(run: Run) -> None:
    def program() -> None:
        own = RProcess()
        policy = TSecurityPolicy.of_secure_id(SID, ECapabilityDRM)
        wanted = Identity(SID, 0, capability_set(ECapabilityDRM))
        assert policy.missing_from(own) == wanted
        assert policy.missing_from(RThread()) == wanted
        assert not policy.check_policy(RThread())
        of_vendor = TSecurityPolicy.of_vendor_id(5)
        assert of_vendor.missing_from(own) == Identity(0, 5, frozenset())
        assert PASS.missing_from(own) == Identity()
        assert PASS.check_policy_creator()

    run(program)
