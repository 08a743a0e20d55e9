"""The portals as citizens, and attackers, meet them from outside the cloud."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

import httpx
import pytest

from scripts.access.deployment import Deployment
from scripts.access.outside import Portal
from scripts.configure.authority import Authority, ensure_authority
from scripts.evidence.runs import pictures
from scripts.prove.outside import probe_outside
from stacks.errors import HostError
from stacks.plan.model import HostPlan, TenantPlan
from tests.lab.picture import colours

ATTACKS = (
    "/?id=1%27%20OR%201=1--",
    "/?x=<script>alert(1)</script>",
    "/?file=../../../../etc/passwd",
    "/?host=;cat%20/etc/passwd",
)
COLOURS = 20
"""An empty page has one or two; letters alone have more, from their soft edges."""


def doors(deployment: Deployment) -> Iterator[tuple[TenantPlan, HostPlan, Portal]]:
    """Every published portal host with the way to it."""
    authority = Authority.of(deployment.settings).certificate
    for tenant in deployment.plan.tenants:
        for host in tenant.hosts:
            address = deployment.outputs.tenants[tenant.id].hosts[host.key].floating_address
            if host.workload == "portal" and address:
                yield tenant, host, Portal(host.hostnames[0], address, deployment.access.proxy, authority)


def test_every_portal_shows_its_department_over_verified_tls(deployment: Deployment) -> None:
    seen = 0
    for _, host, portal in doors(deployment):
        for named in (portal, replace(portal, hostname=portal.address)):
            response = named.request("GET")
            assert response.status_code == 200
            assert host.site is not None
            assert all(text in response.text for text in (host.site.title, *host.site.services))
        seen += 1
    assert seen == 3


def test_browsers_are_told_to_be_careful(deployment: Deployment) -> None:
    for _, _, portal in doors(deployment):
        headers = portal.request("GET").headers
        assert "max-age=31536000" in headers["strict-transport-security"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["server"] == "nginx"


def test_a_citizen_who_trusts_another_authority_is_warned(
    deployment: Deployment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = ensure_authority(replace(deployment.settings, home=tmp_path_factory.mktemp("other")), "Nobody")
    for _, _, portal in doors(deployment):
        with pytest.raises(HostError, match="CERTIFICATE_VERIFY_FAILED"):
            replace(portal, authority=stranger.certificate).request("GET")


def test_plain_http_is_not_published(deployment: Deployment) -> None:
    addresses = [IPv4Address(portal.address) for _, _, portal in doors(deployment)]
    probes = [(address, port, port == 443) for address in addresses for port in (80, 443)]
    found = asyncio.run(probe_outside(deployment.access.proxy, probes, timeout=3.0))
    arrived = {probe[:2] for probe, outcome in zip(probes, found, strict=True) if outcome.reached}
    assert arrived == {(address, 443) for address in addresses}


def test_old_tls_is_refused(deployment: Deployment) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    for _, _, portal in doors(deployment):
        with (
            httpx.Client(proxy=portal.proxy, verify=context, trust_env=False) as client,
            pytest.raises(httpx.ConnectError, match=r"(?i)protocol|version"),
        ):
            client.get(f"https://{portal.address}/")


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused(deployment: Deployment, attack: str) -> None:
    for _, _, portal in doors(deployment):
        assert portal.request("GET", attack).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/style.css", "/favicon.svg", "/?q=%E5%8A%9E%E4%BA%8B%E6%8C%87%E5%8D%97"]
)
def test_citizens_are_not_taken_for_attackers(deployment: Deployment, path: str) -> None:
    for _, _, portal in doors(deployment):
        assert portal.request("GET", path).status_code == 200


def test_nothing_can_be_written_and_strangers_get_no_page(deployment: Deployment) -> None:
    for _, _, portal in doors(deployment):
        assert {portal.request(method).status_code for method in ("POST", "PUT", "DELETE")} == {403}
        assert portal.request("GET", headers={"Host": "stranger.invalid"}).status_code == 421


def test_the_web_server_cannot_change_the_content(deployment: Deployment) -> None:
    for _, host, _ in doors(deployment):
        command = "sudo runuser -u www-data -- find /srv/portal /etc/nginx -writable; echo end"
        full = ["ssh", "-F", str(deployment.ssh_config), host.name, command]
        done = subprocess.run(full, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.splitlines()[-1] == "end"
        assert not [line for line in done.stdout.splitlines() if line.startswith("/")]


def test_a_browser_shows_the_portal_without_complaint(deployment: Deployment) -> None:
    for tenant, host, portal in doors(deployment):
        view = portal.view()
        assert host.site is not None
        assert view.title == host.site.title
        assert all(service in view.document for service in host.site.services)
        assert tenant.request.owner.department in view.document.partition("<footer>")[2]
        assert view.console == ()
        folder = pictures(deployment.settings, tenant.id)
        for name, width in (("desktop", 1280), ("mobile", 500)):
            picture = folder / f"{host.key}-{name}.png"
            portal.screenshot(picture, width=width)
            assert colours(picture, enough=COLOURS) == COLOURS, f"{picture} shows next to nothing"
