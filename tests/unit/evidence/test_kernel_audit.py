"""Rules of the kernel's audit are the same, whether a person wrote them or the kernel lists them."""

from __future__ import annotations

import pytest

from scripts.evidence.host.auditd import rules
from scripts.evidence.role import written

PERSON = "-F auid>=1000 -F auid!=unset"
SHOWN = "-F auid>=1000 -F auid!=-1"


@pytest.mark.parametrize(
    ("wrote", "listed"),
    [
        ("-w /etc/ssh/ -p wa -k identity", "-w /etc/ssh -p wa -k identity"),
        (
            f"-a always,exit -F path=/usr/bin/sudo -F perm=x {PERSON} -k privilege",
            f"-a always,exit -S all -F path=/usr/bin/sudo -F perm=x {SHOWN} -F key=privilege",
        ),
        (
            "-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -k privilege",
            "-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -F key=privilege",
        ),
        (
            "-a exit,always -F arch=b32 -S settimeofday,adjtimex,stime -F auid!=4294967295 -k time",
            "-a always,exit -F arch=b32 -S stime,settimeofday,adjtimex -F auid!=-1 -F key=time",
        ),
    ],
)
def test_one_rule_in_two_forms(wrote: str, listed: str) -> None:
    assert rules(wrote) == rules(listed) != frozenset()


@pytest.mark.parametrize(
    "other",
    [
        "-w /etc/ssh -p w -k identity",
        "-w /etc/ssh -p wa -k other",
        "-a never,exit -F path=/etc/ssh -F perm=wa -F key=identity",
        f"-a always,exit -S all -F path=/etc/ssh -F perm=wa {SHOWN} -F key=identity",
    ],
)
def test_a_rule_that_records_less_is_another(other: str) -> None:
    assert rules(other) != rules("-w /etc/ssh -p wa -k identity")


def test_the_roles_rules_are_all_read() -> None:
    lines = written("audit", "audit.rules.j2").splitlines()
    assert len(rules("\n".join(lines))) == sum(line.startswith(("-a", "-w")) for line in lines) > 60
    assert rules("-D\n-b 8192\n-f 1\n-e 2\nNo rules\n") == frozenset()
