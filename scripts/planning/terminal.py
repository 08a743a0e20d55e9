"""Reports on a terminal: one tenant in full, or all of them in a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scripts.planning.report import Report
from scripts.planning.season import season_lines
from stacks.plan.addressing import FIRST_HOST
from stacks.plan.exchange import ExchangePlan
from stacks.plan.grants import Grant
from stacks.plan.model import Direction, RouterPlan, Rule, TenantPlan
from stacks.plan.naming import PLATFORM_STACK
from stacks.plan.rules import ANYWHERE

CROWDED = 0.8
"""Share of a limit from which on it is shown in colour: Neutron refuses concurrent requests near a limit."""


def summary(reports: Sequence[Report]) -> RenderableType:
    """One line for every tenant, and every flow that waits."""
    table = _table("tenant", "segments", "hosts", "published as", "flows")
    for report in reports:
        tenant = report.tenant
        networks = _lines(f"{segment.key} {segment.cidr}" for segment in tenant.segments)
        names = _lines(sorted({name for host in tenant.hosts for name in host.hostnames}))
        table.add_row(tenant.id, networks, str(len(tenant.hosts)), names, str(len(report.agreed)))
    waiting = {flow: other for report in reports for flow, other in report.pending.items()}
    new = [report.tenant.id for report in reports if report.provisional]
    notes = [f"flow {flow}: closed until {_whose_word(other)}" for flow, other in waiting.items()]
    notes += [f"addresses of {', '.join(new)} are proposed; `govcloud allocate` records them"] if new else []
    return Group(table, *(Text(f"○ {note}", "yellow") for note in notes))


def detail(report: Report) -> RenderableType:
    """Everything that one request becomes."""
    tenant = report.tenant
    head = [Text(f"{tenant.id}: {tenant.description}", style="bold"), Text(", ".join(tenant.tags), "dim")]
    if report.provisional:
        head.append(Text("addresses are proposed; `govcloud allocate` records them", "yellow"))
    head += [Text(line, "cyan") for line in season_lines(tenant.request, report.on)]
    sections: dict[str, RenderableType] = {
        "segments": _segments(report),
        "routers": Group(*(_router(router) for router in tenant.routers)),
        "hosts": _hosts(report),
        "rules: what a host may open (out) and what may reach it (in); all else is dropped": _rules(report),
        "flows": _flows(report),
        **_declared(tenant),
        f"quota: class {tenant.request.quota.quota_class}": _quota(report),
    }
    body = [part for title, item in sections.items() for part in (Text(f"\n{title}", "bold"), _indent(item))]
    return Group(*head, *body)


def _declared(tenant: TenantPlan) -> dict[str, RenderableType]:
    """Sections that only some tenants have."""
    sections = {
        "tier": [Text(" → ".join((*tenant.lineage, tenant.id)))] if tenant.lineage else [],
        "roles": [_grant(grant, tenant) for grant in tenant.grants],
        "exchanges: checked, opened by a later release": [_exchange(item) for item in tenant.exchanges],
    }
    return {title: Group(*lines) for title, lines in sections.items() if lines}


def _grant(grant: Grant, tenant: TenantPlan) -> Text:
    inherited = "" if grant.source == tenant.id else f" (inherited from {grant.source})"
    return Text(f"{grant.group}: {grant.role}{inherited}")


def _exchange(exchange: ExchangePlan) -> Text:
    if exchange.refusals:
        return Text(f"✗ {exchange}: refused, {'; '.join(exchange.refusals)}", "red")
    return Text(
        f"✓ {exchange}: approved ({', '.join(exchange.approved_by)}) until {exchange.expiry}", "green"
    )


def _segments(report: Report) -> Table:
    table = _table("name", "zone", "side", "network", "router", "hosts", "free for hosts")
    for segment in report.tenant.segments:
        hosts = sum(host.segment == segment.key for host in report.tenant.hosts)
        room = int(segment.pool[0]) - int(segment.cidr[FIRST_HOST]) - hosts
        cells = (segment.key, segment.zone, segment.side, segment.cidr, segment.gateway, hosts, room)
        table.add_row(*map(str, cells))
    return table


def _router(router: RouterPlan) -> Text:
    way_out = (
        "to the provider network, for published hosts" if router.external_gateway else "no way to the outside"
    )
    backbone = f"; other tenants through {router.backbone}" if router.backbone else ""
    return Text(f"{router.name} joins {', '.join(router.segments)}: {way_out}{backbone}")


def _hosts(report: Report) -> Table:
    table = _table("name", "address", "segment", "size", "runs", "published as")
    for host in report.tenant.hosts:
        size = report.platform.platform.flavors[host.flavor]
        published = report.tenant.request.publish
        names = [f"{item.hostname}:{item.port}" for item in published if item.host == host.group]
        words = f"{size.vcpus} vCPU, {size.memory} MiB, {size.disk} GiB"
        table.add_row(host.name, str(host.address), host.segment, words, host.workload, _lines(names))
    return table


def _rules(report: Report) -> Table:
    table = _table("hosts of", "", "port", "other end", "why")
    groups = {f"segment {item.key}": item.security_group for item in report.tenant.segments}
    groups |= {item.description: item for item in report.tenant.publications}
    for name, group in groups.items():
        for index, rule in enumerate(group.rules):
            table.add_row("" if index else name, *_rule(rule))
        table.add_section()
    return table


def _rule(rule: Rule) -> tuple[str, str, str, str]:
    remote = "anywhere" if rule.remote == ANYWHERE else str(rule.remote).removesuffix("/32")
    side = "in" if rule.direction is Direction.INGRESS else "out"
    return side, f"{rule.protocol} {rule.ports_text}", remote, rule.reason


def _flows(report: Report) -> RenderableType:
    lines = [*_flow_lines(report)]
    return Group(*lines) if lines else Text("none is declared; segments do not reach one another")


def _flow_lines(report: Report) -> Iterator[Text]:
    for flow in report.agreed:
        yield Text(f"✓ {flow}", "green")
    for flow, other in report.pending.items():
        words = "this request declares it too" if other == report.tenant.id else _whose_word(other)
        yield Text(f"○ {flow}: closed until {words}", "yellow")


def _whose_word(other: str) -> str:
    if other == PLATFORM_STACK:
        return "the operators approve it (shared_services in platform.yaml)"
    return f"tenant {other} declares it too"


def _quota(report: Report) -> Table:
    table = _table("limit", "used", "allowed")
    for name, (used, allowed) in report.quota.items():
        label = name.replace("_", " ") + (" (MiB)" if name == "memory" else "")
        table.add_row(label, str(used), str(allowed), style="yellow" if used > CROWDED * allowed else "")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _indent(item: RenderableType) -> Padding:
    return Padding(item, (0, 0, 0, 2))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(items)
