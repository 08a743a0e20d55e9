"""Versions are those of the programs that run, whatever is pinned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.toolchain import Toolchain, pins
from scripts.toolchain.plugin import NAME
from scripts.toolchain.versions import SILENT, versions


def test_this_deployments_programs_say_theirs(toolchain: Toolchain) -> None:
    found = versions(toolchain)
    assert found["Pulumi OpenStack provider"] == pins.PROVIDER
    assert found["Pulumi"].split(".")[0] == pins.PULUMI.split(".")[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [("echo v3.999.1", "3.999.1"), ("exit 1", SILENT), ("", SILENT), ("printf '\\377'", SILENT)],
    ids=["newer than the pin", "refuses", "says nothing", "says no text"],
)
def test_what_runs_is_told_and_not_the_pin(tmp_path: Path, answer: str, said: str) -> None:
    provider = tmp_path / "plugins" / f"resource-openstack-v{pins.PROVIDER}" / NAME
    provider.parent.mkdir(parents=True)
    for program in (tmp_path / "pulumi", provider):
        program.write_text(f"#!/bin/sh\n{answer}\n")
        program.chmod(0o755)
    made = Toolchain(tmp_path, tmp_path / "pulumi", tmp_path, "path")
    assert set(versions(made).values()) == {said}
    assert set(versions(replace(made, pulumi=tmp_path / "none", home=tmp_path / "x")).values()) == {SILENT}
