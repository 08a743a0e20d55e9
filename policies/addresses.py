"""What a security-group rule's remote end means."""

from __future__ import annotations

from ipaddress import ip_network

from policies.resource import UNKNOWN, Resource

NARROWEST = {4: 8, 6: 32}
"""Prefix lengths below which a network counts as everybody: two halves of the Internet are all of it, too."""


def is_everybody(rule: Resource) -> bool:
    """Whether a security-group rule's remote end is everybody, or might be, as far as anybody can tell.

    A rule without any remote end means everybody (Neutron API, `remote_ip_prefix`). A group that is only
    known by its id may hold anything: groups name hosts, not addresses, so plans never use them.
    """
    prefix = rule.value("remoteIpPrefix")
    if prefix is UNKNOWN or not prefix:
        return True
    try:
        network = ip_network(prefix, strict=False)
    except ValueError:
        return True
    return network.prefixlen < NARROWEST[network.version]
