"""What a role of the deployment writes on every host alike, read from the role, to compare hosts with."""

from __future__ import annotations

from functools import cache

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks.settings import REPOSITORY

ROLES = REPOSITORY / "playbooks" / "roles"


@cache
def written(role: str, template: str) -> str:
    """A template of a role with the role's own defaults.

    Args:
        template: the name of its file below `templates`.
    """
    folder = ROLES / role
    defaults = folder / "defaults" / "main.yml"
    values = yaml.safe_load(defaults.read_text(encoding="utf-8")) if defaults.exists() else {}
    environment = Environment(  # noqa: S701 - as Ansible: templates escape for themselves
        loader=FileSystemLoader(folder / "templates"), undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(template).render(ansible_managed="", **values)


def effective(text: str) -> list[str]:
    """The lines that mean something: without comments and empty ones, in their order."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
