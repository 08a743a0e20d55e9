"""The lab's entry in clouds.yaml, beside other people's."""

from __future__ import annotations

import stat
from pathlib import Path

import openstack
import pytest
import yaml

from scripts.lab import clouds, image
from scripts.lab.paths import Lab, Ports
from stacks.errors import MachineError

OTHER = {
    "clouds": {"production": {"auth": {"auth_url": "https://cloud.example"}}},
    "cache": {"expiration": 5},
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config" / "clouds.yaml"
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    monkeypatch.setattr(image, "image_file", lambda lab: lab.cache / "images/debian-12.raw")
    return path


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(cache=tmp_path, state=tmp_path / "state", ports=Ports(500))


def test_other_entries_survive_writing_and_removing(file: Path, lab: Lab) -> None:
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(OTHER))
    clouds.write(lab)
    written = yaml.safe_load(file.read_text())
    assert set(written["clouds"]) == {"production", "lab-500"}
    assert written["cache"] == OTHER["cache"]
    clouds.remove(lab)
    assert yaml.safe_load(file.read_text()) == OTHER


def test_a_new_file_is_private(file: Path, lab: Lab) -> None:
    clouds.write(lab)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_write_changes_nothing(file: Path, lab: Lab) -> None:
    clouds.write(lab)
    before = (file.stat().st_mtime_ns, file.read_bytes())
    clouds.write(lab)
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_the_sdk_reads_the_entry_and_keeps_our_key_apart(file: Path, lab: Lab) -> None:
    clouds.write(lab)
    region = openstack.config.OpenStackConfig(config_files=[str(file)]).get_one(cloud="lab-500")
    assert region.get_auth_args()["auth_url"] == "http://127.0.0.1:5500/v3"
    assert region.config["govcloud"]["proxy"] == "socks5h://127.0.0.1:11300"
    assert region.config["govcloud"]["image_file"].endswith("debian-12.raw")


def test_a_file_that_is_not_yaml_is_refused_and_kept(file: Path, lab: Lab) -> None:
    file.parent.mkdir()
    file.write_text("clouds: [")
    with pytest.raises(MachineError, match="not YAML"):
        clouds.write(lab)
    assert file.read_text() == "clouds: ["


def test_removing_where_nothing_is(file: Path, lab: Lab) -> None:
    clouds.remove(lab)
    assert not file.exists()
