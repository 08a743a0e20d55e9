"""Software: where it comes from, how old it is, whether it is what the package source signed.

Sources: GB/T 22239-2019 8.1.4.4 a and e, 8.1.4.7 b; CIS Debian Linux 12 Benchmark 1.2 and 2.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds, nothing, words
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import changed_files
from stacks.plan.model import Plan

FORBIDDEN = words(
    """
    telnet telnetd inetutils-telnet inetutils-telnetd rsh-client rsh-server rsh-redone-client
    rsh-redone-server talk talkd nis ftp tnftp vsftpd proftpd-core tftp-hpa tftpd-hpa tftpd xinetd
    openbsd-inetd rpcbind nfs-kernel-server samba snmpd avahi-daemon cups cups-daemon isc-dhcp-server
    slapd dovecot-core exim4-base postfix squid xserver-xorg-core gdm3 rsync-daemon prelink
    """
)
TOOLS = frozenset(
    {"gcc", "g++", "make", "gdb", "nmap", "tcpdump", "netcat-traditional", "strace", "john", "hydra"}
)
TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer")
FRESH_DAYS = 7
DAY = 86_400


@pytest.mark.control("8.1.4.4-a", "8.1.4.7-b", "8.1.5.4-e")
def test_only_planned_source(facts: HostFacts, plan: Plan) -> None:
    """Packages come from the planned source only."""
    core = plan.platform.platform.core_services
    planned = f"{str(core.packages).rstrip('/')} {core.packages_suite}"
    equal(facts.package_sources, {planned}, do="Remove the other files in /etc/apt.")


@pytest.mark.control("8.1.4.7-b", "8.1.4.7-a")
def test_source_signed(facts: HostFacts, plan: Plan) -> None:
    """The package source is trusted by one key, and never without a signature."""
    keyring = plan.platform.platform.core_services.packages_key
    files = facts.source_files
    holds(
        any(file.sources for file in files), expected="a source", observed="none", do="Run `govcloud deploy`."
    )
    loose = [
        file.name
        for file in files
        if file.insecure or file.keys != tuple(keyring for _ in range(file.sources))
    ]
    nothing(loose, expected=f"signed by {keyring}, no `trusted`", do="Name the keyring in the source's file.")
    for name in ("APT::Get::AllowUnauthenticated", "Acquire::AllowInsecureRepositories"):
        allowed = facts.apt_config.get(name, "false").lower() not in ("0", "false", "no")
        equal(allowed, False, do=f"Set {name} to false.")


@pytest.mark.control("8.1.4.4-a", "8.1.4.1-c")
def test_no_forbidden_packages(facts: HostFacts) -> None:
    """Nothing is installed that works in clear text or that a host of this kind does not need."""
    nothing(FORBIDDEN & set(facts.packages), expected="none of them", do="apt-get purge the package.")
    holds("dpkg" in facts.packages, expected="the list of packages", observed="none", do="Repair dpkg.")


@pytest.mark.control("8.1.4.4-a")
def test_no_tools_of_attack(facts: HostFacts) -> None:
    """No compiler, debugger or scanner is installed."""
    nothing(TOOLS & set(facts.packages), expected="none of them", do="apt-get purge the package.")
    holds("dpkg" in facts.packages, expected="the list of packages", observed="none", do="Repair dpkg.")


@pytest.mark.control("8.1.4.4-e", "8.1.5.4-e")
def test_no_pending_upgrades(facts: HostFacts) -> None:
    """Every package is as new as the package source has it."""
    nothing(
        facts.upgrades,
        expected="no newer version in the source",
        do="apt-get upgrade, or wait for the night.",
    )


@pytest.mark.control("8.1.4.4-e")
def test_package_lists_fresh(facts: HostFacts) -> None:
    """The host has looked for newer versions within the last week."""
    newest = max(facts.read(lambda text: [int(line) for line in text.split()], "apt_age"))
    days = (facts.clock - newest) / DAY
    holds(
        -1 / 24 <= days <= FRESH_DAYS,
        expected=f"package lists of the last {FRESH_DAYS} days",
        observed=f"{days:.1f} days old",
        do="apt-get update; see why apt-daily.timer does not.",
    )


@pytest.mark.control("8.1.4.4-e", "8.1.5.4-e")
def test_unattended_upgrades(facts: HostFacts) -> None:
    """Upgrades are looked for and installed every day without a person."""
    config = facts.apt_config
    names = ("APT::Periodic::Update-Package-Lists", "APT::Periodic::Unattended-Upgrade")
    equal(
        {name: config.get(name) for name in names},
        dict.fromkeys(names, "1"),
        do="Set both to 1 in apt.conf.d.",
    )
    holds(
        "unattended-upgrades" in facts.packages,
        expected="the package unattended-upgrades",
        observed="not installed",
        do="Install it.",
    )
    timers = {name: facts.units[name].enabled for name in TIMERS if name in facts.units}
    equal(timers, dict.fromkeys(TIMERS, "enabled"), do="systemctl enable --now the timers.")


@pytest.mark.control("8.1.4.7-b")
def test_programs_unchanged(facts: HostFacts) -> None:
    """The programs that protect the host are byte by byte what their packages brought."""
    nothing(
        facts.read(changed_files, "verify"),
        expected="every checksum right",
        do="Reinstall the package; investigate.",
    )


@pytest.mark.control("8.2.4.4-a")
def test_supported_release(facts: HostFacts) -> None:
    """The distribution is the one that this baseline was written for."""
    major = facts.release.version.partition(".")[0]
    equal(major, "12", do="Build the host anew from the current image.")


@pytest.mark.control("8.1.4.4-b", "8.1.4.3-d")
def test_no_failed_units(facts: HostFacts) -> None:
    """No service of the host has failed; a person's own session is no service."""
    failed = [
        unit.name
        for unit in facts.units.values()
        if unit.active == "failed" and not unit.name.startswith(("user@", "user-runtime-dir@"))
    ]
    nothing(failed, expected="no failed unit", do="systemctl status the unit.")
    holds(
        "ssh.service" in facts.units,
        expected="the list of units",
        observed="none",
        do="See that systemd answers.",
    )
