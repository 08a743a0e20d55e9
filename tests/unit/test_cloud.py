"""The entry of clouds.yaml: what is wrong with it is said at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.cloud import cloud_access
from stacks.errors import CloudError


@pytest.fixture
def clouds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "clouds.yaml"
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    return path


def test_an_entry_is_read(clouds: Path) -> None:
    clouds.write_text("clouds: {written: {govcloud: {proxy: 'socks5h://127.0.0.1:1080'}}}\n")
    assert cloud_access("written").proxy_endpoint == "127.0.0.1:1080"


def test_a_file_that_is_not_yaml_is_told_with_its_line_and_without_its_password(clouds: Path) -> None:
    clouds.write_text("clouds:\n  spoilt:\n    auth:\n      password: confidential: oh\n")
    with pytest.raises(CloudError) as told:
        cloud_access("spoilt")
    assert f"{clouds}:4:29 is not YAML: mapping values are not allowed here" in told.value.what
    assert "confidential" not in str(told.value)


def test_a_file_that_is_not_text_is_told(clouds: Path) -> None:
    clouds.write_bytes(b"clouds: {unread: \xff}")
    with pytest.raises(CloudError, match="is not YAML"):
        cloud_access("unread")


def test_an_entry_that_is_not_there_names_the_others(clouds: Path) -> None:
    clouds.write_text("clouds: {other: {}}\n")
    with pytest.raises(CloudError, match=r"'absent' is in none of the clouds\.yaml files; known: other"):
        cloud_access("absent")
