"""Knocks at a portal in every way that the checks ask about; nothing is changed there."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

import httpx
from cryptography import x509

from scripts.evidence.portal.facts import Attacks, Certificate, Handshake, Page, PortalFacts
from scripts.evidence.said import said
from scripts.prove.outside import probe_outside
from scripts.prove.prober import Outcome
from stacks.errors import HostError

_FILTERS = threading.Lock()

TIMEOUT = 8.0
"""Seconds for one request; a WAF that drops instead of answering shows as `no answer`."""

PATIENCE = 2.0
"""Seconds after which a port that says nothing counts as closed."""

BODY = 4000
"""Characters of a page that are kept."""

OLD_PROTOCOLS = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}
NEW_PROTOCOLS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}
WEAK_CIPHERS = {
    "RSA key exchange": "kRSA",
    "CBC mode": "AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA",
    "no authentication": "aNULL",
}
"""Families of TLS 1.2 ciphers that are offered alone, to see them refused."""

LOCAL = ("NO_CIPHERS_AVAILABLE", "NO_PROTOCOLS_AVAILABLE", "NO_CIPHER_MATCH", "UNSUPPORTED_SSL_VERSION")
"""OpenSSL's words for an offer that never left this machine; they prove nothing about the portal."""

ATTACKS = {
    "script injection": "/?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E",
    "SQL injection": "/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20",
    "path traversal": "/?file=../../../../../../etc/passwd",
    "command injection": "/?host=;cat%20/etc/passwd",
}
HIDDEN = ("/.git/config", "/.env", "/nginx.conf", "/backup.zip")
"""Files that must never be served."""


@dataclass(frozen=True)
class Door:
    """Where one portal host is reached.

    Attributes:
        proxy: SOCKS5 proxy on the way, or `None`.
        authority: certificate of the deployment's own authority.
    """

    hostname: str
    address: str
    port: int
    proxy: str | None
    authority: Path

    def client(self, context: ssl.SSLContext | bool) -> httpx.Client:
        """An HTTP client that trusts as the context says."""
        return httpx.Client(verify=context, proxy=self.proxy, timeout=TIMEOUT, trust_env=False)

    def ask(
        self, client: httpx.Client, path: str, *, method: str = "GET", hostname: str = ""
    ) -> httpx.Response:
        """One request by the portal's name, to its address."""
        name = hostname or self.hostname
        return client.request(
            method,
            f"https://{self.address}:{self.port}{path}",
            headers={"Host": name, "User-Agent": "govcloud-audit"},
            extensions={"sni_hostname": name},
        )


def attack(door: Door) -> Attacks:
    """Send what an application firewall must stop."""
    mark = f"audit{secrets.token_hex(6)}"
    with door.client(_context()) as client:
        asked = {name: partial(door.ask, client, f"{path}&mark={mark}") for name, path in ATTACKS.items()}
        return Attacks({name: _page(ask) for name, ask in asked.items()}, mark)


def gather(door: Door, attacks: Attacks) -> PortalFacts:
    """Knock in every other way that the checks ask about.

    Raises:
        HostError: the portal does not answer at all.
    """
    versions = OLD_PROTOCOLS | NEW_PROTOCOLS
    protocols = {name: _offer(door, version) for name, version in versions.items()}
    if not any(answer.agreed or answer.refused for answer in protocols.values()):
        raise HostError(
            said(
                "portal {name} does not answer at {address}: {reason}.",
                name=door.hostname,
                address=f"{door.address}:{door.port}",
                reason=protocols["TLS 1.3"],
            ),
            "Is it deployed (`govcloud deploy`), and is its floating IP reachable from this machine?",
        )
    with ThreadPoolExecutor(max_workers=1) as aside, door.client(_context()) as client:
        port80 = aside.submit(_port_80, door)

        def page(path: str, **how: str) -> Page:
            return _page(lambda: door.ask(client, path, **how))

        return PortalFacts(
            protocols=protocols,
            ciphers={
                name: _offer(door, ssl.TLSVersion.TLSv1_2, cipher) for name, cipher in WEAK_CIPHERS.items()
            },
            certificate=_certificate(door),
            plain=_plain(door, door.port),
            port80=port80.result(),
            home=page("/"),
            search=page("/?q=%E5%8A%9E%E4%BA%8B%E6%8C%87%E5%8D%97"),
            stranger=page("/", hostname="stranger.invalid"),
            trace=page("/", method="TRACE"),
            upload=page("/upload.html", method="PUT"),
            hidden={path: page(path) for path in HIDDEN},
            attacks=attacks.answers,
            mark=attacks.mark,
            asked_at=time.time(),
        )


def _context() -> ssl.SSLContext:
    """A context that trusts everybody; only for looking, never for data."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _old_context(version: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    """A context that offers one version and some ciphers, even those that nobody should agree to."""
    context = _context()
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    # Python marks old versions as deprecated; offering them is what this is for. The filters are global.
    with _FILTERS, warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = version
        context.maximum_version = version
    return context


def _offer(door: Door, version: ssl.TLSVersion, ciphers: str = "ALL") -> Handshake:
    try:
        with door.client(_old_context(version, ciphers)) as client:
            name, agreed, _ = _tls(door.ask(client, "/", method="HEAD")).cipher() or ("", "", 0)
    except (httpx.TransportError, ssl.SSLError) as error:
        return _refusal(error)
    return Handshake(f"{agreed} {name}")


def _refusal(error: Exception) -> Handshake:
    text = str(error) or type(error).__name__
    if any(word in text for word in LOCAL):
        return Handshake("", detail=f"this machine cannot make the offer: {text}")
    answered = "ALERT" in text or "UNSUPPORTED_PROTOCOL" in text or "EOF" in text or "reset" in text
    return Handshake("", refused=answered, detail=text)


def _tls(response: httpx.Response) -> ssl.SSLObject:
    found = response.extensions["network_stream"].get_extra_info("ssl_object")
    return cast(ssl.SSLObject, found)


def _certificate(door: Door) -> Certificate:
    with door.client(_context()) as client:
        shown = _tls(door.ask(client, "/", method="HEAD")).getpeercert(True)
    certificate = x509.load_der_x509_certificate(shown or b"")
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return Certificate(
        names=frozenset(names.get_values_for_type(x509.DNSName)),
        not_after=certificate.not_valid_after_utc.timestamp(),
        error=_distrust(door),
    )


def _distrust(door: Door) -> str:
    """Why a client that trusts only the deployment's authority would turn away."""
    if not door.authority.exists():
        return f"the authority's certificate {door.authority.name} is not in the deployment's home"
    try:
        with door.client(ssl.create_default_context(cafile=str(door.authority))) as client:
            door.ask(client, "/", method="HEAD")
    except httpx.TransportError as error:
        return str(error)
    return ""


def _plain(door: Door, port: int) -> Page:
    with door.client(False) as client:
        return _page(lambda: client.get(f"http://{door.address}:{port}/", headers={"Host": door.hostname}))


def _port_80(door: Door) -> Page:
    """Asked for a page only where something listens: httpx would wait as long as a proxy that waits."""
    probe = probe_outside(door.proxy, [(IPv4Address(door.address), 80, False)], PATIENCE)
    (outcome,) = asyncio.run(probe)
    return _plain(door, 80) if outcome is Outcome.OPEN else Page(0, {}, "", outcome.value)


def _page(ask: Callable[[], httpx.Response]) -> Page:
    try:
        response = ask()
    except httpx.TransportError as error:
        return Page(0, {}, "", str(error) or type(error).__name__)
    return Page(response.status_code, dict(response.headers), response.text[:BODY])
