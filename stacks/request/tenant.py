"""A tenant request: what a department writes in `tenants/<id>.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stacks.request.fields import (
    Classification,
    Count,
    Email,
    FlowEnd,
    Hostname,
    Limit,
    Model,
    Name,
    Port,
    TenantId,
    Tier,
)
from stacks.request.platform import QuotaClass

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DisplayName(Model):
    """The department's name as people read it."""

    en: Text
    """In English."""
    zh: Text
    """In Chinese."""


class Owner(Model):
    """Who answers for the tenant."""

    department: Text
    """The department that owns the tenant and pays for it."""
    contact: Text
    """The person to call."""
    email: Email
    """The address that notices go to."""


class Quota(Model):
    """How much of the shared cloud the tenant may use."""

    quota_class: Name = Field(alias="class", serialization_alias="class")
    """A class from `platform.yaml`."""
    overrides: dict[Limit, Count] = Field(default_factory=dict)
    """Single limits that differ from the class."""
    justification: Text | None = None
    """Why the overrides are needed; required with them."""

    def applied_to(self, offered: QuotaClass) -> QuotaClass:
        """The limits of the class with the overrides."""
        return offered.model_copy(update={str(name): limit for name, limit in self.overrides.items()})


class Segment(Model):
    """One isolated network of the tenant; its addresses come from the side's pool."""

    name: Name
    zone: Name
    """A zone from `platform.yaml`; it decides the side of the wall."""
    size: Annotated[int, Field(ge=4, le=1000, strict=True)] = 28
    """How many host addresses the department needs; rounded up to a whole subnet."""


class Site(Model):
    """Content of a portal's pages."""

    title: Text
    """Heading and window title of the portal."""
    summary: Text = ""
    """One paragraph under the heading."""
    services: tuple[Text, ...] = ()
    """The online services that the first page lists."""


class Host(Model):
    """A group of equal hosts."""

    name: Name
    segment: Name
    """One of this request's segments."""
    flavor: Name
    """A flavor from `platform.yaml`."""
    count: Annotated[int, Field(ge=1, le=32, strict=True)] = 1
    workload: Literal["base", "portal"] = "base"
    """What runs on the hosts: `base` is a hardened host, `portal` adds the public web portal."""
    site: Site | None = None
    """The portal's content; required by the workload `portal`."""


class Publication(Model):
    """A service that the outside may reach, through a floating IP on each host of the group."""

    hostname: Hostname
    host: Name
    """The host group that answers."""
    port: Port = 443


class Flow(Model):
    """A connection that one segment may open to another.

    Between two tenants the flow exists only when *both* requests declare it.
    """

    source: FlowEnd = Field(alias="from", serialization_alias="from")
    """A segment of this tenant, or `tenant/segment`."""
    target: FlowEnd = Field(alias="to", serialization_alias="to")
    """A segment of this tenant, or `tenant/segment`."""
    service: Name
    """A service from `platform.yaml`."""


class TenantRequest(Model):
    """The whole request of one tenant."""

    id: TenantId
    """Never changes; equals the file's name."""
    name: DisplayName
    tier: Tier
    parent: TenantId | None = None
    """The tenant of the next higher tier, where there is one."""
    owner: Owner
    cost_centre: Text | None = None
    environment: Literal["production", "staging", "development"] = "production"
    classification: Classification
    """The most sensitive data that the tenant will hold."""
    mlps_level: Annotated[int, Field(ge=1, le=4, strict=True)] = 3
    """Protection level by MLPS 2.0 (GB/T 22239-2019)."""
    quota: Quota
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    hosts: tuple[Host, ...] = ()
    publish: tuple[Publication, ...] = ()
    flows: tuple[Flow, ...] = ()
