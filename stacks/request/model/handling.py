"""What the operators decide for each classification, and who administers the platform."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stacks.request.fields import Classification, DataClass, FlowEnd, GroupName, Label, Model, example

LogLevel = Literal["standard", "full"]
"""What a host records; `docs/ops.md` says what `full` adds."""

HELD: tuple[DataClass, ...] = (Classification.PUBLIC, Classification.INTERNAL, Classification.SENSITIVE)
"""The classifications that this cloud may hold."""


class Handling(Model):
    """How data of one classification is kept."""

    peers: Annotated[tuple[DataClass, ...], example(["public", "internal"])] = HELD
    """Classifications of the tenants that such a tenant may have flows with."""
    availability_zone: Annotated[Label | None, example("secured")] = None
    """The availability zone of a host aggregate that such hosts run in; the cloud's default without it."""
    volume_type: Annotated[Label | None, example("encrypted")] = None
    """The cloud's volume type for such data; tenants of other classes get a quota of 0 of it."""
    encrypted_volumes: bool = False
    """Whether that type must be one that the cloud encrypts; `govcloud doctor` asks."""
    log_level: LogLevel = "standard"
    """What such hosts log: `full` adds every new connection and every command that a person types."""


class Administration(Model):
    """The three administrations of the platform (三员分立): three groups, and nobody in two of them.

    GB/T 22239-2019, 8.1.5 and 8.1.7.1. No tenant gives one of them a role. The platform makes the groups; who
    is in them is the directory's business.
    """

    system: Annotated[GroupName, example("cloud-operators")]
    """Runs the platform."""
    security: Annotated[GroupName, example("cloud-security")]
    """Approves flows, exchanges and roles."""
    audit: Annotated[GroupName, example("cloud-audit")]
    """Reads evidence and logs."""

    def items(self) -> dict[str, str]:
        """The group of each administration."""
        return {"system": self.system, "security": self.security, "audit": self.audit}


Vlan = Annotated[int, Field(ge=1, le=4094, strict=True, examples=[2101])]
"""IEEE 802.1Q."""


class DedicatedNetworks(Model):
    """The VLANs that the operators have put on their switches for departments with a network of their own."""

    physical_network: Annotated[Label, example("vpn")]
    """Neutron's name of the physical network that carries them."""
    vlans: dict[Annotated[FlowEnd, example("taihe-health/imaging")], Vlan]
    """The number of each segment, written as `tenant/segment`; nobody shares one."""
