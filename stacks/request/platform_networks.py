"""Every network that the platform file names, by the key that names it."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network

from stacks.request.diagnostics import Key
from stacks.request.platform import Platform


def own_networks(platform: Platform) -> dict[Key, IPv4Network]:
    """The cloud's own address space: management, and of each side the pool and the backbone."""
    found: dict[Key, IPv4Network] = {("management", "network"): platform.management.network}
    for side, networks in sorted(platform.sides.items()):
        found["sides", side.value, "pool"] = networks.pool
        found["sides", side.value, "backbone"] = networks.backbone
        found |= {("sides", side.value, "adopted", i): item for i, item in enumerate(networks.adopted)}
    return found


def outsiders(platform: Platform) -> dict[Key, IPv4Network]:
    """What must lie outside all of the cloud's own networks: core services, and operators."""
    core = platform.core_services
    addresses = {"packages": address(core.packages.host), "time": core.time, "names": core.names}
    if core.log:
        addresses["log"] = core.log.address
    found: dict[Key, IPv4Network] = {
        ("core_services", name): IPv4Network(at) for name, at in addresses.items() if at
    }
    for index, operators in enumerate(platform.management.operators):
        found["management", "operators", index] = operators
    return found


def address(host: str | None) -> IPv4Address | None:
    """A host that is written as an address; nothing for a name."""
    try:
        return IPv4Address(host or "")
    except AddressValueError:
        return None
