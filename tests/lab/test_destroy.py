"""`govcloud destroy` leaves nothing of a tenant in any service, and nobody else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME, LEADS = "zz-destroyed", "zz-leads"
REQUEST = throwaway.request(
    NAME,
    hosts=1,
    classification="public",
    roles={"manager": [LEADS]},
    segments=[{"name": "office", "zone": "portal", "size": 10}],
    publish=[{"hostname": "destroyed.tests.example", "host": "node"}],
)


def leftovers(cloud: Cloud, project: str, servers: set[str], name: str = NAME) -> dict[str, list[str]]:
    """Everything that any service still knows of a tenant, by kind."""
    network, identity = cloud.network, cloud.identity
    found = {
        "projects": [item.id for item in identity.projects() if item.id == project or item.name == name],
        "users": [item.name for item in identity.users() if item.name.startswith(name)],
        "groups": [item.name for item in identity.groups() if item.name.startswith(name)],
        "role assignments": [
            str(item.scope) for item in identity.role_assignments(scope_project_id=project) if item.scope
        ],
        "servers": [item.name for item in cloud.compute.servers(all_projects=True, project_id=project)],
        "volumes": [item.name for item in cloud.block_storage.volumes(all_projects=True, project_id=project)],
        "images": [item.name for item in cloud.image.images(owner=project)],
        "allocations": [
            consumer
            for consumer in servers
            if cloud.placement.get(f"/allocations/{consumer}").json()["allocations"]
        ],
    }
    for kind in ("networks", "subnets", "routers", "ports", "ips", "security_groups", "rbac_policies"):
        objects = getattr(network, kind)(project_id=project)
        found[kind] = [item.id for item in objects if getattr(item, "name", None) != "default"]
    return {kind: items for kind, items in found.items() if items}


def kept_by_the_platform(cloud: Cloud, networks: Sequence[IPv4Network]) -> dict[str, list[str]]:
    """What the platform's stack holds for a tenant, until that stack is updated without the request."""
    routes = [route["destination"] for router in cloud.network.routers() for route in router.routes or ()]
    return {
        "groups": [group.name for group in cloud.identity.groups() if group.name == LEADS],
        "routes": [cidr for cidr in routes if any(IPv4Network(cidr).overlaps(own) for own in networks)],
    }


def test_destroy_leaves_nothing(cloud: Cloud, govcloud: Command) -> None:
    others = {server.id for server in cloud.compute.servers(all_projects=True)}
    with throwaway.tenant(govcloud, REQUEST):
        built = govcloud("up", NAME)
        assert built.returncode == 0, built.stderr
        project = cloud.identity.find_project(NAME, ignore_missing=False).id
        servers = {server.id for server in cloud.compute.servers(all_projects=True)} - others
        assert len(servers) == 1
        there = leftovers(cloud, project, servers)
        kinds = {"projects", "users", "servers", "networks", "routers", "ports", "ips", "allocations"}
        assert kinds <= set(there)
        networks = [IPv4Network(item.cidr) for item in cloud.network.subnets(project_id=project)]
        assert networks

        removed = govcloud("destroy", NAME, "--yes")
        assert removed.returncode == 0, removed.stderr
        assert leftovers(cloud, project, servers) == {}
        assert {server.id for server in cloud.compute.servers(all_projects=True)} == others

        again = govcloud("destroy", NAME, "--yes")
        assert again.returncode == 0
        assert "nothing was there" in again.stdout
        # The request is still there, and with it what the platform holds for it.
        assert all(kept_by_the_platform(cloud, networks).values())
    assert govcloud("up", "--all").returncode == 0
    assert kept_by_the_platform(cloud, networks) == {"groups": [], "routes": []}
