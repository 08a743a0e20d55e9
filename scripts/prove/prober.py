"""Probes from one host. This file's text is sent to the host on stdin; it needs Python 3.11 and no package.

Each target is knocked at in two ways, because a wall must hold when the host's own firewall does not:
`connect` is an ordinary connection; `wire` is a SYN written below the host's own firewall, as an intruder
with root could, and hears only the target's own answer, never one that the host gave itself.
"""

from __future__ import annotations

import asyncio
import enum
import fcntl
import json
import random
import select
import socket
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

LIMIT = 400
"""Connections at once; below the usual 1024 open files."""

ETH_P_ALL, ETH_P_IP, ETH_P_ARP = 0x0003, 0x0800, 0x0806
SIOCGIFADDR, SIOCGIFNETMASK = 0x8915, 0x891B
SYN, RST, ACK = 0x02, 0x04, 0x10
TRIES = 3

Address = tuple[str, int]


class Outcome(enum.StrEnum):
    """What a probe met; `open` and `refused` are answers."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"

    @property
    def reached(self) -> bool:
        """Whether anything answered for the target."""
        return self in (Outcome.OPEN, Outcome.REFUSED)


async def connect(address: str, port: int, timeout: float) -> Outcome:
    """Open one TCP connection and close it; `timeout` in seconds."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), timeout)
    except TimeoutError:
        return Outcome.SILENT
    except ConnectionRefusedError:
        return Outcome.REFUSED
    except OSError:
        return Outcome.UNREACHABLE
    writer.transport.abort()
    return Outcome.OPEN


async def connect_all(
    probes: list[Address],
    required: set[Address],
    timeout: float,
    knock: Callable[[str, int, float], Awaitable[Outcome]] = connect,
) -> dict[Address, Outcome]:
    """Every connection at once; what is required but did not answer gets a second, longer try."""
    limit = asyncio.Semaphore(LIMIT)

    async def one(probe: Address) -> Outcome:
        async with limit:
            found = await knock(*probe, timeout)
            if probe in required and not found.reached:
                found = await knock(*probe, 2 * timeout)
            return found

    return dict(zip(probes, await asyncio.gather(*map(one, probes)), strict=True))


class Wire:
    """A raw socket on the interface that holds `address`: frames go out below netfilter."""

    def __init__(self, address: str, gateway: str) -> None:
        """Open the interface; `gateway` takes what the host has no route for."""
        self.address, self.gateway = address, gateway
        self.interface = _interface(address)
        self.mac = bytes.fromhex(
            Path(f"/sys/class/net/{self.interface}/address").read_text().strip().replace(":", "")
        )
        self.port, self.sequence = random.randrange(61000, 65000), random.getrandbits(31)  # noqa: S311 - no secret
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.bind((self.interface, 0))
        self.neighbours: dict[str, bytes] = {}
        self.routes = _routes(self.interface)

    def probe(self, probes: list[Address], timeout: float) -> dict[Address, Outcome]:
        """Send SYNs until each has an answer or `timeout` seconds have passed."""
        self._resolve({self._next_hop(address) for address, _ in probes})
        found: dict[Address, Outcome] = {}
        for _ in range(TRIES):
            waiting = [probe for probe in probes if probe not in found]
            for target in waiting:
                self._send(target, SYN, self.sequence)
            for frame in self._frames(timeout / TRIES, lambda: len(found) == len(probes)):
                target, flags, acknowledged = _tcp(frame, self.port)
                if target in waiting and flags & ACK and acknowledged == self.sequence + 1:
                    found[target] = Outcome.REFUSED if flags & RST else Outcome.OPEN
                    self._hang_up(target, flags)
        return {probe: found.get(probe, Outcome.SILENT) for probe in probes}

    def _hang_up(self, target: Address, flags: int) -> None:
        if not flags & RST:
            self._send(target, RST, self.sequence + 1)

    def _next_hop(self, address: str) -> str:
        number = _number(address)
        for destination, mask, gateway in self.routes:
            if number & mask == destination:
                return gateway or address
        return self.gateway

    def _resolve(self, hops: set[str]) -> None:
        for _ in range(TRIES):
            for hop in hops - set(self.neighbours):
                own, theirs = socket.inet_aton(self.address), socket.inet_aton(hop)
                request = struct.pack("!HHBBH6s4s6s4s", 1, ETH_P_IP, 6, 4, 1, self.mac, own, bytes(6), theirs)
                self.socket.send(b"\xff" * 6 + self.mac + struct.pack("!H", ETH_P_ARP) + request)
            for frame in self._frames(0.3, lambda: hops <= set(self.neighbours)):
                if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x02":
                    self.neighbours[socket.inet_ntoa(frame[28:32])] = frame[22:28]

    def _send(self, target: Address, flags: int, sequence: int) -> None:
        neighbour = self.neighbours.get(self._next_hop(target[0]))
        if neighbour:
            packet = _packet(self.address, self.port, target, sequence, flags)
            self.socket.send(neighbour + self.mac + struct.pack("!H", ETH_P_IP) + packet)

    def _frames(self, seconds: float, done: Callable[[], bool]) -> Iterator[bytes]:
        end = time.monotonic() + seconds
        while not done() and (left := end - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                yield self.socket.recv(2048)


def _number(address: str) -> int:
    return int.from_bytes(socket.inet_aton(address), "big")


def _ioctl(request: int, interface: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        try:
            return socket.inet_ntoa(
                fcntl.ioctl(handle, request, struct.pack("256s", interface.encode()))[20:24]
            )
        except OSError:
            return None


def _interface(address: str) -> str:
    for _, name in socket.if_nameindex():
        if _ioctl(SIOCGIFADDR, name) == address:
            return name
    raise SystemExit(f"no interface of this host has the address {address}")


def _routes(interface: str) -> list[tuple[int, int, str]]:
    """The kernel's routes of one interface, the most specific first: destination, mask, gateway or empty."""
    found = []
    for line in Path("/proc/net/route").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[0] == interface:
            destination, gateway, mask = (
                int.from_bytes(bytes.fromhex(fields[i]), "little") for i in (1, 2, 7)
            )
            found.append((destination, mask, socket.inet_ntoa(gateway.to_bytes(4, "big")) if gateway else ""))
    return sorted(found, key=lambda route: -route[1])


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def _packet(source: str, port: int, target: Address, sequence: int, flags: int) -> bytes:
    """An IPv4 packet with a TCP header and no data (RFC 791, RFC 9293)."""
    ends = socket.inet_aton(source) + socket.inet_aton(target[0])
    tcp = struct.pack("!HHIIBBHHH", port, target[1], sequence, 0, 0x50, flags, 64240, 0, 0)
    tcp = tcp[:16] + struct.pack("!H", _checksum(ends + struct.pack("!HH", 6, 20) + tcp)) + tcp[18:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 40, random.getrandbits(16), 0x4000, 64, 6, 0) + ends
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + tcp


def _tcp(frame: bytes, port: int) -> tuple[Address, int, int]:
    """Sender, flags and acknowledged number of a TCP segment to `port`; flags 0 for anything else."""
    nothing = ("", 0), 0, 0
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:  # noqa: PLR2004 - RFC 791 offsets
        return nothing
    start = 14 + 4 * (frame[14] & 0x0F)
    if len(frame) < start + 20:
        return nothing
    sender, receiver, _, acknowledged, _, flags = struct.unpack("!HHIIBB", frame[start : start + 14])
    return ((socket.inet_ntoa(frame[26:30]), sender), flags, acknowledged) if receiver == port else nothing


async def probe_all(job: dict[str, Any]) -> dict[str, list[Outcome]]:
    """The outcomes of every probe of the job, in its order, for both ways."""
    probes = [(str(address), int(port)) for address, port, _ in job["probes"]]
    required = {(str(address), int(port)) for address, port, must in job["probes"] if must}
    wire = Wire(job["address"], job["gateway"])
    connected, wired = await asyncio.gather(
        connect_all(probes, required, job["timeout"]),
        asyncio.to_thread(wire.probe, list(set(probes)), job["timeout"]),
    )
    return {"connect": [connected[probe] for probe in probes], "wire": [wired[probe] for probe in probes]}


def main(job: str) -> None:
    """Print the outcomes as JSON."""
    json.dump(asyncio.run(probe_all(json.loads(job))), sys.stdout)
