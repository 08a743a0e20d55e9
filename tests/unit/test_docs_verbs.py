"""No page, message or comment names a command that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from scripts.main import build_app
from stacks.settings import REPOSITORY

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
SOURCES = sorted(
    path
    for folder in ("stacks", "scripts", "policies", "playbooks", "tenants")
    for path in (REPOSITORY / folder).rglob("*")
    if path.suffix in {".j2", ".md", ".py", ".sh", ".yaml", ".yml"}
)
QUOTED = re.compile(r"`govcloud ([a-z][a-z-]*)")
"""As messages and comments name a verb."""
BLOCK = re.compile(r"```(?:console|sh)\n(.*?)```", re.DOTALL)


def commands(page: Path, program: str) -> set[str]:
    """The first word after a program's name, wherever a block of the page runs it."""
    blocks = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    return set(re.findall(rf"(?:^|\s|\()(?:\S*/)?{program} ([a-z][a-z-]*)", blocks))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_verbs_exist(page: Path) -> None:
    group = typer.main.get_command(build_app())
    assert commands(page, "govcloud") <= set(getattr(group, "commands", {}))


def test_verbs_that_sources_and_pages_name_exist() -> None:
    verbs = set(getattr(typer.main.get_command(build_app()), "commands", {}))
    named = {
        (verb, path.relative_to(REPOSITORY).as_posix())
        for path in (*PAGES, *SOURCES)
        for verb in QUOTED.findall(path.read_text(encoding="utf-8"))
    }
    assert {verb for verb, _ in named} >= {"up", "lab", "audit", "prove"}
    assert sorted((verb, path) for verb, path in named if verb not in verbs) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands(page, "make") <= set(targets)


def test_the_pages_show_commands_at_all() -> None:
    assert {"demo", "test"} <= commands(REPOSITORY / "README.md", "make")
    assert "up" in commands(REPOSITORY / "docs/ops.md", "govcloud")
