"""A tenant grows for its season and shrinks after it; who stays is not touched, who leaves answers first."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from threading import Event

import httpx
import pytest

from scripts.configure.authority import Authority
from scripts.engine.outputs import read_outputs
from scripts.prove.outside import probe_outside
from scripts.prove.prober import Outcome
from stacks.cloud import cloud_access
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME = "zz-season"
WINTER, SUMMER, AUTUMN = "2027-01-15", "2027-05-01", "2027-11-01"
PATIENCE = 120.0
"""Seconds that a leaving host may take to refuse new callers: an `up` plans and greets before."""
KNOCK_SECONDS = 2.0


def built(govcloud: Command, cloud: Cloud, day: str) -> tuple[dict[str, str], int, int]:
    """Bring the tenant to a day: its servers' ids by name, its public addresses, its quota of instances."""
    ran = govcloud("up", NAME, GOVCLOUD_DATE=day)
    assert ran.returncode == 0, ran.stderr
    return standing(cloud)


def standing(cloud: Cloud) -> tuple[dict[str, str], int, int]:
    """What there is of the tenant."""
    project = cloud.identity.find_project(NAME, ignore_missing=False).id
    servers = {item.name: item.id for item in cloud.compute.servers(all_projects=True, project_id=project)}
    quota = cloud.compute.get_quota_set(project)
    return servers, len(list(cloud.network.ips(project_id=project))), quota.instances


class SlowCaller:
    """A citizen whose letter takes until `finish`; what it is answered shows whether it was cut off."""

    def __init__(self, address: str, settings: Settings) -> None:
        self._address = address
        self._proxy = cloud_access(settings.cloud).proxy
        self._trust = ssl.create_default_context(cafile=str(Authority.of(settings).certificate))
        self.begun, self.finish = Event(), Event()

    def status(self) -> int:
        """Send the letter and wait for the answer to it."""
        with httpx.Client(verify=self._trust, proxy=self._proxy, timeout=PATIENCE, trust_env=False) as client:
            return client.post(f"https://{self._address}/", content=self._letter()).status_code

    def newcomer(self) -> Outcome:
        """How somebody fares who calls only now."""
        probe = (IPv4Address(self._address), 443, False)
        return asyncio.run(probe_outside(self._proxy, [probe], KNOCK_SECONDS))[0]

    def _letter(self) -> Iterator[bytes]:
        yield b"letter="
        self.begun.set()
        while not self.finish.wait(1):
            yield b"a"


@pytest.mark.usefixtures("deployment")
def test_up_in_season_down_after_it_and_nothing_lost(
    govcloud: Command, cloud: Cloud, settings: Settings
) -> None:
    content = throwaway.request(
        NAME,
        classification="public",
        segments=[{"name": "portal", "zone": "portal", "size": 10}],
        publish=[{"hostname": "season.tests.example", "host": "web"}],
        seasons=[{"from": "04-01", "to": "10-31", "factor": 3}],
    )
    groups = ("web", "keep")
    content["hosts"] = [{"name": name, "segment": "portal", "flavor": "small"} for name in groups]
    content["hosts"][0] |= {"workload": "portal", "site": {"title": "测试", "services": ["12345"]}}
    with throwaway.tenant(govcloud, content):
        winter, addresses, quota = built(govcloud, cloud, WINTER)
        assert (set(winter), addresses, quota) == ({f"{NAME}-web-1", f"{NAME}-keep-1"}, 1, 4)
        summer, addresses, quota = built(govcloud, cloud, SUMMER)
        assert set(summer) == {*winter, f"{NAME}-web-2", f"{NAME}-web-3"}
        assert (addresses, quota) == (3, 12)
        deployed = govcloud("deploy", NAME, GOVCLOUD_DATE=SUMMER)
        assert deployed.returncode == 0, deployed.stderr
        leave_while_a_citizen_writes(govcloud, cloud, settings, summer[f"{NAME}-web-2"])
        autumn, addresses, quota = standing(cloud)
        assert autumn == winter
        assert winter.items() <= summer.items()
        # The quota outlasts the season by a week: Nova refuses a limit below what is in use.
        assert (addresses, quota) == (1, 12)


def leave_while_a_citizen_writes(govcloud: Command, cloud: Cloud, settings: Settings, broken: str) -> None:
    """The season ends: who writes to a host that leaves is answered; one that is broken leaves too."""
    cloud.compute.stop_server(broken)
    cloud.compute.wait_for_server(cloud.compute.get_server(broken), status="SHUTOFF")
    outputs = read_outputs(settings).tenants[NAME].hosts["web-3"]
    caller = SlowCaller(str(outputs.floating_address), settings)
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(caller.status)
        assert caller.begun.wait(PATIENCE)
        assert caller.newcomer() is Outcome.OPEN
        leaving = govcloud.start("up", NAME, GOVCLOUD_DATE=AUTUMN)
        try:
            deadline = time.monotonic() + PATIENCE
            while caller.newcomer() is Outcome.OPEN:
                assert time.monotonic() < deadline, "the host that leaves still takes new callers"
            assert caller.newcomer() is Outcome.REFUSED
        finally:
            caller.finish.set()
        assert answer.result(PATIENCE) == 403
    said, _ = leaving.communicate(timeout=600)
    assert leaving.returncode == 0, said
    assert f"out of service first: {NAME}-web-2, {NAME}-web-3" in said
    assert f"{NAME}-web-2 could not be drained" in said
    assert f"{NAME}-web-3 could not be drained" not in said
