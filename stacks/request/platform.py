"""The platform file `tenants/platform.yaml`: what the operators offer to every tenant."""

from __future__ import annotations

from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, model_validator
from pydantic_core import PydanticCustomError

from stacks.request.fields import (
    Address,
    Checksum,
    Classification,
    Count,
    DataClass,
    Environment,
    Hostname,
    Label,
    Limit,
    MlpsLevel,
    Model,
    Name,
    Network,
    Port,
    Ports,
    Side,
    TenantId,
    example,
    offered,
)
from stacks.request.model.care import Backup
from stacks.request.model.handling import Administration, DedicatedNetworks, Handling
from stacks.request.model.lifecycle import Lifecycle


class Cloud(Model):
    """Objects of the existing cloud, by the names that its operator gave them."""

    region: Label = "RegionOne"
    """Region of the cloud's service catalogue."""
    domain: Label = "Default"
    """Keystone domain that the tenants' projects and users are created in."""
    external_network: Annotated[Label, example("public")]
    """The provider network that floating IPs come from."""
    services_network: Annotated[Label, example("services")]
    """The provider network on which package source, time and name servers and the log collector answer."""
    image: Annotated[Label, example("debian-12")]
    """The image that hosts boot from; uploaded when `clouds.yaml` names a file for it."""
    image_user: Label = "debian"
    """The login that cloud-init creates on hosts of this image."""
    zone_images: Annotated[
        dict[Annotated[Label, example("own-kernel")], Label], example({"own-kernel": "debian-12-own-kernel"})
    ] = Field(default_factory=dict)
    """The image of hosts in an availability zone whose machines need another one, by that zone."""
    image_checksums: Annotated[
        dict[Annotated[Label, example("debian-12")], Checksum], example({"debian-12": "0" * 128})
    ] = Field(default_factory=dict)
    """SHA-512 of an image's file, by the image's name; the audit compares it with what Glance keeps of it."""
    block_storage: bool = False
    """Whether the cloud has block storage (Cinder); where it has, tenants get a quota of volumes there."""

    @property
    def images(self) -> frozenset[str]:
        """Every image that hosts boot from."""
        return frozenset({self.image, *self.zone_images.values()})

    def image_in(self, availability_zone: str | None) -> str:
        """The image that hosts of an availability zone boot from."""
        return self.zone_images.get(availability_zone or "", self.image)


class SideNetworks(Model):
    """The address space of one side of the wall."""

    pool: Annotated[Network, example("10.64.0.0/12")]
    """All segments of this side are cut from here."""
    backbone: Annotated[Network, example("10.80.0.0/20")]
    """Transit network that joins the tenants' routers of this side; part of no segment."""
    adopted: Annotated[tuple[Network, ...], example(["192.168.16.0/20"])] = ()
    """Networks that departments had before this cloud; a segment may `adopt` a part of one."""

    @property
    def space(self) -> tuple[IPv4Network, ...]:
        """Every network that a segment of this side may lie in."""
        return (self.pool, *self.adopted)


class Zone(Model):
    """A zone that a segment may be placed in."""

    side: Side
    """The side of the wall that its segments lie on."""
    publish: Annotated[bool, Field(strict=True)] = False
    """Whether hosts here may be published to the outside."""
    accepts: Annotated[
        tuple[Literal["public", "internal", "sensitive"], ...], example(["public", "internal"])
    ]
    """Classifications that may be placed here."""


class Management(Model):
    """The network that hosts are administered from."""

    network: Annotated[Network, example("10.255.0.0/20")]
    """Holds the bastion and one router port for each tenant and side."""
    bastion_flavor: Annotated[Name, offered("flavors", "small")]
    """Size of the bastion."""
    operators: Annotated[tuple[Network, ...], Field(min_length=1, examples=[["203.0.113.0/24"]])]
    """From where operators may reach the bastion."""


class LogService(Model):
    """The collector of all hosts' records: syslog over TLS (RFC 5425), each end with a certificate."""

    address: Annotated[Address, example("198.18.0.2")]
    """Where it answers, on the services network."""
    port: Port = 6514
    """TCP port; 6514 is that of the standard."""
    name: Annotated[Hostname, example("log.lab.example")]
    """The name that its certificate must carry; the deployment's own authority signed it."""


class CoreServices(Model):
    """What every host may reach on the services network; nothing else is open from the start."""

    packages: Annotated[HttpUrl, example("http://198.18.0.2/debian")]
    """Debian package source; its host is an IPv4 address."""
    packages_suite: Label = "bookworm"
    """Release of Debian that hosts install from."""
    packages_key: Label = "/usr/share/keyrings/govcloud-mirror.gpg"
    """Keyring on the image that signs the package source."""
    time: Annotated[Address, example("198.18.0.2")]
    """NTP server."""
    names: Annotated[Address, example("198.18.0.2")]
    """DNS server."""
    log: Annotated[
        LogService | None, example({"address": "198.18.0.2", "port": 6514, "name": "log.lab.example"})
    ] = None
    """Where every host's records are collected; without it they stay on the hosts, and the audit says so."""

    @cached_property
    def packages_address(self) -> IPv4Address:
        """Where the package source answers.

        Raises:
            AddressValueError: the URL names it by a host name, which the checks refuse.
        """
        return IPv4Address(str(self.packages.host))


class Flavor(Model):
    """A size of host."""

    vcpus: Annotated[int, Field(ge=1, strict=True, examples=[2])]
    """Virtual processors."""
    memory: Annotated[int, Field(ge=64, strict=True, examples=[1024])]
    """MiB."""
    disk: Annotated[int, Field(ge=1, strict=True, examples=[4])]
    """GiB."""


ELASTIC_LIMITS = ("instances", "cores", "memory", "ports", "floating_ips", "volumes", "volume_storage")
"""Limits that grow with hosts; networks, routers and rules stay as they are."""

SCARCE_LIMITS = ("instances", "cores", "memory", "floating_ips", "volumes", "volume_storage")
"""Limits that stand for something that the cloud has only so much of; a parent's share is made of them."""

VOLUME_LIMITS = frozenset({"volumes", "volume_storage"})
"""Limits that only a cloud with block storage can set."""


class QuotaClass(Model):
    """Limits of one tenant in Nova, Neutron and Cinder."""

    instances: Annotated[Count, example(10)]
    """Hosts."""
    cores: Annotated[Count, example(16)]
    """Virtual processors of all hosts."""
    memory: Annotated[Count, example(16384)]
    """MiB of all hosts."""
    networks: Annotated[Count, example(8)]
    """Segments."""
    routers: Annotated[Count, example(4)]
    """One for each side."""
    ports: Annotated[Count, example(100)]
    """Network ports: hosts, routers, and one for each segment's DHCP and metadata."""
    floating_ips: Annotated[Count, example(8)]
    """Published hosts."""
    security_groups: Annotated[Count, example(20)]
    """One for each segment and each published group, and Neutron's `default`."""
    security_group_rules: Annotated[Count, example(300)]
    """All rules of all security groups."""
    volumes: Annotated[Count, example(10)] = 0
    """Volumes, where the cloud has block storage."""
    volume_storage: Annotated[Count, example(200)] = 0
    """GiB of all volumes."""

    def enlarged(self, factor: int) -> QuotaClass:
        """The limits with those that grow with hosts multiplied."""
        return self.model_copy(update={name: factor * getattr(self, name) for name in ELASTIC_LIMITS})


class Service(Model):
    """Named destination ports that flows may use: `port` for one, `ports` for several or for ranges."""

    protocol: Literal["tcp", "udp"] = "tcp"
    """Transport protocol."""
    port: Annotated[Port | None, example(443)] = None
    """Destination port; instead of `ports`."""
    ports: Annotated[tuple[Ports, ...], example([5060, "10000-10199"])] = ()
    """Destination ports and ranges of them; instead of `port`."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Service:
        if (self.port is None) is (not self.ports):
            raise PydanticCustomError("GC067", "one of the two")
        return self

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last port of each part, sorted."""
        return tuple(sorted(self.ports)) if self.port is None else ((self.port, self.port),)


class SharedService(Model):
    """What one tenant provides to many: a flow names it as `shared/<name>`.

    The provider writes a flow *from* it to the segment that answers, each consumer a flow *to* it, and the
    operators approve the consumers here. Without all three nothing is opened.
    """

    provider: Annotated[TenantId, example("data-centre")]
    """The tenant whose segments answer."""
    services: Annotated[tuple[Name, ...], Field(min_length=1, examples=[["postgresql"]])]
    """Names out of `services` that may be offered."""
    approved: Annotated[tuple[TenantId, ...], example(["taihe-office"])] = ()
    """The tenants that may use it."""


class Defaults(Model):
    """What a request takes that neither writes it itself nor builds on a template that does."""

    environment: Annotated[Environment | None, example("production")] = None
    """Shown on every object of a tenant."""
    mlps_level: Annotated[MlpsLevel | None, example(3)] = None
    """Protection level by MLPS 2.0 (GB/T 22239-2019)."""
    backup: Annotated[Backup | None, example({"every": "day", "keep": 30})] = None
    """Copies of the hosts' data."""
    lifecycle: Annotated[Lifecycle | None, example({"deletion": "prevent"})] = None
    """Whether tenants may be removed, and until when they live."""


class Platform(Model):
    """The whole platform file."""

    name: Annotated[Label, example("Xiangyang government cloud")]
    """The institution that runs the cloud."""
    defaults: Annotated[Defaults, example({"backup": {"every": "day", "keep": 30}})] = Defaults()
    """The lowest layer of every request: below its template, which is below the request itself."""
    cloud: Cloud
    sides: dict[Side, SideNetworks]
    """Address space of `external` and of `internal`."""
    cool_down_days: Annotated[int, Field(ge=0, le=3650, strict=True)] = 90
    """How long addresses that a tenant gave back are kept from every other tenant."""
    zones: dict[Annotated[Name, example("portal")], Zone]
    """Where segments may be placed."""
    management: Management
    core_services: CoreServices
    flavors: dict[Annotated[Name, example("small")], Flavor]
    """Sizes of hosts that tenants choose from."""
    quota_classes: dict[Annotated[Name, example("medium")], QuotaClass]
    """Limits that tenants choose from."""
    capacity: Annotated[dict[Limit, Count], example({"cores": 400})] = Field(default_factory=dict)
    """What the cloud has in all, by the names of the limits; quotas are promised out of it."""
    classifications: dict[DataClass, Handling] = Field(default_factory=dict)
    """How data of each classification is kept."""
    administration: Administration | None = None
    """Who runs, secures and audits the platform."""
    dedicated_networks: DedicatedNetworks | None = None
    """VLANs of departments with a network of their own."""
    services: Annotated[dict[Annotated[Name, example("https")], Service], example({"https": {"port": 443}})]
    """What flows may name."""
    shared_services: dict[Annotated[Name, example("basic-data")], SharedService] = Field(default_factory=dict)
    """What all departments may ask for, such as the databases of basic data (三库一中心)."""

    def handling(self, classification: Classification) -> Handling:
        """How data of a classification is kept; all peers and nothing set apart where the file is silent."""
        return {str(name): item for name, item in self.classifications.items()}.get(
            str(classification), Handling()
        )

    def peers(self, one: Classification, other: Classification) -> bool:
        """Whether tenants of two classifications may have to do with one another: each names the other."""
        return other in self.handling(one).peers and one in self.handling(other).peers
