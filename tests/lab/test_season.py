"""A tenant grows for its season and shrinks after it; who stays is not touched."""

from __future__ import annotations

import pytest

from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME = "zz-season"
WINTER, SUMMER, AUTUMN = "2027-01-15", "2027-05-01", "2027-11-01"


def built(govcloud: Command, cloud: Cloud, day: str) -> tuple[dict[str, str], int, int]:
    """Bring the tenant to a day: its servers' ids by name, its public addresses, its quota of instances."""
    ran = govcloud("up", NAME, GOVCLOUD_DATE=day)
    assert ran.returncode == 0, ran.stderr
    project = cloud.identity.find_project(NAME, ignore_missing=False).id
    servers = {item.name: item.id for item in cloud.compute.servers(all_projects=True, project_id=project)}
    quota = cloud.compute.get_quota_set(project)
    return servers, len(list(cloud.network.ips(project_id=project))), quota.instances


@pytest.mark.usefixtures("deployment")
def test_up_in_season_down_after_it_and_nothing_lost(govcloud: Command, cloud: Cloud) -> None:
    content = throwaway.request(
        NAME,
        classification="public",
        segments=[{"name": "portal", "zone": "portal", "size": 10}],
        publish=[{"hostname": "season.tests.example", "host": "web"}],
        seasons=[{"from": "04-01", "to": "10-31", "factor": 3}],
    )
    groups = ("web", "keep")
    content["hosts"] = [{"name": name, "segment": "portal", "flavor": "small"} for name in groups]
    with throwaway.tenant(govcloud, content):
        winter, addresses, quota = built(govcloud, cloud, WINTER)
        assert (set(winter), addresses, quota) == ({f"{NAME}-web-1", f"{NAME}-keep-1"}, 1, 4)
        summer, addresses, quota = built(govcloud, cloud, SUMMER)
        assert set(summer) == {*winter, f"{NAME}-web-2", f"{NAME}-web-3"}
        assert (addresses, quota) == (3, 12)
        autumn, addresses, quota = built(govcloud, cloud, AUTUMN)
        assert autumn == winter
        assert winter.items() <= summer.items()
        # The quota outlasts the season by a week: Nova refuses a limit below what is in use.
        assert (addresses, quota) == (1, 12)
