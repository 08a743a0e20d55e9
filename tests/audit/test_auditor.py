"""The auditor's own account: it reads what is asked of every host, and can do nothing else.

Source: GB/T 22239-2019 8.1.5.2 a and b, 8.1.4.2 d.
"""

from __future__ import annotations

import pytest

from scripts.access.audit_session import ACCOUNT, COMMAND, KEYS_FILE, SESSION
from scripts.evidence.finding import equal, holds, nothing
from scripts.evidence.host.accounts import SUDO_GROUP, key_of
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.script import checksum
from scripts.evidence.said import said
from scripts.evidence.setting import Exactly, Setting, exactly
from scripts.evidence.target import Target
from stacks.plan.model import Plan
from tests.audit.rows import each, judge

DEPLOY = "Run `govcloud deploy`, which makes the account anew; find out who changed it."
SETTINGS = (
    Setting("forcecommand", Exactly((SESSION,)), ("8.1.5.2-a", "8.1.4.2-d")),
    *exactly("8.1.5.2-a 8.1.4.2-d", permittty="no", permituserrc="no", authorizedkeysfile=KEYS_FILE),
    *exactly("8.1.5.2-a 8.1.4.1-d", authenticationmethods="publickey", authorizedkeyscommand="none"),
    *exactly("8.1.5.2-a 8.1.4.1-d", trustedusercakeys="none", passwordauthentication="no"),
    *exactly("8.1.4.2-d 8.1.4.4-b", allowstreamlocalforwarding="no", allowagentforwarding="no"),
    *exactly("8.1.4.2-d 8.1.4.4-b", x11forwarding="no", gatewayports="no", permittunnel="no"),
    *exactly("8.1.4.2-e", permituserenvironment="no"),
    *exactly("8.1.5.2-a 8.1.4.3-b", loglevel="VERBOSE"),
)
"""Keys are as `sshd -T` writes them for this account."""


@each(SETTINGS)
def test_session(facts: HostFacts, row: Setting) -> None:
    """SSH gives the auditor one command, and nothing beside it."""
    judge(row, facts.sshd_for_auditor.get(row.name), do=DEPLOY)


@pytest.mark.control("8.1.4.2-d", "8.1.3.1-a")
def test_forwarding(facts: HostFacts, target: Target) -> None:
    """The auditor passes through the bastion to SSH alone, and through no other host."""
    found = [facts.sshd_for_auditor.get(name) for name in ("allowtcpforwarding", "permitopen")]
    equal(found, ["local", "*:22"] if target.is_bastion else ["no", "any"], do=DEPLOY)


@pytest.mark.control("8.1.5.2-a", "8.1.4.2-d")
def test_one_command_as_root(facts: HostFacts) -> None:
    """Sudo lets the auditor run the audit's script, as deployed and without arguments, and no other."""
    grants = facts.sudo.grants.get(ACCOUNT, ())
    holds(bool(grants), expected="one rule", observed="none", do=DEPLOY)
    found = [
        (command.get("command"), bool(command.get("sha256")), grant.get("runasusers"))
        for grant in grants
        for command in grant["Commands"]
    ]
    equal(found, [(f'{COMMAND} ""', True, [{"username": "root"}])], do=DEPLOY)


@pytest.mark.control("8.1.5.2-a", "8.1.4.7-b")
def test_script_as_committed(facts: HostFacts, plan: Plan) -> None:
    """The script that answers is the one of this commit and this plan, byte by byte."""
    equal(facts.raw("audit_script").split()[0], checksum(plan), do="Run `govcloud deploy` from this commit.")


@pytest.mark.control("8.1.5.2-a", "8.1.4.1-d")
def test_only_the_auditors_key(facts: HostFacts, auditor_keys: frozenset[str]) -> None:
    """The auditor's account accepts the auditor's key and no other."""
    found = {key_of(line) for line in facts.raw("auditor_keys").splitlines() if line.strip()}
    equal({f"…{key[-12:]}" for key in found}, {f"…{key[-12:]}" for key in auditor_keys}, do=DEPLOY)


@pytest.mark.control("8.1.4.2-d", "8.1.5.2-a")
def test_no_further_groups(facts: HostFacts) -> None:
    """The auditor's account is in no group but its own and the one that may start sudo."""
    holds(
        any(item.name == ACCOUNT for item in facts.accounts),
        expected=said("the account {name}", name=ACCOUNT),
        observed="none",
        do=DEPLOY,
    )
    nothing(
        [item.name for item in facts.groups if ACCOUNT in item.members and item.name != SUDO_GROUP],
        expected="no further membership",
        do="Take the account out of the group.",
    )
