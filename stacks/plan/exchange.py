"""Exchanges: each either may open on a day, or is refused with the reason. The gateway is built later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stacks.plan.flows import Endpoint
from stacks.request.fields import Classification
from stacks.request.model.exchange import APPROVERS, Exchange
from stacks.request.tenant import TenantRequest


@dataclass(frozen=True)
class Refusal:
    """A reason why an exchange stays closed.

    Attributes:
        why: `unapproved` (value: the roles that have not given their word), `alone` (one person gave both),
            `expired` (the day), or `class` (the most sensitive data that one end may hold).
    """

    why: Literal["unapproved", "alone", "expired", "class"]
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


def exchanges(
    request: TenantRequest, requests: Mapping[str, TenantRequest], on: date | None
) -> tuple[ExchangePlan, ...]:
    """The exchanges of one request.

    Args:
        request: who declares them.
        requests: every request, by its id.
        on: the planned day; without one, nothing expires.
    """
    return tuple(_exchange(request, exchange, requests, on) for exchange in request.exchanges)


def _exchange(
    request: TenantRequest, exchange: Exchange, requests: Mapping[str, TenantRequest], on: date | None
) -> ExchangePlan:
    source, target = (Endpoint.parse(end, request.id) for end in (exchange.source, exchange.target))
    held = [requests[end.tenant].classification for end in (source, target) if end.tenant in requests]
    return ExchangePlan(
        name=exchange.name,
        source=source,
        target=target,
        data_class=exchange.data_class,
        direction=exchange.direction,
        inspection=exchange.inspection,
        expiry=exchange.expiry,
        approved_by=tuple(f"{item.role}: {item.by}" for item in exchange.approvals),
        refusals=tuple(_refusals(exchange, held, on)),
    )


def _refusals(exchange: Exchange, held: list[Classification], on: date | None) -> Iterator[Refusal]:
    given = {item.role for item in exchange.approvals}
    if missing := [role for role in APPROVERS if role not in given]:
        yield Refusal("unapproved", ", ".join(missing))
    elif len({item.by for item in exchange.approvals}) < len(APPROVERS):
        yield Refusal("alone")
    if on and on > exchange.expiry:
        yield Refusal("expired", exchange.expiry.isoformat())
    lowest = min(held, key=lambda end: end.rank, default=exchange.data_class)
    if exchange.data_class.rank > lowest.rank:
        yield Refusal("class", lowest)
