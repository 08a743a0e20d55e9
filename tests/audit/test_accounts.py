"""Accounts, passwords, lock-out and sessions.

Sources: GB/T 22239-2019 8.1.4.1 and 8.1.4.2; CIS Debian Linux 12 Benchmark 5.3 to 5.4 and 7.2.
"""

from __future__ import annotations

from collections import Counter

import pytest

from scripts.access.audit_session import ACCOUNT
from scripts.evidence.finding import equal, holds, nothing
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import settings
from scripts.evidence.said import said
from scripts.evidence.setting import Setting, between, exactly
from tests.audit.rows import each, judge

IDLE_SECONDS = 900
LOCK_OUT = (
    *between("8.1.4.1-b", 1, 5, "deny"),
    *between("8.1.4.1-b", 600, None, "unlock_time", "fail_interval"),
    *exactly("8.1.4.1-b", even_deny_root="yes"),
    *exactly("8.1.4.3-a 8.1.4.1-b", audit="yes"),
)
QUALITY = (
    *between("8.1.4.1-a", 12, None, "minlen"),
    *between("8.1.4.1-a", 3, None, "minclass"),
    *between("8.1.4.1-a", 2, None, "difok"),
    *between("8.1.4.1-a", 1, 4, "maxrepeat", "maxsequence", "retry"),
    *exactly("8.1.4.1-a", dictcheck="1", usercheck="1", enforce_for_root="yes"),
)
LOGINS = (
    *between("8.1.4.1-a", 1, 90, "PASS_MAX_DAYS"),
    *between("8.1.4.1-a", 1, None, "PASS_MIN_DAYS"),
    *between("8.1.4.1-a", 7, None, "PASS_WARN_AGE"),
    *exactly("8.1.4.1-a 8.1.4.1-c", ENCRYPT_METHOD="YESCRYPT|SHA512"),
    *between("8.1.4.1-b", 1, 5, "LOGIN_RETRIES"),
    *between("8.1.4.1-b", 1, 60, "LOGIN_TIMEOUT"),
    *exactly(
        "8.1.4.3-a", FAILLOG_ENAB="yes", LOG_OK_LOGINS="yes", SYSLOG_SU_ENAB="yes", SYSLOG_SG_ENAB="yes"
    ),
    # A name that does not exist is often a password in the wrong field.
    *exactly("8.1.4.1-c", LOG_UNKFAIL_ENAB="no"),
    *exactly("8.1.4.2-f", UMASK="027|077", HOME_MODE="0700|0750", DEFAULT_HOME="no"),
    *between("8.1.4.2-c", 1000, None, "UID_MIN", "GID_MIN"),
)
SYSTEM_GROUPS = frozenset({"root", "disk", "shadow", "kmem", "lxd", "docker", "libvirt"})
"""Groups whose members are as good as root."""


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
    """Only root, the operators' account and the auditor's have a shell."""
    shells = {item.name for item in facts.accounts if item.can_log_in}
    equal(shells, {"root", login, ACCOUNT}, do="Remove the account, or give it /usr/sbin/nologin.")


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


@each(LOCK_OUT)
def test_lock_out(facts: HostFacts, row: Setting) -> None:
    """Wrong passwords lock an account."""
    judge(row, facts.read(settings, "faillock").get(row.name), do="Set it in /etc/security/faillock.conf.")


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


@each(QUALITY)
def test_password_quality(facts: HostFacts, row: Setting) -> None:
    """A new password must be hard to guess."""
    judge(row, facts.read(settings, "pwquality").get(row.name), do="Set it in /etc/security/pwquality.conf.")


@each(LOGINS)
def test_login_defaults(facts: HostFacts, row: Setting) -> None:
    """New accounts and logins are handled as they must."""
    judge(row, facts.login_defs.get(row.name), do="Set it in /etc/login.defs.")


@pytest.mark.control("8.1.4.2-d", "8.1.4.2-e")
def test_search_path_of_root(facts: HostFacts) -> None:
    """Root looks for programs in root's own folders only."""
    folders = facts.raw("search_path").strip().split(":")
    known = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
    nothing(
        [item or "the current folder" for item in folders if item not in known],
        expected="the system's folders",
        do="Correct ENV_SUPATH in /etc/login.defs and the profiles of root.",
    )


@pytest.mark.control("8.1.4.1-d", "8.1.4.1-c")
def test_no_trust_files(facts: HostFacts) -> None:
    """No file trusts another host or keeps a password for one."""
    *found, end = facts.raw("trust_files").splitlines()
    equal(end, "end", do="See why the host's answer was cut off.")
    nothing(found, expected="no rhosts, shosts or netrc file", do="Remove the file; find out who made it.")


@pytest.mark.control("8.1.4.2-c")
def test_groups_exist(facts: HostFacts) -> None:
    """The first group of every account exists, and no account shares root's."""
    known = {item.gid for item in facts.groups}
    nothing(
        [item.name for item in facts.accounts if item.gid not in known or (item.gid == 0) != (item.uid == 0)],
        expected="a group of its own",
        do="Give the account a group that exists.",
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


@pytest.mark.control("8.1.4.1-b")
def test_idle_shell_closed(facts: HostFacts) -> None:
    """An idle shell is closed, and its user cannot prevent it."""
    session = facts.session
    holds(
        0 < session.idle_seconds <= IDLE_SECONDS and session.idle_fixed,
        expected=said("a read-only TMOUT of at most {seconds} seconds", seconds=IDLE_SECONDS),
        observed=said(
            "TMOUT={seconds}, {kind}",
            seconds=session.idle_seconds,
            kind=said("read-only") if session.idle_fixed else said("changeable"),
        ),
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
