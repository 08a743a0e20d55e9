"""Volumes of a host: mounted with their options, never removed in passing, with the same data afterwards."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from scripts.access.deployment import Deployment, open_deployment
from stacks.request.ledger import FILE_NAME
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command
from tests.lab.mutation import RECORD, record
from tests.lab.test_audit_hosts import bad
from tests.lab.test_change import changed_of
from tests.lab.test_destroy import leftovers

NAME = "zz-volume"
HOST = f"{NAME}-node-1"
LETTER = "/srv/files/letter"
FILES = {"name": "files", "size": 1, "mount": "/srv/files"}
TOOLS = {"name": "tools", "size": 1, "mount": "/data/tools", "programs": True}
REMOUNTED = "mount -o remount,exec /srv/files"


def request(*volumes: dict[str, Any]) -> dict[str, Any]:
    content = throwaway.request(NAME, hosts=1)
    content["hosts"][0] |= {"volumes": list(volumes)} if volumes else {}
    return content


def on(deployment: Deployment, command: str) -> str:
    full = ["ssh", "-F", str(deployment.ssh_config), HOST, command]
    return subprocess.run(full, capture_output=True, text=True, timeout=60, check=False).stdout.strip()


def red(govcloud: Command) -> set[str]:
    done = govcloud("audit", NAME, "--json")
    return {f"{one['area']}/{one['check']}" for one in json.loads(done.stdout)["results"] if bad(one)}


def deployed(govcloud: Command) -> list[str]:
    """The tasks that changed something on the host."""
    ran = govcloud("deploy", NAME, "--json")
    assert ran.returncode == 0, ran.stderr
    (host,) = json.loads(ran.stdout)["hosts"]
    return list(host["changed"])


def test_data_stay_whatever_is_done_again(
    deployment: Deployment, settings: Settings, cloud: Cloud, govcloud: Command
) -> None:
    assert deployment
    folder = Path(govcloud.environment["GOVCLOUD_TENANTS"])
    with throwaway.tenant(govcloud, request(FILES, TOOLS)):
        assert changed_of(govcloud, NAME) > 0
        assert deployed(govcloud)
        there = open_deployment(settings)
        program = "sudo install --mode 0755 /bin/true"
        assert on(there, f"{program} /srv/files && {program} /data/tools") == ""
        assert on(there, f"echo kept | sudo tee {LETTER}") == "kept"
        # Programs start from the one that was asked for, and not from the other.
        assert on(there, "/data/tools/true && echo ran; /srv/files/true || echo refused") == "ran\nrefused"
        assert (changed_of(govcloud, NAME), deployed(govcloud)) == (0, [])

        assert red(govcloud) == set()
        on(there, f"sudo {REMOUNTED}")
        assert red(govcloud) == {"files/volumes_mounted"}
        assert deployed(govcloud) == ["volumes: Make and mount what the volumes hold"]
        assert red(govcloud) == set()
        record(RECORD, HOST, {REMOUNTED: {"files/volumes_mounted"}})

        project = cloud.identity.find_project(NAME, ignore_missing=False).id
        before = [item.id for item in cloud.compute.servers(all_projects=True, project_id=project)]
        ledger = folder / FILE_NAME
        recorded = ledger.read_bytes()
        for smaller in (request(FILES), request(FILES, {**TOOLS, "size": 2}), throwaway.request(NAME)):
            throwaway.write(folder, smaller)
            refused = govcloud("up", NAME)
            assert refused.returncode == 5, refused.stdout
            assert f"{HOST}.tools: it is protected and stays" in refused.stderr
            assert ledger.read_bytes() == recorded
            assert [
                item.id for item in cloud.compute.servers(all_projects=True, project_id=project)
            ] == before
        throwaway.write(folder, request(FILES, TOOLS))
        assert changed_of(govcloud, NAME) == 0
        assert on(there, f"sudo cat {LETTER}") == "kept"

        removed = govcloud("destroy", NAME, "--yes")
        assert removed.returncode == 0, removed.stderr
        assert leftovers(cloud, project, set(before), NAME) == {}
