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
    data = TypeAdapter(type(plan)).dump_python(plan, mode="json", by_alias=True)
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
