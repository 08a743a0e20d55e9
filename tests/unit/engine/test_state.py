"""State in a folder belongs to one cloud."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.engine.state import forget_stacks, prepare_folder, url
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


def test_a_shell_that_has_the_deployments_environment_names_the_same_folder(settings: Settings) -> None:
    shell = replace(settings, backend=url(settings))
    prepare_folder(shell)
    assert url(shell) == url(settings) == f"file://{settings.home / 'pulumi'}?metadata=skip"
    assert [entry.name for entry in settings.home.iterdir()] == ["pulumi"]
    assert forget_stacks(shell)


def test_only_a_folder_is_told_about_sidecar_files(settings: Settings) -> None:
    elsewhere = replace(settings, backend="s3://bucket?endpoint=objects.example")
    assert url(elsewhere) == elsewhere.backend
