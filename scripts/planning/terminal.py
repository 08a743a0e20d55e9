"""Reports on a terminal: one tenant in full, or all of them in a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scripts.planning.reasons import spoken
from scripts.planning.report import Report
from scripts.planning.season import season_lines
from stacks.language import say
from stacks.plan.addressing import FIRST_HOST
from stacks.plan.dedicated import ProviderSegment
from stacks.plan.exchange import ExchangePlan
from stacks.plan.grants import Grant
from stacks.plan.model import Direction, RouterPlan, Rule, TenantPlan, publication_name
from stacks.plan.naming import PLATFORM_STACK
from stacks.plan.rules import ANYWHERE

CROWDED = 0.8
"""Share of a limit from which on it is shown in colour: Neutron refuses concurrent requests near a limit."""


def summary(reports: Sequence[Report]) -> RenderableType:
    """One line for every tenant, every flow that waits, and every exchange that is refused."""
    table = _table("tenant", "segments", "hosts", "published", "flows")
    for report in reports:
        tenant = report.tenant
        networks = _lines(f"{segment.key} {segment.cidr}" for segment in tenant.segments)
        names = _lines(sorted({name for host in tenant.hosts for name in host.hostnames}))
        table.add_row(tenant.id, networks, str(len(tenant.hosts)), names, str(len(report.agreed)))
    waiting = {flow: other for report in reports for flow, other in report.pending.items()}
    new = [report.tenant.id for report in reports if report.provisional]
    notes = [
        say("plan.waits-in-list", flow=str(flow), word=_whose_word(other)) for flow, other in waiting.items()
    ]
    exchanges = (item for report in reports for item in report.tenant.exchanges)
    notes += [
        say("plan.exchange-refused", exchange=_crossing(item), reasons=_reasons(item))
        for item in exchanges
        if item.refusals
    ]
    notes += [say("plan.proposed-of", tenants=new)] if new else []
    return Group(table, *(Text(f"○ {note}", "yellow") for note in notes))


def detail(report: Report) -> RenderableType:
    """Everything that one request becomes."""
    tenant = report.tenant
    head = [Text(f"{tenant.id}: {tenant.description}", style="bold"), Text(", ".join(tenant.tags), "dim")]
    if report.provisional:
        head.append(Text(say("plan.proposed"), "yellow"))
    head += [Text(line, "cyan") for line in season_lines(tenant.request, report.on)]
    sections: dict[str, RenderableType] = {
        say("plan.segments"): _segments(report),
        say("plan.routers"): Group(*(_router(router) for router in tenant.routers)),
        say("plan.hosts"): _hosts(report),
        say("plan.rules"): _rules(report),
        say("plan.flows"): _flows(report),
        **_declared(tenant),
        say("plan.quota", name=tenant.request.quota.quota_class): _quota(report),
    }
    body = [part for title, item in sections.items() for part in (Text(f"\n{title}", "bold"), _indent(item))]
    return Group(*head, *body)


def _declared(tenant: TenantPlan) -> dict[str, RenderableType]:
    """Sections that only some tenants have."""
    sections = {
        say("plan.tier"): [Text(" → ".join((*tenant.lineage, tenant.id)))] if tenant.lineage else [],
        say("plan.roles"): [_grant(grant, tenant) for grant in tenant.grants],
        say("plan.exchanges"): [_exchange(item) for item in tenant.exchanges],
    }
    return {title: Group(*lines) for title, lines in sections.items() if lines}


def _grant(grant: Grant, tenant: TenantPlan) -> Text:
    if grant.source == tenant.id:
        return Text(say("plan.grant", group=grant.group, role=grant.role))
    return Text(say("plan.grant-inherited", group=grant.group, role=grant.role, source=grant.source))


def _exchange(exchange: ExchangePlan) -> Text:
    said = _crossing(exchange)
    if exchange.refusals:
        refused = say("plan.exchange-refused", exchange=said, reasons=_reasons(exchange))
        return Text(f"✗ {refused}", "red")
    approved = say(
        "plan.exchange-approved", exchange=said, approvals=exchange.approved_by, expiry=exchange.expiry
    )
    return Text(approved, "green")


def _crossing(exchange: ExchangePlan) -> str:
    return say(
        "plan.exchange",
        name=exchange.name,
        source=str(exchange.source),
        target=str(exchange.target),
        data=exchange.data_class,
    )


def _reasons(exchange: ExchangePlan) -> str:
    said = (say(f"plan.refused-{refusal.why}", value=refusal.value) for refusal in exchange.refusals)
    return say("hint.between").join(said)


def _segments(report: Report) -> Table:
    table = _table("name", "zone", "side", "network", "router", "hosts", "room")
    for segment in report.tenant.segments:
        hosts = sum(host.segment == segment.key for host in report.tenant.hosts)
        room = int(segment.pool[0]) - int(segment.cidr[FIRST_HOST]) - hosts
        wire = segment.provider
        network = _lines((str(segment.cidr), _wire(wire))) if wire else segment.cidr
        cells = (segment.key, segment.zone, segment.side, network, segment.gateway, hosts, room)
        table.add_row(*map(str, cells))
    return table


def _wire(wire: ProviderSegment) -> str:
    return say("plan.wire", vlan=wire.vlan, network=wire.physical_network)


def _router(router: RouterPlan) -> Text:
    way = say("plan.way-out") if router.external_gateway else say("plan.no-way-out")
    if router.backbone:
        way = say("plan.backbone", way=way, address=router.backbone)
    return Text(say("plan.router", name=router.name, segments=router.segments, way=way))


def _hosts(report: Report) -> Table:
    table = _table("name", "address", "segment", "size", "runs", "published")
    for host in report.tenant.hosts:
        size = report.platform.platform.flavors[host.flavor]
        published = report.tenant.request.publish
        names = [f"{item.hostname}:{item.port}" for item in published if item.host == host.group]
        words = f"{size.vcpus} vCPU, {size.memory} MiB, {size.disk} GiB"
        table.add_row(host.name, str(host.address), host.segment, words, host.workload, _lines(names))
    return table


def _rules(report: Report) -> Table:
    table = _table("hosts-of", "", "port", "other", "why")
    groups = {say("plan.segment", name=item.key): item.security_group for item in report.tenant.segments}
    named = {
        publication_name(report.tenant.id, item.host): item.host for item in report.tenant.request.publish
    }
    groups |= {say("plan.publication", name=named[item.name]): item for item in report.tenant.publications}
    for name, group in groups.items():
        for index, rule in enumerate(group.rules):
            table.add_row("" if index else name, *_rule(rule))
        table.add_section()
    return table


def _rule(rule: Rule) -> tuple[str, str, str, str]:
    remote = say("plan.anywhere") if rule.remote == ANYWHERE else str(rule.remote).removesuffix("/32")
    side = say("plan.in") if rule.direction is Direction.INGRESS else say("plan.out")
    return side, f"{rule.protocol} {rule.ports_text}", remote, spoken(rule.reason)


def _flows(report: Report) -> RenderableType:
    lines = [*_flow_lines(report)]
    return Group(*lines) if lines else Text(say("plan.no-flow"))


def _flow_lines(report: Report) -> Iterator[Text]:
    for flow in report.agreed:
        yield Text(f"✓ {flow}", "green")
    for flow, other in report.pending.items():
        word = say("plan.word-own") if other == report.tenant.id else _whose_word(other)
        yield Text(say("plan.waits", flow=str(flow), word=word), "yellow")


def _whose_word(other: str) -> str:
    if other == PLATFORM_STACK:
        return say("plan.word-operators")
    return say("plan.word-tenant", tenant=other)


def _quota(report: Report) -> Table:
    table = _table("limit", "used", "allowed")
    for name, (used, allowed) in report.quota.items():
        label = say(f"limit.{name}") + (" (MiB)" if name == "memory" else "")
        table.add_row(label, str(used), str(allowed), style="yellow" if used > CROWDED * allowed else "")
    return table


def _table(*columns: str) -> Table:
    """A table with these columns of the catalogue; one without a name has no heading."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(say(f"plan.col-{column}") if column else "", overflow="fold")
    return table


def _indent(item: RenderableType) -> Padding:
    return Padding(item, (0, 0, 0, 2))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(items)
