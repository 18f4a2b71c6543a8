"""TSecurityPolicy: a condition on who somebody is."""

from typing import Protocol, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.panics import USER, TUserPanic
from kernel.abi.security import (
    ECapability_Limit,
    ECapability_None,
    Identity,
    SecurityPolicy,
    TSecurityPolicyType,
)

_KMaxC3 = 3
_KMaxC7 = 7


class MIdentified(Protocol):
    """Whoever has an identity: a process, or a message's client."""

    def identity(self) -> Identity:
        """Secure id, vendor id, capabilities."""
        raise AssertionError


class TSecurityPolicy(SecurityPolicy):
    """A condition on secure id, vendor id and capabilities; a new one always fails.

    A capability number outside -1 to 19 panics USER 189.

    Original: TSecurityPolicy (e32cmn.h); the classmethods are its constructors.
    """

    @classmethod
    def always_pass(cls) -> Self:
        """Everybody will do. Original: TSecurityPolicy(EAlwaysPass)."""
        return cls(TSecurityPolicyType.ETypePass)

    @classmethod
    def always_fail(cls) -> Self:
        """Nobody will do. Original: TSecurityPolicy(EAlwaysFail)."""
        return cls()

    @classmethod
    def of_capabilities(cls, *capabilities: int) -> Self:
        """Whoever has all of up to seven capabilities."""
        kind = (
            TSecurityPolicyType.ETypeC3
            if len(capabilities) <= _KMaxC3
            else TSecurityPolicyType.ETypeC7
        )
        return cls(kind, _checked(capabilities, _KMaxC7))

    @classmethod
    def of_secure_id(cls, secure_id: int, *capabilities: int) -> Self:
        """Whoever has that secure id and all of up to three capabilities."""
        return cls(
            TSecurityPolicyType.ETypeS3, _checked(capabilities, _KMaxC3), secure_id
        )

    @classmethod
    def of_vendor_id(cls, vendor_id: int, *capabilities: int) -> Self:
        """Whoever has that vendor id and all of up to three capabilities."""
        return cls(
            TSecurityPolicyType.ETypeV3, _checked(capabilities, _KMaxC3), vendor_id
        )

    def check_policy(self, who: MIdentified) -> bool:
        """Whether a process, or the client of a message, satisfies it.

        Original: TSecurityPolicy::CheckPolicy.
        """
        return self.check(who.identity())

    def check_policy_creator(self) -> bool:
        """Whether the creator of the caller's process did.

        Original: TSecurityPolicy::CheckPolicyCreator.
        """
        return self.check(Identity(*current_exec.get().process_creator_identity()))


def _checked(capabilities: tuple[int, ...], limit: int) -> tuple[int, ...]:
    if len(capabilities) > limit:
        raise TypeError(f"this policy lists at most {limit} capabilities")
    for capability in capabilities:
        if not ECapability_None <= capability < ECapability_Limit:
            panic(USER, TUserPanic.EBadCapability)
    return capabilities
