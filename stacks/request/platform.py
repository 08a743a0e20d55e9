"""The platform file `tenants/platform.yaml`: what the operators offer to every tenant."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, HttpUrl, StringConstraints

from stacks.request.fields import Address, Count, Model, Name, Network, Port, Side

Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Cloud(Model):
    """Objects of the existing cloud, by the names that its operator gave them."""

    region: Label = "RegionOne"
    domain: Label = "Default"
    """Keystone domain that the tenants' projects and users are created in."""
    external_network: Label
    """The provider network that floating IPs come from."""
    services_network: Label
    """The provider network on which package source, time and name servers answer."""
    image: Label
    """The image that hosts boot from; uploaded when `clouds.yaml` names a file for it."""
    image_user: Label = "debian"
    """The login that cloud-init creates on hosts of this image."""


class SideNetworks(Model):
    """The address space of one side of the wall."""

    pool: Network
    """All segments of this side are cut from here."""
    backbone: Network
    """Transit network that joins the tenants' routers of this side; part of no segment."""


class Zone(Model):
    """A zone that a segment may be placed in."""

    side: Side
    publish: Annotated[bool, Field(strict=True)] = False
    """Whether hosts here may be published to the outside."""
    accepts: tuple[Literal["public", "internal", "sensitive"], ...]
    """Classifications that may be placed here."""


class Management(Model):
    """The network that hosts are administered from."""

    network: Network
    """Holds the bastion and one router port for each tenant and side."""
    bastion_flavor: Name
    operators: Annotated[tuple[Network, ...], Field(min_length=1)]
    """From where operators may reach the bastion."""


class CoreServices(Model):
    """What every host may reach on the services network; nothing else is open from the start."""

    packages: HttpUrl
    """Debian package source; its host is an IPv4 address."""
    packages_suite: Label = "bookworm"
    packages_key: Label = "/usr/share/keyrings/govcloud-mirror.gpg"
    """Keyring on the image that signs the package source."""
    time: Address
    """NTP server."""
    names: Address
    """DNS server."""


class Flavor(Model):
    """A size of host."""

    vcpus: Annotated[int, Field(ge=1, strict=True)]
    memory: Annotated[int, Field(ge=64, strict=True)]
    """MiB."""
    disk: Annotated[int, Field(ge=1, strict=True)]
    """GiB."""


class QuotaClass(Model):
    """Limits of one tenant in Nova and Neutron."""

    instances: Count
    cores: Count
    memory: Count
    """MiB."""
    networks: Count
    routers: Count
    ports: Count
    floating_ips: Count
    security_groups: Count
    security_group_rules: Count


class Service(Model):
    """A named destination port that flows may use."""

    protocol: Literal["tcp", "udp"] = "tcp"
    port: Port


class Platform(Model):
    """The whole platform file."""

    name: Label
    """The institution that runs the cloud."""
    cloud: Cloud
    sides: dict[Side, SideNetworks]
    zones: dict[Name, Zone]
    management: Management
    core_services: CoreServices
    flavors: dict[Name, Flavor]
    quota_classes: dict[Name, QuotaClass]
    services: dict[Name, Service]
