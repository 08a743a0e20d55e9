"""The plan as plain data: what golden files, `govcloud plan --json` and a review read.

Only what was decided is shown. The request and the platform file, which a plan carries along, are left
out: they stand in `tenants/` already.
"""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import TypeAdapter

from stacks.plan.model import PlatformPlan, TenantPlan

LINE_WIDTH = 160


def plain(plan: PlatformPlan | TenantPlan) -> dict[str, Any]:
    """The decisions as dictionaries, lists, texts and numbers; the same for the same plan."""
    data: dict[str, Any] = TypeAdapter(type(plan)).dump_python(
        plan, mode="json", by_alias=True, exclude={"request", "platform"}
    )
    return data


def text(plan: PlatformPlan | TenantPlan) -> str:
    """The same as YAML with sorted keys; a rule, a route or an address is one line."""
    return yaml.safe_dump(
        plain(plan), sort_keys=True, allow_unicode=True, default_flow_style=None, width=LINE_WIDTH
    )
