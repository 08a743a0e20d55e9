"""How long a host takes to be there, to be configured, and to be audited."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator

import httpx

from scripts.access.auditor import open_audit
from scripts.access.deployment import open_deployment
from scripts.access.outside import Portal
from scripts.bench.figure import Figure, Measurement
from scripts.bench.requests import portal, single
from scripts.bench.workbench import Workbench
from scripts.configure.authority import Authority
from scripts.evidence.run import audit
from scripts.evidence.target import PLATFORM
from stacks.errors import HostError

PATIENCE = 300.0
"""Seconds until a host that does not answer is given up."""


def _take_host(bench: Workbench, runs: int) -> Iterator[Figure]:
    seconds = []
    for _ in range(runs):
        with bench.requested(single()) as (tenant,):
            started = time.monotonic()
            bench.govcloud("up", tenant)
            await_ssh(bench, tenant)
            seconds.append(time.monotonic() - started)
    command, note = "time govcloud up TENANT, until `ssh HOST true`", "the platform learns its route as well"
    yield Figure("one tenant with one host, until SSH", statistics.median(seconds), "s", 45, command, note)


def _take_deploy(bench: Workbench, runs: int) -> Iterator[Figure]:
    bare, again, changed = list[float](), list[float](), 0
    for _ in range(runs):
        with bench.requested(portal()) as (tenant,):
            bench.govcloud("up", tenant)
            await_ssh(bench, tenant)
            bare.append(bench.govcloud("deploy", tenant).seconds)
            second = bench.govcloud("deploy", tenant, "--json")
            again.append(second.seconds)
            changed += sum(len(host["changed"]) for host in second.json["hosts"])
    command = "time govcloud deploy TENANT"
    yield Figure("one portal host from bare", statistics.median(bare), "s", 150, command)
    note = f"{changed} tasks changed something"
    yield Figure("one portal host again", statistics.median(again), "s", 40, command, note)
    yield Figure("changes of the second run", changed, "", 0, command)


def _take_audit(bench: Workbench, runs: int) -> Iterator[Figure]:
    checks, whole, worked = list[float](), list[float](), list[float]()
    with bench.requested(portal()) as (tenant,):
        bench.govcloud("up", tenant)
        bench.govcloud("deploy", PLATFORM, tenant)  # the auditor comes through the bastion
        host = await_ssh(bench, tenant)
        deployment = open_audit(bench.settings)
        for _ in range(runs):
            whole.append(bench.govcloud("audit", "--host", host, "--json").seconds)
            started, work = time.monotonic(), time.process_time()
            found = audit(deployment, [tenant], [host], lambda _: None)
            checks.append(time.monotonic() - started)
            worked.append(time.process_time() - work)
    command, count = "govcloud audit --host HOST", len(found.results)
    work = statistics.median(worked)
    note = f"{count} checks; the connection is open; {work:.2f} s of the auditor's processor"
    yield Figure("audit of one host", statistics.median(checks), "s", 3, command, note)
    note = "with the start of Python and reading what was built"
    yield Figure("audit of one host, the whole command", statistics.median(whole), "s", None, command, note)


def _take_restart(bench: Workbench, runs: int) -> Iterator[Figure]:
    down, until = list[float](), list[float]()
    with bench.requested(portal()) as (tenant,):
        bench.govcloud("up", tenant)
        bench.govcloud("deploy", PLATFORM, tenant)
        for _ in range(runs):
            down.append(bench.govcloud("lab", "down").seconds)
            started = time.monotonic()
            bench.govcloud("lab", "up")
            _await_page(bench, tenant)
            until.append(time.monotonic() - started)
    gone, back = statistics.median(down), statistics.median(until)
    note = f"bastion and one portal; {gone:.1f} s down, {back:.1f} s until the portal gives its page again"
    command = "time (govcloud lab down && govcloud lab up), until the portal answers"
    yield Figure("lab with hosts stopped and started again", gone + back, "s", None, command, note)


def _await_page(bench: Workbench, tenant: str) -> None:
    """Wait until the tenant's only host shows its portal to the outside.

    Raises:
        HostError: it does not.
    """
    deployment = open_deployment(bench.settings)
    (host,) = deployment.plan.tenant(tenant).hosts
    address = deployment.outputs.tenants[tenant].hosts[host.key].floating_address or ""
    authority = Authority.of(bench.settings).certificate
    door = Portal(host.hostnames[0], address, deployment.access.proxy, authority)
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            door.request("GET").raise_for_status()
        except (HostError, httpx.HTTPStatusError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
        else:
            return


def await_ssh(bench: Workbench, tenant: str) -> str:
    """Wait until the tenant's only host answers; returns its name.

    Raises:
        HostError: it does not.
    """
    deployment = open_deployment(bench.settings)
    name = deployment.plan.tenant(tenant).hosts[0].name
    command = ["ssh", "-F", str(deployment.ssh_config), "-o", "ConnectTimeout=2", name, "true"]
    ends = time.monotonic() + PATIENCE
    while subprocess.run(command, capture_output=True, check=False).returncode != 0:
        if time.monotonic() > ends:
            raise HostError(f"host {name} does not answer.", f"Look with `{' '.join(command)}`.")
        time.sleep(0.2)
    return name


HOST = Measurement("host", "one tenant with one host, until SSH answers", _take_host, runs=3)
DEPLOY = Measurement("deploy", "one portal host, from bare and again", _take_deploy)
RESTART = Measurement("restart", "a lab with hosts, stopped and started again", _take_restart, own_lab=True)
AUDIT = Measurement("audit", "the audit of one host", _take_audit, runs=3)
