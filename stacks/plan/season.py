"""Seasons: how many hosts a group has on a day, and how much quota that takes.

Hosts are numbered from 1 and the highest numbers come and go, so the others never notice. Addresses are
recorded for the largest season at once: they do not move when the year does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from stacks.request.platform import QuotaClass
from stacks.request.tenant import Host, TenantRequest

GRACE = timedelta(days=7)
"""How long a quota outlasts its season: Nova refuses a limit below what is in use, so hosts go first."""

YEAR = 366


@dataclass(frozen=True)
class Step:
    """One step towards another number of hosts.

    Attributes:
        do: `build` (and configure, then publish), `withdraw` (last answers, then public address) or `remove`.
        host: the host's key.
    """

    do: Literal["build", "withdraw", "remove"]
    host: str


@dataclass(frozen=True)
class Change:
    """A day on which host groups change their size.

    Attributes:
        arriving: hosts that are there from this day on, by their keys.
        leaving: hosts that are there no longer, in the order in which they leave.
    """

    day: date
    arriving: tuple[str, ...]
    leaving: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do, in this order: whoever leaves stops serving before it is removed."""
        return (
            *(Step("build", host) for host in self.arriving),
            *(Step("withdraw", host) for host in self.leaving),
            *(Step("remove", host) for host in self.leaving),
        )


def host_count(request: TenantRequest, group: Host, on: date | None) -> int:
    """Hosts of a group on a day; without a day, outside of every season."""
    active = (season for season in request.seasons if on and season.holds(on))
    return group.count * max(
        (season.factor for season in active if group.name in request.growing(season)), default=1
    )


def quota_on(request: TenantRequest, quota: QuotaClass, on: date | None) -> QuotaClass:
    """The limits of a day: those that grow with hosts are multiplied by the largest season's factor."""
    days = [on - timedelta(days=back) for back in range(GRACE.days + 1)] if on else []
    factor = max(
        (season.factor for season in request.seasons if any(map(season.holds, days))),
        default=1,
    )
    return quota.enlarged(factor)


def next_change(request: TenantRequest, on: date) -> Change | None:
    """The first day after `on` on which a host group changes its size, within a year."""
    today = _counts(request, on)
    if not request.seasons:
        return None
    for days in range(1, YEAR + 1):
        day = on + timedelta(days=days)
        then = _counts(request, day)
        if then != today:
            return Change(day, tuple(_beyond(today, then)), tuple(reversed(list(_beyond(then, today)))))
    return None


def _counts(request: TenantRequest, on: date) -> dict[str, int]:
    return {group.name: host_count(request, group, on) for group in request.hosts}


def _beyond(fewer: dict[str, int], more: dict[str, int]) -> Iterator[str]:
    """Keys of the hosts that `more` has beyond `fewer`."""
    for name, count in more.items():
        yield from (f"{name}-{index}" for index in range(fewer[name] + 1, count + 1))
