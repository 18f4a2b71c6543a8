"""Capabilities and security policies.

Original: symbian-kernel 10.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class TCapability(IntEnum):
    """What a process may be trusted with; fixed when it is created."""

    ECapabilityTCB = 0
    ECapabilityCommDD = 1
    ECapabilityPowerMgmt = 2
    ECapabilityMultimediaDD = 3
    ECapabilityReadDeviceData = 4
    ECapabilityWriteDeviceData = 5
    ECapabilityDRM = 6
    ECapabilityTrustedUI = 7
    ECapabilityProtServ = 8
    ECapabilityDiskAdmin = 9
    ECapabilityNetworkControl = 10
    ECapabilityAllFiles = 11
    ECapabilitySwEvent = 12
    ECapabilityNetworkServices = 13
    ECapabilityLocalServices = 14
    ECapabilityReadUserData = 15
    ECapabilityWriteUserData = 16
    ECapabilityLocation = 17
    ECapabilitySurroundingsDD = 18
    ECapabilityUserEnvironment = 19


ECapability_None: Final = -1
ECapability_Denied: Final = -2
ECapability_Limit: Final = 20


def capability_set(*capabilities: int) -> frozenset[int]:
    """A set of capabilities; unknown numbers are ignored. Original: TCapabilitySet."""
    return frozenset(int(c) for c in capabilities if 0 <= c < ECapability_Limit)


ALL_CAPABILITIES: Final = frozenset(range(ECapability_Limit))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a process is: secure id, vendor id, capabilities."""

    secure_id: int = 0
    vendor_id: int = 0
    capabilities: frozenset[int] = frozenset()

    def has(self, *capabilities: int) -> bool:
        """Whether every one is held; -1 (none) always is, unknown numbers never."""
        return all(
            c == ECapability_None or c in self.capabilities for c in capabilities
        )


class TSecurityPolicyType(IntEnum):
    """How a policy is to be read."""

    ETypeFail = 0
    ETypePass = 1
    ETypeC3 = 2
    ETypeC7 = 3
    ETypeS3 = 4
    ETypeV3 = 5


# How many capabilities a policy of each type lists at most, and which have an id.
_MAX_CAPABILITIES: Final[dict[int, int]] = {
    TSecurityPolicyType.ETypeFail: 0,
    TSecurityPolicyType.ETypePass: 0,
    TSecurityPolicyType.ETypeC3: 3,
    TSecurityPolicyType.ETypeC7: 7,
    TSecurityPolicyType.ETypeS3: 3,
    TSecurityPolicyType.ETypeV3: 3,
}
_TYPES_WITH_ID: Final = (TSecurityPolicyType.ETypeS3, TSecurityPolicyType.ETypeV3)


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """A condition on a process's identity; the default one always fails.

    *capabilities* are the listed ones; *id* is a SID (ETypeS3) or VID (ETypeV3).
    """

    type: TSecurityPolicyType = TSecurityPolicyType.ETypeFail
    capabilities: tuple[int, ...] = ()
    id: int = 0

    @property
    def is_well_formed(self) -> bool:
        """Whether its parts make sense together."""
        limit = _MAX_CAPABILITIES.get(self.type)
        if limit is None or len(self.capabilities) > limit:
            return False
        return self.id == 0 or self.type in _TYPES_WITH_ID

    def missing(self, identity: Identity) -> Identity:
        """What *identity* would need besides; ids that it has, or may lack, are 0."""
        wants_sid = self.type == TSecurityPolicyType.ETypeS3
        wants_vid = self.type == TSecurityPolicyType.ETypeV3
        return Identity(
            self.id if wants_sid and identity.secure_id != self.id else 0,
            self.id if wants_vid and identity.vendor_id != self.id else 0,
            frozenset(c for c in self.capabilities if not identity.has(c)),
        )

    def check(self, identity: Identity) -> bool:
        """Whether *identity* satisfies the policy."""
        match self.type:
            case TSecurityPolicyType.ETypeFail:
                return False
            case TSecurityPolicyType.ETypePass:
                return True
            case TSecurityPolicyType.ETypeS3 if identity.secure_id != self.id:
                return False
            case TSecurityPolicyType.ETypeV3 if identity.vendor_id != self.id:
                return False
            case _:
                return identity.has(*self.capabilities)
