"""A tenant's season in words: how many hosts it has on a day, when that changes, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from stacks.language import say
from stacks.plan.season import host_count, next_change
from stacks.request.tenant import TenantRequest


def season_lines(request: TenantRequest, on: date) -> Iterator[str]:
    """Nothing for a tenant that is the same all year round."""
    change = next_change(request, on)
    if change is None:
        return
    counts = [f"{host_count(request, group, on)} {group.name}" for group in request.hosts]
    yield say("plan.season", day=on, hosts=counts, change=change.day)
    for number, step in enumerate(change.steps, 1):
        yield f"  {number}. {say(f'plan.step-{step.do}', host=step.host)}"


def season_data(request: TenantRequest, on: date) -> dict[str, Any]:
    """The same as plain data."""
    change = next_change(request, on)
    steps = [asdict(step) for step in change.steps] if change else []
    return {
        "hosts": {group.name: host_count(request, group, on) for group in request.hosts},
        "next": {"on": change.day.isoformat(), "steps": steps} if change else None,
    }
