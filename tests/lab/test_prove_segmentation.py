"""`govcloud prove` on the real thing: green as built, red for exactly what was planted, green again."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from scripts.access.connection import connected
from scripts.access.deployment import Deployment
from scripts.prove.proof import prove
from scripts.prove.result import Observation
from stacks.errors import HostError
from stacks.plan.reachability import expected, unprobed
from tests.lab.conftest import Command

pytestmark = [
    pytest.mark.lab,
    pytest.mark.timeout(300),
    # openstacksdk 4.22 warns on every connection of what it calls itself.
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]

SETTLE = 5
"""Proofs until a change of rules has arrived at the hypervisor; each takes seconds."""

DROPPED = "table inet govcloud_test { chain swallow { type filter hook %s priority -300; %s drop; }; }"


def _differences(deployment: Deployment) -> tuple[Observation, ...]:
    return prove(deployment, lambda _: None).differences


def _until(condition: Callable[[], bool]) -> bool:
    return any(condition() for _ in range(SETTLE))


@contextmanager
def _egress_rule(
    deployment: Deployment, tenant: str, segment: str, port: int, address: str
) -> Iterator[None]:
    """A rule that nobody declared, made by the administrator behind everyone's back."""
    group = deployment.outputs.tenants[tenant].security_groups[f"{tenant}-{segment}"]
    with connected(deployment.settings.cloud) as cloud:
        rule = cloud.network.create_security_group_rule(
            security_group_id=group,
            direction="egress",
            ether_type="IPv4",
            protocol="tcp",
            port_range_min=port,
            port_range_max=port,
            remote_ip_prefix=f"{address}/32",
        )
        try:
            yield
        finally:
            cloud.network.delete_security_group_rule(rule.id)


@contextmanager
def _dropping(deployment: Deployment, host: str, hook: str, match: str) -> Iterator[None]:
    """A host whose firewall swallows something, for as long as the block lasts."""
    ssh = ["ssh", "-F", str(deployment.ssh_config), host, "sudo", "-n", "nft"]
    subprocess.run([*ssh, "-f", "-"], input=DROPPED % (hook, match), text=True, check=True, timeout=60)
    try:
        yield
    finally:
        subprocess.run([*ssh, "delete", "table", "inet", "govcloud_test"], check=True, timeout=60)


def test_the_packets_agree_with_the_plan(deployment: Deployment) -> None:
    started = time.monotonic()
    proof = prove(deployment, lambda _: None)
    assert [str(item) for item in proof.differences] == []
    assert time.monotonic() - started < 60
    assert {item.cell for item in proof.observations} == set(expected(deployment.plan))
    assert proof.unprobed == unprobed(deployment.plan)


def test_a_rule_inside_a_tenant_is_found(deployment: Deployment) -> None:
    web = deployment.plan.tenant("luoyang-tourism").hosts[0]
    with _egress_rule(deployment, "luoyang-tourism", "data", 443, str(web.address)):
        assert _until(
            lambda: (
                [
                    (item.cell.source, item.cell.target.name, item.cell.port)
                    for item in _differences(deployment)
                ]
                == [("luoyang-tourism/data", "luoyang-tourism/portal/web-1", 443)]
            )
        )
    assert _until(lambda: not _differences(deployment))


def test_a_way_to_another_tenants_portal_is_found_by_the_command(
    deployment: Deployment, govcloud: Command
) -> None:
    target = deployment.outputs.tenants["xiangyang-portal"].hosts["web-1"].floating_address
    assert target is not None
    wanted = "luoyang-tourism/portal reached xiangyang-portal/portal/web-1#public:443, which no flow allows"
    with _egress_rule(deployment, "luoyang-tourism", "portal", 443, target):
        assert _until(lambda: bool(_differences(deployment)))
        done = govcloud("prove", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 7, done.stderr
    assert [text.partition(" (only")[0] for text in found["differences"]] == [wanted]
    assert wanted in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert _until(lambda: not _differences(deployment))
    assert govcloud("prove").returncode == 0


def test_a_flow_that_does_not_work_is_found(deployment: Deployment) -> None:
    with _dropping(deployment, "luoyang-tourism-db-1", "input", "tcp dport 5432"):
        (difference,) = _differences(deployment)
    assert str(difference).startswith("luoyang-tourism/portal did not reach luoyang-tourism/data/db-1:5432")
    assert not difference.reached


def test_a_broken_network_is_not_called_a_wall(deployment: Deployment) -> None:
    """Without its package source a host's silence proves nothing, so the proof refuses to judge."""
    source = deployment.plan.platform.platform.core_services.packages.host
    with (
        _dropping(deployment, "taihe-office-oa-1", "output", f"ip daddr {source}"),
        pytest.raises(HostError, match=r"taihe-office/office did not reach platform/packages:80"),
    ):
        prove(deployment, lambda _: None)


@contextmanager
def _unplugged(deployment: Deployment, tenant: str, key: str) -> Iterator[None]:
    """A host without its network, as after a failed link."""
    server = deployment.outputs.tenants[tenant].hosts[key].id
    with connected(deployment.settings.cloud) as cloud:
        (port,) = cloud.network.ports(device_id=server)
        cloud.network.update_port(port, is_admin_state_up=False)
        try:
            yield
        finally:
            cloud.network.update_port(port, is_admin_state_up=True)


def test_a_host_that_does_not_answer_is_named(deployment: Deployment) -> None:
    host = "taihe-office-oa-1"
    with _unplugged(deployment, "taihe-office", "oa-1"):
        hang_up = ["ssh", "-F", str(deployment.ssh_config), "-O", "exit", host]
        subprocess.run(hang_up, check=False, capture_output=True)
        with pytest.raises(HostError, match=f"{host}, which probes for taihe-office/office, does not answer"):
            prove(deployment, lambda _: None)
    assert _until(lambda: _is_green(deployment))


def _is_green(deployment: Deployment) -> bool:
    try:
        return not _differences(deployment)
    except HostError:
        return False
