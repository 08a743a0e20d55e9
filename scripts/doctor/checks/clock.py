"""Whether this machine and the cloud agree on the time."""

from __future__ import annotations

from datetime import UTC, datetime

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.keystone import issued

ORDER = 150
TOLERANCE = 60.0
"""Seconds."""


def _probe(examination: Examination) -> Finding:
    before, theirs, after = datetime.now(UTC), issued(examination.cloud), datetime.now(UTC)
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if skew > TOLERANCE:
        return missing(f"{skew:.0f} s apart", "Let both take the time from one NTP server.")
    return ok(f"less than {max(1, round(skew))} s apart")


CHECK = Check(
    id="clock",
    title="clock",
    needed_for="tokens, certificates and the times in evidence",
    severity=Severity.REQUIRED,
    probe=_probe,
)
