"""Records: kept, protected, complete.

Sources: GB/T 22239-2019 8.1.4.3 and 8.1.3.5; Cybersecurity Law of the PRC, article 21 (six months).
"""

from __future__ import annotations

import re

import pytest

from scripts.access.audit_session import ACCOUNT
from scripts.evidence.finding import equal, holds, nothing, same, text
from scripts.evidence.host.auditd import rules
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import ended_records, records
from scripts.evidence.role import written
from scripts.evidence.said import said
from scripts.evidence.setting import Setting, exactly
from scripts.evidence.target import Target
from tests.audit.rows import each, judge

SIX_MONTHS = 180 * 86_400
THREE_YEARS = 3 * 365 * 86_400
UNITS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "hour": 3600, "day": 86_400, "d": 86_400, "week": 604_800,
         "w": 604_800, "month": 2_629_800, "M": 2_629_800, "year": 31_557_600, "y": 31_557_600}  # fmt: skip
JOURNAL = (
    *exactly("8.1.4.3-c 8.1.3.5-c", Storage="persistent"),
    *exactly("8.1.4.3-c", Compress="yes"),
    *exactly("8.1.4.3-c 8.1.4.2-f", ForwardToConsole="no", ForwardToSyslog="no"),
)
READERS = frozenset({"adm", "systemd-journal"})
"""Groups that may read the journal (systemd-journald) and the files in /var/log (Debian's policy)."""
SIZE = re.compile(r"^\d+(\.\d+)?[KMGT]?$")


def seconds(text: str) -> float:
    """A time span as systemd writes it."""
    found = re.fullmatch(r"(\d+)\s*([A-Za-z]*)", text.strip())
    if found is None:
        return -1
    unit = found.group(2)
    return int(found.group(1)) * UNITS.get(unit if unit == "M" else unit.lower().rstrip("s") or "s", 0)


def kept(facts: HostFacts, span: float) -> bool:
    """Whether records are kept that long; 0 is no limit."""
    text = facts.journald.get("MaxRetentionSec", "")
    return text == "0" or seconds(text) >= span


@each(JOURNAL)
def test_journal_setting(facts: HostFacts, row: Setting) -> None:
    """Records are kept as they must."""
    judge(row, facts.journald.get(row.name), do="Set it in journald.conf.d.")


@pytest.mark.control("8.1.4.3-c", "8.1.3.5-c")
def test_journal_persistent(facts: HostFacts) -> None:
    """Records lie on the disk, where they survive a restart."""
    system = [line for line in facts.raw("journal_files").splitlines() if line.endswith("/system.journal")]
    holds(
        bool(system),
        expected="a journal on the disk",
        observed="none",
        do="systemctl restart systemd-journald.",
    )


@pytest.mark.control("8.1.4.3-c", "8.1.3.5-c", "8.1.5.4-d")
def test_retention(facts: HostFacts) -> None:
    """Records are kept for six months at the least."""
    holds(
        kept(facts, SIX_MONTHS),
        expected="MaxRetentionSec of at least six months, or 0 for no limit",
        observed=facts.journald.get("MaxRetentionSec", "not set"),
        do="Set MaxRetentionSec=1year in journald.conf.d.",
    )


@pytest.mark.control("8.1.4.3-c")
def test_journal_bounded(facts: HostFacts) -> None:
    """Records cannot fill the disk, which would stop them."""
    observed = {name: facts.journald.get(name, "not set") for name in ("SystemMaxUse", "SystemKeepFree")}
    holds(
        all(SIZE.match(value) for value in observed.values()),
        expected="SystemMaxUse and SystemKeepFree as sizes",
        observed=observed,
        do="Set both in journald.conf.d.",
    )


@pytest.mark.control("8.1.4.3-c", "8.1.3.5-c")
def test_journal_protected(facts: HostFacts) -> None:
    """Only root may change records, and only root and the journal's group may read them."""
    folder = facts.files.get("/var/log/journal")
    holds(
        folder is not None and folder.user == "root" and not folder.mode & 0o027,
        expected="/var/log/journal of root, closed to others",
        observed=folder,
        do="chmod 2750 the folder.",
    )
    rows = [line.split(maxsplit=2) for line in facts.raw("journal_files").splitlines()]
    loose = [" ".join(row) for row in rows if row[1] != "root" or int(row[0], 8) & 0o027]
    nothing(loose, expected="journal files of root, closed to others", do="chmod 0640 the files.")


@pytest.mark.control("8.1.4.3-c", "8.1.4.2-d")
def test_readers_of_records(facts: HostFacts, login: str) -> None:
    """Beside root, only the operators' account is in the groups that may read records."""
    members = {group.name: group.members for group in facts.groups if group.name in READERS}
    equal(set(members), READERS, do="Restore the groups.")
    strangers = {f"{name}: {member}" for name, found in members.items() for member in found - {login}}
    owners = {group.gid for group in facts.groups if group.name in READERS}
    strangers |= {
        said("{name}, by its own group", name=item.name) for item in facts.accounts if item.gid in owners
    }
    nothing(
        strangers,
        expected=said("only {login} in {groups}", login=login, groups=text(READERS)),
        do="Take the account out of the group.",
    )


@pytest.mark.control("8.1.4.3-a", "8.1.4.3-b", "8.1.3.5-b", "8.1.3.5-d", "8.1.5.1-a")
def test_login_recorded(facts: HostFacts) -> None:
    """The audit's own login is in the journal, with time, user, source and key."""
    found = facts.read(records, "login_records")
    complete = [
        item
        for item in found
        if re.search(rf"Accepted publickey for {ACCOUNT} from [\d.]+ port \d+ .*SHA256:", item.message)
    ]
    holds(
        bool(complete) and complete[-1].seconds > 0,
        expected=said("`Accepted publickey for {name} from ADDRESS … SHA256:…`", name=ACCOUNT),
        observed=[item.message for item in found[-2:]],
        do="Set LogLevel VERBOSE for sshd.",
    )


@pytest.mark.control("8.1.4.3-a", "8.1.3.5-a", "8.1.3.5-d")
def test_level_of_class(facts: HostFacts, target: Target) -> None:
    """The host logs as much as its classification asks for, and no more."""
    observed = {
        "new connections": facts.ruleset.noted >= {"input", "output"},
        "typed commands": bool(facts.read(ended_records, "commands")),
        "kept for three years": kept(facts, THREE_YEARS),
    }
    wanted = dict.fromkeys(observed, target.log_level == "full")
    equal(observed, wanted, do="Run `govcloud deploy`; see `classifications` in platform.yaml.")


@pytest.mark.control("8.1.4.3-d", "8.1.4.3-a")
def test_journal_running(facts: HostFacts) -> None:
    """The services that record are running."""
    wanted = ("systemd-journald.service", "ulogd2.service")
    observed = {name: facts.units[name].active if name in facts.units else "missing" for name in wanted}
    equal(observed, dict.fromkeys(wanted, "active"), do="systemctl start the service.")


@pytest.mark.control("8.1.4.3-a")
def test_no_rate_limit_that_hides(facts: HostFacts) -> None:
    """A burst of events is recorded whole."""
    burst = int(facts.journald.get("RateLimitBurst", "0"))
    holds(
        burst >= 10_000,
        expected="RateLimitBurst of at least 10000",
        observed=burst or "not set",
        do="Set RateLimitBurst=10000 in journald.conf.d.",
    )


@pytest.mark.control("8.1.4.3-a", "8.1.4.3-d")
def test_audit_rules_fixed(own_kernel: HostFacts) -> None:
    """The kernel's audit is on, and only a restart can change its rules (`-e 2`)."""
    equal("enabled 2" in own_kernel.raw("audit_status"), True, do="Load audit rules that end in `-e 2`.")


@pytest.mark.control("8.1.4.3-a")
def test_audit_rules_as_deployed(own_kernel: HostFacts) -> None:
    """The kernel has the deployment's audit rules, every one and no other."""
    same(
        own_kernel.read(rules, "audit_rules"),
        rules(written("audit", "audit.rules.j2")),
        what="audit rules",
        do="Run `govcloud deploy` and restart the host.",
    )
