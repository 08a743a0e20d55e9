"""Break a real host, see exactly the right checks turn red, mend it, see everything green again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from scripts.access.deployment import Deployment
from scripts.access.ssh import BASTION
from scripts.evidence.host.gather import connect
from tests.lab.conftest import Command

pytestmark = pytest.mark.lab

BASE_HOST = "taihe-office-oa-1"
PORTAL_HOST = "xiangyang-portal-web-1"


@dataclass(frozen=True)
class Mutation:
    """One thing that goes wrong on a host.

    Attributes:
        breaks: shell commands, as root.
        mends: shell commands that take it back.
        red: the checks that must fail by it, as `area/check`.
    """

    breaks: str
    mends: str
    red: frozenset[str]


# Not systemctl reload: in a container the unit's cgroup may be going at that moment (see the module `unit`).
LOAD_RULES = "nft -f /etc/nftables.conf"

STRANGER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb mallory"

BASE = (
    Mutation(
        "nft add rule inet govcloud input tcp dport 8080 accept",
        LOAD_RULES,
        frozenset({"firewall/rules_equal_plan"}),
    ),
    Mutation(
        "printf 'PasswordAuthentication yes\\nMaxAuthTries 20\\n' > /etc/ssh/sshd_config.d/00-a.conf",
        "rm /etc/ssh/sshd_config.d/00-a.conf",
        frozenset({"ssh/passwords_refused", "ssh/tries_limited"}),
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
        frozenset({"kernel/redirects_ignored"}),
    ),
    Mutation(
        "systemctl stop chrony",
        "systemctl start chrony; chronyc waitsync 60 0 0 1",
        frozenset({"time/time_service", "time/planned_time_server", "time/clock_follows"}),
    ),
    Mutation(
        "printf '[Journal]\\nStorage=volatile\\n' > /etc/systemd/journald.conf.d/99-a.conf",
        "rm /etc/systemd/journald.conf.d/99-a.conf",
        frozenset({"logging/journal_persistent"}),
    ),
    Mutation(
        "printf '[Journal]\\nMaxRetentionSec=5year\\n' > /etc/systemd/journald.conf.d/99-b.conf",
        "rm /etc/systemd/journald.conf.d/99-b.conf",
        frozenset({"logging/level_of_class"}),
    ),
    Mutation(
        "echo 'deb http://198.51.100.1/debian bookworm main' > /etc/apt/sources.list.d/a.list",
        "rm /etc/apt/sources.list.d/a.list",
        frozenset({"packages/only_planned_source", "packages/source_signed"}),
    ),
    Mutation(
        "cp -a /usr/bin/sudoreplay /root/sudoreplay && echo >> /usr/bin/sudoreplay",
        "mv /root/sudoreplay /usr/bin/sudoreplay",
        frozenset({"packages/programs_unchanged"}),
    ),
)

FULL = (
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
        "sed -i 's/ssl_protocols /&TLSv1 TLSv1.1 /; s/ssl_ciphers /&ALL:@SECLEVEL=0:/' /etc/nginx/nginx.conf",
        "sed -i -e 's/TLSv1 TLSv1.1 //' -e 's/ALL:@SECLEVEL=0://' /etc/nginx/nginx.conf",
        frozenset({"portal/old_protocols_refused", "portal/weak_ciphers_refused"}),
    ),
    Mutation(
        "sed -i 's/server_tokens off/server_tokens on/; /X-Frame-Options/s/^/#/' /etc/nginx/nginx.conf",
        "sed -i 's/server_tokens on/server_tokens off/; /X-Frame-Options/s/^#//' /etc/nginx/nginx.conf",
        frozenset({"portal/version_not_told", "portal/browser_guards"}),
    ),
)


@contextmanager
def broken(
    deployment: Deployment, host: str, mutations: tuple[Mutation, ...], after: str = "true"
) -> Iterator[None]:
    """All mutations at once on one host, taken back at the end whatever happens."""
    machine = connect(host, deployment.ssh_config)
    try:
        for mutation in mutations:
            machine.check_output("sudo -n sh -ec %s", mutation.breaks)
        machine.check_output("sudo -n sh -ec %s", after)
        yield
    finally:
        for mutation in reversed(mutations):
            machine.run("sudo -n sh -ec %s", mutation.mends)
        machine.run("sudo -n sh -ec %s", after)


def red(govcloud: Command, host: str) -> set[str]:
    """The checks that fail on a host now."""
    done = govcloud("audit", "--host", host, "--json")
    results = json.loads(done.stdout)["results"]
    assert len(results) > 40
    assert done.returncode == (7 if any(bad(item) for item in results) else 0)
    return {f"{item['area']}/{item['check']}" for item in results if bad(item)}


def bad(result: dict[str, str]) -> bool:
    return result["outcome"] in ("failed", "could not be checked")


def test_each_break_of_a_host_turns_its_checks_red(deployment: Deployment, govcloud: Command) -> None:
    assert red(govcloud, BASE_HOST) == set()
    with broken(deployment, BASE_HOST, BASE):
        assert red(govcloud, BASE_HOST) == set().union(*(mutation.red for mutation in BASE))
    assert red(govcloud, BASE_HOST) == set()


def test_a_bastion_that_logs_less_than_it_must_is_found(deployment: Deployment, govcloud: Command) -> None:
    assert red(govcloud, BASTION) == set()
    for mutation in FULL:
        with broken(deployment, BASTION, (mutation,)):
            assert red(govcloud, BASTION) == mutation.red
    assert red(govcloud, BASTION) == set()


def test_each_break_of_a_portal_turns_its_checks_red(deployment: Deployment, govcloud: Command) -> None:
    reload = "systemctl reload nginx; sleep 2"
    assert red(govcloud, PORTAL_HOST) == set()
    with broken(deployment, PORTAL_HOST, PORTAL, reload):
        assert red(govcloud, PORTAL_HOST) == set().union(*(mutation.red for mutation in PORTAL))
    assert red(govcloud, PORTAL_HOST) == set()
