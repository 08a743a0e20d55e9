"""Whoever changes a program or a setting is noticed: by AIDE, every day.

Sources: GB/T 22239-2019 8.1.4.7 b; CIS Debian Linux 12 Benchmark 6.1; ANSSI BP-028 R76 and R77.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import holds, same
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.integrity import base, comparison
from scripts.evidence.role import effective, written
from scripts.evidence.said import said

ROLE = "integrity"
WRITTEN = ("aide.conf.j2", "integrity.service.j2", "integrity.timer.j2")
DAY = 86_400
DAYS = 2
"""A daily comparison, at an hour by chance, and a night's patience."""


@pytest.mark.control("8.1.4.7-b")
def test_base_present(facts: HostFacts) -> None:
    """There is a base that the host is compared with: without one, the comparison is skipped in silence."""
    holds(
        facts.read(base, "integrity_base").size > 0,
        expected="/var/lib/aide/aide.db",
        observed="an empty file",
        do="Run `govcloud deploy`; find out who removed the base.",
    )


@pytest.mark.control("8.1.4.7-b")
def test_last_comparison(facts: HostFacts) -> None:
    """Within the last two days the host was compared with its base, and did not differ from it."""
    made = facts.read(base, "integrity_base").made
    run = facts.read(comparison, "integrity_runs")
    newer = run if run and run.ended > made else None
    result = newer.result if newer else "done"
    days = (facts.clock - (newer.ended if newer else made)) / DAY
    holds(
        result == "done" and -1 / 24 <= days <= DAYS,
        expected=said("a comparison of the last {days} days without a difference", days=DAYS),
        observed=said("{result}, {days} days old", result=result, days=f"{days:.1f}"),
        do="See journalctl -u integrity.service; investigate, then run /usr/local/sbin/integrity-accept.",
    )


@pytest.mark.control("8.1.4.7-b")
def test_settings_as_deployed(facts: HostFacts) -> None:
    """What is compared, how and when is what the deployment says: nothing is left out, nothing overridden."""
    found = effective(facts.raw("integrity_settings"))
    planned = [line for name in WRITTEN for line in effective(written(ROLE, name))]
    same(found, planned, what="settings of the comparison", do="Run `govcloud deploy`.")
