"""State in a folder belongs to one cloud."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.engine.state import forget_stacks, never_used, prepare_folder
from scripts.main import build_app
from stacks.errors import CloudError
from stacks.settings import Settings


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
