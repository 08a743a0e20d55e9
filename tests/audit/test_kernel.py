"""Settings of the kernel: the network's everywhere, the rest where the kernel is the host's own.

Sources: GB/T 22239-2019 8.1.4.4; CIS Debian Linux 12 Benchmark 1.1, 1.5 and 3.3; ANSSI BP-028 R9 to R14.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.questions import MODULES
from scripts.evidence.host.system import modules
from scripts.evidence.said import said
from scripts.evidence.setting import Item, Setting, between, items, named
from tests.audit.rows import each, judge

DO = "Set it in /etc/sysctl.d and run sysctl --system."


def scoped(controls: str, value: str, family: str, names: str) -> tuple[Setting, ...]:
    """A parameter of every interface that there is, and of every one to come."""
    scopes = ("all", "default")
    paths = (f"net.{family}.conf.{scope}.{name}" for name in names.split() for scope in scopes)
    return named(controls, value, " ".join(paths))


NETWORK = (
    *named("8.1.3.1-a 8.1.2.1-d", "0", "net.ipv4.ip_forward net.ipv6.conf.all.forwarding"),
    *scoped(
        "8.1.3.1-a 8.1.2.1-d", "0", "ipv4", "forwarding mc_forwarding bc_forwarding proxy_arp bootp_relay"
    ),
    *scoped("8.1.3.1-a 8.1.2.1-d", "0", "ipv6", "mc_forwarding proxy_ndp"),
    *scoped("8.1.3.3-b", "0", "ipv4", "accept_redirects secure_redirects send_redirects"),
    *scoped("8.1.3.3-b", "0", "ipv6", "accept_redirects accept_ra"),
    *scoped("8.1.3.3-b 8.1.3.2-c", "0", "ipv4", "accept_source_route accept_local route_localnet"),
    *scoped("8.1.3.3-b 8.1.3.2-c", "0", "ipv6", "accept_source_route"),
    *scoped("8.1.3.3-b", "0", "ipv4", "shared_media"),
    *scoped("8.1.3.3-b", "0", "ipv6", "accept_ra_defrtr accept_ra_pinfo accept_ra_rtr_pref"),
    *scoped("8.1.3.3-b", "0", "ipv6", "autoconf router_solicitations"),
    *scoped("8.1.3.3-b", "1", "ipv6", "max_addresses"),
    *named("8.1.3.3-b", "1", "net.ipv4.conf.all.arp_filter net.ipv4.conf.all.drop_gratuitous_arp"),
    *named("8.1.3.3-b", "2", "net.ipv4.conf.all.arp_ignore"),
    *scoped("8.1.3.3-a 8.1.3.3-b", "1", "ipv4", "rp_filter"),
    *named("8.1.3.3-a 8.1.3.5-a", "1", "net.ipv4.conf.all.log_martians"),
    *named("8.1.3.3-a", "1", "net.ipv4.tcp_syncookies net.ipv4.tcp_rfc1337"),
    *named("8.1.3.3-b", "1", "net.ipv4.icmp_echo_ignore_broadcasts"),
    *named("8.1.3.3-b", "1", "net.ipv4.icmp_ignore_bogus_error_responses"),
)
"""The network's own part of the kernel, which every host has for itself."""

OWN = (
    *named("8.1.4.2-f", "2", "kernel.randomize_va_space kernel.kptr_restrict"),
    *named("8.1.4.2-f", "1", "kernel.dmesg_restrict"),
    *between("8.1.4.2-f", 1, 3, "kernel.yama.ptrace_scope"),
    *between("8.1.4.2-f", 1, 2, "kernel.unprivileged_bpf_disabled"),
    *between("8.1.4.2-f", 2, 4, "kernel.perf_event_paranoid"),
    *named("8.1.4.2-f 8.1.4.2-d", "0", "kernel.sysrq"),
    *named("8.1.4.2-f", "1", "fs.protected_hardlinks fs.protected_symlinks"),
    *between("8.1.4.2-f", 1, 2, "fs.protected_fifos", "fs.protected_regular"),
    *named("8.1.4.2-f 8.1.4.8-a", "0", "fs.suid_dumpable"),
    *named("8.1.4.2-f", "2", "net.core.bpf_jit_harden"),
    *named("8.1.4.2-f", "1", "kernel.perf_cpu_time_max_percent kernel.perf_event_max_sample_rate"),
    *named("8.1.4.2-f", "1", "kernel.panic_on_oops"),
    *between("8.1.4.2-f", 1, 60, "kernel.panic"),
    *between("8.1.4.2-f", 65536, None, "vm.mmap_min_addr"),
)
"""What a container shares with the machine below it."""

WORDS = (
    *items("8.1.4.3-a 8.1.4.3-d", "audit=1"),
    *items(
        "8.1.4.2-f",
        "lockdown=integrity slab_nomerge=yes page_alloc.shuffle=1 init_on_alloc=1 vsyscall=none "
        "randomize_kstack_offset=on l1tf=full,force mds=full,nosmt spec_store_bypass_disable=seccomp "
        "spectre_v2=on iommu=force",
    ),
)
"""Of the kernel's command line."""


@each(NETWORK)
def test_network_parameter(facts: HostFacts, row: Setting) -> None:
    """The kernel lets nobody misuse or redirect the host's traffic."""
    judge(row, facts.sysctl.get(row.name), do=DO)


@each(OWN)
def test_parameter(own_kernel: HostFacts, row: Setting) -> None:
    """The kernel keeps processes apart, and its own memory to itself."""
    judge(row, own_kernel.sysctl.get(row.name), do=DO)


@each(items("8.1.4.4-a 8.1.4.4-b", MODULES))
def test_module_blocked(own_kernel: HostFacts, row: Item) -> None:
    """A kernel module that no server needs cannot be loaded."""
    action = own_kernel.read(modules, "modules").get(row.name, "unknown")
    holds(
        action != "unknown" and not action.startswith("insmod"),
        expected=said("`install {name} /bin/false`, or no such module", name=row.name),
        observed=action,
        do="Add a file to /etc/modprobe.d.",
    )


@each(WORDS)
def test_started_with(own_kernel: HostFacts, row: Item) -> None:
    """The kernel was started with what guards it from the first process on."""
    words = own_kernel.raw("command_line").split()
    holds(
        row.name in words,
        expected=row.name,
        observed=words,
        do="Add it to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart.",
    )


@pytest.mark.control("8.1.4.2-g")
def test_mandatory_access_control(own_kernel: HostFacts) -> None:
    """AppArmor is on."""
    equal(own_kernel.raw("apparmor").strip(), "Y", do="Boot with apparmor=1 security=apparmor.")
