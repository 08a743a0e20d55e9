"""Which tenants a verb works on, those that are named or all, and on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.errors import RequestError
from stacks.request.diagnostics import did_you_mean
from stacks.settings import Settings

if TYPE_CHECKING:
    from stacks.plan.model import Plan

Tenants = Annotated[list[str] | None, typer.Argument(help="Tenants to work on.", metavar="[TENANT]...")]
All = Annotated[bool, typer.Option("--all", help="Every tenant that is requested.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Take this day for today.", show_default=False),
]


def day(on: datetime | None = None) -> date:
    """The day that a verb works on: the one that was named, or the deployment's (`GOVCLOUD_DATE`)."""
    return on.date() if on else Settings.from_environment().today


def select(plan: Plan, names: Sequence[str] | None, everything: bool) -> list[str]:
    """The ids to work on, in the plan's order.

    Raises:
        RequestError: nothing was named, or a name is not a tenant's.
    """
    known = [tenant.id for tenant in plan.tenants]
    if everything:
        return known
    if not names:
        raise RequestError("no tenant was named.", f"Name one of {', '.join(known)}, or say --all.")
    for name in names:
        if name not in known:
            raise RequestError(f"tenant {name!r} is not requested; {did_you_mean(name, known)}")
    return [name for name in known if name in names]
