"""Records at the collector too, over TLS with a certificate at either end.

Sources: GB/T 22239-2019 8.1.5.4 d, 8.1.4.3 c, 8.1.3.5 c, 8.1.2.2; RFC 5425. Whoever declares no collector
keeps records on hosts alone, and has one finding for it on each.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.questions import SENDER_KEYS
from scripts.evidence.host.remote_log import delivery, handshake
from scripts.evidence.said import said, verbatim
from scripts.evidence.setting import Setting, named
from scripts.evidence.target import Target
from stacks.plan.model import Plan
from stacks.request.platform import LogService
from tests.audit.rows import each, judge

DEPLOY = "Run `govcloud deploy`."
COPY = "8.1.5.4-d 8.1.4.3-c 8.1.3.5-c"
TRANSIT = "8.1.2.2-a 8.1.2.2-b"
ACTION = (
    *named(COPY, "tcp", "protocol"),
    *named(COPY, "octet-counted", "tcp_framing"),
    *named(TRANSIT, "gtls", "streamdriver"),
    *named(TRANSIT, "1", "streamdrivermode"),
    *named(f"{TRANSIT} 8.2.4.1-a", "x509/name", "streamdriverauthmode"),
    *named(f"{TRANSIT} 8.2.4.1-a", "on", "streamdriver.checkextendedkeypurpose"),
    *named(f"{TRANSIT} 8.2.4.1-a", "off", "streamdriver.permitexpiredcerts"),
    *named(COPY, "Disk", "queue.type"),
    *named(COPY, "on", "queue.saveonshutdown"),
    *named(COPY, "-1", "action.resumeretrycount"),
)
"""Of the one action: how records travel, and that they wait on the disk for as long as it takes."""

PACKAGE = "rsyslog-gnutls"
NEW_PROTOCOLS = ("TLSv1.2", "TLSv1.3")
NOBODY = said("nobody")
NOTHING = said("nothing")


collected = pytest.mark.usefixtures("collector")
"""For checks that need no more of the collector than that there is one."""


def declared(plan: Plan) -> LogService:
    """Where records are collected; without it there is nothing more to judge."""
    log = plan.platform.platform.core_services.log
    if log is None:
        pytest.skip("the platform declares no log collector")
    return log


@pytest.fixture
def collector(plan: Plan) -> LogService:
    """Where records are collected."""
    return declared(plan)


@pytest.mark.control("8.1.5.4-d", "8.1.4.3-c", "8.1.3.5-c")
def test_collector_declared(facts: HostFacts, plan: Plan) -> None:
    """There is one place where records are collected, and the host has what it takes to send them there."""
    log = plan.platform.platform.core_services.log
    holds(
        log is not None,
        expected="a log collector in platform.yaml",
        observed="none",
        do="Declare `core_services.log`; see docs/ops-existing-cloud.md.",
    )
    holds(PACKAGE in facts.packages, expected=verbatim(PACKAGE), observed="not installed", do=DEPLOY)


@pytest.mark.control("8.1.5.4-d", "8.1.4.3-d")
@collected
def test_sender_runs(facts: HostFacts) -> None:
    """What sends records runs, and starts at every boot."""
    unit = facts.units.get("rsyslog.service")
    observed = f"{unit.enabled}, {unit.active}" if unit else "no such unit"
    equal(observed, "enabled, active", do="systemctl enable --now rsyslog.")


@pytest.mark.control("8.1.5.4-d", "8.1.2.2-b", "8.2.4.1-a")
def test_sent_to_the_collector_alone(facts: HostFacts, collector: LogService) -> None:
    """Records leave for the planned collector, are believed to be at it by its name, and go nowhere else."""
    observed = [
        f"{item.type} {item.parameters.get('target')}:{item.parameters.get('port')} "
        f"as {item.parameters.get('streamdriverpermittedpeers')}"
        for item in facts.sender.of("action")
    ]
    wanted = [f"omfwd {collector.address}:{collector.port} as {collector.name}"]
    equal([*observed, *facts.sender.foreign], wanted, do=DEPLOY)


@each(ACTION)
@collected
def test_setting(facts: HostFacts, row: Setting) -> None:
    """Records travel encrypted to a collector that proves its name, and wait on the disk while it is away."""
    (action,) = facts.sender.of("action") or (None,)
    judge(row, action.parameters.get(row.name) if action else None, do=DEPLOY)


@pytest.mark.control("8.1.5.4-d", "8.1.4.3-c")
@collected
def test_whole_journal_sent(facts: HostFacts, target: Target) -> None:
    """Everything in the journal is sent, and so are a portal's own records."""
    sender = facts.sender
    observed = {item.type for item in sender.of("module")} | {
        item.parameters.get("file", "") for item in sender.of("input")
    }
    web = {"/var/log/nginx/access.log", "/var/log/nginx/modsecurity.log"} if target.is_portal else set()
    missing = ({"imjournal"} | web) - observed
    holds(
        not missing,
        expected=said("these sent to {collector}", collector=collector.name),
        observed=said("missing: {files}", files=sorted(missing)),
        do=DEPLOY,
    )


@pytest.mark.control("8.1.2.2-a", "8.1.2.2-b", "8.2.4.1-a")
def test_collector_proves_itself(facts: HostFacts, collector: LogService) -> None:
    """The collector has the planned name in a certificate of the deployment's CA, and speaks new TLS."""
    found = facts.read(handshake, "log_handshake")
    holds(
        found.protocol in NEW_PROTOCOLS and found.verified == collector.name,
        expected=said("{name}, verified, over {protocols}", name=collector.name, protocols=NEW_PROTOCOLS),
        observed=said(
            "{name}, verified, over {protocols}",
            name=found.verified or NOBODY,
            protocols=found.protocol or NOTHING,
        ),
        do="See the collector's certificate and the host's authority.pem.",
    )


@pytest.mark.control("8.2.4.1-a", "8.1.4.2-f")
@collected
def test_own_key_protected(facts: HostFacts) -> None:
    """The key by which the host proves itself to the collector is root's alone."""
    found = facts.files.get(f"{SENDER_KEYS}/key.pem")
    holds(
        found is not None and found.user == "root" and not found.mode & 0o077,
        expected="root's, mode 0600",
        observed=found or "no key",
        do="chmod 0600 the key; if others could read it, remove it and run `govcloud deploy`.",
    )


@pytest.mark.control("8.1.5.4-d", "8.1.4.3-c", "8.1.3.5-c")
def test_records_arrive(facts: HostFacts, collector: LogService) -> None:
    """The host has a session with the collector, which takes what is recorded now."""
    found = facts.read(delivery, "log_delivery")
    holds(
        found.arrived,
        expected=said(
            "a session with {collector} that takes a new record",
            collector=f"{collector.address}:{collector.port}",
        ),
        observed="no session" if found.after is None else "nothing taken",
        do="See `journalctl -u rsyslog`: is the collector there? Records wait on the host until it is.",
    )
