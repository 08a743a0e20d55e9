"""The typed contract between the stacks and everything that reads them: tenant stacks, inventory, audit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Outputs(BaseModel):
    """Base of all stack outputs: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SideOutputs(Outputs):
    """What the platform made for one side; ids of Neutron."""

    subnet_pool: str
    backbone_network: str
    backbone_subnet: str


class PlatformOutputs(Outputs):
    """Outputs of the stack `platform`.

    Attributes:
        bastion_address: the bastion's floating IPv4 address.
        routes: the ways to tenants that the platform router knows, as `network via address`.
        identity_url: Keystone's public endpoint.
        certificates: file with the authorities that sign the cloud's certificates; empty for the system's.
        image: Glance id of what hosts boot from.
        images: Glance id of what hosts of an availability zone boot from, where that is another one.
        flavors: Nova flavor id of each name in the platform file.
        roles: Keystone's id of each role that is granted, by its name.
        groups: Keystone's id of each group of people, by its name.
        volume_types: every volume type of the cloud; none where it has no block storage.
        nodes: Keystone's id of the project that the tenants below a tenant stand in, by that tenant.
    """

    external_network: str
    external_network_name: str
    sides: dict[str, SideOutputs]
    management_network: str
    management_subnet: str
    management_router: str
    routes: tuple[str, ...]
    image: str
    images: dict[str, str] = {}
    flavors: dict[str, str]
    volume_types: tuple[str, ...] = ()
    roles: dict[str, str]
    groups: dict[str, str]
    nodes: dict[str, str]
    domain: str
    identity_url: str
    certificates: str
    bastion: str
    bastion_address: str

    def image_in(self, availability_zone: str | None) -> str:
        """Glance id of what hosts of an availability zone boot from."""
        return self.images.get(availability_zone or "", self.image)


class VolumeOutputs(Outputs):
    """One volume.

    Attributes:
        id: Cinder volume id; the file system on it has the same.
        device: what Nova calls it on the host. A host that names its devices by itself may call it otherwise.
    """

    id: str
    device: str


class HostOutputs(Outputs):
    """One host.

    Attributes:
        id: Nova server id.
        address: its fixed IPv4 address.
        image: Glance id of what it was built from; a rebuild keeps the server's id, but not its keys.
        floating_address: its floating IPv4 address, where it is published.
        volumes: by the request's name of each.
    """

    id: str
    image: str
    address: str
    floating_address: str | None = None
    volumes: dict[str, VolumeOutputs] = {}


class TenantOutputs(Outputs):
    """Outputs of a tenant's stack.

    Attributes:
        networks: Neutron network id of each segment.
        hosts: by the key of the plan, for example `web-1`.
    """

    project: str
    networks: dict[str, str]
    routers: dict[str, str]
    security_groups: dict[str, str]
    hosts: dict[str, HostOutputs]
