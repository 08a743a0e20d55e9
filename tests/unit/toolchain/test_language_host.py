"""Programs and policy packs run through the toolchain's own language host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest
from pulumi.runtime.proto import language_pb2 as rpc
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from tests.unit.toolchain.plugins import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.toolchain import Toolchain

PROGRAM = """
import sys
import pulumi

class Office(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("test:index:Office", name, {})
        self.register_outputs({})

Office(pulumi.Config().require("office"))
pulumi.export("prefix", sys.prefix)
pulumi.export("secret", pulumi.Config().require_secret("word"))
"""

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def no_island(args, report):
    if args.name == "island":
        report("an office is not an island")

rule = ResourceValidationPolicy("no-island", "No island", no_island, EnforcementLevel.MANDATORY)
PolicyPack("pack", [rule])
"""


@pytest.fixture(scope="module")
def host(toolchain: Toolchain) -> Iterator[LanguageRuntimeStub]:
    with running(toolchain.bin / "pulumi-language-python") as channel:
        yield LanguageRuntimeStub(channel)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program and a policy pack that name the interpreter of these tests."""
    runtime = f"runtime: {{name: python, options: {{virtualenv: {sys.prefix}}}}}\n"
    pack = tmp_path / "pack"
    for folder, name, program in ((tmp_path, "Pulumi.yaml", PROGRAM), (pack, "PulumiPolicy.yaml", PACK)):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(f"name: test\n{runtime}")
        (folder / "__main__.py").write_text(program)
    (tmp_path / "state").mkdir()
    return tmp_path


def pulumi(toolchain: Toolchain, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    additions = toolchain.environment | {
        "PULUMI_BACKEND_URL": f"file://{project / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
    }
    return subprocess.run(
        [toolchain.pulumi, "--non-interactive", *arguments],
        cwd=project,
        env=os.environ | additions,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_program_runs_and_a_mandatory_policy_stops_it(toolchain: Toolchain, project: Path) -> None:
    assert pulumi(toolchain, project, "stack", "init", "s").returncode == 0
    config = ["config", "set-all", "--plaintext", "office=town", "--secret", "word=hush"]
    assert pulumi(toolchain, project, *config).returncode == 0
    up = pulumi(toolchain, project, "up", "--yes", "--policy-pack", "pack")
    assert up.returncode == 0, up.stdout + up.stderr
    assert pulumi(toolchain, project, "stack", "output", "prefix").stdout.strip() == sys.prefix
    assert "hush" not in pulumi(toolchain, project, "stack", "output").stdout
    assert not (toolchain.home / "logs").is_dir(), "pulumi logs inputs into a folder of all clouds"
    assert pulumi(toolchain, project, "config", "set", "office", "island").returncode == 0
    stopped = pulumi(toolchain, project, "preview", "--policy-pack", "pack")
    assert stopped.returncode != 0
    assert "an office is not an island" in stopped.stdout


def test_an_error_of_the_program_reaches_the_user(toolchain: Toolchain, project: Path) -> None:
    (project / "__main__.py").write_text("raise ValueError('no such town')")
    assert pulumi(toolchain, project, "stack", "init", "s").returncode == 0
    failed = pulumi(toolchain, project, "preview")
    assert failed.returncode != 0
    assert "ValueError: no such town" in failed.stdout + failed.stderr
    assert "exit code" not in failed.stdout + failed.stderr


def test_the_required_provider_is_the_installed_package(host: LanguageRuntimeStub) -> None:
    answer = host.GetRequiredPackages(rpc.GetRequiredPackagesRequest(info=rpc.ProgramInfo()))
    assert [(one.name, one.kind, one.version) for one in answer.packages] == [
        ("openstack", "resource", "5.5.3")
    ]


def test_about_names_the_interpreter_of_the_program(host: LanguageRuntimeStub) -> None:
    answer = host.About(rpc.AboutRequest(info=rpc.ProgramInfo()))
    assert answer.executable == str(Path(sys.prefix, "bin", "python"))
    assert answer.version == ".".join(map(str, sys.version_info[:3]))


def test_a_virtual_environment_that_is_not_there_is_named(host: LanguageRuntimeStub, tmp_path: Path) -> None:
    info = rpc.ProgramInfo(root_directory=str(tmp_path))
    info.options.update({"virtualenv": "venv"})
    with pytest.raises(grpc.RpcError, match=rf"{tmp_path}/venv has no bin/python"):
        host.Run(rpc.RunRequest(info=info))


def test_dependencies_are_those_of_the_environment(host: LanguageRuntimeStub) -> None:
    answer = host.GetProgramDependencies(rpc.GetProgramDependenciesRequest(info=rpc.ProgramInfo()))
    assert {"pulumi", "pulumi-openstack"} <= {one.name.replace("_", "-") for one in answer.dependencies}
