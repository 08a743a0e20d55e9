"""The Pulumi toolchain."""

from __future__ import annotations

import shutil

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.toolchain.ensure import made

ORDER = 20


def _probe(examination: Examination) -> Finding:
    folder = made(examination.settings)
    if folder:
        return ok(f"made before, in {folder}")
    found = shutil.which("pulumi")
    if found:
        return ok(f"{found} is on PATH")
    return missing("not made yet", "`govcloud toolchain` makes it; `govcloud up` does so by itself.")


CHECK = Check(
    id="toolchain",
    title="Pulumi toolchain",
    needed_for="up and destroy; the first use makes it, which takes some minutes",
    severity=Severity.OPTIONAL,
    probe=_probe,
    local=True,
)
