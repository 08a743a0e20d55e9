"""The quotas of all tenants: a table of the platform, and the tree of tiers with what rolls up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table

from scripts.planning.report import proposed
from stacks.language import say
from stacks.plan.quota import Node, Share, shares, tree

SHOWN = ("instances", "cores", "memory", "floating_ips")
"""Limits that the tree shows; the JSON has all."""


@dataclass(frozen=True)
class Quotas:
    """The quotas of one day."""

    on: date
    shares: tuple[Share, ...]
    tree: tuple[Node, ...]


def quotas(tenants: Path, on: date) -> Quotas:
    """The quotas of all tenants on a day; nothing is written.

    Raises:
        RequestError: a file is wrong.
        PlanError: the requests cannot be met together.
    """
    plan = proposed(tenants, on)
    return Quotas(on, shares(plan), tree(plan))


def quota_data(quotas: Quotas) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "on": quotas.on.isoformat(),
        "platform": [{**asdict(share), "free": share.free} for share in quotas.shares],
        "tenants": [asdict(node) for node in quotas.tree],
    }


def quota_tables(quotas: Quotas) -> Group:
    """The platform's table, and one line for each tenant below its parent."""
    columns = [say(f"plan.col-{column}") for column in ("limit", "capacity", "promised", "used", "free")]
    platform = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for share in quotas.shares:
        cells = (share.capacity, share.promised, share.used, share.free)
        style = "red" if share.free is not None and share.free < 0 else ""
        platform.add_row(
            say(f"limit.{share.limit}"), *("" if cell is None else str(cell) for cell in cells), style=style
        )
    limits = (say(f"limit.{limit}") for limit in SHOWN)
    tenants = Table(say("plan.col-rolled-up"), *limits, box=box.SIMPLE_HEAD, pad_edge=False)
    for node in quotas.tree:
        name = "  " * node.depth + node.tenant
        tenants.add_row(name, *(f"{node.rolled_up[limit]} / {node.quota[limit]}" for limit in SHOWN))
    return Group(say("plan.units", day=quotas.on), platform, tenants)
