"""State in a folder belongs to one cloud."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from scripts.engine.project import PROJECT
from scripts.engine.pulumi import Programs, Pulumi
from scripts.engine.state import LAYOUT, add_stack, forget_stacks, never_used, prepare_folder, url
from scripts.main import build_app
from stacks.errors import CloudError
from stacks.settings import REPOSITORY, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        cache=tmp_path,
        cloud="ours",
        tenants=tmp_path,
        backend=f"file://{tmp_path / 'pulumi'}",
    )


def test_the_same_cloud_again(settings: Settings) -> None:
    prepare_folder(settings)
    prepare_folder(settings)
    assert forget_stacks(settings)
    assert not (settings.home / "pulumi").exists()


def test_another_cloud_is_refused_and_forgets_nothing(settings: Settings) -> None:
    prepare_folder(settings)
    other = replace(settings, cloud="theirs")
    with pytest.raises(CloudError, match="holds the state of the cloud 'ours', and this is 'theirs'"):
        prepare_folder(other)
    assert not forget_stacks(other)
    assert (settings.home / "pulumi").exists()


def test_state_elsewhere_is_left_alone(settings: Settings) -> None:
    elsewhere = replace(settings, backend="postgres://db.example/pulumi")
    prepare_folder(elsewhere)
    assert not forget_stacks(elsewhere)
    assert not (settings.home / "pulumi").exists()


def test_a_shell_that_has_the_deployments_environment_names_the_same_folder(settings: Settings) -> None:
    shell = replace(settings, backend=url(settings))
    prepare_folder(shell)
    assert url(shell) == url(settings) == f"file://{settings.home / 'pulumi'}?metadata=skip"
    assert [entry.name for entry in settings.home.iterdir()] == ["pulumi"]
    assert forget_stacks(shell)


def test_a_folder_below_the_current_one_is_that_folder(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(settings.home)
    prepare_folder(replace(settings, backend="file://./state/own"))
    assert [entry.name for entry in (settings.home / "state" / "own").iterdir()] == ["cloud"]


def test_only_a_folder_is_told_about_sidecar_files(settings: Settings) -> None:
    elsewhere = replace(settings, backend="s3://bucket?endpoint=objects.example")
    assert url(elsewhere) == elsewhere.backend


def test_a_stack_that_is_added_is_what_pulumi_itself_would_make(settings: Settings) -> None:
    pulumi = Pulumi(replace(Settings.from_environment(), home=settings.home, backend=settings.backend))
    first, second = ("by-pulumi", "by-us")

    async def empty(stack: str) -> bool:
        return not (await pulumi.state(stack))["deployment"].get("resources")

    async def used(stack: str) -> Any:  # noqa: ANN401 - what Pulumi writes
        log = settings.home / "destroy.jsonl"
        command = ("destroy", "--yes", "--skip-preview", "--stack", stack)
        code = await pulumi.stream(log, lambda _: None, *command, programs=Programs(), variables={})
        assert code == 0, log.read_text()
        return (await pulumi.state(stack))["deployment"]["secrets_providers"]

    async def compared() -> None:
        for stack in (first, second):
            await pulumi.create_stack(stack)
            assert await empty(stack)
        assert await pulumi.stacks() == {first, second}
        assert await used(second) == await used(first)

    asyncio.run(compared())


def test_the_first_stack_is_pulumis_to_make(settings: Settings) -> None:
    prepare_folder(settings)
    assert not add_stack(settings, "first")
    assert not add_stack(replace(settings, backend="postgres://db.example/pulumi"), "first")


def test_a_stack_that_exists_is_left_as_it_is(settings: Settings) -> None:
    layout = settings.home / "pulumi" / ".pulumi" / "meta.yaml"
    layout.parent.mkdir(parents=True)
    layout.write_text(f"version: {LAYOUT}\n")
    assert add_stack(settings, "tenant")
    (file,) = layout.parent.rglob("tenant.*")
    file.write_text("resources")
    assert add_stack(settings, "tenant")
    assert [file.read_text() for file in layout.parent.rglob("tenant.*")] == ["resources"]


def test_a_layout_that_we_do_not_know_is_left_to_pulumi(settings: Settings) -> None:
    layout = settings.home / "pulumi" / ".pulumi" / "meta.yaml"
    layout.parent.mkdir(parents=True)
    layout.write_text(f"version: {LAYOUT + 1}\n")
    assert not add_stack(settings, "tenant")


def test_the_project_is_called_what_its_file_says() -> None:
    assert yaml.safe_load((REPOSITORY / "Pulumi.yaml").read_text())["name"] == PROJECT


def test_state_elsewhere_is_never_called_unused(settings: Settings) -> None:
    assert never_used(settings)
    assert not never_used(replace(settings, backend="postgres://db.example/pulumi"))
    (settings.home / "pulumi" / ".pulumi" / "stacks").mkdir(parents=True)
    assert not never_used(settings)


@pytest.mark.parametrize("verb", [("prove",), ("unlock", "taihe-office")], ids=lambda verb: verb[0])
def test_a_deployment_that_is_not_there_is_told_before_a_toolchain_is_made(
    verb: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text("clouds: {unbuilt: {}}\n")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds))
    monkeypatch.setenv("GOVCLOUD_CLOUD", "unbuilt")
    monkeypatch.setenv("GOVCLOUD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOVCLOUD_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setattr("scripts.toolchain.make.make", lambda *_: pytest.fail("a toolchain was asked for"))
    ended = CliRunner().invoke(build_app(verb[0]), [*verb])
    assert isinstance(ended.exception, CloudError), ended.exception
    assert re.search(r"not up yet|nothing was ever built", ended.exception.what)
    assert not (tmp_path / "cache").exists()
