"""TSecurityPolicy: a condition on who somebody is."""

import struct
from typing import Final, Protocol, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrArgument, Leave
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

# A package: type, three capabilities, and an id or four more; all ones is none.
_KLayout: Final = struct.Struct("<B3sI")
_KNoCapability: Final = 0xFF
_TYPES_WITH_ID: Final = (TSecurityPolicyType.ETypeS3, TSecurityPolicyType.ETypeV3)


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
        """Everybody will do.

        Original: TSecurityPolicy::TSecurityPolicy(EAlwaysPass).
        """
        return cls(TSecurityPolicyType.ETypePass)

    @classmethod
    def always_fail(cls) -> Self:
        """Nobody will do. Original: TSecurityPolicy::TSecurityPolicy(EAlwaysFail)."""
        return cls()

    @classmethod
    def of_capabilities(cls, *capabilities: int) -> Self:
        """Whoever has all of up to seven capabilities.

        Original: TSecurityPolicy::TSecurityPolicy.
        """
        kind = (
            TSecurityPolicyType.ETypeC3
            if len(capabilities) <= _KMaxC3
            else TSecurityPolicyType.ETypeC7
        )
        return cls(kind, _checked(capabilities, _KMaxC7))

    @classmethod
    def of_secure_id(cls, secure_id: int, *capabilities: int) -> Self:
        """Whoever has that secure id and all of up to three capabilities.

        Original: TSecurityPolicy::TSecurityPolicy.
        """
        return cls(
            TSecurityPolicyType.ETypeS3, _checked(capabilities, _KMaxC3), secure_id
        )

    @classmethod
    def of_vendor_id(cls, vendor_id: int, *capabilities: int) -> Self:
        """Whoever has that vendor id and all of up to three capabilities.

        Original: TSecurityPolicy::TSecurityPolicy.
        """
        return cls(
            TSecurityPolicyType.ETypeV3, _checked(capabilities, _KMaxC3), vendor_id
        )

    def set(self, package: bytes) -> None:
        """Become what *package* says.

        Raises: KErrArgument for one of a wrong size or that makes no sense, after which
            the policy always fails.
        Original: TSecurityPolicy::Set.
        """
        read = _unpacked(package)
        # The one in/out parameter among values that don't change otherwise.
        for field in ("type", "capabilities", "id"):
            object.__setattr__(self, field, getattr(read or SecurityPolicy(), field))
        if read is None:
            raise Leave(KErrArgument)

    def package(self) -> bytes:
        """What `set` takes. Original: TSecurityPolicy::Package."""
        numbers = [capability & 0xFF for capability in self.capabilities]
        listed = bytes(numbers).ljust(_KMaxC7, bytes([_KNoCapability]))
        rest = int.from_bytes(listed[_KMaxC3:], "little")
        last = self.id if self.type in _TYPES_WITH_ID else rest
        return _KLayout.pack(self.type, listed[:_KMaxC3], last)

    def check_policy(self, who: MIdentified) -> bool:
        """Whether a process, or the client of a message, satisfies it.

        Original: TSecurityPolicy::CheckPolicy.
        """
        return self.check(who.identity())

    def missing_from(self, who: MIdentified) -> Identity:
        """The ids and capabilities that *who* would need besides.

        Original: none; the SSecurityInfo that CheckPolicy of a message fills.
        """
        return self.missing(who.identity())

    def check_policy_creator(self) -> bool:
        """Whether the creator of the caller's process did.

        Original: TSecurityPolicy::CheckPolicyCreator.
        """
        return self.check(Identity(*current_exec.get().process_creator_identity()))


def _unpacked(package: bytes) -> SecurityPolicy | None:
    """What a package says; None if that is nothing."""
    if len(package) != _KLayout.size:
        return None
    number, listed, last = _KLayout.unpack(package)
    if number > max(TSecurityPolicyType):
        return None
    kind = TSecurityPolicyType(number)
    with_id = kind in _TYPES_WITH_ID
    if not with_id:
        listed += last.to_bytes(_KMaxC7 - _KMaxC3, "little")
    used = listed.rstrip(bytes([_KNoCapability]))
    capabilities = struct.unpack(f"{len(used)}b", used)  # signed: -2 is held by nobody
    read = SecurityPolicy(kind, capabilities, last if with_id else 0)
    return read if read.is_well_formed else None


def _checked(capabilities: tuple[int, ...], limit: int) -> tuple[int, ...]:
    if len(capabilities) > limit:
        raise TypeError(f"this policy lists at most {limit} capabilities")
    for capability in capabilities:
        if not ECapability_None <= capability < ECapability_Limit:
            panic(USER, TUserPanic.EBadCapability)
    return capabilities
