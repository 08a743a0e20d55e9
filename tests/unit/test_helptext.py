"""`--help` in Chinese: every text, none that nobody needs, and readable in a terminal of 80 columns."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import typer
from typer import rich_utils

from scripts.helptext import HEADINGS, asked_for, family, parameters
from scripts.main import ABOUT, build_app
from stacks.language import Language, entries
from stacks.settings import REPOSITORY

START = "from scripts.main import main; main()"
COMMANDS = [command for command in family(typer.main.get_command(build_app())) if command.name]
VERBS = ["", "allocate", "audit", "check", "deploy", "destroy", "lab", "new", "plan", "up"]


def test_the_catalogue_has_each_text_and_no_other() -> None:
    said = {str(command.help) for command in COMMANDS} | {ABOUT}
    said |= {str(one.help) for command in COMMANDS for one in parameters(command)}
    said |= {getattr(rich_utils, name) for name in HEADINGS}
    assert {text[Language.EN] for text in entries("help").values()} == said


@pytest.mark.parametrize("verb", VERBS)
def test_help_in_chinese_is_whole(verb: str) -> None:
    command = [sys.executable, "-c", START, *filter(None, [verb]), "--help"]
    environment = os.environ | {"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "80", "PYTHONUTF8": "1"}
    shown = subprocess.run(
        command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    assert "选项" in shown
    assert "显示此帮助并退出。" in shown
    assert "…" not in shown.replace("TENANT…", "")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["plan", "--lang", "zh", "--help"], Language.ZH),
        (["plan", "--lang=en"], Language.EN),
        (["plan", "--lang"], None),
        (["plan", "--lang", "fr"], None),
        (["plan", "zh"], None),
    ],
)
def test_the_command_line_names_a_language(words: list[str], language: Language | None) -> None:
    assert asked_for(words) is language
