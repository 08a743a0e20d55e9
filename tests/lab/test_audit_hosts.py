"""Break a real host, see exactly the right checks turn red, mend it, see everything green again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scripts.access.deployment import Deployment
from scripts.access.ssh import BASTION
from scripts.evidence.host.gather import connect
from tests.lab.conftest import Command
from tests.lab.mutation import RECORD, Mutation, record

pytestmark = pytest.mark.lab

BASE_HOST = "taihe-office-oa-1"
PORTAL_HOST = "xiangyang-portal-web-1"


# Not systemctl reload: in a container the unit's cgroup may be going at that moment (see the module `unit`).
LOAD_RULES = "nft -f /etc/nftables.conf"

NEW_SESSIONS = "kill -HUP $(cat /run/sshd.pid); loginctl terminate-user auditor"
"""sshd reads its settings again, and the auditor's next question comes by a login of its own."""

STRANGER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb mallory"

WEAK = "".join(
    f"{line}\\n"
    for line in (
        "Ciphers aes256-ctr,aes128-cbc",
        "PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp256",
        "AllowUsers mallory",
        "PermitUserEnvironment yes",
    )
)
"""Nothing of it takes effect before sshd reads its settings again; the audit sees it at once."""

TOOLS = ("make", "netcat-traditional")
"""What builds programs, and what attacks with them."""


def installed(name: str) -> str:
    """Commands that install an empty package of a name: the lab's mirror has no tools."""
    control = (
        f"Package: {name}\\nVersion: 99\\nArchitecture: all\\nMaintainer: mallory\\nDescription: empty\\n"
    )
    return (
        f"(umask 022; cd $(mktemp -d); mkdir -p {name}/DEBIAN; printf '{control}' > {name}/DEBIAN/control; "
        f"dpkg-deb --build {name}; dpkg --install {name}.deb; rm -r $PWD)"
    )


BASE = (
    Mutation(
        "nft add rule inet govcloud input tcp dport 8080 accept",
        LOAD_RULES,
        frozenset({"firewall/rules_equal_plan"}),
    ),
    Mutation(
        "printf 'PasswordAuthentication yes\\nMaxAuthTries 20\\n' > /etc/ssh/sshd_config.d/00-a.conf",
        "rm /etc/ssh/sshd_config.d/00-a.conf",
        frozenset(
            {
                "ssh/setting[passwordauthentication]",
                "ssh/setting[maxauthtries]",
                "auditor/session[passwordauthentication]",
            }
        ),
    ),
    Mutation(
        f"printf '{WEAK}' > /etc/ssh/sshd_config.d/00-b.conf",
        "rm /etc/ssh/sshd_config.d/00-b.conf",
        frozenset(
            {
                "ssh/ciphers_strong",
                "ssh/user_keys_strong",
                "ssh/only_operators_log_in",
                "ssh/setting[permituserenvironment]",
                "auditor/session[permituserenvironment]",
            }
        ),
    ),
    Mutation(
        "nft add chain inet govcloud output '{ policy accept; }'",
        LOAD_RULES,
        frozenset({"firewall/egress_dropped_by_default"}),
    ),
    Mutation(
        "for h in $(nft -a list chain inet govcloud input | sed -n 's/.*invalid.*handle //p'); do "
        "nft delete rule inet govcloud input handle $h; done",
        LOAD_RULES,
        frozenset({"firewall/invalid_packets_dropped"}),
    ),
    Mutation(
        "echo 'Defaults !use_pty' > /etc/sudoers.d/99-b; chmod 440 /etc/sudoers.d/99-b",
        "rm /etc/sudoers.d/99-b",
        frozenset({"sudo/option[use_pty]"}),
    ),
    Mutation(
        "usermod -aG adm auditor",
        "gpasswd -d auditor adm",
        frozenset({"auditor/no_further_groups"}),
    ),
    Mutation(
        "systemctl disable apt-daily.timer",
        "systemctl enable apt-daily.timer",
        frozenset({"packages/unattended_upgrades", "packages/unit_runs[apt-daily.timer]"}),
    ),
    Mutation(
        "chown debian /etc/login.defs",
        "chown root /etc/login.defs",
        frozenset({"files/protected[/etc/login.defs]"}),
    ),
    Mutation(
        # Of this one setting sshd takes the last value, not the first.
        "echo MaxStartups 10:30:1000 > /etc/ssh/sshd_config.d/99-c.conf",
        "rm /etc/ssh/sshd_config.d/99-c.conf",
        frozenset({"ssh/unauthenticated_connections_limited"}),
    ),
    Mutation(
        "useradd -m -s /bin/bash mallory && usermod -aG sudo mallory",
        "userdel -r mallory",
        frozenset({"accounts/only_planned_accounts_can_log_in", "sudo/members_of_sudo"}),
    ),
    Mutation(
        "echo 'www-data ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/99-a; chmod 440 /etc/sudoers.d/99-a",
        "rm /etc/sudoers.d/99-a",
        frozenset({"sudo/only_operators_may_act_as_root"}),
    ),
    Mutation(
        f"echo '{STRANGER}' >> /home/debian/.ssh/authorized_keys",
        "sed -i /mallory/d /home/debian/.ssh/authorized_keys",
        frozenset({"ssh/only_operator_keys"}),
    ),
    Mutation(
        "systemd-run --unit=audit-listener nc -lk 9000",
        "systemctl stop audit-listener",
        frozenset({"network/tcp_listeners_as_planned"}),
    ),
    Mutation(
        "touch /etc/audit-test && chmod 666 /etc/audit-test",
        "rm /etc/audit-test",
        frozenset({"files/nothing_writable_for_everybody"}),
    ),
    Mutation(
        "cp /bin/true /usr/local/bin/audit-test && chmod u+s /usr/local/bin/audit-test",
        "rm /usr/local/bin/audit-test",
        frozenset({"files/set_id_programs"}),
    ),
    Mutation(
        "sysctl -q net.ipv4.conf.all.accept_redirects=1",
        "sysctl -q net.ipv4.conf.all.accept_redirects=0",
        frozenset({"kernel/network_parameter[net.ipv4.conf.all.accept_redirects]"}),
    ),
    Mutation(
        "systemctl stop chrony",
        "systemctl start chrony; chronyc waitsync 60 0 0 1",
        frozenset(
            {
                "time/time_service",
                "time/planned_time_server",
                "time/clock_follows",
                "packages/unit_runs[chrony.service]",
            }
        ),
    ),
    Mutation(
        "printf '[Journal]\\nStorage=volatile\\n' > /etc/systemd/journald.conf.d/99-a.conf",
        "rm /etc/systemd/journald.conf.d/99-a.conf",
        frozenset({"logging/journal_setting[Storage]"}),
    ),
    Mutation(
        "printf '[Journal]\\nMaxRetentionSec=5year\\n' > /etc/systemd/journald.conf.d/99-b.conf",
        "rm /etc/systemd/journald.conf.d/99-b.conf",
        frozenset({"logging/level_of_class"}),
    ),
    Mutation(
        " && ".join(map(installed, TOOLS)),
        f"dpkg --purge {' '.join(TOOLS)}",
        frozenset(f"packages/not_installed[{name}]" for name in TOOLS),
    ),
    Mutation(
        "echo 'deb http://198.51.100.1/debian bookworm main' > /etc/apt/sources.list.d/a.list",
        "rm /etc/apt/sources.list.d/a.list",
        frozenset({"packages/only_planned_source", "packages/source_signed"}),
    ),
    Mutation(
        "nft add rule inet govcloud input ip saddr 10.0.0.0/8 tcp dport 22 accept",
        LOAD_RULES,
        frozenset({"network/administration_from_bastion_only", "firewall/rules_equal_plan"}),
    ),
    Mutation(
        "gpasswd -a mallory systemd-journal",
        "true",
        frozenset({"logging/readers_of_records"}),
    ),
    Mutation(
        "chmod o+r /var/log/journal/*/system.journal",
        "chmod o-r /var/log/journal/*/system.journal",
        frozenset({"logging/journal_protected"}),
    ),
    Mutation(
        "echo 'Defaults !log_allowed' > /etc/sudoers.d/99-c; chmod 440 /etc/sudoers.d/99-c",
        "rm /etc/sudoers.d/99-c",
        frozenset({"sudo/option[log_allowed]", "sudo/recorded"}),
    ),
    Mutation(
        f"echo 'LogLevel QUIET' > /etc/ssh/sshd_config.d/00-c.conf; {NEW_SESSIONS}",
        f"rm /etc/ssh/sshd_config.d/00-c.conf; {NEW_SESSIONS}",
        frozenset({"ssh/setting[loglevel]", "auditor/session[loglevel]", "logging/login_recorded"}),
    ),
    Mutation(
        "mount -o remount,suid /dev/shm",
        "mount -o remount,nosuid /dev/shm",
        frozenset({"files/mounted[/dev/shm nosuid]"}),
    ),
    Mutation(
        "systemctl disable --now integrity.timer; echo '!/usr' >> /etc/aide/aide.conf",
        "sed -i '$d' /etc/aide/aide.conf; systemctl enable --now integrity.timer",
        frozenset({"packages/unit_runs[integrity.timer]", "integrity/settings_as_deployed"}),
    ),
    Mutation(
        "cp -a /usr/bin/sudoreplay /root/sudoreplay && echo >> /usr/bin/sudoreplay",
        "mv /root/sudoreplay /usr/bin/sudoreplay",
        frozenset({"packages/programs_unchanged"}),
    ),
)

COLLECTED = (
    Mutation(
        "systemctl stop rsyslog.service",
        "systemctl start rsyslog.service; sleep 2",
        frozenset({"remote_log/sender_runs", "remote_log/records_arrive"}),
    ),
    Mutation(
        "cp -a /etc/rsyslog.conf /root/; "
        "sed -i 's|x509/name|anon|; s/=.Disk./=x/; s/imjournal/imklog/' /etc/rsyslog.conf; "
        "echo '*.* @198.51.100.1' >> /etc/rsyslog.conf",
        "mv /root/rsyslog.conf /etc/",
        frozenset(
            {
                "remote_log/setting[streamdriverauthmode]",
                "remote_log/setting[queue.type]",
                "remote_log/whole_journal_sent",
                "remote_log/sent_to_the_collector_alone",
            }
        ),
    ),
    Mutation(
        "cd /etc/ssl/rsyslog; cp -a authority.pem /root/; cat certificate.pem > authority.pem",
        "mv /root/authority.pem /etc/ssl/rsyslog/",
        frozenset({"remote_log/collector_proves_itself"}),
    ),
    Mutation(
        "chmod 0640 /etc/ssl/rsyslog/key.pem",
        "chmod 0600 /etc/ssl/rsyslog/key.pem",
        frozenset({"remote_log/own_key_protected"}),
    ),
)

INTEGRITY = (
    Mutation(
        "mv /var/lib/aide/aide.db /root/; systemctl start integrity.service",
        "mv /root/aide.db /var/lib/aide/",
        frozenset({"integrity/base_present", "integrity/last_comparison"}),
    ),
    Mutation(
        "touch /usr/local/bin/stranger; systemctl start integrity.service || true",
        "rm /usr/local/bin/stranger; systemctl reset-failed integrity.service; integrity-accept",
        frozenset({"integrity/last_comparison", "packages/no_failed_units"}),
    ),
)
"""The second one is mended by a new base, which is newer than the failed comparison."""

FULL = (
    Mutation(
        "printf '[Journal]\\nMaxRetentionSec=1month\\n' > /etc/systemd/journald.conf.d/99-b.conf",
        "rm /etc/systemd/journald.conf.d/99-b.conf",
        frozenset({"logging/retention", "logging/level_of_class"}),
    ),
    Mutation(
        "cp -a /etc/bash.bashrc /root/bashrc; sed -i '/^# BEGIN of what/,/^# END of what/d' /etc/bash.bashrc",
        "mv /root/bashrc /etc/bash.bashrc",
        frozenset({"logging/level_of_class"}),
    ),
    Mutation(
        f"cp -a /etc/nftables.conf /root/; sed -i /new-output/d /etc/nftables.conf; {LOAD_RULES}",
        f"mv /root/nftables.conf /etc/; {LOAD_RULES}",
        frozenset({"logging/level_of_class"}),
    ),
)

PORTAL = (
    Mutation(
        "chmod o+w /srv/portal/index.html",
        "chmod o-w /srv/portal/index.html",
        frozenset({"portal/content_not_writable", "files/nothing_writable_for_everybody"}),
    ),
    Mutation(
        "sed -i 's/^SecRuleEngine On/SecRuleEngine DetectionOnly/' /etc/nginx/modsecurity.conf",
        "sed -i 's/^SecRuleEngine DetectionOnly/SecRuleEngine On/' /etc/nginx/modsecurity.conf",
        frozenset({"portal/attacks_blocked"}),
    ),
    Mutation(
        "sed -i.tls 's/ssl_protocols .*/ssl_protocols TLSv1 TLSv1.1 TLSv1.2;/; "
        "s/ssl_ciphers /&ALL:@SECLEVEL=0:/' /etc/nginx/nginx.conf",
        "mv /etc/nginx/nginx.conf.tls /etc/nginx/nginx.conf",
        frozenset(
            {
                "portal/old_protocols_refused",
                "portal/weak_ciphers_refused",
                "portal/new_protocols_spoken",
            }
        ),
    ),
    Mutation(
        "sed -i.log 's/access_log .*/access_log off;/' /etc/nginx/nginx.conf",
        "mv /etc/nginx/nginx.conf.log /etc/nginx/nginx.conf",
        frozenset({"portal/requests_recorded"}),
    ),
    Mutation(
        "sed -i.audit 's/^SecAuditEngine .*/SecAuditEngine Off/' /etc/nginx/modsecurity.conf",
        "mv /etc/nginx/modsecurity.conf.audit /etc/nginx/modsecurity.conf",
        frozenset({"portal/attacks_recorded"}),
    ),
    Mutation(
        "sed -i 's/server_tokens off/server_tokens on/; /X-Frame-Options/s/^/#/' /etc/nginx/nginx.conf",
        "sed -i 's/server_tokens on/server_tokens off/; /X-Frame-Options/s/^#//' /etc/nginx/nginx.conf",
        frozenset({"portal/version_not_told", "portal/browser_guards"}),
    ),
)


ALL = (*BASE, *COLLECTED, *INTEGRITY, *FULL, *PORTAL)
"""Whatever is broken on hosts here."""


@contextmanager
def broken(
    deployment: Deployment, host: str, mutations: tuple[Mutation, ...], after: str = "true"
) -> Iterator[None]:
    """All mutations at once on one host, taken back at the end whatever happens."""
    machine = connect(host, deployment.ssh_config)
    begun: list[Mutation] = []
    try:
        for mutation in mutations:
            begun.append(mutation)
            machine.check_output("sudo -n sh -ec %s", mutation.breaks)
        machine.check_output("sudo -n sh -ec %s", after)
        yield
    finally:
        for mutation in reversed(begun):
            machine.run("sudo -n sh -ec %s", mutation.mends)
        machine.run("sudo -n sh -ec %s", after)


def red(govcloud: Command, host: str) -> set[str]:
    """The checks that fail on a host now."""
    done = govcloud("audit", "--host", host, "--json")
    results = json.loads(done.stdout)["results"]
    assert sum(item["outcome"] == "passed" for item in results) > 300
    assert done.returncode == (7 if any(bad(item) for item in results) else 0)
    return {f"{item['area']}/{item['check']}" for item in results if bad(item)}


def prove(host: str, mutations: tuple[Mutation, ...]) -> None:
    """Red when broken at once, and green again: keep that for the table."""
    record(RECORD, host, {mutation.breaks: mutation.red for mutation in mutations})


def bad(result: dict[str, str]) -> bool:
    return result["outcome"] in ("failed", "could not be checked")


def test_each_break_of_a_host_turns_its_checks_red(deployment: Deployment, govcloud: Command) -> None:
    assert red(govcloud, BASE_HOST) == set()
    with broken(deployment, BASE_HOST, BASE):
        assert red(govcloud, BASE_HOST) == set().union(*(mutation.red for mutation in BASE))
    assert red(govcloud, BASE_HOST) == set()
    prove(BASE_HOST, BASE)


def test_each_break_of_the_way_to_the_collector_turns_its_checks_red(
    deployment: Deployment, govcloud: Command
) -> None:
    assert red(govcloud, BASE_HOST) == set()
    with broken(deployment, BASE_HOST, COLLECTED):
        assert red(govcloud, BASE_HOST) == set().union(*(mutation.red for mutation in COLLECTED))
    assert red(govcloud, BASE_HOST) == set()
    prove(BASE_HOST, COLLECTED)


def test_each_break_of_the_daily_comparison_turns_its_checks_red(
    deployment: Deployment, govcloud: Command
) -> None:
    assert red(govcloud, BASE_HOST) == set()
    for mutation in INTEGRITY:
        with broken(deployment, BASE_HOST, (mutation,)):
            assert red(govcloud, BASE_HOST) == mutation.red
    assert red(govcloud, BASE_HOST) == set()
    prove(BASE_HOST, INTEGRITY)


def test_a_bastion_that_logs_less_than_it_must_is_found(deployment: Deployment, govcloud: Command) -> None:
    assert red(govcloud, BASTION) == set()
    for mutation in FULL:
        with broken(deployment, BASTION, (mutation,)):
            assert red(govcloud, BASTION) == mutation.red
    assert red(govcloud, BASTION) == set()
    for mutation in FULL:
        prove(BASTION, (mutation,))


def test_each_break_of_a_portal_turns_its_checks_red(deployment: Deployment, govcloud: Command) -> None:
    reload = "systemctl reload nginx; sleep 2"
    assert red(govcloud, PORTAL_HOST) == set()
    with broken(deployment, PORTAL_HOST, PORTAL, reload):
        assert red(govcloud, PORTAL_HOST) == set().union(*(mutation.red for mutation in PORTAL))
    assert red(govcloud, PORTAL_HOST) == set()
    prove(PORTAL_HOST, PORTAL)
