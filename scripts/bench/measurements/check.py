"""How long a department waits for `govcloud check`, from the command to the prompt."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from scripts.bench.figure import Figure, Measurement
from scripts.bench.requests import portal
from scripts.bench.workbench import GOVCLOUD, Workbench
from stacks.request.landing_zone import PLATFORM_FILE

GOALS = {1: 0.5, 1000: 10.0}
"""Seconds for so many requests."""


def _take(bench: Workbench, runs: int) -> Iterator[Figure]:
    for many, goal in GOALS.items():
        with tempfile.TemporaryDirectory(prefix="govcloud-bench-check-") as folder:
            _write(Path(folder), bench.tenants / PLATFORM_FILE, many)
            variables = {**os.environ, "GOVCLOUD_TENANTS": folder}
            seconds = [bench.run([GOVCLOUD, "check"], variables).seconds for _ in range(runs)]
        name = f"govcloud check of {many} request{'s' if many > 1 else ''}"
        note = f"median of {runs}, the interpreter's start included"
        yield Figure(name, statistics.median(seconds), "s", goal, "python -m scripts.bench check", note)


def _write(folder: Path, platform: Path, many: int) -> None:
    """That many requests for a portal, each with a host name of its own."""
    shutil.copy(platform, folder)
    for number in range(many):
        request = {**portal(), "id": f"bench-{number}"}
        request["publish"] = [{"hostname": f"www{number}.bench.example", "host": "web"}]
        text = yaml.dump(request, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / f"bench-{number}.yaml").write_text(text, encoding="utf-8")


CHECK = Measurement("check", "govcloud check of one request and of many", _take, runs=5, pure=True)
