"""The policy files of OpenStack's services give a project's users nothing; they only take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "openstack"
ADMINISTRATOR = {"rule:admin_only", "rule:context_is_admin", "rule:admin_required"}
SERVICES = {"role:service"}
ORDINARY = {"not rule:network_device"}
"""What leaves an ordinary port alone."""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_rules_are_for_administrators_and_services(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = yaml.safe_load(text)
    assert len(rules) == len(re.findall(r'^"', text, re.MULTILINE)), "a rule is there twice"
    for name, rule in rules.items():
        alternatives = set(rule.split(" or "))
        assert alternatives & ADMINISTRATOR, name
        assert alternatives <= ADMINISTRATOR | SERVICES | ORDINARY, name


def test_every_service_of_the_wall_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {"glance", "keystone", "neutron", "nova"}


def test_the_operators_page_names_every_file() -> None:
    page = (REPOSITORY / "docs" / "ops-existing-cloud.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert f"policies/openstack/{path.name}" in page
