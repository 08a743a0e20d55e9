"""The ledger's file: read with positions, written atomically in a form that a review can read."""

from __future__ import annotations

from pathlib import Path

import yaml

from stacks.errors import RequestError
from stacks.plan.addressing import Ledger
from stacks.request.loader import parse, read_document

FILE_NAME = "addresses.yaml"

MAX_BYTES = 64_000_000
"""Room for the addresses of tens of thousands of tenants."""

HEADER = """\
# Addresses of every tenant: written by `govcloud allocate` and `govcloud up`, reviewed and kept in Git.
# Entries are only added. Never edit one by hand: the tenant's networks would be built anew.
"""


def read_ledger(tenants: Path) -> Ledger:
    """The recorded addresses; empty when nothing was recorded yet.

    Raises:
        RequestError: the file is damaged.
    """
    path = tenants / FILE_NAME
    if not path.exists():
        return Ledger()
    document, findings = read_document(path, MAX_BYTES)
    ledger, errors = parse(document, Ledger)
    if ledger is None or findings:
        raise RequestError(
            "\n".join(map(str, [*findings, *errors])), f"Restore {path} from Git; it is never edited by hand."
        )
    return ledger


def write_ledger(tenants: Path, ledger: Ledger) -> None:
    """Replace the file in one step, so that an interruption leaves the old one or the new one."""
    path = tenants / FILE_NAME
    body = yaml.safe_dump(ledger.model_dump(mode="json"), sort_keys=True, allow_unicode=True)
    part = path.with_suffix(".part")
    part.write_text(HEADER + body, encoding="utf-8")
    part.replace(path)
