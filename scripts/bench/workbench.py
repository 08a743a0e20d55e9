"""Where measurements are taken: an environment, timed commands, and tenants that are thrown away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.console import err
from scripts.engine import environment
from scripts.engine.outputs import read_outputs
from scripts.lab import machine
from stacks.errors import GovcloudError
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import REPOSITORY, Settings

PORT_OFFSET = 2000
"""Of the lab that measurements have for themselves."""

HOME = REPOSITORY / "build" / "bench"
GOVCLOUD = str(Path(sys.executable).with_name("govcloud"))


@dataclass(frozen=True)
class Timed:
    """A command that has succeeded.

    Attributes:
        seconds: wall time from its start to its end.
    """

    seconds: float
    output: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        """Its output as data."""
        return json.loads(self.output)


@dataclass(frozen=True)
class Workbench:
    """The deployment that is measured.

    Attributes:
        own_lab: whether nobody else uses the cloud.
        tenants: a copy of the requests, with those of tenants that are thrown away.
    """

    settings: Settings
    own_lab: bool

    @property
    def tenants(self) -> Path:
        """The folder of requests; a copy, so that measurements never touch the repository's."""
        return self.settings.tenants

    def govcloud(self, *arguments: str) -> Timed:
        """Run a verb as a person would."""
        return self.run([GOVCLOUD, *arguments])

    def pulumi(self, *arguments: str) -> Timed:
        """Run plain `pulumi`, in the environment that `govcloud env` prints."""
        return self.run(["pulumi", *arguments, "--non-interactive"], environment.full(self.settings))

    def module(self, name: str, *arguments: str) -> Timed:
        """Run a Python module as a program of its own."""
        return self.run([sys.executable, "-m", name, *arguments])

    def run(self, command: Sequence[str], variables: Mapping[str, str] | None = None) -> Timed:
        """Run a command to its end.

        Raises:
            GovcloudError: it failed; nothing that failed has a time.
        """
        short = " ".join([Path(command[0]).name, *command[1:]])
        started = time.monotonic()
        with err.status(f"$ {short}"):
            ended = subprocess.run(
                command, env=variables, cwd=REPOSITORY, capture_output=True, text=True, check=False
            )
        seconds = time.monotonic() - started
        if ended.returncode != 0:
            said = "\n".join([*ended.stdout.splitlines(), *ended.stderr.splitlines()][-20:])
            raise GovcloudError(f"`{short}` ended with {ended.returncode} after {seconds:.0f} s:\n{said}")
        err.print(f"[dim]{seconds:7.1f} s  $ {short}[/]")
        return Timed(seconds, ended.stdout)

    @contextmanager
    def requested(self, *requests: dict[str, Any]) -> Iterator[list[str]]:
        """Requests that exist for a while; whatever was built of them is removed at the end."""
        files = [self.tenants / f"{request['id']}.yaml" for request in requests]
        names = [str(request["id"]) for request in requests]
        try:
            for file, request in zip(files, requests, strict=True):
                file.write_text(
                    yaml.safe_dump(request, allow_unicode=True, sort_keys=False), encoding="utf-8"
                )
            self.govcloud("allocate")
            yield names
        finally:
            self.govcloud("destroy", *names, "--yes")
            for file in files:
                file.unlink(missing_ok=True)

    @contextmanager
    def own_kernels(self, classification: str) -> Iterator[None]:
        """Place data of a class on hosts with a kernel of their own, for a while."""
        with machine.offered(self.tenants / "platform.yaml", classification):
            yield

    @contextmanager
    def floor(self, tenants: Sequence[str], threads: int = 1) -> Iterator[Timed]:
        """Build the floor of tenants; it is removed at the end, also when it was built in part only."""
        platform = self.tenants.parent / "platform.json"
        record = self.tenants.parent / "floor.jsonl"
        platform.write_text(read_outputs(self.settings).platform.model_dump_json(), encoding="utf-8")
        files = ("--platform", str(platform), "--record", str(record))
        try:
            yield self.module(
                "scripts.bench.build_floor", "build", *tenants, *files, "--threads", str(threads)
            )
        finally:
            if record.exists():
                self.module("scripts.bench.build_floor", "remove", str(record))


@contextmanager
def own() -> Iterator[Workbench]:
    """A place for a lab that is for measurements only; the lab is wiped at the end, whatever happens."""
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.copytree(REPOSITORY / "tenants", HOME / "tenants")
    variables = {
        "GOVCLOUD_HOME": str(HOME / "home"),
        "GOVCLOUD_TENANTS": str(HOME / "tenants"),
        "GOVCLOUD_LAB_PORT_OFFSET": str(PORT_OFFSET),
        "OS_CLIENT_CONFIG_FILE": str(HOME / "clouds.yaml"),
        "GOVCLOUD_CLOUD": f"lab-{PORT_OFFSET}",
        "PULUMI_BACKEND_URL": "",
    }
    with _variables(variables):
        bench = Workbench(Settings.from_environment(), own_lab=True)
        bench.govcloud("lab", "wipe", "--yes")
        try:
            yield bench
        finally:
            bench.govcloud("lab", "wipe", "--yes")
            shutil.rmtree(HOME, ignore_errors=True)


@contextmanager
def aside() -> Iterator[Workbench]:
    """A place without a cloud, for measurements that only read requests."""
    with tempfile.TemporaryDirectory(prefix="govcloud-bench-") as folder:
        shutil.copytree(REPOSITORY / "tenants", Path(folder) / "tenants")
        with _variables({"GOVCLOUD_HOME": f"{folder}/home", "GOVCLOUD_TENANTS": f"{folder}/tenants"}):
            yield Workbench(Settings.from_environment(), own_lab=False)


@contextmanager
def running() -> Iterator[Workbench]:
    """The deployment that the environment names; its own tenants are left alone."""
    before = Settings.from_environment()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="govcloud-bench-")))
        shutil.copytree(before.tenants, folder / "tenants")
        stack.callback(_restore_routes, before)
        stack.enter_context(_variables({"GOVCLOUD_TENANTS": str(folder / "tenants")}))
        yield Workbench(Settings.from_environment(), own_lab=False)


def _restore_routes(settings: Settings) -> None:
    """The platform's router learned the way to tenants that are gone now."""
    Workbench(settings, own_lab=False).pulumi("up", "--yes", "--skip-preview", "--stack", PLATFORM_STACK)


@contextmanager
def _variables(changes: Mapping[str, str]) -> Iterator[None]:
    """Environment variables of this process and its children, for a while."""
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
