"""What changes between two plans, in words: who may reach whom, networks, hosts, quota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from scripts.planning.reasons import service
from stacks.language import say
from stacks.plan.matrix import BASTION, SERVICES, Matrix, Reach, matrix
from stacks.plan.model import Plan

Facts = Mapping[str, str]
"""What a thing is, in words, by its name."""


@dataclass(frozen=True)
class Difference:
    """Everything that one plan has and the other has not.

    Attributes:
        opened: what may be opened now; what every new segment gets (administration, packages) is left out.
        closed: what may be opened no more.
        changes: for tenants, networks, hosts and quotas: each name with what it was and what it is;
            empty where it was not, or is no more.
    """

    opened: tuple[Reach, ...]
    closed: tuple[Reach, ...]
    changes: dict[str, dict[str, tuple[str, str]]]

    @property
    def empty(self) -> bool:
        """Whether the plans decide the same, as far as it is shown here."""
        return not (self.opened or self.closed or any(self.changes.values()))


def difference(before: Plan, after: Plan) -> Difference:
    """What the second plan changes in the first."""
    was, now = matrix(before), matrix(after)
    old, new = _facts(before), _facts(after)
    return Difference(
        opened=tuple(sorted(set(_told(now, was)) - set(was.reaches))),
        closed=tuple(sorted(set(_told(was, now)) - set(now.reaches))),
        changes={kind: dict(_changed(old[kind], new[kind])) for kind in old},
    )


def _told(own: Matrix, other: Matrix) -> Iterator[Reach]:
    """What is worth telling: the common services of a segment come and go with it."""
    lasting = set(own.names) & set(other.names)
    for reach in own.reaches:
        common = reach.source == BASTION or reach.target == SERVICES
        if not common or {reach.source, reach.target} <= lasting:
            yield reach


def _facts(plan: Plan) -> dict[str, Facts]:
    flavors = plan.platform.platform.flavors
    return {
        "tenants": {tenant.id: tenant.description for tenant in plan.tenants},
        "networks": {
            f"{tenant.id}/{segment.key}": f"{segment.cidr} ({segment.zone})"
            for tenant in plan.tenants
            for segment in tenant.segments
        },
        "hosts": {
            host.name: f"{host.address}, {host.flavor} ({flavors[host.flavor].vcpus} vCPU), {host.workload}"
            for tenant in plan.tenants
            for host in tenant.hosts
        },
        "quotas": {
            f"{tenant.id} {name}": str(limit)
            for tenant in plan.tenants
            for name, limit in tenant.quotas.model_dump().items()
        },
    }


def _changed(old: Facts, new: Facts) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, ""), new.get(name, "")
        if was != now:
            yield name, (was, now)


def words(found: Difference, revision: str) -> RenderableType:
    """The difference for a person; the quotas of tenants that come or go are left out."""
    if found.empty:
        return Text(say("plan.same", revision=revision))
    lines = [Text(say("plan.against", revision=revision), "dim")]
    lines += [Text(say("plan.opened", reach=_reach(reach)), "green") for reach in found.opened]
    lines += [Text(say("plan.closed", reach=_reach(reach)), "red") for reach in found.closed]
    for kind, changes in found.changes.items():
        lines += filter(None, (_change(kind, name, was, now) for name, (was, now) in changes.items()))
    return Group(*lines)


def _change(kind: str, name: str, was: str, now: str) -> Text | None:
    what = say(f"plan.kind-{kind}")
    if kind == "quotas":
        tenant, _, limit = name.partition(" ")
        name = f"{tenant} {say(f'limit.{limit}')}"
    if was and now:
        return Text(say("plan.changed", kind=what, name=name, was=was, now=now), "yellow")
    if kind == "quotas":
        return None
    if now:
        return Text(say("plan.added", kind=what, name=name, what=now), "green")
    return Text(say("plan.removed", kind=what, name=name, what=was), "red")


def _reach(reach: Reach) -> str:
    ports = f"{reach.protocol} {reach.ports}"
    opened = reach.service if "/" in reach.service else f"{service(reach)} ({ports})"
    return say("plan.reach", source=reach.source, service=opened, target=reach.target)


def as_json(found: Difference, revision: str) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "against": revision,
        "opened": [asdict(reach) for reach in found.opened],
        "closed": [asdict(reach) for reach in found.closed],
        **{
            kind: {name: {"was": was or None, "is": now or None} for name, (was, now) in changes.items()}
            for kind, changes in found.changes.items()
        },
    }
