"""What the playbook will do, counted from its files, so that progress has a total."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from stacks.settings import REPOSITORY

PLAYBOOKS = REPOSITORY / "playbooks"
SITE = PLAYBOOKS / "site.yml"


def task_count(groups: Collection[str]) -> int:
    """How many tasks a host in these groups goes through."""
    plays = [play for play in _read(SITE) if play["hosts"] == "all" or play["hosts"] in groups]
    return sum(_role_count(_name(role)) for play in plays for role in play["roles"])


def _name(role: str | dict[str, str]) -> str:
    """A role is listed by its name, or with a condition beside it; skipped tasks count as well."""
    return role if isinstance(role, str) else role["role"]


@cache
def _role_count(role: str) -> int:
    return _file_count(PLAYBOOKS / "roles" / role / "tasks" / "main.yml")


def _file_count(path: Path) -> int:
    imports = "ansible.builtin.import_tasks"
    return sum(_file_count(path.with_name(task[imports])) if imports in task else 1 for task in _read(path))


def _read(path: Path) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
