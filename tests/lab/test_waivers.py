"""A waiver on the lab: it bears what is broken for a time, says so everywhere, and is over on its day."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from scripts.access.deployment import Deployment
from scripts.evidence.dossier import JUNIT, PAGE, folder
from scripts.evidence.host.gather import connect
from scripts.evidence.runs import DATA
from tests.lab.conftest import Command
from tests.lab.mutation import Mutation
from tests.lab.test_audit_hosts import broken
from tests.lab.test_deploy_convergence import changed

HOST, TENANT = "taihe-office-oa-1", "taihe-office"
CHECK = "files/protected[/etc/shadow]"
BREAK = Mutation("chmod 644 /etc/shadow", "chmod 640 /etc/shadow", frozenset({CHECK}))
AFTER = "2027-06-01"

ITEMS = {"ssh/setting[maxsessions]", "kernel/network_parameter[net.ipv4.conf.all.log_martians]"}
SETS = {
    "ssh_settings_overrides": {"MaxSessions": 12},
    "kernel_network_overrides": {"net.ipv4.conf.all.log_martians": 0},
    "filesystems_mounts_overrides": {"/var/tmp": ["nosuid", "nodev"]},
}
TASKS = {
    "ssh: Harden the SSH server",
    "kernel: Apply the settings, now and at boot",
    "filesystems: Bound what can be done in folders for data, at boot and now",
}


def written(folder: Path, **values: object) -> Path:
    """A waiver until the end of March; the tests' own day is in January."""
    decision = {
        "hosts": [HOST],
        "reason": "The old directory reads the file until it is replaced.",
        "decided_by": "Wang Fang",
        "since": "2026-12-01",
        "until": "2027-03-31",
    }
    (folder / "directory.yaml").write_text(yaml.safe_dump(decision | values), encoding="utf-8")
    return folder


@pytest.fixture
def waivers(tmp_path: Path) -> Path:
    """One that lets a file be read."""
    return written(tmp_path, checks=[CHECK], sets={"logging_disk_free": "128M"})


def audited(govcloud: Command, *tenants: str, **changes: str) -> tuple[int, dict[str, str]]:
    """Exit code, and every result that did not simply pass."""
    done = govcloud("audit", *tenants, "--json", **changes)
    found = json.loads(done.stdout)["results"]
    passed = ("passed", "not applicable here")
    return done.returncode, {
        f"{item['area']}/{item['check']}": item["outcome"] for item in found if item["outcome"] not in passed
    }


def test_a_waiver_bears_what_is_broken_until_its_day(
    deployment: Deployment, govcloud: Command, waivers: Path
) -> None:
    there = {"GOVCLOUD_WAIVERS": str(waivers)}
    assert govcloud("check", **there).returncode == 0
    with broken(deployment, HOST, (BREAK,)):
        assert audited(govcloud, TENANT) == (7, {CHECK: "failed"})
        assert audited(govcloud, TENANT, **there) == (0, {CHECK: "waived"})
        evidence = folder(deployment.settings, TENANT)
        assert "The old directory reads" in (evidence / PAGE).read_text(encoding="utf-8")
        assert "Wang Fang" in (evidence / DATA).read_text(encoding="utf-8")
        suite = ET.parse(evidence / JUNIT).getroot()[0]  # noqa: S314 - written by the run above
        assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
        code, found = audited(govcloud, TENANT, "platform", **there, GOVCLOUD_DATE=AFTER)
        assert (code, found[CHECK], found["waivers/in_force[directory]"]) == (7, "failed", "failed")
    done = govcloud("audit", TENANT, "--json", **there)
    assert json.loads(done.stdout)["unneeded waivers"] == ["directory"]


def test_a_deployment_sets_the_items_that_are_waived_and_sets_them_back(
    deployment: Deployment, govcloud: Command, tmp_path: Path
) -> None:
    there = {"GOVCLOUD_WAIVERS": str(written(tmp_path, checks=sorted(ITEMS), sets=SETS))}
    machine = connect(HOST, deployment.ssh_config)
    changed(govcloud("deploy", TENANT, "--json"))
    try:
        assert set(changed(govcloud("deploy", TENANT, "--json", **there))[HOST]) >= TASKS
        assert changed(govcloud("deploy", TENANT, "--check", "--json", **there))[HOST] == []
        assert changed(govcloud("deploy", TENANT, "--json", **there))[HOST] == []
        assert "noexec" not in machine.check_output("findmnt -no OPTIONS --mountpoint /var/tmp")
        assert audited(govcloud, TENANT, **there) == (0, dict.fromkeys(ITEMS, "waived"))
        assert audited(govcloud, TENANT) == (7, dict.fromkeys(ITEMS, "failed"))
        over = {**there, "GOVCLOUD_DATE": AFTER}
        assert set(changed(govcloud("deploy", TENANT, "--check", "--json", **over))[HOST]) >= TASKS
    finally:
        back = changed(govcloud("deploy", TENANT, "--json"))
    assert set(back[HOST]) >= TASKS
    assert "noexec" in machine.check_output("findmnt -no OPTIONS --mountpoint /var/tmp")
    assert audited(govcloud, TENANT) == (0, {})


def test_an_item_that_no_role_has_is_refused_before_anything_is_set(
    govcloud: Command, tmp_path: Path
) -> None:
    there = written(tmp_path, checks=sorted(ITEMS), sets={"ssh_settings_overrides": {"MaxSession": 12}})
    for verb in (("check",), ("deploy", TENANT)):
        done = govcloud(*verb, GOVCLOUD_WAIVERS=str(there))
        assert done.returncode == 2
        assert "MaxSessions" in done.stdout + done.stderr
