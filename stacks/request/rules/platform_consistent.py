"""The platform file's own names and networks fit together."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Side
from stacks.request.loader import Key

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield overlaps, a missing side, an unknown bastion flavor and a package host that is no address."""
    platform, at = zone.platform.value, zone.platform.document.position
    networks: list[tuple[Key, IPv4Network]] = [(("management", "network"), platform.management.network)]
    for side in Side:
        if side not in platform.sides:
            yield Diagnostic(at("sides"), f"sides.{side}: required key is missing")
            continue
        networks.append((("sides", side.value, "pool"), platform.sides[side].pool))
        networks.append((("sides", side.value, "backbone"), platform.sides[side].backbone))
    for index, (key, network) in enumerate(networks):
        for other_key, other in networks[:index]:
            if network.overlaps(other):
                message = (
                    f"{'.'.join(map(str, key))}: {network} overlaps {'.'.join(map(str, other_key))} {other}"
                )
                yield Diagnostic(at(*key), message)
    if platform.management.bastion_flavor not in platform.flavors:
        message = f"management.bastion_flavor: {platform.management.bastion_flavor!r} is not a flavor"
        yield Diagnostic(at("management", "bastion_flavor"), message)
    host = platform.core_services.packages.host or ""
    if not host.replace(".", "").isdigit():
        message = f"core_services.packages: {host!r}: expected an IPv4 address, rules are made from it"
        yield Diagnostic(at("core_services", "packages"), message)
