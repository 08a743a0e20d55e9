"""Exchanges: each either may open on a day, or is refused with the reason. The gateway is built later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stacks.language import say
from stacks.plan.flows import Bounds, Endpoint
from stacks.request.fields import Classification
from stacks.request.model.exchange import ALWAYS, APPROVERS, Exchange
from stacks.request.tenant import TenantRequest


@dataclass(frozen=True)
class Refusal:
    """A reason why an exchange stays closed.

    Attributes:
        why: `unapproved` (value: the roles that have not given their word), `alone` (one person gave both),
            `early` (the day from which on it is approved), `expired` (the last day), `unknown` (ends that
            nobody requests), `same-side` (the side of both ends), `no-peers` (the classifications of the
            ends), `class` (the most sensitive data that one end may hold), or `uninspected` (for what).
    """

    why: Literal[
        "unapproved", "alone", "early", "expired", "unknown", "same-side", "no-peers", "class", "uninspected"
    ]
    value: str = ""


@dataclass(frozen=True)
class ExchangePlan:
    """One crossing of the wall.

    Attributes:
        approved_by: who gave their word, each as `role: name`.
        refusals: why it stays closed on the planned day; empty where it may open.
    """

    name: str
    source: Endpoint
    target: Endpoint
    data_class: Classification
    direction: str
    inspection: tuple[str, ...]
    expiry: date
    approved_by: tuple[str, ...]
    refusals: tuple[Refusal, ...]


def remark(count: int) -> str:
    """What a view of open connections says of exchanges: that they are none; empty where nobody has any."""
    return say("plan.exchanges-open-nothing", count=count) if count else ""


def exchanges(request: TenantRequest, bounds: Bounds, on: date | None) -> tuple[ExchangePlan, ...]:
    """The exchanges of one request.

    Args:
        request: who declares them.
        bounds: what no approval opens.
        on: the planned day; without one, nothing expires.
    """
    return tuple(_exchange(request, exchange, bounds, on) for exchange in request.exchanges)


def _exchange(request: TenantRequest, exchange: Exchange, bounds: Bounds, on: date | None) -> ExchangePlan:
    source, target = (Endpoint.parse(end, request.id) for end in (exchange.source, exchange.target))
    return ExchangePlan(
        name=exchange.name,
        source=source,
        target=target,
        data_class=exchange.data_class,
        direction=exchange.direction,
        inspection=exchange.inspection,
        expiry=exchange.expiry,
        approved_by=tuple(f"{item.role}: {item.by}" for item in exchange.approvals),
        refusals=(
            *_without_approval(exchange, on),
            *_between_wrong_ends(exchange, (source, target), bounds),
            *([] if ALWAYS in exchange.inspection else [Refusal("uninspected", ALWAYS)]),
        ),
    )


def _without_approval(exchange: Exchange, on: date | None) -> Iterator[Refusal]:
    given = {item.role for item in exchange.approvals}
    if missing := [role for role in APPROVERS if role not in given]:
        yield Refusal("unapproved", ", ".join(missing))
    elif len({item.by for item in exchange.approvals}) < len(APPROVERS):
        yield Refusal("alone")
    elif on and on < exchange.approved_on:
        yield Refusal("early", exchange.approved_on.isoformat())
    if on and on > exchange.expiry:
        yield Refusal("expired", exchange.expiry.isoformat())


def _between_wrong_ends(
    exchange: Exchange, ends: tuple[Endpoint, Endpoint], bounds: Bounds
) -> Iterator[Refusal]:
    if unknown := [str(end) for end in ends if end not in bounds.sides]:
        yield Refusal("unknown", ", ".join(unknown))
        return
    sides, held = {bounds.sides[end] for end in ends}, [bounds.classes[end.tenant] for end in ends]
    if len(sides) == 1:
        yield Refusal("same-side", sides.pop())
    if not bounds.of_peers(*ends):
        yield Refusal("no-peers", ", ".join(held))
    lowest = min(held, key=lambda end: end.rank)
    if exchange.data_class.rank > lowest.rank:
        yield Refusal("class", lowest)
