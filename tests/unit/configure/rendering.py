"""Renders a role's template with Ansible's own engine, as the host would get it."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from scripts.configure.playbook import PLAYBOOKS

LOADER = DataLoader()
ROLES = PLAYBOOKS / "roles"


def render(role: str, template: str, **variables: object) -> str:
    """The text that the host would get.

    Args:
        variables: what the inventory gives; the role's own defaults and variables are there.
    """
    text = (ROLES / role / "templates" / template).read_text(encoding="utf-8")
    templar = _templar(role, {"ansible_managed": "Ansible managed", **variables})
    return str(templar.template(trust_as_template(text), escape_backslashes=False))


def runs(role: str, task: str, **variables: object) -> bool:
    """Whether a task of a role is carried out, by its `when`."""
    tasks = LOADER.load_from_file(str(ROLES / role / "tasks" / "main.yml"), trusted_as_template=True)
    (found,) = (item for item in tasks if item["name"] == task)
    return bool(_templar(role, {**found.get("vars", {}), **variables}).evaluate_expression(found["when"]))


def _templar(role: str, variables: dict[str, object]) -> Any:  # noqa: ANN401 - Ansible has no types
    return Templar(LOADER, {**loaded(role, "defaults"), **variables, **loaded(role, "vars")})


@cache
def loaded(role: str, part: str) -> dict[str, Any]:
    """The defaults or the variables of a role, templates in them trusted; empty where it has none."""
    path = ROLES / role / part / "main.yml"
    if not path.exists():
        return {}
    found: dict[str, Any] = LOADER.load_from_file(str(path), trusted_as_template=True)
    return found


def role_file(role: str, name: str) -> dict[str, Any]:
    """The content of a YAML file of a role, for example `vars/main.yml`."""
    content: dict[str, Any] = yaml.safe_load((ROLES / role / name).read_text(encoding="utf-8"))
    return content
