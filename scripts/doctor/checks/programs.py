"""Programs of this machine."""

from __future__ import annotations

import shutil

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 10


def _probe(examination: Examination) -> Finding:
    needed = {"ssh": "openssh-client", "ssh-keygen": "openssh-client"}
    if examination.access.proxy:
        needed["nc"] = "netcat-openbsd"
    absent = {program: package for program, package in needed.items() if not shutil.which(program)}
    if absent:
        packages = " ".join(sorted(set(absent.values())))
        return missing(f"not found: {', '.join(absent)}", f"Install them (Debian: apt install {packages}).")
    return ok(", ".join(needed))


CHECK = Check(
    id="programs",
    title="programs of this machine",
    needed_for="reaching hosts: deploy, audit, prove",
    severity=Severity.REQUIRED,
    probe=_probe,
    local=True,
)
