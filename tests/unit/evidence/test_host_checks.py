"""Every check of a host passes on a hardened one, and fails when what it looks at goes wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from scripts.evidence.finding import Finding
from scripts.evidence.host.facts import Answer, HostFacts
from tests.audit.test_remote_log import declared
from tests.unit.evidence.checks import CHECKS, Check
from tests.unit.evidence.recording import Recording, answered, recording
from tests.unit.evidence.rows import BREAKS

Change = tuple[str, str, str]
"""Question, regular expression in its answer, replacement."""

SSH = {
    "idle_sessions_closed": ("clientaliveinterval \\d+", "clientaliveinterval 0"),
    "unauthenticated_connections_limited": ("maxstartups .*", "maxstartups 10:30:1000"),
    "ciphers_strong": ("ciphers ", "ciphers aes128-cbc,"),
    "macs_strong": ("macs ", "macs hmac-md5,"),
    "key_exchanges_strong": ("kexalgorithms ", "kexalgorithms diffie-hellman-group1-sha1,"),
    "host_keys_strong": ("hostkeyalgorithms ", "hostkeyalgorithms ssh-dss,"),
    "user_keys_strong": ("pubkeyacceptedalgorithms ", "pubkeyacceptedalgorithms ssh-rsa,"),
    "only_operators_log_in": ("allowusers debian", "allowusers debian\nallowusers mallory"),
    "forwarding_closed": ("allowtcpforwarding no", "allowtcpforwarding yes"),
}

IN = '{"rule": {"family": "inet", "table": "govcloud", "chain": "input", "expr": ['
ACCEPT_ALL = IN + '{"accept": null}]}}'
SURPLUS = IN + (
    '{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 8080}}, '
    '{"accept": null}]}}'
)
NAT = (
    '{"chain": {"family": "ip", "table": "nat", "name": "post", "type": "nat", "hook": "postrouting", '
    '"prio": 100, "policy": "accept"}}'
)
TAIL = (r"\]\}\s*$", "]}")


def policy(hook: str) -> tuple[str, str]:
    return rf'("hook": "{hook}", "prio": 0, "policy": )"drop"', r'\1"accept"'


def appended(item: str) -> tuple[str, str]:
    return TAIL[0], f", {item}]}}"


CHANGES: dict[str, Change] = {
    **{f"ssh/{check}": ("sshd", *change) for check, change in SSH.items()},
    "ssh/host_key_sizes": ("host_keys", r"(rsa_key) \d+", r"\1 1024"),
    "ssh/only_operator_keys": ("authorized_keys", r"$", "debian ssh-ed25519 AAAAmallory mallory"),
    "accounts/one_superuser": ("passwd", "$", "toor:x:0:0::/root:/bin/bash"),
    "accounts/identities_unique": ("passwd", "$", "debian:x:1000:1000::/home/other:/usr/sbin/nologin"),
    "accounts/only_planned_accounts_can_log_in": ("passwd", "$", "mallory:x:1001:1001::/home/m:/bin/bash"),
    "accounts/no_passwords": ("password_states", "debian L", "debian P"),
    "accounts/every_account_in_shadow": ("passwd", "debian:x:", "debian:$6$hash:"),
    "accounts/privileged_groups_empty": ("group", r"disk:x:(\d+):", r"disk:x:\1:debian"),
    "accounts/lock_out_enforced": ("pam", r"common-auth:.*pam_faillock.so preauth.*\n", ""),
    "accounts/password_quality_enforced": ("pam", r"common-password:.*pam_pwquality.*\n", ""),
    "accounts/idle_shell_closed": ("session", r"TMOUT=\d+", "TMOUT="),
    "accounts/umask": ("session", "0077", "0022"),
    "accounts/homes_closed": ("homes", r"debian 700", "debian 755"),
    "accounts/search_path_of_root": ("search_path", "/usr/local/sbin:", "/usr/local/sbin::"),
    "accounts/no_trust_files": ("trust_files", "end", "/root/.rhosts\nend"),
    "accounts/groups_exist": ("passwd", "debian:x:1000:1000:", "debian:x:1000:7777:"),
    "auditor/forwarding": ("sshd_auditor", "allowtcpforwarding no", "allowtcpforwarding yes"),
    "auditor/one_command_as_root": ("sudoers", r'govcloud-audit \\"\\"', "govcloud-audit"),
    "auditor/script_as_committed": ("audit_script", "^.", "g"),
    "auditor/only_the_auditors_key": ("auditor_keys", "$", "ssh-ed25519 AAAAmallory mallory"),
    "auditor/no_further_groups": ("group", r"adm:x:(\d+):.*", r"adm:x:\1:auditor"),
    "accounts/su_limited": ("pam", r"su:auth required pam_wheel.*\n", ""),
    "accounts/no_core_dumps": ("session", r"\n0\n", "\nunlimited\n"),
    "sudo/only_operators_may_act_as_root": ("sudoers", '"username": "debian"', '"username": "mallory"'),
    "sudo/members_of_sudo": ("group", r"sudo:x:(\d+):.*", r"sudo:x:\1:mallory"),
    "sudo/recorded": ("sudo_records", "auditor :", "nobody :"),
    "sudo/policy_protected": ("files", "440 root root /etc/sudoers\n", "666 root root /etc/sudoers\n"),
    "firewall/ingress_dropped_by_default": ("ruleset", *policy("input")),
    "firewall/egress_dropped_by_default": ("ruleset", *policy("output")),
    "firewall/forwarding_dropped": ("ruleset", *policy("forward")),
    "firewall/rules_equal_plan": ("ruleset", *appended(SURPLUS)),
    "firewall/no_foreign_rules": ("ruleset", *appended(ACCEPT_ALL)),
    "firewall/no_foreign_chains": ("ruleset", *appended(NAT)),
    "firewall/stateful": ("ruleset", '"established", "related"', '"new", "untracked"'),
    "firewall/invalid_packets_dropped": ("ruleset", '"right": "invalid"', '"right": "untracked"'),
    "firewall/refused_packets_logged": ("ruleset", r'\{"log": \{[^}]*\}\}', '{"counter": null}'),
    "firewall/loaded_at_boot": ("unit_files", r'("nftables.service","state":)"enabled"', r'\1"disabled"'),
    "firewall/boot_rules_equal_plan": ("boot_ruleset", *appended(SURPLUS)),
    "firewall/outside_unreachable": ("canary_outside", ".*not permitted\n", ""),
    "firewall/other_ports_of_services_unreachable": ("canary_near", ".*not permitted\n", ""),
    "firewall/refused_packet_recorded": ("drops", "DPT=33434", "DPT=1"),
    "network/one_foot": ("addresses", r"\]$", ', {"ifname": "eth1", "addr_info": []}]'),
    "network/address_as_planned": ("addresses", r'"local":"10\.[\d.]+"', '"local":"10.64.0.99"'),
    "network/name_as_planned": ("hostname", "web-1", "web-9"),
    "network/default_route": ("routes", r'("dst":"default","gateway":)"[\d.]+"', r'\1"10.9.9.9"'),
    "network/routes_as_planned": ("routes", r"\]$", ', {"dst": "10.128.0.0/12", "gateway": "10.64.0.161"}]'),
    "network/no_ipv6_way_out": ("routes6", r"\]$", ', {"dst": "default", "gateway": "fe80::1"}]'),
    "network/resolvers_as_planned": ("resolvers", "$", "nameserver 8.8.8.8"),
    "network/tcp_listeners_as_planned": ("listeners", "$", 'tcp LISTEN 0 5 0.0.0.0:23 *:* users:(("x"))'),
    "network/udp_listeners_as_planned": ("listeners", "$", 'udp UNCONN 0 5 *:161 *:* users:(("snmpd"))'),
    "network/listeners_are_the_expected_programs": ("listeners", '"nginx"', '"nc"'),
    "network/administration_from_bastion_only": ("ruleset", r'"10\.255\.0\.10"', '"10.64.0.9"'),
    "packages/only_planned_source": ("apt_sources", "$", "http://198.51.100.1/debian/ bookworm"),
    "packages/source_signed": ("apt_files", "Signed-By: .*", "Trusted: yes"),
    "packages/no_pending_upgrades": ("upgrades", "$", "Inst openssl [3.0.1] (3.0.2 Debian:12 [amd64])"),
    "packages/package_lists_fresh": ("apt_age", r"\d+", "1000000000"),
    "packages/unattended_upgrades": (
        "unit_files", r'("apt-daily.timer","state":)"enabled"', r'\1"disabled"'
    ),
    "packages/programs_unchanged": ("verify", "end", "??5??????   /usr/bin/sudo\nend"),
    "packages/supported_release": ("os_release", "VERSION_CODENAME=bookworm", "VERSION_CODENAME=bullseye"),
    "integrity/base_present": ("integrity_base", r"^\d+", "0"),
    "integrity/last_comparison": ("integrity_base", r"\d+$", "1000000000"),
    "integrity/settings_as_deployed": ("integrity_settings", "!/etc/machine-id", "!/usr\n!/etc/machine-id"),
    "packages/no_failed_units": ("units", '"unit":"nginx.service","load":"loaded","active":"active"',
                                 '"unit":"nginx.service","load":"loaded","active":"failed"'),
    "time/time_service": ("unit_files", r'("chrony.service","state":)"enabled"', r'\1"disabled"'),
    "time/planned_time_server": ("time_sources", "$", "^,+,203.0.113.9,2,6,377,28,0.1,0.1,0.1"),
    "time/clock_follows": ("time_tracking", "Normal", "Not synchronised"),
    "time/clock_agrees_with_auditor": ("clock", r"\d{10}", "1000000000"),
    "logging/journal_persistent": ("journal_files", "system.journal", "user.journal"),
    "logging/retention": ("journald", "MaxRetentionSec=.*", "MaxRetentionSec=1month"),
    "logging/journal_bounded": ("journald", "SystemMaxUse=.*", "SystemMaxUse="),
    "logging/journal_protected": ("files", r"\d+ root systemd-journal /var/log/journal",
                                  "2755 root systemd-journal /var/log/journal"),
    "logging/readers_of_records": ("group", r"systemd-journal:x:(\d+):", r"systemd-journal:x:\1:mallory"),
    "logging/login_recorded": ("login_records", "SHA256:", "MD5:"),
    "logging/level_of_class": ("journald", "MaxRetentionSec=1year", "MaxRetentionSec=3year"),
    "logging/journal_running": ("units", '"unit":"ulogd2.service","load":"loaded","active":"active"',
                                '"unit":"ulogd2.service","load":"loaded","active":"inactive"'),
    "logging/no_rate_limit_that_hides": ("journald", "RateLimitBurst=.*", "RateLimitBurst=10"),
    "logging/audit_rules_fixed": ("audit_status", "enabled 2", "enabled 1"),
    "logging/audit_rules_as_deployed": ("audit_rules", "-w /etc/shadow -p wa -k identity\n", ""),
    "remote_log/collector_declared": ("packages", "installed rsyslog-gnutls .*\n", ""),
    "remote_log/sender_runs": ("unit_files", r'("rsyslog.service","state":)"enabled"', r'\1"disabled"'),
    "remote_log/sent_to_the_collector_alone": ("log_sender", "$", "*.* @@198.51.100.1"),
    "remote_log/whole_journal_sent": ("log_sender", "modsecurity.log", "other.log"),
    "remote_log/collector_proves_itself": ("log_handshake", "Verification: OK", "Verification error: old"),
    "remote_log/own_key_protected": ("files", "600 (root root /etc/ssl/rsyslog/key.pem)", r"640 \1"),
    "remote_log/records_arrive": ("log_delivery", r"before=\d+ after=\d+", "before=7 after=7"),
    "files/shared_folders_sticky": ("files", "1777 root root /tmp", "777 root root /tmp"),
    "files/nothing_writable_for_everybody": ("sweep", "$", "writable 666 root:root /etc/motd"),
    "files/everything_owned": ("sweep", "$", "unowned 644 1234:1234 /srv/left"),
    "files/volumes_mounted": ("mounts", "$", "/dev/vdb /srv/loot ext4 rw 0 0"),
    "files/set_id_programs": ("sweep", "$", "setid 4755 root:root /usr/local/bin/shell"),
    "kernel/mandatory_access_control": ("apparmor", "Y", "N"),
    "portal/attacks_recorded": ("web_records", '"client_ip":"[^"]+"', '"client_ip":""'),
    "portal/requests_recorded": ("web_requests", '"client"', '"nobody"'),
    "portal/server_unprivileged": ("web_processes", "www-data nginx: worker", "root nginx: worker"),
    "portal/server_confined": ("web_confinement", r"\(enforce\)$", "(complain)"),
    "portal/content_not_writable": ("web_writable", "end", "/srv/portal/index.html\nend"),
}  # fmt: skip

NOTED = (
    '{"rule": {"family": "inet", "table": "govcloud", "chain": "%s", "expr": [{"match": {"op": "in", '
    '"left": {"ct": {"key": "state"}}, "right": "new"}}, {"limit": {"rate": 100, "per": "second"}}, '
    '{"log": {"prefix": "new-%s ", "group": 1}}]}}'
)
TYPED = (
    '{"MESSAGE":"debian as debian in /home/debian: : govcloud-audit","SYSLOG_IDENTIFIER":"command",'
    '"_UID":"1000","__REALTIME_TIMESTAMP":"1795304387572555"}'
)

HOST_CHECKS = [check for check in CHECKS if {"facts", "own_kernel"} & set(check.arguments)]


def ids(check: Check) -> str:
    return check.name


def run(check: Check, facts: HostFacts, found: Recording) -> None:
    given: dict[str, Any] = {
        "facts": facts,
        "own_kernel": facts,
        "target": found.target,
        "plan": found.plan,
        "collector": found.plan.platform.platform.core_services.log,
        "portal": found.portal,
        "login": found.plan.platform.platform.cloud.image_user,
        "operator_keys": found.operator_keys,
        "auditor_keys": found.auditor_keys,
        "row": check.row,
    }
    check.function(**{name: given[name] for name in check.arguments})


def facts_for(check: Check, found: Recording) -> HostFacts:
    return found.own_kernel if "own_kernel" in check.arguments else found.facts


def changed(facts: HostFacts, change: Change) -> HostFacts:
    question, pattern, replacement = change
    text = facts.raw(question)
    if pattern == "$":
        other, count = f"{text.rstrip()}\n{replacement}\n", 1
    else:
        other, count = re.subn(pattern, replacement, text)
    assert count > 0, f"{pattern!r} is not in the answer to {question!r}"
    assert other != text
    return answered(facts, {question: Answer(0, other, "")})


def broken(check: Check, facts: HostFacts) -> HostFacts:
    if check.row:
        return BREAKS[check.base](facts, check.row)
    return changed(facts, CHANGES[check.name])


def test_every_check_has_a_change() -> None:
    assert {check.name for check in HOST_CHECKS if not check.row} == set(CHANGES)
    assert {check.base for check in HOST_CHECKS if check.row} == set(BREAKS)


@pytest.mark.parametrize("check", HOST_CHECKS, ids=ids)
def test_passes_on_a_hardened_host(check: Check) -> None:
    found = recording()
    run(check, facts_for(check, found), found)


@pytest.mark.parametrize("check", HOST_CHECKS, ids=ids)
def test_fails_when_it_goes_wrong(check: Check) -> None:
    found = recording()
    facts = broken(check, facts_for(check, found))
    with pytest.raises(Finding) as caught:
        run(check, facts, found)
    assert caught.value.do
    assert caught.value.expected != caught.value.observed


@pytest.mark.parametrize("check", HOST_CHECKS, ids=ids)
def test_fails_when_the_host_does_not_answer(check: Check) -> None:
    found = recording()
    with pytest.raises(Finding):
        run(check, replace(facts_for(check, found), answers={}), found)


@pytest.mark.parametrize("check", HOST_CHECKS, ids=ids)
def test_fails_when_answers_are_garbage(check: Check) -> None:
    found = recording()
    garbage = {name: Answer(0, "}{ \x00 none of it\n", "") for name in found.facts.answers}
    with pytest.raises(Finding):
        run(check, replace(found.facts, answers=garbage), found)


def logs_fully(found: Recording) -> HostFacts:
    """The same host, as it would answer at the log level `full`."""
    noted = ", ".join(NOTED % (hook, hook) for hook in ("input", "output"))
    answers = {
        "ruleset": re.sub(*appended(noted), found.facts.raw("ruleset")),
        "commands": f"{TYPED}\nend\n",
        "journald": found.facts.raw("journald").replace("=1year", "=3year"),
    }
    return answered(found.facts, {name: Answer(0, text, "") for name, text in answers.items()})


def test_a_host_that_logs_fully_is_known_by_it() -> None:
    found = recording()
    full = replace(found, target=replace(found.target, log_level="full"))
    (check,) = (item for item in HOST_CHECKS if item.name == "logging/level_of_class")
    run(check, logs_fully(found), full)
    with pytest.raises(Finding, match="new connections = no, typed commands = no, kept for three years = no"):
        run(check, found.facts, full)
    with pytest.raises(Finding):
        run(check, logs_fully(found), found)


@pytest.mark.parametrize("part", ["ruleset", "commands", "journald"])
def test_a_host_that_logs_less_than_its_class_asks_for_is_found(part: str) -> None:
    found = recording()
    full = replace(found, target=replace(found.target, log_level="full"))
    (check,) = (item for item in HOST_CHECKS if item.name == "logging/level_of_class")
    less = answered(logs_fully(found), {part: found.facts.answers[part]})
    with pytest.raises(Finding):
        run(check, less, full)


def test_logging_new_connections_is_not_logging_what_is_refused() -> None:
    found = recording()
    noted = re.sub(
        r'\{"log": \{"prefix": "drop[^}]*\}\}', '{"counter": null}', logs_fully(found).raw("ruleset")
    )
    (check,) = (item for item in HOST_CHECKS if item.name == "firewall/refused_packets_logged")
    with pytest.raises(Finding):
        run(check, answered(found.facts, {"ruleset": Answer(0, noted, "")}), found)


def test_a_platform_without_a_log_collector_has_one_finding_a_host() -> None:
    found = recording()
    shared = found.plan.platform.platform
    core = shared.core_services.model_copy(update={"log": None})
    platform = replace(found.plan.platform, platform=shared.model_copy(update={"core_services": core}))
    without = replace(found, plan=replace(found.plan, platform=platform))
    (check,) = (item for item in HOST_CHECKS if item.name == "remote_log/collector_declared")
    with pytest.raises(Finding, match=r"core_services\.log"):
        run(check, found.facts, without)
    with pytest.raises(pytest.skip.Exception):
        declared(without.plan)
