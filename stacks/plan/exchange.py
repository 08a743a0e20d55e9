"""Exchanges: each either may open on a day, or is refused with the reason. The gateway is built later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stacks.plan.flows import Bounds, Endpoint
from stacks.request.fields import Classification
from stacks.request.model.exchange import ALWAYS, APPROVERS, Exchange
from stacks.request.tenant import TenantRequest


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
    refusals: tuple[str, ...]

    def __str__(self) -> str:
        """`name: from → to, data class`."""
        return f"{self.name}: {self.source} → {self.target}, {self.data_class} data"


def remark(count: int) -> str:
    """What a view of open connections says of exchanges: that they are none; empty where nobody has any."""
    if not count:
        return ""
    subject = "1 exchange is declared and opens" if count == 1 else f"{count} exchanges are declared and open"
    return f"{subject} nothing here: files will cross through a gateway that a later release builds."


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
            *([] if ALWAYS in exchange.inspection else [f"not inspected for {ALWAYS}"]),
        ),
    )


def _without_approval(exchange: Exchange, on: date | None) -> Iterator[str]:
    given = {item.role for item in exchange.approvals}
    if missing := [role for role in APPROVERS if role not in given]:
        yield f"not approved by: {', '.join(missing)}"
    elif len({item.by for item in exchange.approvals}) < len(APPROVERS):
        yield "approved by one person alone"
    elif on and on < exchange.approved_on:
        yield f"not approved before {exchange.approved_on}"
    if on and on > exchange.expiry:
        yield f"expired on {exchange.expiry}"


def _between_wrong_ends(exchange: Exchange, ends: tuple[Endpoint, Endpoint], bounds: Bounds) -> Iterator[str]:
    if unknown := [str(end) for end in ends if end not in bounds.sides]:
        yield f"nobody requests {' and '.join(unknown)}"
        return
    sides, held = {bounds.sides[end] for end in ends}, [bounds.classes[end.tenant] for end in ends]
    if len(sides) == 1:
        yield f"both ends are on the {sides.pop()} side, where a flow is the way"
    if not bounds.of_peers(*ends):
        yield f"tenants of {held[0]} and of {held[1]} data may not be peers"
    lowest = min(held, key=lambda end: end.rank)
    if exchange.data_class.rank > lowest.rank:
        yield f"{exchange.data_class} data, but an end holds {lowest} data at most"
