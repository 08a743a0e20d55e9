"""Settings of the kernel: the network's everywhere, the rest where the kernel is the host's own.

Sources: GB/T 22239-2019 8.1.4.4; CIS Debian Linux 12 Benchmark 1.1, 1.5 and 3.3; ANSSI BP-028 R9 to R14.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, nothing
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.questions import MODULES
from scripts.evidence.host.system import modules

DO = "Set it in /etc/sysctl.d and run sysctl --system."


def parameters(facts: HostFacts, expected: dict[str, str]) -> None:
    """Kernel parameters have these values."""
    equal({name: facts.sysctl.get(name, "not readable") for name in expected}, expected, do=DO)


@pytest.mark.control("8.1.3.1-a", "8.1.2.1-d")
def test_no_forwarding(facts: HostFacts) -> None:
    """The host is no router, for IPv4 and IPv6."""
    parameters(facts, {"net.ipv4.ip_forward": "0", "net.ipv6.conf.all.forwarding": "0"})


@pytest.mark.control("8.1.3.3-b")
def test_redirects_ignored(facts: HostFacts) -> None:
    """A neighbour cannot redirect the host's traffic."""
    names = [
        f"net.ipv4.conf.{scope}.{kind}_redirects"
        for scope in ("all", "default")
        for kind in ("accept", "secure")
    ]
    parameters(facts, dict.fromkeys(names, "0"))


@pytest.mark.control("8.1.3.3-b")
def test_redirects_ignored_ipv6(facts: HostFacts) -> None:
    """A neighbour cannot redirect the host's IPv6 traffic, or announce itself as its router."""
    names = [
        f"net.ipv6.conf.{scope}.{name}"
        for scope in ("all", "default")
        for name in ("accept_redirects", "accept_ra")
    ]
    parameters(facts, dict.fromkeys(names, "0"))


@pytest.mark.control("8.1.3.3-b")
def test_no_redirects_sent(facts: HostFacts) -> None:
    """The host redirects nobody."""
    parameters(facts, {"net.ipv4.conf.all.send_redirects": "0", "net.ipv4.conf.default.send_redirects": "0"})


@pytest.mark.control("8.1.3.3-b", "8.1.3.2-c")
def test_no_source_routes(facts: HostFacts) -> None:
    """A packet cannot choose its own way."""
    names = ("net.ipv4.conf.all.accept_source_route", "net.ipv4.conf.default.accept_source_route")
    parameters(facts, dict.fromkeys(names, "0"))


@pytest.mark.control("8.1.3.3-a", "8.1.3.3-b")
def test_spoofed_sources_refused(facts: HostFacts) -> None:
    """Packets with a source that cannot be right are refused and recorded."""
    parameters(
        facts,
        {
            "net.ipv4.conf.all.rp_filter": "1",
            "net.ipv4.conf.default.rp_filter": "1",
            "net.ipv4.conf.all.log_martians": "1",
        },
    )


@pytest.mark.control("8.1.3.3-a")
def test_flood_protection(facts: HostFacts) -> None:
    """A flood of half-open connections does not stop the host."""
    parameters(facts, {"net.ipv4.tcp_syncookies": "1"})


@pytest.mark.control("8.1.3.3-b")
def test_broadcasts_ignored(facts: HostFacts) -> None:
    """The host answers no broadcast, and is not confused by bogus errors."""
    names = ("net.ipv4.icmp_echo_ignore_broadcasts", "net.ipv4.icmp_ignore_bogus_error_responses")
    parameters(facts, dict.fromkeys(names, "1"))


@pytest.mark.control("8.1.4.2-f")
def test_memory_protection(own_kernel: HostFacts) -> None:
    """Addresses are random, and the kernel's own are hidden."""
    parameters(
        own_kernel,
        {"kernel.randomize_va_space": "2", "kernel.kptr_restrict": "2", "kernel.dmesg_restrict": "1"},
    )


@pytest.mark.control("8.1.4.2-f")
def test_process_protection(own_kernel: HostFacts) -> None:
    """A process cannot look into another, nor load programs into the kernel."""
    parameters(
        own_kernel,
        {
            "kernel.yama.ptrace_scope": "1",
            "kernel.unprivileged_bpf_disabled": "1",
            "kernel.perf_event_paranoid": "3",
            "kernel.sysrq": "0",
        },
    )


@pytest.mark.control("8.1.4.2-f", "8.1.4.8-a")
def test_file_protection(own_kernel: HostFacts) -> None:
    """Traps with links in shared folders do not work; privileged programs leave no memory on the disk."""
    parameters(
        own_kernel,
        {
            "fs.protected_hardlinks": "1",
            "fs.protected_symlinks": "1",
            "fs.protected_fifos": "2",
            "fs.protected_regular": "2",
            "fs.suid_dumpable": "0",
        },
    )


@pytest.mark.control("8.1.4.4-a", "8.1.4.4-b")
def test_modules_blocked(own_kernel: HostFacts) -> None:
    """Kernel modules that no server needs cannot be loaded."""
    rows = own_kernel.read(modules, "modules")
    unknown = set(MODULES.split()) - set(rows)
    nothing(unknown, expected="what modprobe would do for each module", do="Install kmod.")
    loadable = [name for name, action in rows.items() if action.startswith("insmod")]
    nothing(loadable, expected="`install NAME /bin/false` for each", do="Add a file to /etc/modprobe.d.")


@pytest.mark.control("8.1.4.2-g")
def test_mandatory_access_control(own_kernel: HostFacts) -> None:
    """AppArmor is on."""
    equal(own_kernel.raw("apparmor").strip(), "Y", do="Boot with apparmor=1 security=apparmor.")
