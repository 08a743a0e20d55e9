"""What a role of the deployment writes on every host alike, read from the role, to compare hosts with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks.settings import REPOSITORY

ROLES = REPOSITORY / "playbooks" / "roles"


@cache
def own_values(role: str) -> Mapping[str, Any]:
    """A role's own defaults and variables, as their files have them: what is a template stays one."""
    values: dict[str, Any] = {}
    for path in (ROLES / role / part / "main.yml" for part in ("defaults", "vars")):
        values |= yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return values


@cache
def written(role: str, template: str) -> str:
    """A template of a role with the role's own values: what a waiver sets is not what a host must be.

    Args:
        template: the name of its file below `templates`.
    """
    environment = Environment(  # noqa: S701 - as Ansible: templates escape for themselves
        loader=FileSystemLoader(ROLES / role / "templates"), undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(template).render(ansible_managed="", **own_values(role))


def effective(text: str) -> list[str]:
    """The lines that mean something: without comments and empty ones, in their order."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
