"""Renders a role's template as Ansible does, with variables that need no Ansible."""

from __future__ import annotations

from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scripts.configure.playbook import PLAYBOOKS


def render(role: str, template: str, **variables: object) -> str:
    """The text that the host would get."""
    environment = Environment(  # noqa: S701 - as Ansible: templates escape for themselves
        loader=FileSystemLoader(PLAYBOOKS / "roles" / role / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(ansible_managed="Ansible managed", **variables)


def role_file(role: str, name: str) -> dict[str, Any]:
    """The content of a YAML file of a role, for example `vars/main.yml`."""
    content: dict[str, Any] = yaml.safe_load((PLAYBOOKS / "roles" / role / name).read_text(encoding="utf-8"))
    return content
