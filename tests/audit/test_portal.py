"""A public portal as citizens meet it, by real handshakes and requests from outside the cloud.

Sources: GB/T 22239-2019 8.1.2.2, 8.1.3.2 e, 8.1.3.3, 8.1.4.4 d; OWASP Secure Headers; BSI TR-02102-2.
"""

from __future__ import annotations

import json
import time

import pytest

from scripts.evidence.finding import equal, holds, nothing
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.portal.facts import PortalFacts
from scripts.evidence.portal.gather import NEW_PROTOCOLS, OLD_PROTOCOLS
from scripts.evidence.said import said
from scripts.evidence.target import Target

NGINX = "See the role `portal` and /etc/nginx/nginx.conf."
DAYS_LEFT = 14
YEAR = 31_536_000
WORKER = "www-data"
CONFINED = "nginx (enforce)"


@pytest.mark.control("8.1.2.2-b", "8.1.4.8-a")
def test_old_protocols_refused(portal: PortalFacts) -> None:
    """TLS 1.0 and 1.1 are refused."""
    outcomes = {name: portal.protocols[name] for name in OLD_PROTOCOLS}
    holds(
        all(item.refused for item in outcomes.values()), expected="both refused", observed=outcomes, do=NGINX
    )


@pytest.mark.control("8.1.2.2-a", "8.1.2.2-b", "8.1.4.7-a", "8.2.2.1-c")
def test_new_protocols_spoken(portal: PortalFacts) -> None:
    """TLS 1.2 and 1.3 are spoken, with ciphers that keep past traffic secret."""
    outcomes = {name: portal.protocols[name] for name in NEW_PROTOCOLS}
    strong = ("ECDHE-", "TLS_AES_", "TLS_CHACHA20_")
    good = all(item.agreed and item.agreed.split()[1].startswith(strong) for item in outcomes.values())
    holds(good, expected="both, with an ephemeral key exchange", observed=outcomes, do=NGINX)


@pytest.mark.control("8.1.2.2-b", "8.1.4.8-a")
def test_weak_ciphers_refused(portal: PortalFacts) -> None:
    """Weak ciphers are refused, family by family."""
    holds(
        bool(portal.ciphers) and all(item.refused for item in portal.ciphers.values()),
        expected="every family refused",
        observed=portal.ciphers,
        do=NGINX,
    )


@pytest.mark.control("8.1.2.2-a", "8.1.2.2-b")
def test_certificate_trusted(portal: PortalFacts, target: Target) -> None:
    """The certificate is vouched for by the deployment's authority and names the portal."""
    equal(portal.certificate.error, "", do="Run `govcloud deploy`, which renews the certificate.")
    missing = set(target.hostnames) - portal.certificate.names
    nothing(missing, expected="every published name in the certificate", do="Run `govcloud deploy`.")


@pytest.mark.control("8.1.2.2-a")
def test_certificate_valid_for_weeks(portal: PortalFacts) -> None:
    """The certificate does not end within the next two weeks."""
    days = (portal.certificate.not_after - time.time()) / 86_400
    holds(
        days >= DAYS_LEFT,
        expected=said("{days} days", days=DAYS_LEFT),
        observed=said("{days} days", days=f"{days:.0f}"),
        do="Run `govcloud deploy`.",
    )


@pytest.mark.control("8.1.2.2-b", "8.1.4.8-a")
def test_plain_text_refused(portal: PortalFacts, target: Target) -> None:
    """Nothing of the portal is served in clear text."""
    doors = {f"port {target.published_ports[0]}": portal.plain}
    if 80 not in target.published_ports:
        doors["port 80"] = portal.port80
    served = {name: page for name, page in doors.items() if 200 <= page.status < 300}
    nothing(served, expected="no page", do=NGINX)
    holds(
        portal.home.status == 200,
        expected="a portal that serves pages by TLS",
        observed=portal.home,
        do=NGINX,
    )


@pytest.mark.control("8.1.3.2-e", "8.1.3.3-a", "8.1.4.4-d", "8.2.2.1-c")
def test_attacks_blocked(portal: PortalFacts) -> None:
    """The application firewall refuses attacks."""
    passed = {name: page for name, page in portal.attacks.items() if page.status != 403}
    holds(
        bool(portal.attacks) and not passed,
        expected="status 403 for each",
        observed=passed,
        do="See modsecurity.conf.",
    )


@pytest.mark.control("8.1.3.2-e")
def test_citizens_served(portal: PortalFacts) -> None:
    """The application firewall lets ordinary requests through."""
    equal([portal.home.status, portal.search.status], [200, 200], do="Tune the rule that refuses them.")


@pytest.mark.control("8.1.3.2-e", "8.1.4.4-b")
def test_other_methods_refused(portal: PortalFacts) -> None:
    """Nobody can upload or have requests echoed."""
    answers = {"TRACE": portal.trace, "PUT": portal.upload}
    good = all(400 <= page.status < 500 for page in answers.values())
    holds(good, expected="refused", observed=answers, do=NGINX)


@pytest.mark.control("8.1.3.2-e")
def test_other_names_refused(portal: PortalFacts) -> None:
    """A request for a name that is not the portal's gets no page."""
    page = portal.stranger
    holds(not 200 <= page.status < 400, expected="no page", observed=page, do=NGINX)


@pytest.mark.control("8.1.4.2-f", "8.1.4.4-d")
def test_hidden_files_not_served(portal: PortalFacts) -> None:
    """Settings, version control and backups are not served."""
    served = {path: page for path, page in portal.hidden.items() if not 400 <= page.status < 500}
    holds(bool(portal.hidden) and not served, expected="status 403 or 404", observed=served, do=NGINX)


@pytest.mark.control("8.1.4.4-d", "8.1.2.2-b")
def test_strict_transport(portal: PortalFacts) -> None:
    """Browsers are told to come by TLS only, for a year."""
    header = portal.home.headers.get("strict-transport-security", "")
    ages = [
        part.partition("=")[2] for part in header.replace(" ", "").split(";") if part.startswith("max-age=")
    ]
    holds(
        bool(ages) and int(ages[0]) >= YEAR,
        expected=said("Strict-Transport-Security: max-age={seconds}", seconds=YEAR),
        observed=header,
        do=NGINX,
    )


@pytest.mark.control("8.1.4.4-d")
def test_content_policy(portal: PortalFacts) -> None:
    """Browsers run no foreign or inline script and let nobody frame the page."""
    policy = portal.home.headers.get("content-security-policy", "")
    safe = "default-src" in policy and "unsafe-" not in policy and "*" not in policy
    unframed = any(f"frame-ancestors {who}" in policy for who in ("'none'", "'self'"))
    holds(
        safe and unframed,
        expected="a Content-Security-Policy with default-src and frame-ancestors, without unsafe-* and *",
        observed=policy,
        do=NGINX,
    )


@pytest.mark.control("8.1.4.4-d")
def test_browser_guards(portal: PortalFacts) -> None:
    """Browsers neither guess types, nor frame the page, nor tell others where a citizen came from."""
    expected = {"x-content-type-options": {"nosniff"}, "x-frame-options": {"deny", "sameorigin"},
                "referrer-policy": {"no-referrer", "same-origin", "strict-origin"}}  # fmt: skip
    found = {name: portal.home.headers.get(name, "").lower() for name in expected}
    wrong = {name: value for name, value in found.items() if value not in expected[name]}
    nothing(wrong, expected="nosniff, DENY, no-referrer", do=NGINX)


@pytest.mark.control("8.1.4.4-b")
def test_version_not_told(portal: PortalFacts) -> None:
    """The portal does not tell its software's version."""
    server = portal.home.headers.get("server", "")
    told = [
        word
        for word in (server, portal.home.headers.get("x-powered-by", ""))
        if any(c.isdigit() for c in word)
    ]
    holds(
        portal.home.status == 200 and not told, expected="no version", observed=told or portal.home, do=NGINX
    )


@pytest.mark.control("8.1.3.5-a", "8.1.3.5-b", "8.1.4.3-b")
def test_attacks_recorded(facts: HostFacts, portal: PortalFacts) -> None:
    """The audit's own attacks are on record, with time, source, target and kind."""
    found = [
        json.loads(line)["transaction"]
        for line in facts.raw("web_records").splitlines()
        if portal.mark in line
    ]
    complete = [
        item
        for item in found
        if item["time_stamp"] and item["client_ip"] and item["request"]["uri"] and item["messages"]
    ]
    holds(
        len(complete) == len(portal.attacks),
        expected=said("a record of each of the audit's {count} attacks", count=len(portal.attacks)),
        observed=said("{count} complete records", count=len(complete)),
        do="See SecAuditLog in modsecurity.conf, and whether every location has ModSecurity on.",
    )


@pytest.mark.control("8.1.3.5-b", "8.1.3.5-d")
def test_requests_recorded(facts: HostFacts, portal: PortalFacts) -> None:
    """Every request is on record, with time, source, target and result."""
    found = [json.loads(line) for line in facts.raw("web_requests").splitlines() if portal.mark in line]
    fields = {"time", "client", "method", "uri", "status"}
    holds(
        len(found) >= len(portal.attacks) and all(fields <= set(item) for item in found),
        expected=said(
            "{count} records with {fields}", count=len(portal.attacks), fields=", ".join(sorted(fields))
        ),
        observed=said("{count} records", count=len(found)),
        do=NGINX,
    )


@pytest.mark.control("8.1.4.2-d", "8.1.4.2-f")
def test_server_unprivileged(facts: HostFacts) -> None:
    """The processes that talk to citizens do not run as root."""
    rows = [line.split(maxsplit=1) for line in facts.raw("web_processes").splitlines()]
    workers = {user for user, program in rows if "worker" in program}
    equal(workers, {WORKER}, do="Set `user www-data;` in nginx.conf.")


@pytest.mark.control("8.1.4.2-g", "8.1.4.2-f")
def test_server_confined(own_kernel: HostFacts) -> None:
    """AppArmor keeps every process of the web server to the server's own profile."""
    labels = set(own_kernel.raw("web_confinement").splitlines())
    equal(labels, {CONFINED}, do="Run `systemctl reload apparmor && systemctl restart nginx`.")


@pytest.mark.control("8.1.4.7-b", "8.1.4.2-f")
def test_content_not_writable(facts: HostFacts) -> None:
    """The process that talks to citizens cannot change the pages (网页防篡改)."""
    pages = [line.split(maxsplit=3) for line in facts.raw("web_content").splitlines()]
    holds(
        any(kind == "f" for kind, *_ in pages), expected="pages", observed="none", do="Run `govcloud deploy`."
    )
    writable = [line for line in facts.raw("web_writable").splitlines() if line != "end"]
    strangers = [path for _, mode, user, path in pages if user != "root" or int(mode, 8) & 0o022]
    nothing(
        [*writable, *strangers],
        expected="pages of root that nobody else may change",
        do="chown and chmod them.",
    )
