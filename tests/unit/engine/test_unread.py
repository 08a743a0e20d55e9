"""What nobody reads is not sent to the engine; what people read is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stacks.settings import REPOSITORY

PROGRAM = """
import sys
import pulumi
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor
from scripts.engine import unread

class Engine:
    def Log(self, request):
        print("heard", request.message)

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}

class Monitor(MockMonitor):
    def RegisterResource(self, request):
        print("frames", len(request.stackTrace.frames))
        print("line", request.sourcePosition.line)
        return super().RegisterResource(request)

class Component(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("a:b:C", "c")

@pulumi.runtime.test
def program():
    Component()  # here

if sys.argv[1:]:
    unread.leave_out()
pulumi.runtime.set_mocks(Mocks(), monitor=Monitor(Mocks()))
settings.configure(settings.Settings(
    monitor=settings.get_monitor(), engine=Engine(), project="p", stack="s", dry_run=False
))
program()
pulumi.log.warn("a warning")
"""
LINE = next(number for number, text in enumerate(PROGRAM.splitlines(), 1) if "# here" in text)


@dataclass(frozen=True)
class Said:
    """What a program told the engine."""

    frames: int
    line: int
    heard: tuple[str, ...]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "program.py"
    source.write_text(PROGRAM)
    return source


def said(source: Path, *arguments: str) -> Said:
    ran = subprocess.run(
        [sys.executable, source, *arguments],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = [line.split(" ", 1) for line in ran.stdout.splitlines()]
    facts = {key: int(value) for key, value in lines if key != "heard"}
    return Said(facts["frames"], facts["line"], tuple(value for key, value in lines if key == "heard"))


def test_the_sdk_by_itself_sends_the_whole_stack_and_debug_messages(source: Path) -> None:
    by_itself = said(source)
    assert by_itself.frames > 1
    assert len(by_itself.heard) > 1


def test_warnings_and_the_line_that_made_a_resource_are_still_sent(source: Path) -> None:
    assert said(source, "leave out") == Said(1, LINE, ("a warning",))
