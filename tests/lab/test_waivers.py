"""A waiver on the lab: it bears what is broken for a time, says so everywhere, and is over on its day."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from scripts.access.deployment import Deployment
from scripts.evidence.dossier import JUNIT, PAGE, folder
from scripts.evidence.runs import DATA
from tests.lab.conftest import Command
from tests.lab.mutation import Mutation
from tests.lab.test_audit_hosts import broken

HOST, TENANT = "taihe-office-oa-1", "taihe-office"
CHECK = "files/protected[/etc/shadow]"
BREAK = Mutation("chmod 644 /etc/shadow", "chmod 640 /etc/shadow", frozenset({CHECK}))
AFTER = "2027-06-01"


@pytest.fixture
def waivers(tmp_path: Path) -> Path:
    """Until the end of March; the tests' own day is in January."""
    decision = {
        "checks": [CHECK],
        "hosts": [HOST],
        "reason": "The old directory reads the file until it is replaced.",
        "decided_by": "Wang Fang",
        "since": "2026-12-01",
        "until": "2027-03-31",
        "sets": {"logging_disk_free": "128M"},
    }
    (tmp_path / "directory.yaml").write_text(yaml.safe_dump(decision), encoding="utf-8")
    return tmp_path


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
