"""A tenant request: what a department writes in `tenants/<id>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stacks.request.fields import (
    Classification,
    Count,
    Email,
    Environment,
    FlowEnd,
    Hostname,
    Limit,
    MlpsLevel,
    Model,
    Name,
    Network,
    Port,
    TenantId,
    Text,
    Tier,
    example,
    offered,
)
from stacks.request.model.care import Backup, Baseline, DedicatedNetwork, Dns
from stacks.request.model.exchange import Exchange
from stacks.request.model.lifecycle import Adoption, Lifecycle
from stacks.request.model.roles import Roles
from stacks.request.model.season import Season
from stacks.request.model.volume import Volume
from stacks.request.platform import QuotaClass


class DisplayName(Model):
    """The department's name as people read it."""

    en: Annotated[Text, example("Luoyang Tourism Portal")]
    """In English."""
    zh: Annotated[Text, example("洛阳旅游门户网站")]
    """In Chinese."""


class Owner(Model):
    """Who answers for the tenant."""

    department: Annotated[Text, example("Luoyang Culture and Tourism Bureau")]
    """The department that owns the tenant and pays for it."""
    contact: Annotated[Text, example("Wang Fang")]
    """The person to call."""
    email: Annotated[Email, example("it@tourism.luoyang.example")]
    """The address that notices go to."""


class Quota(Model):
    """How much of the shared cloud the tenant may use."""

    quota_class: Annotated[Name, offered("quota_classes", "medium")] = Field(
        alias="class", serialization_alias="class"
    )
    """A class from `platform.yaml`."""
    overrides: Annotated[dict[Limit, Count], example({"floating_ips": 12})] = Field(default_factory=dict)
    """Single limits that differ from the class."""
    justification: Annotated[Text | None, example("twelve portals of subordinate bureaus")] = None
    """Why the overrides are needed; required with them."""

    def applied_to(self, offered: QuotaClass) -> QuotaClass:
        """The limits of the class with the overrides."""
        return offered.model_copy(update={str(name): limit for name, limit in self.overrides.items()})


class Segment(Model):
    """One isolated network of the tenant; its addresses come from the side's pool."""

    name: Annotated[Name, example("portal")]
    """Unique among the tenant's segments."""
    zone: Annotated[Name, offered("zones", "portal")]
    """A zone from `platform.yaml`; it decides the side of the wall."""
    size: Annotated[int, Field(ge=4, le=1000, strict=True)] = 28
    """How many host addresses the department needs; rounded up to a whole subnet."""
    adopt: Annotated[Network | None, example("192.168.20.0/24")] = None
    """The network that the department uses already; only inside what the operators list as adopted."""


class Site(Model):
    """Content of a portal's pages."""

    title: Annotated[Text, example("洛阳旅游")]
    """Heading and window title of the portal."""
    summary: Annotated[str, StringConstraints(max_length=1000), example("All that a visitor needs.")] = ""
    """One paragraph under the heading."""
    services: Annotated[tuple[Text, ...], example(["门票预订", "旅游投诉"])] = ()
    """The online services that the first page lists."""


class Host(Model):
    """A group of equal hosts."""

    name: Annotated[Name, example("web")]
    """Unique among the tenant's hosts; each host is called `tenant-name-number`."""
    segment: Annotated[Name, example("portal")]
    """One of this request's segments."""
    flavor: Annotated[Name, offered("flavors", "small")]
    """A flavor from `platform.yaml`."""
    count: Annotated[int, Field(ge=1, le=32, strict=True)] = 1
    """How many of them."""
    workload: Literal["base", "portal"] = "base"
    """What runs on the hosts: `base` is a hardened host, `portal` adds the public web portal."""
    site: Site | None = None
    """The portal's content; required by the workload `portal`."""
    volumes: tuple[Volume, ...] = ()
    """Storage beyond the flavor's disk; each host of the group has its own."""


class Publication(Model):
    """A service that the outside may reach, through a floating IP on each host of the group."""

    hostname: Annotated[Hostname, example("travel.luoyang.example")]
    """The name that the outside calls it by; unique in the cloud."""
    host: Annotated[Name, example("web")]
    """The host group that answers."""
    port: Port = 443
    """TCP port; never 22."""


class Flow(Model):
    """A connection that one segment may open to another.

    Between two tenants the flow exists only when *both* requests declare it; to a shared service when its
    provider declares it too and the operators approve it in `platform.yaml`.
    """

    source: FlowEnd = Field(alias="from", serialization_alias="from", examples=["portal"])
    """A segment of this tenant, or `tenant/segment`; `shared/name` for what this tenant provides."""
    target: FlowEnd = Field(alias="to", serialization_alias="to", examples=["taihe-office/office"])
    """A segment of this tenant, `tenant/segment`, or the shared service `shared/name`."""
    service: Annotated[Name, offered("services", "https")]
    """A service from `platform.yaml`."""


class TenantRequest(Model):
    """The whole request of one tenant."""

    id: Annotated[TenantId, example("luoyang-tourism")]
    """Never changes; equals the file's name."""
    name: DisplayName
    template: Annotated[Name | None, example("portal")] = None
    """A file of `tenants/templates/` that the request builds on; what the request writes itself wins."""
    tier: Annotated[Tier, example("city")]
    """The level of government that the department belongs to."""
    parent: Annotated[TenantId | None, example("xiangyang-portal")] = None
    """The tenant of the next higher tier, where there is one; it stays while the tenant is built."""
    owner: Owner
    cost_centre: Annotated[Text | None, example("LY-0207")] = None
    """Where the costs are booked."""
    environment: Environment = "production"
    """Shown on every object of the tenant."""
    classification: Annotated[Classification, example("public")]
    """The most sensitive data that the tenant will hold."""
    mlps_level: MlpsLevel = 3
    """Protection level by MLPS 2.0 (GB/T 22239-2019)."""
    roles: Annotated[Roles, example({"manager": ["luoyang-it-leads"], "auditor": ["luoyang-audit"]})] = (
        Roles()
    )
    quota: Quota
    seasons: Annotated[tuple[Season, ...], example([{"from": "04-01", "to": "10-31", "factor": 3}])] = ()
    """Parts of the year in which more hosts are needed."""
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    """The tenant's networks."""
    hosts: tuple[Host, ...] = ()
    """The tenant's hosts, in groups of equal ones."""
    publish: tuple[Publication, ...] = ()
    """What citizens reach."""
    flows: tuple[Flow, ...] = ()
    """Which segment may connect to which; nothing else is open."""
    exchanges: tuple[Exchange, ...] = ()
    """What crosses the wall, through the exchange platform and in no other way."""
    dedicated_network: DedicatedNetwork | None = None
    """VLANs of the department's own (虚拟专网)."""
    dns: Dns | None = None
    """Where the published host names lie."""
    baseline: Annotated[Baseline, example({"exceptions": []})] = Baseline()
    backup: Annotated[Backup | None, example({"every": "day", "keep": 90})] = None
    """Copies of the hosts' data; recorded, a later release makes them."""
    lifecycle: Annotated[Lifecycle, example({"expiry": "2029-11-30", "deletion": "prevent"})] = Lifecycle()
    adopt: Adoption | None = None
    """What exists in the cloud already and is taken over; recorded, a later release imports it."""

    def is_dedicated(self, segment: str) -> bool:
        """Whether a segment lies on a VLAN of the department's own."""
        return self.dedicated_network is not None and segment in self.dedicated_network.segments

    def growing(self, season: Season) -> frozenset[str]:
        """The host groups that a season enlarges."""
        return frozenset(season.hosts or (item.host for item in self.publish))

    def peak(self, group: Host) -> int:
        """Hosts of a group in its largest season."""
        factors = (season.factor for season in self.seasons if group.name in self.growing(season))
        return group.count * max(factors, default=1)

    def peak_quota(self, classes: Mapping[str, QuotaClass]) -> QuotaClass:
        """The limits of the largest season, out of the platform's classes."""
        allowed = self.quota.applied_to(classes[self.quota.quota_class])
        return allowed.enlarged(max((season.factor for season in self.seasons), default=1))
