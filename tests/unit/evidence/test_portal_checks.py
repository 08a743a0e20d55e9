"""Every check of a portal passes on a good one, and fails when what it looks at goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from scripts.evidence.finding import Finding
from scripts.evidence.portal.facts import Handshake, Page, PortalFacts
from tests.unit.evidence.checks import CHECKS, Check
from tests.unit.evidence.recording import recording
from tests.unit.evidence.test_host_checks import run

Change = Callable[[PortalFacts], PortalFacts]

AGREED = Handshake("TLSv1.1 AES128-SHA")
UNKNOWN = Handshake("", refused=False, detail="this machine cannot make the offer")


def header(name: str, value: str) -> Change:
    """The first page with another header."""
    return lambda portal: replace(
        portal, home=replace(portal.home, headers={**portal.home.headers, name: value})
    )


def page(name: str, status: int) -> Change:
    """Another answer."""
    answer = Page(status, {}, "")
    return lambda portal: replace(portal, **{name: answer})  # type: ignore[arg-type]  # the field is a page


CHANGES: dict[str, tuple[Change, ...]] = {
    "old_protocols_refused": (
        lambda portal: replace(portal, protocols={**portal.protocols, "TLS 1.0": AGREED}),
        lambda portal: replace(portal, protocols={**portal.protocols, "TLS 1.1": UNKNOWN}),
    ),
    "new_protocols_spoken": (
        lambda portal: replace(portal, protocols={**portal.protocols, "TLS 1.3": UNKNOWN}),
        lambda portal: replace(
            portal, protocols={**portal.protocols, "TLS 1.2": Handshake("TLSv1.2 AES128-SHA")}
        ),
    ),
    "weak_ciphers_refused": (
        lambda portal: replace(portal, ciphers={**portal.ciphers, "CBC mode": AGREED}),
        lambda portal: replace(portal, ciphers={**portal.ciphers, "CBC mode": UNKNOWN}),
        lambda portal: replace(portal, ciphers={}),
    ),
    "certificate_trusted": (
        lambda portal: replace(portal, certificate=replace(portal.certificate, error="self-signed")),
        lambda portal: replace(portal, certificate=replace(portal.certificate, names=frozenset({"other"}))),
    ),
    "certificate_valid_for_weeks": (
        lambda portal: replace(portal, certificate=replace(portal.certificate, not_after=1.0)),
    ),
    "plain_text_refused": (page("plain", 200), page("port80", 200), page("home", 0)),
    "attacks_blocked": (
        lambda portal: replace(portal, attacks={**portal.attacks, "SQL injection": Page(200, {}, "")}),
        lambda portal: replace(portal, attacks={}),
    ),
    "citizens_served": (page("home", 403), page("search", 403)),
    "other_methods_refused": (page("trace", 200), page("upload", 201), page("upload", 0)),
    "other_names_refused": (page("stranger", 200), page("stranger", 301)),
    "hidden_files_not_served": (
        lambda portal: replace(portal, hidden={**portal.hidden, "/.env": Page(200, {}, "SECRET=1")}),
        lambda portal: replace(portal, hidden={}),
    ),
    "strict_transport": (
        header("strict-transport-security", "max-age=60"),
        header("strict-transport-security", ""),
    ),
    "content_policy": (
        header("content-security-policy", ""),
        header("content-security-policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"),
        header("content-security-policy", "default-src 'self'; frame-ancestors *"),
        header("content-security-policy", "default-src 'self'"),
    ),
    "browser_guards": (header("x-frame-options", "ALLOWALL"), header("x-content-type-options", "")),
    "version_not_told": (header("server", "nginx/1.22.1"), page("home", 0)),
}

PORTAL_CHECKS = [check for check in CHECKS if "portal" in check.arguments and "facts" not in check.arguments]
CASES = [
    pytest.param(check, change, id=f"{check.name}-{number}")
    for check in PORTAL_CHECKS
    for number, change in enumerate(CHANGES[check.name.removeprefix("portal/")])
]


def test_every_check_has_a_change() -> None:
    assert {check.name.removeprefix("portal/") for check in PORTAL_CHECKS} == set(CHANGES)


@pytest.mark.parametrize("check", PORTAL_CHECKS, ids=lambda check: check.name)
def test_passes_on_a_good_portal(check: Check) -> None:
    found = recording()
    run(check, found.facts, found)


@pytest.mark.parametrize(("check", "change"), CASES)
def test_fails_when_it_goes_wrong(check: Check, change: Change) -> None:
    found = recording()
    with pytest.raises(Finding):
        run(check, found.facts, replace(found, portal=change(found.portal)))
