"""The platform file's own names and networks fit together."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from itertools import combinations, product
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Side

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone
    from stacks.request.loader import Key
    from stacks.request.platform import Platform

SMALLEST_TRANSIT = 26
"""Longest prefix of a network that tenants' routers join; the platform keeps its first 16 addresses."""

DHCP = ("udp", 67)


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every contradiction of the platform file with itself."""
    platform, at = zone.platform.value, zone.platform.document.position
    for rule in (_sides, _overlaps, _sizes, _zones, _bastion, _packages, _services):
        for key, problem in rule(platform):
            yield Diagnostic(at(*key), f"{'.'.join(map(str, key))}: {problem}")


Problems = Iterator[tuple["Key", str]]


def _sides(platform: Platform) -> Problems:
    for side in Side:
        if side not in platform.sides:
            yield ("sides", side.value), "required key is missing"


def _networks(platform: Platform) -> dict[Key, IPv4Network]:
    found: dict[Key, IPv4Network] = {("management", "network"): platform.management.network}
    for side, networks in sorted(platform.sides.items()):
        found["sides", side.value, "pool"] = networks.pool
        found["sides", side.value, "backbone"] = networks.backbone
        found |= {("sides", side.value, "adopted", i): item for i, item in enumerate(networks.adopted)}
    return found


def _outsiders(platform: Platform) -> dict[Key, IPv4Network]:
    """What must lie outside all of the cloud's own networks: core services, and operators."""
    core = platform.core_services
    addresses = {"packages": _address(core.packages.host), "time": core.time, "names": core.names}
    found: dict[Key, IPv4Network] = {
        ("core_services", name): IPv4Network(address) for name, address in addresses.items() if address
    }
    for index, operators in enumerate(platform.management.operators):
        found["management", "operators", index] = operators
    return found


def _overlaps(platform: Platform) -> Problems:
    networks = list(_networks(platform).items())
    pairs = [*combinations(networks, 2), *product(networks, _outsiders(platform).items())]
    for (key, network), (other_key, other) in pairs:
        if network.overlaps(other):
            yield other_key, f"{other} overlaps {'.'.join(map(str, key))} {network}"


def _address(host: str | None) -> IPv4Address | None:
    try:
        return IPv4Address(host or "")
    except AddressValueError:
        return None


def _sizes(platform: Platform) -> Problems:
    for key, network in _networks(platform).items():
        if key[-1] in ("backbone", "network") and network.prefixlen > SMALLEST_TRANSIT:
            yield key, f"{network} is too small for the tenants' routers; at least a /{SMALLEST_TRANSIT}"


def _zones(platform: Platform) -> Problems:
    for name, zone in platform.zones.items():
        if zone.publish and zone.side is Side.INTERNAL:
            yield ("zones", name, "publish"), "nothing on the internal side is ever published"


def _bastion(platform: Platform) -> Problems:
    if platform.management.bastion_flavor not in platform.flavors:
        yield ("management", "bastion_flavor"), f"{platform.management.bastion_flavor!r} is not a flavor"


def _packages(platform: Platform) -> Problems:
    host = platform.core_services.packages.host
    if _address(host) is None:
        yield ("core_services", "packages"), f"{host!r}: expected an IPv4 address, rules are made from it"


def _services(platform: Platform) -> Problems:
    known = {DHCP: "DHCP, which every host uses"}
    for name, service in platform.services.items():
        same = known.setdefault((service.protocol, service.port), f"service {name!r}")
        if same != f"service {name!r}":
            yield ("services", name), f"{service.protocol} {service.port} is already {same}"
