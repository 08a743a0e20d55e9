"""The physical network that carries departments' own VLANs (虚拟专网)."""

from __future__ import annotations

from collections.abc import Mapping

from openstack.connection import Connection

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 115
EXTENSION = "multi-provider"
"""What takes a physical network and a VLAN when a network is made."""

DOCUMENT = "docs/ops-existing-cloud.md, dedicated networks"


def _probe(examination: Examination) -> Finding:
    offered = examination.plan.platform.platform.dedicated_networks
    if offered is None:
        return ok("none is offered in tenants/platform.yaml")
    name, cloud = offered.physical_network, examination.cloud
    if EXTENSION not in {extension.alias for extension in cloud.network.extensions()}:
        return missing(f"Neutron lacks the extension {EXTENSION}", f"ML2 has it: {DOCUMENT}.")
    finding = judged(name, _carried(cloud))
    if finding.remedy:
        return finding
    return ok(f"{finding.detail}; whether network_vlan_ranges names it shows with the first VLAN")


def judged(name: str, carried: Mapping[str, frozenset[str]]) -> Finding:
    """What the bridge mappings of the hosts say of a physical network.

    Args:
        carried: the physical networks of every host that reports them.
    """
    without = sorted(host for host, networks in carried.items() if name not in networks)
    if not carried or without:
        where = ", ".join(without) or "no host reports its bridge mappings"
        return missing(
            f"physical network {name}: {len(carried) - len(without)} of {len(carried)} hosts carry it "
            f"(not: {where})",
            f"Map it to a bridge on every host, and name it in network_vlan_ranges: {DOCUMENT}.",
        )
    return ok(f"physical network {name} on {len(carried)} of {len(carried)} hosts")


def _carried(cloud: Connection) -> dict[str, frozenset[str]]:
    """The physical networks of every host with an agent that reports them."""
    found = ((agent.host, mappings(agent.configuration or {})) for agent in cloud.network.agents())
    return {host: names for host, names in found if names is not None}


def mappings(configuration: Mapping[str, object]) -> frozenset[str] | None:
    """The physical networks that an agent's configuration names; `None` where it says nothing of them.

    OVN's agents report `bridge-mappings`, a text such as `public:br-ex,vpn:br-vpn`; the agent of Open
    vSwitch reports `bridge_mappings`, an object.
    """
    match configuration.get("bridge-mappings", configuration.get("bridge_mappings")):
        case str() as text:
            return frozenset(part.partition(":")[0].strip() for part in text.split(",") if part.strip())
        case Mapping() as names:
            return frozenset(map(str, names))
    return None


CHECK = Check(
    id="dedicated-networks",
    title="dedicated networks",
    needed_for="departments with VLANs of their own",
    severity=Severity.OPTIONAL,
    probe=_probe,
)
