"""Software: where it comes from, how old it is, whether it is what the package source signed.

Sources: GB/T 22239-2019 8.1.4.4 a and e, 8.1.4.7 b; CIS Debian Linux 12 Benchmark 1.2 and 2.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds, nothing, within
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import changed_files
from scripts.evidence.role import ROLES
from scripts.evidence.said import said
from scripts.evidence.setting import Item, Setting, exactly, items
from stacks.plan.model import Plan
from tests.audit.rows import each, judge

CLEAR_TEXT = items(
    "8.1.4.4-a 8.1.4.1-c 8.1.4.8-a",
    "telnet telnetd inetutils-telnet inetutils-telnetd rsh-client rsh-server rsh-redone-client "
    "rsh-redone-server talk talkd nis ftp tnftp vsftpd proftpd-core tftp-hpa tftpd-hpa tftpd",
)
SERVICES = items(
    "8.1.4.4-a 8.1.4.4-b",
    "xinetd openbsd-inetd rpcbind nfs-kernel-server samba snmpd avahi-daemon cups isc-dhcp-server slapd "
    "bind9 dnsmasq dovecot-core exim4-base postfix squid apache2 xserver-xorg-core gdm3 rsync autofs",
)
TOOLS = (
    *items("8.1.4.4-a 8.1.4.2-d 8.1.9.4-a", "gcc g++ make gdb strace"),
    *items("8.1.4.4-a 8.1.4.2-d 8.1.10.6-h", "nmap tcpdump netcat-traditional john hydra"),
    *items("8.1.4.4-a 8.1.4.2-d", "prelink"),
)
NEEDED = (
    *items("8.1.3.2-a 8.1.3.5-a", "nftables ulogd2"),
    *items("8.1.4.1-a", "libpam-pwquality"),
    *items("8.1.4.3-a 8.1.4.2-d", "sudo"),
    *items("8.1.4.1-c", "openssh-server"),
    *items("8.1.5.4-f", "chrony"),
    *items("8.1.4.4-e 8.1.5.4-e", "unattended-upgrades"),
    *items("8.1.4.3-c", "logrotate"),
    *items("8.1.4.7-b", "aide debsums"),
)
"""What the baseline rests on."""
APT = (
    *exactly("8.1.4.4-e 8.1.5.4-e", **{"APT::Periodic::Update-Package-Lists": "1"}),
    *exactly("8.1.4.4-e 8.1.5.4-e", **{"APT::Periodic::Unattended-Upgrade": "1"}),
    *exactly("8.1.4.4-e 8.1.4.3-a", **{"Unattended-Upgrade::SyslogEnable": "true"}),
    *exactly(
        "8.1.4.4-a",
        **{"APT::Install-Recommends": "false|0", "Unattended-Upgrade::Remove-Unused-Dependencies": "true"},
    ),
)
UNITS = (
    *items("8.1.3.2-a", "nftables.service"),
    *items("8.1.3.5-a 8.1.4.3-d", "ulogd2.service"),
    *items("8.1.4.3-a 8.1.4.3-d", "systemd-journald.service"),
    *items("8.1.4.1-c 8.1.5.1-a", "ssh.service"),
    *items("8.1.5.4-f", "chrony.service"),
    *items("8.1.4.4-e 8.1.5.4-e", "apt-daily.timer apt-daily-upgrade.timer"),
    *items("8.1.4.4-e", "unattended-upgrades.service"),
    *items("8.1.4.3-c", "logrotate.timer"),
    *items("8.1.3.3-b", "systemd-sysctl.service"),
    *items("8.1.4.7-b", "integrity.timer"),
)
OFF = items(
    "8.1.4.4-b",
    "telnet.socket rsh.socket rlogin.socket rexec.socket tftpd-hpa.service vsftpd.service rpcbind.socket "
    "nfs-server.service smbd.service snmpd.service avahi-daemon.socket cups.socket named.service "
    "postfix.service squid.service apache2.service rsync.service autofs.service bluetooth.service "
    "debug-shell.service systemd-journal-remote.socket systemd-journal-gatewayd.socket",
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
    nothing(
        loose,
        expected=said("signed by {keyring}, no `trusted`", keyring=keyring),
        do="Name the keyring in the source's file.",
    )
    for name in ("APT::Get::AllowUnauthenticated", "Acquire::AllowInsecureRepositories"):
        allowed = facts.apt_config.get(name, "false").lower() not in ("0", "false", "no")
        equal(allowed, False, do=said("Set {name} to false.", name=name))


@each((*CLEAR_TEXT, *SERVICES, *TOOLS))
def test_not_installed(facts: HostFacts, row: Item) -> None:
    """A package that works in clear text, or that a host of this kind does not need, is not there."""
    holds("dpkg" in facts.packages, expected="the list of packages", observed="none", do="Repair dpkg.")
    holds(
        row.name not in facts.packages,
        expected=said("no {name}", name=row.name),
        observed=facts.packages.get(row.name, ""),
        do="apt-get purge the package.",
    )


@each(NEEDED)
def test_installed(facts: HostFacts, row: Item) -> None:
    """A package that the baseline rests on is there."""
    holds(
        row.name in facts.packages, expected=row.name, observed="not installed", do="Run `govcloud deploy`."
    )


@each(APT)
def test_apt_setting(facts: HostFacts, row: Setting) -> None:
    """Upgrades come by themselves, and bring nothing that nobody asked for."""
    judge(row, facts.apt_config.get(row.name), do="Set it in /etc/apt/apt.conf.d.")


@each(UNITS)
def test_unit_runs(facts: HostFacts, row: Item) -> None:
    """A service that the baseline rests on runs, now and after the next boot."""
    unit = facts.units.get(row.name)
    holds(
        unit is not None and unit.active == "active" and unit.enabled in ("enabled", "static"),
        expected=said("{name} enabled and active", name=row.name),
        observed=f"{unit.enabled}, {unit.active}" if unit else "no such unit",
        do=said("systemctl enable --now {name}", name=row.name),
    )


@each(OFF)
def test_unit_off(facts: HostFacts, row: Item) -> None:
    """A service that no host needs does not run, and does not start by itself."""
    holds("ssh.service" in facts.units, expected="the list of units", observed="none", do="See systemd.")
    unit = facts.units.get(row.name)
    holds(
        unit is None or (unit.active in ("inactive", "") and unit.enabled != "enabled"),
        expected=said("{name} off", name=row.name),
        observed=f"{unit.enabled}, {unit.active}" if unit else "no such unit",
        do=said("systemctl mask --now {name}", name=row.name),
    )


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
        expected=said("package lists of the last {days} days", days=FRESH_DAYS),
        observed=said("{days} days old", days=f"{days:.1f}"),
        do="apt-get update; see why apt-daily.timer does not.",
    )


@pytest.mark.control("8.1.4.4-e", "8.1.5.4-e")
def test_unattended_upgrades(facts: HostFacts) -> None:
    """Upgrades are looked for every day without a person."""
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
    """The distribution's release is one that the roles were written for."""
    names = frozenset(path.stem for path in (ROLES / "release" / "vars").glob("*.yml"))
    within([facts.release.codename], names, what="releases", do="Build the host anew from the current image.")


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
