"""The fingerprint of a plan: what evidence and approvals are bound to."""

from __future__ import annotations

import hashlib
import json

from pydantic import TypeAdapter

from stacks.plan.model import Plan, PlatformPlan, TenantPlan


def digest(plan: Plan | PlatformPlan | TenantPlan) -> str:
    """SHA-256, in hexadecimal, of the plan's canonical JSON.

    Equal plans have equal digests on every machine: keys are sorted and no blank or float is written.
    """
    return hashlib.sha256(canonical(plan)).hexdigest()


def canonical(plan: Plan | PlatformPlan | TenantPlan) -> bytes:
    """The plan's canonical JSON, in UTF-8; `sha256sum` of it is the plan's digest."""
    data = TypeAdapter(type(plan)).dump_python(plan, mode="json", by_alias=True)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
