"""What stands at the end: for each tenant what was built, its portal, and where the evidence lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from scripts.access.deployment import Deployment
from scripts.evidence.runs import pictures, root
from stacks.plan.model import TenantPlan

AUTHORITY = "keys/ca.pem"


def rendered(deployment: Deployment) -> Group:
    """One panel a tenant, and how to come in."""
    panels = [
        Panel(_tenant(deployment, tenant), title=f"{tenant.id}: {tenant.description}", title_align="left")
        for tenant in deployment.plan.tenants
        if tenant.id in deployment.outputs.tenants
    ]
    return Group(*panels, _ways_in(deployment))


def portals(deployment: Deployment, tenant: TenantPlan) -> Iterator[str]:
    """URLs that the outside reaches, by address: names are the business of the government's own DNS."""
    built = deployment.outputs.tenants[tenant.id].hosts
    for host in tenant.hosts:
        address = built[host.key].floating_address
        for port in host.published_ports if address else ():
            yield f"https://{address}/" if port == 443 else f"https://{address}:{port}/"  # noqa: PLR2004 - HTTPS


def evidence(deployment: Deployment, tenant: TenantPlan) -> Iterator[Path]:
    """Pages and pictures about a tenant that a person may open."""
    yield from sorted((root(deployment.settings) / tenant.id).glob("*.html"))
    yield from sorted(pictures(deployment.settings, tenant.id).glob("*.png"))


def _tenant(deployment: Deployment, tenant: TenantPlan) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(style="bold")
    for segment in tenant.segments:
        hosts = [f"{host.key} {host.address}" for host in tenant.hosts if host.segment == segment.key]
        text = (
            f"{segment.cidr} in zone {segment.zone} ({segment.side} side): {', '.join(hosts) or 'no hosts'}"
        )
        table.add_row(segment.key, text)
    names = sorted({name for host in tenant.hosts for name in host.hostnames})
    for url in portals(deployment, tenant):
        table.add_row("portal", f"{url}  ({', '.join(names)})")
    for path in evidence(deployment, tenant):
        table.add_row("evidence", str(path))
    return table


def ways_in(deployment: Deployment) -> dict[str, str]:
    """What to type to come in, by what it is for. A browser trusts the authority from the second line on."""
    urls = [url for tenant in deployment.plan.tenants for url in portals(deployment, tenant)]
    proxy, authority = deployment.access.proxy, deployment.settings.home / AUTHORITY
    lines = {}
    if urls:
        through = f"--proxy {proxy} " if proxy else ""
        lines["look at a portal"] = f"curl {through}--cacert {authority} {urls[0]}"
        trust = f"certutil -d sql:$HOME/.pki/nssdb -A -n govcloud -t C,, -i {authority}"
        lines["trust it, once"] = f"mkdir -p $HOME/.pki/nssdb && {trust}"
        root = "--no-sandbox " if os.geteuid() == 0 else ""
        browser = f'--proxy-server="{proxy.replace("socks5h", "socks5")}" ' if proxy else ""
        lines["in a browser"] = f"chromium {root}{browser}{urls[0]}"
    hosts = [host.name for tenant in deployment.plan.tenants for host in tenant.hosts]
    if hosts:
        lines["enter a host"] = f"ssh -F {deployment.ssh_config} {hosts[0]}"
    return lines


def _ways_in(deployment: Deployment) -> Text:
    lines = ways_in(deployment)
    segmentation = deployment.settings.home / "evidence" / "segmentation.html"
    if segmentation.exists():
        lines["segmentation"] = str(segmentation)
    return Text("\n".join(f"{purpose + ':':18} {what}" for purpose, what in lines.items()))
