"""Interfaces, routes and listeners of a host, parsed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface, ip_address
from typing import Any

LOCAL = "lo"
PROCESS = re.compile(r'\(\("([^"]+)"')


@dataclass(frozen=True)
class Interface:
    """A network interface, with its global addresses."""

    name: str
    addresses: tuple[IPv4Interface, ...]
    addresses6: tuple[IPv6Interface, ...]


@dataclass(frozen=True, order=True)
class HostRoute:
    """A route of the main table; `gateway` is `None` for the own segment."""

    destination: IPv4Network
    gateway: IPv4Address | None

    def __str__(self) -> str:
        """The route as `ip route` would show it."""
        return f"{self.destination} via {self.gateway or 'own segment'}"


@dataclass(frozen=True, order=True)
class Listener:
    """A socket that waits for others.

    Attributes:
        address: where it listens; `*` and `0.0.0.0` and `::` mean everywhere.
        process: name of the program, where the kernel tells it.
    """

    protocol: str
    address: str
    port: int
    process: str

    @property
    def loopback(self) -> bool:
        """Whether only the host itself reaches it."""
        return self.address != "*" and ip_address(self.address).is_loopback

    def __str__(self) -> str:
        """The listener in one short phrase."""
        return f"{self.protocol}/{self.port} on {self.address} ({self.process or 'unknown program'})"


def interfaces(text: str) -> tuple[Interface, ...]:
    """Read `ip -j address`, without loopback."""
    return tuple(
        Interface(
            name=link["ifname"],
            addresses=tuple(IPv4Interface(item) for item in _addresses(link, "inet")),
            addresses6=tuple(IPv6Interface(item) for item in _addresses(link, "inet6")),
        )
        for link in json.loads(text)
        if link and link["ifname"] != LOCAL
    )


def _addresses(link: dict[str, Any], family: str) -> list[str]:
    return [
        f"{item['local']}/{item['prefixlen']}"
        for item in link.get("addr_info", [])
        if item["family"] == family and item["scope"] == "global"
    ]


def routes(text: str) -> tuple[HostRoute, ...]:
    """Read `ip -j -4 route`."""
    return tuple(
        HostRoute(
            IPv4Network("0.0.0.0/0" if route["dst"] == "default" else route["dst"]),
            IPv4Address(route["gateway"]) if "gateway" in route else None,
        )
        for route in json.loads(text)
    )


def listeners(text: str) -> tuple[Listener, ...]:
    """Read `ss -H -l -n -t -u -p`."""
    return tuple(sorted({_listener(line) for line in text.splitlines() if line.strip()}))


def _listener(line: str) -> Listener:
    protocol, _, _, _, local, *rest = line.split(maxsplit=6)
    address, _, port = local.rpartition(":")
    program = PROCESS.search(rest[-1]) if rest else None
    return Listener(
        protocol,
        address.partition("%")[0].strip("[]") or "*",
        int(port),
        program.group(1) if program else "",
    )


def resolvers(text: str) -> frozenset[str]:
    """The name servers of resolv.conf."""
    return frozenset(
        line.split()[1]
        for line in text.splitlines()
        if line.startswith("nameserver") and len(line.split()) > 1
    )
