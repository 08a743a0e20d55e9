"""Accounts, passwords, lock-out and sessions.

Sources: GB/T 22239-2019 8.1.4.1 and 8.1.4.2; CIS Debian Linux 12 Benchmark 5.3 to 5.4 and 7.2.
"""

from __future__ import annotations

from collections import Counter

import pytest

from scripts.evidence.finding import equal, holds, nothing
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import settings

FAILURES = 5
LOCK_SECONDS = 600
PASSWORD_DAYS = 90
PASSWORD_LENGTH = 12
PASSWORD_CLASSES = 3
IDLE_SECONDS = 900
SYSTEM_GROUPS = frozenset({"root", "disk", "shadow", "kmem", "lxd", "docker", "libvirt"})
"""Groups whose members are as good as root."""


def number(values: dict[str, str], name: str) -> int:
    """A setting as a number; one that is absent is below every limit."""
    return int(values.get(name, "-1").split()[0])


@pytest.mark.control("8.1.4.2-a", "8.1.4.1-a")
def test_one_superuser(facts: HostFacts) -> None:
    """Only root has the rights of root by its number."""
    equal(
        [item.name for item in facts.accounts if item.uid == 0],
        ["root"],
        do="Give the other account a number of its own, or remove it.",
    )


@pytest.mark.control("8.1.4.1-a", "8.1.4.2-c")
def test_identities_unique(facts: HostFacts) -> None:
    """No two accounts or groups share a name or a number."""
    keys = [
        *(f"account {item.name}" for item in facts.accounts),
        *(f"uid {item.uid}" for item in facts.accounts),
    ]
    keys += [*(f"group {item.name}" for item in facts.groups), *(f"gid {item.gid}" for item in facts.groups)]
    twice = sorted(key for key, count in Counter(keys).items() if count > 1)
    nothing(
        twice, expected="every name and number once", do="Give each account and group a number of its own."
    )


@pytest.mark.control("8.1.4.2-b", "8.1.4.2-c")
def test_only_planned_accounts_can_log_in(facts: HostFacts, login: str) -> None:
    """Only root and the operators' account have a shell."""
    shells = {item.name for item in facts.accounts if item.can_log_in}
    equal(shells, {"root", login}, do="Remove the account, or give it /usr/sbin/nologin.")


@pytest.mark.control("8.1.4.2-b", "8.1.4.1-a")
def test_no_passwords(facts: HostFacts) -> None:
    """No account has a password: operators log in with keys, root not at all."""
    states = facts.password_states
    holds("root" in states, expected="the state of every password", observed=states, do="Repair /etc/shadow.")
    usable = {name for name, state in states.items() if state != "L"}
    nothing(usable, expected="every password locked", do="Run passwd -l for the account.")


@pytest.mark.control("8.1.4.1-a")
def test_every_account_in_shadow(facts: HostFacts) -> None:
    """No password hash lies in the file that everybody may read."""
    visible = [item.name for item in facts.accounts if not item.shadowed]
    nothing(visible, expected="`x` in the password field of /etc/passwd", do="Run pwconv.")
    equal(
        set(facts.password_states),
        {item.name for item in facts.accounts},
        do="Run pwck: /etc/passwd and /etc/shadow differ.",
    )


@pytest.mark.control("8.1.4.2-d")
def test_privileged_groups_empty(facts: HostFacts) -> None:
    """Groups that amount to root have no members."""
    members = {
        f"{item.name}: {member}"
        for item in facts.groups
        if item.name in SYSTEM_GROUPS
        for member in item.members
    }
    holds(bool(facts.groups), expected="groups", observed="none", do="Repair /etc/group.")
    nothing(members, expected="no members", do="Take the account out of the group.")


@pytest.mark.control("8.1.4.1-b")
def test_lock_out(facts: HostFacts) -> None:
    """An account is locked after a few wrong passwords."""
    values = facts.read(settings, "faillock")
    observed = {name: values.get(name, "not set") for name in ("deny", "unlock_time")}
    holds(
        1 <= number(values, "deny") <= FAILURES and number(values, "unlock_time") >= LOCK_SECONDS,
        expected=f"deny of at most {FAILURES}, unlock_time of at least {LOCK_SECONDS} seconds",
        observed=observed,
        do="Set both in /etc/security/faillock.conf.",
    )


@pytest.mark.control("8.1.4.1-b")
def test_lock_out_enforced(facts: HostFacts) -> None:
    """The lock-out is part of every login that asks for a password."""
    rules = [*facts.pam.get("common-auth", ()), *facts.pam.get("common-account", ())]
    wanted = {"preauth", "authfail"}
    present = {word for rule in rules if "pam_faillock.so" in rule for word in wanted if word in rule.split()}
    account = any("pam_faillock.so" in rule for rule in facts.pam.get("common-account", ()))
    holds(
        present == wanted and account,
        expected="pam_faillock in auth (preauth, authfail) and account",
        observed=rules,
        do="Add pam_faillock with pam-auth-update.",
    )


@pytest.mark.control("8.1.4.1-a")
def test_password_quality(facts: HostFacts) -> None:
    """A new password must be long and mixed."""
    values = facts.read(settings, "pwquality")
    observed = {name: values.get(name, "not set") for name in ("minlen", "minclass")}
    holds(
        number(values, "minlen") >= PASSWORD_LENGTH and number(values, "minclass") >= PASSWORD_CLASSES,
        expected=f"minlen of at least {PASSWORD_LENGTH}, minclass of at least {PASSWORD_CLASSES}",
        observed=observed,
        do="Set both in /etc/security/pwquality.conf.",
    )


@pytest.mark.control("8.1.4.1-a")
def test_password_quality_enforced(facts: HostFacts) -> None:
    """The quality of a new password is checked, and it is stored with a strong hash."""
    rules = facts.pam.get("common-password", ())
    quality = any("pam_pwquality.so" in rule for rule in rules)
    hashed = any("pam_unix.so" in rule and ("yescrypt" in rule or "sha512" in rule) for rule in rules)
    holds(
        quality and hashed,
        expected="pam_pwquality, and pam_unix with yescrypt or sha512",
        observed=rules,
        do="Install libpam-pwquality and run pam-auth-update.",
    )


@pytest.mark.control("8.1.4.1-a")
def test_password_ageing(facts: HostFacts) -> None:
    """A new account's password must be changed regularly."""
    days = number(facts.login_defs, "PASS_MAX_DAYS")
    holds(
        1 <= days <= PASSWORD_DAYS,
        expected=f"PASS_MAX_DAYS of at most {PASSWORD_DAYS}",
        observed=days,
        do="Lower PASS_MAX_DAYS in /etc/login.defs.",
    )


@pytest.mark.control("8.1.4.1-b")
def test_idle_shell_closed(facts: HostFacts) -> None:
    """An idle shell is closed, and its user cannot prevent it."""
    session = facts.session
    holds(
        0 < session.idle_seconds <= IDLE_SECONDS and session.idle_fixed,
        expected=f"a read-only TMOUT of at most {IDLE_SECONDS} seconds",
        observed=f"TMOUT={session.idle_seconds}, {'read-only' if session.idle_fixed else 'changeable'}",
        do="Set `readonly TMOUT` in /etc/profile.d.",
    )


@pytest.mark.control("8.1.4.2-f")
def test_umask(facts: HostFacts) -> None:
    """Files that an operator makes are closed to others."""
    umask = facts.session.umask
    holds(
        umask & 0o027 == 0o027,
        expected="umask 0027",
        observed=f"{umask:04o}",
        do="Set UMASK 027 in /etc/login.defs.",
    )


@pytest.mark.control("8.1.4.2-f")
def test_homes_closed(facts: HostFacts) -> None:
    """Home folders are closed to others."""
    rows = {row[0]: row[1:] for row in (line.split(maxsplit=3) for line in facts.raw("homes").splitlines())}
    people = {item.name for item in facts.accounts if item.can_log_in}
    holds(
        people <= set(rows), expected="a home folder for each person", observed=rows, do="Make the folders."
    )
    open_homes = [f"{rows[name][2]} {rows[name][0]}" for name in people if int(rows[name][0], 8) & 0o077]
    nothing(open_homes, expected="mode 0700", do="chmod 0700 the folder.")


@pytest.mark.control("8.1.4.2-d")
def test_su_limited(facts: HostFacts) -> None:
    """Only administrators may become another user with su."""
    rules = [rule for rule in facts.pam.get("su", ()) if "pam_wheel.so" in rule]
    holds(
        any(rule.startswith("auth required") for rule in rules),
        expected="`auth required pam_wheel.so` in /etc/pam.d/su",
        observed=rules,
        do="Add `auth required pam_wheel.so use_uid group=sudo`.",
    )


@pytest.mark.control("8.1.4.8-a", "8.1.4.2-f")
def test_no_core_dumps(facts: HostFacts) -> None:
    """Programs of a session leave no memory image on the disk."""
    equal(facts.session.core_limit, "0", do="Set `* hard core 0` in /etc/security/limits.d.")
