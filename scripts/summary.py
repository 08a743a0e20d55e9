"""What stands at the end: for each tenant what was built, its portal, and where the evidence lies."""

from __future__ import annotations

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


def _ways_in(deployment: Deployment) -> Text:
    urls = [url for tenant in deployment.plan.tenants for url in portals(deployment, tenant)]
    proxy, authority = deployment.access.proxy, deployment.settings.home / AUTHORITY
    lines = []
    if urls:
        through = f"--proxy {proxy} " if proxy else ""
        lines.append(f"look at a portal:  curl {through}--cacert {authority} {urls[0]}")
        browser = f'--proxy-server="{proxy.replace("socks5h", "socks5")}" ' if proxy else ""
        lines.append(f"in a browser:      chromium {browser}{urls[0]}   (trust {authority})")
    hosts = [host.name for tenant in deployment.plan.tenants for host in tenant.hosts]
    if hosts:
        lines.append(f"enter a host:      ssh -F {deployment.ssh_config} {hosts[0]}")
    segmentation = deployment.settings.home / "evidence" / "segmentation.html"
    if segmentation.exists():
        lines.append(f"segmentation:      {segmentation}")
    return Text("\n".join(lines))
