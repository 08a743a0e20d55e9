"""OpenStack's policy files give a project's users nothing: they take, and let the auditor read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from stacks.plan.grants import AUDITOR, DEPLOYER
from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "openstack"
ADMINISTRATOR = {"rule:admin_only", "rule:admin_api", "rule:context_is_admin", "rule:admin_required"}
SERVICES = {"role:service"}
ORDINARY = {"not rule:network_device"}
"""What leaves an ordinary port alone."""
OWNERS = ("project_id:%(project_id)s", "rule:network_owner", "rule:sg_owner")
DEPLOYERS = {
    f"rule:{name}": f"role:{DEPLOYER} and {owner}"
    for name, owner in zip(("project_deployer", "network_deployer", "group_deployer"), OWNERS, strict=True)
}
"""Rules of our own: the deployment user, within its project."""
READER = {
    "auditor": f"role:{AUDITOR}",
    "project_reader": "role:reader and project_id:%(project_id)s",
}
"""Rules of our own that stand in nothing but rules that read."""
READS = re.compile(
    r"get_|context_with_global_access$|identity:list_|os_compute_api:[a-z-]+:(index|detail|show|list)(:[a-z_]+)?$"
    r"|os_compute_api:os-flavor-access$|volume_extension:quotas:show$|volume:get_all$"
)


def reads(name: str) -> bool:
    """Whether a rule is one of those by which nothing can be changed."""
    return name in READER or READS.match(name) is not None


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_auditor_is_known_by_role_alone(path: Path) -> None:
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert rules["auditor"] == READER["auditor"]
    assert rules.get("project_reader", READER["project_reader"]) == READER["project_reader"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_rules_are_for_administrators_deployers_and_services(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = yaml.safe_load(text)
    assert len(rules) == len(re.findall(r'^"', text, re.MULTILINE)), "a rule is there twice"
    for name, rule in rules.items():
        if f"rule:{name}" in DEPLOYERS:
            assert rule == DEPLOYERS[f"rule:{name}"]
            continue
        if "not rule:auditor" in rule:
            assert rule.count("rule:auditor") == 1, name
            continue
        if name in READER or "rule:auditor" in rule:
            assert reads(name), f"{name} lets the auditor do more than read"
            continue
        alternatives = set(rule.split(" or "))
        assert alternatives & ADMINISTRATOR, name
        assert alternatives <= ADMINISTRATOR | SERVICES | ORDINARY | DEPLOYERS.keys(), name


def test_every_service_of_the_wall_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {
        "cinder",
        "glance",
        "keystone",
        "neutron",
        "nova",
    }


def test_the_operators_page_names_every_file() -> None:
    page = (REPOSITORY / "docs" / "ops-existing-cloud.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert f"policies/openstack/{path.name}" in page
