"""Who may act as root, and what is recorded of it. Source: GB/T 22239-2019 8.1.4.2 d; CIS Debian 12 5.2."""

from __future__ import annotations

import pytest

from scripts.access.audit_session import ACCOUNT
from scripts.evidence.finding import holds, nothing, text
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import records
from scripts.evidence.said import said
from scripts.evidence.setting import Setting, between, exactly
from tests.audit.rows import each, judge

OPTIONS = (
    *exactly("8.1.4.3-d 8.1.4.2-d", use_pty="yes"),
    *exactly("8.1.4.2-e 8.1.4.2-d", env_reset="yes", visiblepw="no"),
    *exactly("8.1.4.3-a", log_allowed="yes", log_denied="yes"),
    *between("8.1.4.1-b", 0, 15, "timestamp_timeout"),
    *between("8.1.4.1-b", 1, 3, "passwd_tries"),
    *exactly("8.1.4.2-e", secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
)
SLACK = 2.0
"""Seconds that the record of a call may seem older than the call."""


@pytest.mark.control("8.1.4.2-d", "8.1.5.1-b")
def test_only_operators_may_act_as_root(facts: HostFacts, login: str) -> None:
    """The sudo policy names root, the group sudo, the operators' account and the auditor's only."""
    known = {"root", "%sudo", login, ACCOUNT}
    holds(
        login in facts.sudo.holders,
        expected=said("a rule for {login}", login=login),
        observed=facts.sudo.holders,
        do="Restore it.",
    )
    nothing(
        facts.sudo.holders - known,
        expected=said("no rule beside {names}", names=text(known)),
        do="Remove it from sudoers.",
    )


@pytest.mark.control("8.1.4.2-d", "8.1.4.2-c")
def test_members_of_sudo(facts: HostFacts, login: str) -> None:
    """Nobody but the operators' account is in a group that may act as root."""
    groups = {group.name: group for group in facts.groups}
    holds("sudo" in groups, expected="the group sudo", observed="none", do="Reinstall the package sudo.")
    nothing(
        groups["sudo"].members - {login},
        expected=said("{login} at the most", login=login),
        do="Remove the account from the group.",
    )


@each(OPTIONS)
def test_option(facts: HostFacts, row: Setting) -> None:
    """What runs with other rights is bounded."""
    value = facts.sudo.options.get(row.name)
    shown = ("yes" if value else "no") if isinstance(value, bool) else value
    judge(row, shown, do=said("Add `Defaults {name}` to a file in /etc/sudoers.d.", name=row.name))


@pytest.mark.control("8.1.4.3-a", "8.1.3.5-d", "8.1.5.1-a")
def test_recorded(facts: HostFacts) -> None:
    """The audit's own use of sudo is in the journal, with user, program and command."""
    nothing(
        [name for name in ("log_allowed", "log_denied", "syslog") if facts.sudo.options.get(name) is False],
        expected="sudo's logging left on",
        do="Remove the negated log option from sudoers.",
    )
    begun = facts.clock - facts.seconds - SLACK
    messages = [item.message.strip() for item in facts.read(records, "sudo_records") if item.seconds >= begun]
    holds(
        any(message.startswith(f"{ACCOUNT} :") and "COMMAND=" in message for message in messages),
        expected=said("a record of {name}'s use of sudo", name=ACCOUNT),
        observed=messages,
        do="Add `Defaults log_allowed` to sudoers, and see that journald runs.",
    )


@pytest.mark.control("8.1.4.2-f", "8.1.4.2-e")
def test_policy_protected(facts: HostFacts) -> None:
    """Only root may read and change the sudo policy."""
    files = {path: state for path, state in facts.files.items() if path.startswith("/etc/sudoers")}
    holds("/etc/sudoers" in files, expected="/etc/sudoers", observed=files, do="Reinstall the package sudo.")
    limit = {path: 0o755 if path == "/etc/sudoers.d" else 0o440 for path in files}
    loose = [
        state
        for path, state in files.items()
        if (state.user, state.group) != ("root", "root") or state.mode & ~limit[path]
    ]
    nothing(loose, expected="0440 root:root", do="chmod 0440 and chown root:root the file.")
