"""No router has legs on both sides of the wall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from policies.context import Context
from policies.resource import Resource
from policies.rule import StackRule


def _check(stack: Mapping[str, Resource], context: Context) -> Iterator[tuple[str, str]]:
    """A leg's side is that of its addresses, whatever anything is called."""
    sides: dict[str, set[str]] = {}
    for leg in stack.values():
        if leg.kind == "networking/RouterInterface":
            for router in leg.references.get("routerId", ()):
                sides.setdefault(router, set()).update(_sides(leg, stack, context))
    for router, found in sides.items():
        if len(found) > 1:
            yield router, f"the router has legs on the sides {' and '.join(sorted(found))}"


def _sides(leg: Resource, stack: Mapping[str, Resource], context: Context) -> Iterator[str]:
    for address in _addresses(leg, stack):
        try:
            network = ip_network(address, strict=False)
        except ValueError:
            continue
        for side in context.platform.sides:
            if any(
                network.version == part.version and network.overlaps(part)
                for part in (*side.space, side.backbone)
            ):
                yield side.side.value


def _addresses(leg: Resource, stack: Mapping[str, Resource]) -> Iterator[str]:
    """The networks and addresses that a leg stands in."""
    ports = [stack[urn] for urn in leg.references.get("portId", ()) if urn in stack]
    for port in ports:
        fixed = port.value("fixedIps")
        for item in fixed if isinstance(fixed, list) else ():
            yield str(item.get("ipAddress"))
    for resource, name in ((leg, "subnetId"), *((port, "fixedIps") for port in ports)):
        for urn in resource.references.get(name, ()):
            if urn in stack:
                yield str(stack[urn].value("cidr"))


RULE = StackRule(
    title="No router has legs on both sides of the wall",
    controls=("8.1.3.1-a", "8.1.2.1-d", "8.2.3.1-b"),
    check=_check,
)
