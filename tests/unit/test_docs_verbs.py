"""No page, message or comment names a command that does not exist."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer

from scripts.main import build_app
from stacks.settings import REPOSITORY

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
"""Decisions and rules too: what they name is what a reader types."""

SOURCES = sorted(
    path
    for folder in ("stacks", "scripts", "policies", "playbooks", "tenants")
    for path in (REPOSITORY / folder).rglob("*")
    if path.suffix in {".j2", ".md", ".py", ".sh", ".yaml", ".yml"}
)
UNITS = sorted((REPOSITORY / "docs" / "systemd").glob("*.service"))
QUOTED = re.compile(r"`(?:[A-Z_]+=\S+ )?govcloud ([a-z][^`]*)`")
"""As pages, messages and comments name a call."""
BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:^|[\s(/])govcloud ([a-z].*)")
END = re.compile(r"\s{2,}|\s[#|>&]|[)`]")
"""What ends a call in a line: an explanation, a pipe, a bracket."""


def commands(page: Path, program: str) -> set[str]:
    """The first word after a program's name, wherever a block of the page runs it."""
    blocks = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    return set(re.findall(rf"(?:^|\s|\()(?:\S*/)?{program} ([a-z][a-z-]*)", blocks))


def calls(path: Path) -> list[str]:
    """Every call of `govcloud` that a file names, without the program's own name."""
    text = path.read_text(encoding="utf-8")
    named = QUOTED.findall(text)
    if path.suffix == ".service":
        named += CALL.findall("\n".join(re.findall(r"^Exec\w+=(.*)", text, re.MULTILINE)))
    if path.suffix == ".md":
        shown = (CALL.search(line) for block in BLOCK.findall(text) for line in block.splitlines())
        named += [END.split(found[1])[0] for found in shown if found]
    return [" ".join(call.split()) for call in named]


@cache
def everything() -> Any:  # noqa: ANN401  a click group, which typer does not type
    """Every verb with its options."""
    return typer.main.get_command(build_app())


def wrong(call: str) -> str:
    """What is wrong with a call's verbs and options; empty where nothing is."""
    command = everything()
    words = call.split()
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no verb {words[0]}"
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    given = takewhile(lambda word: word != "--", words)
    named = [word.partition("=")[0].rstrip(",") for word in given if word.startswith("-")]
    return ", ".join(f"no option {name}" for name in named if name not in known | {"--help"})


def test_calls_that_sources_and_pages_name_exist() -> None:
    """With their options; most of them need a cloud, so they are not run here."""
    named = {(call, path) for path in (*PAGES, *SOURCES, *UNITS) for call in calls(path)}
    assert {call for call, _ in named} >= {"up --all", "lab down", "audit --all", "prove"}
    found = [f"{path.relative_to(REPOSITORY)}: govcloud {call}: {wrong(call)}" for call, path in named]
    assert sorted(text for text in found if not text.endswith(": ")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Run `govcloud upp --all`.", ["no verb upp"]),
        ("```\ngovcloud lab restart    and again\n```\n", ["no verb restart"]),
        ("```console\n$ GOVCLOUD_DATE=2027-05-01 govcloud up --every  # all\n```\n", ["no option --every"]),
        ('- as here:\n  ```sh\n  eval "$(govcloud environment)"\n  ```\n', ["no verb environment"]),
        ("`govcloud audit --all\n--sinse latest`", ["no option --sinse"]),
        ("`govcloud lab shell -- ls --all`, `govcloud plan --on=2027-05-01`", ["", ""]),
    ],
)
def test_a_call_that_does_not_exist_is_noticed(tmp_path: Path, text: str, said: list[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert [wrong(call) for call in calls(page)] == said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands(page, "make") <= set(targets)


def test_the_pages_show_commands_at_all() -> None:
    assert {"demo", "test"} <= commands(REPOSITORY / "README.md", "make")
    assert "up --all" in calls(REPOSITORY / "docs/ops.md")
    for page in ("auditor.md", "lab.md"):  # whose blocks name no language
        assert calls(REPOSITORY / "docs" / page)
