"""Which hosts leave is read from the cloud: servers of the tenant that its plan no longer has."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from openstack.compute.v2.server import Server

from scripts.access.servers import ways
from scripts.access.ssh import Way
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import REPOSITORY, Settings

PLAN = plan_from_folder(REPOSITORY / "tenants", Settings.from_environment().today)
TENANT = PLAN.tenants[0]
HOST = TENANT.hosts[0]


def server(name: str, address: str, *tags: str) -> Server:
    fixed = {"addr": address, "OS-EXT-IPS:type": "fixed"}
    floating = {"addr": "203.0.113.9", "OS-EXT-IPS:type": "floating"}
    return Server(
        id=f"id-of-{name}", name=name, tags=[*tags], image={"id": "image"}, addresses={"n": [floating, fixed]}
    )


def cloud(*servers: Server) -> Any:  # noqa: ANN401 - the two calls of a connection that are made
    """What the two calls answer."""
    ips = [SimpleNamespace(fixed_ip_address="10.255.0.10", floating_ip_address="203.0.113.10")]
    compute = SimpleNamespace(servers=lambda **_: servers)
    return SimpleNamespace(compute=compute, network=SimpleNamespace(ips=lambda: ips))


def test_only_the_tenants_own_and_unplanned_servers_leave() -> None:
    here = server(HOST.name, str(HOST.address), f"tenant={TENANT.id}")
    gone = server(f"{TENANT.id}-gone-1", "10.64.0.99", f"tenant={TENANT.id}")
    foreign = server("by-hand", "10.64.0.98", "tenant=somebody-else")
    found = ways(cloud(here, gone, foreign), PLAN)
    assert found.hosts == (Way(HOST.name, str(HOST.address), f"id-of-{HOST.name}-image"),)
    assert found.leaving.pop(TENANT.id) == (Way(gone.name, "10.64.0.99", f"id-of-{gone.name}-image"),)
    assert not any(found.leaving.values())


def test_the_bastion_is_met_at_its_address_from_outside() -> None:
    found = ways(cloud(server("govcloud-bastion", "10.255.0.10")), PLAN)
    assert found.bastion == Way("bastion", "203.0.113.10", "id-of-govcloud-bastion-image")
    assert ways(cloud(), PLAN).bastion.known_as == "bastion"
