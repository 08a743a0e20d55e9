"""Which tenants a verb works on, those that are named or all, and on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import did_you_mean
from stacks.settings import Settings

if TYPE_CHECKING:
    from stacks.plan.model import Plan

Tenants = Annotated[list[str] | None, typer.Argument(help="Tenants to work on.", metavar="[TENANT]...")]
All = Annotated[bool, typer.Option("--all", help="Every tenant that is requested.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

DAY = "%Y-%m-%d"

On = Annotated[
    str | None,
    typer.Option("--on", metavar="YYYY-MM-DD", help="Take this day for today.", show_default=False),
]


def day(on: str | None = None) -> date:
    """The day that a verb works on: the one that was named, or the deployment's (`GOVCLOUD_DATE`).

    Raises:
        RequestError: what was named is no day.
    """
    if on is None:
        return Settings.from_environment().today
    try:
        return datetime.strptime(on, DAY).date()
    except ValueError as error:
        raise RequestError(say("verb.no-day", value=on)) from error


def select(plan: Plan, names: Sequence[str] | None, everything: bool) -> list[str]:
    """The ids to work on, in the plan's order.

    Raises:
        RequestError: nothing was named, or a name is not a tenant's.
    """
    known = [tenant.id for tenant in plan.tenants]
    if everything:
        return known
    if not names:
        raise RequestError(say("verb.no-tenant"), say("verb.name-tenant", tenants=known))
    for name in names:
        if name not in known:
            raise RequestError(say("verb.unknown-tenant", name=name, hint=did_you_mean(name, known)))
    return [name for name in known if name in names]
