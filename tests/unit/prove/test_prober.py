"""The prober against real packets: a host, a router and a target, each in a network namespace of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.prove import prober
from scripts.prove.prober import Outcome

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not all(shutil.which(name) for name in ("ip", "nft")),
    reason="network namespaces need root, iproute2 and nftables",
)

SOURCE, GATEWAY, TARGET, NOBODY = "10.9.1.4", "10.9.1.1", "10.9.2.4", "10.9.2.9"
UNROUTED = "192.0.2.1"
OPEN, CLOSED, FILTERED, DENIED, REJECTED, MASKED, ANSWERED = 443, 80, 5432, 22, 8080, 8443, 9443


@dataclass(frozen=True)
class Net:
    """Names of the three namespaces."""

    source: str
    router: str
    target: str

    def probe(self, *probes: tuple[str, int], required: bool = False) -> list[tuple[Outcome, Outcome]]:
        """Run the prober as it runs on a host: its text on the stdin of a plain Python."""
        job = {
            "probes": [(address, port, required) for address, port in probes],
            "address": SOURCE,
            "gateway": GATEWAY,
            "timeout": 0.6,
        }
        text = f"{Path(prober.__file__).read_text()}\nmain({json.dumps(json.dumps(job))})\n"
        done = subprocess.run(
            ["ip", "netns", "exec", self.source, "/usr/bin/python3", "-I", "-"],
            input=text, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return [(Outcome(a), Outcome(b)) for a, b in zip(found["connect"], found["wire"], strict=True)]


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def _join(host: str, address: str, router: str, gateway: str) -> None:
    """Give a namespace an interface with a route through the router's."""
    peer = f"to-{host[-1]}"
    _ip("-n", host, "link", "add", "e0", "type", "veth", "peer", "name", peer, "netns", router)
    for namespace, device, own in ((host, "e0", address), (router, peer, gateway)):
        _ip("-n", namespace, "addr", "add", f"{own}/24", "dev", device)
        _ip("-n", namespace, "link", "set", device, "up")
    _ip("-n", host, "route", "add", "10.9.0.0/16", "via", gateway)


def _nft(namespace: str, hook: str, *rules: str) -> None:
    chain = [f"add chain inet own {hook} {{ type filter hook {hook} priority 0; }}"]
    lines = ["add table inet own", *chain, *(f"add rule inet own {hook} {rule}" for rule in rules)]
    command = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
    subprocess.run(command, input="\n".join(lines) + "\n", text=True, check=True)


def _listen(namespace: str, *ports: int) -> subprocess.Popen[str]:
    """A process inside the namespace that accepts connections on the ports."""
    create = f"s = [socket.create_server(('0.0.0.0', port)) for port in {ports}]"
    program = f"import socket; {create}; print(1, flush=True); input()"
    process = subprocess.Popen(
        ["ip", "netns", "exec", namespace, "/usr/bin/python3", "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    return process


@pytest.fixture(scope="module")
def net() -> Iterator[Net]:
    """Source, router and target; the source's own firewall turns some ports away."""
    tag = f"gp{os.getpid()}"
    names = Net(f"{tag}s", f"{tag}r", f"{tag}t")
    try:
        for name in (names.source, names.router, names.target):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _join(names.source, SOURCE, names.router, GATEWAY)
        _join(names.target, TARGET, names.router, "10.9.2.1")
        _ip("-n", names.target, "addr", "add", f"{UNROUTED}/32", "dev", "lo")
        _ip("-n", names.router, "route", "add", UNROUTED, "via", TARGET)
        _ip("netns", "exec", names.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        _nft(
            names.source,
            "output",
            f"tcp dport {{ {DENIED}, {MASKED} }} drop",
            f"tcp dport {{ {REJECTED}, {ANSWERED} }} reject with tcp reset",
        )
        _nft(names.target, "input", f"tcp dport {{ {FILTERED}, {DENIED}, {REJECTED} }} drop")
        with _listen(names.target, OPEN, FILTERED, MASKED) as listener:
            yield names
            listener.kill()
    finally:
        for name in (names.source, names.router, names.target):
            subprocess.run(["ip", "netns", "del", name], check=False)


def test_what_the_target_answers_is_heard_both_ways(net: Net) -> None:
    assert net.probe((TARGET, OPEN), (TARGET, CLOSED)) == [("open", "open"), ("refused", "refused")]


def test_what_is_filtered_on_the_way_is_silent(net: Net) -> None:
    assert net.probe((TARGET, FILTERED)) == [("silent", "silent")]


def test_a_target_that_does_not_exist_is_not_reached(net: Net) -> None:
    ((connected, wired),) = net.probe((NOBODY, OPEN))
    assert not connected.reached
    assert not wired.reached


def test_an_intruder_needs_no_route_of_the_host(net: Net) -> None:
    assert net.probe((UNROUTED, OPEN)) == [("unreachable", "open")]


def test_the_own_firewall_is_no_wall(net: Net) -> None:
    assert net.probe((TARGET, DENIED), (TARGET, MASKED)) == [("silent", "silent"), ("silent", "open")]


def test_a_refusal_by_the_own_firewall_is_no_answer_of_the_target(net: Net) -> None:
    assert net.probe((TARGET, REJECTED), (TARGET, ANSWERED)) == [
        ("refused", "silent"),
        ("refused", "refused"),
    ]


def test_outcomes_keep_the_order_of_the_probes(net: Net) -> None:
    found = net.probe((TARGET, CLOSED), (TARGET, FILTERED), (TARGET, OPEN), (TARGET, CLOSED), required=True)
    assert [wired for _, wired in found] == ["refused", "silent", "open", "refused"]
