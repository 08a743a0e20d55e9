"""The policy files of OpenStack's services give a project's users nothing; they only take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from stacks.plan.grants import DEPLOYER
from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "openstack"
ADMINISTRATOR = {"rule:admin_only", "rule:context_is_admin", "rule:admin_required"}
SERVICES = {"role:service"}
ORDINARY = {"not rule:network_device"}
"""What leaves an ordinary port alone."""
OWNERS = ("project_id:%(project_id)s", "rule:network_owner", "rule:sg_owner")
DEPLOYERS = {
    f"rule:{name}": f"role:{DEPLOYER} and {owner}"
    for name, owner in zip(("project_deployer", "network_deployer", "group_deployer"), OWNERS, strict=True)
}
"""Rules of our own: the deployment user, within its project."""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_rules_are_for_administrators_deployers_and_services(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = yaml.safe_load(text)
    assert len(rules) == len(re.findall(r'^"', text, re.MULTILINE)), "a rule is there twice"
    for name, rule in rules.items():
        if f"rule:{name}" in DEPLOYERS:
            assert rule == DEPLOYERS[f"rule:{name}"]
            continue
        alternatives = set(rule.split(" or "))
        assert alternatives & ADMINISTRATOR, name
        assert alternatives <= ADMINISTRATOR | SERVICES | ORDINARY | DEPLOYERS.keys(), name


def test_every_service_of_the_wall_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {"glance", "keystone", "neutron", "nova"}


def test_the_operators_page_names_every_file() -> None:
    page = (REPOSITORY / "docs" / "ops-existing-cloud.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert f"policies/openstack/{path.name}" in page
