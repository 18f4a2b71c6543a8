"""TSecurityPolicy: who satisfies which condition."""

from typing import Any

import pytest

from kernel.abi.errors import ThreadDeath
from userlib import (
    ECapability_None,
    ECapabilityAllFiles,
    ECapabilityDRM,
    ECapabilityProtServ,
    Identity,
    TSecurityPolicy,
)


class Somebody:
    """Stands for a process or a message."""

    def __init__(self, *capabilities: int) -> None:
        self._identity = Identity(10, 20, frozenset(capabilities))

    def identity(self) -> Identity:
        return self._identity


@pytest.mark.case("SK-178")
def test_a_policy_passes_whoever_has_all_its_capabilities(exec_calls: Any) -> None:
    wanted = (ECapabilityAllFiles, ECapabilityDRM, ECapabilityProtServ)
    policy = TSecurityPolicy.of_capabilities(*wanted)

    assert not policy.check_policy(Somebody(*wanted[:2]))
    assert policy.check_policy(Somebody(*wanted))
    assert not TSecurityPolicy().check_policy(Somebody(*wanted))
    assert TSecurityPolicy.of_capabilities(ECapability_None).check_policy(Somebody())
    with pytest.raises(ThreadDeath):
        TSecurityPolicy.of_capabilities(20)
    assert exec_calls.panics == [("USER", 189)]


def test_ids_have_to_be_equal_besides() -> None:
    files = Somebody(ECapabilityAllFiles)

    assert TSecurityPolicy.of_secure_id(10, ECapabilityAllFiles).check_policy(files)
    assert not TSecurityPolicy.of_secure_id(11).check_policy(files)
    assert TSecurityPolicy.of_vendor_id(20).check_policy(files)
    assert not TSecurityPolicy.of_vendor_id(20, ECapabilityDRM).check_policy(files)
    assert TSecurityPolicy.always_pass().check_policy(Somebody())
    assert not TSecurityPolicy.always_fail().check_policy(files)
