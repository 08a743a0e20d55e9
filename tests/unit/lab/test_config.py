"""Rendered configuration: complete, private, free of secrets that are not the lab's own."""

from __future__ import annotations

import stat
from configparser import ConfigParser
from pathlib import Path

import pytest

from scripts.lab import config
from scripts.lab.paths import Lab, Ports
from stacks.settings import REPOSITORY

BASE_PORTS = {"5000", "8774", "8775", "8776", "8778", "9292", "9696"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(cache=tmp_path, state=tmp_path / "state", ports=Ports(100))
    sources = config.Sources(Path("/venv"), Path("/mirror"), Path("/data"))
    config.render(lab, lab.config, sources)
    return lab


def test_every_file_is_private_and_has_no_hole(lab: Lab) -> None:
    files = [path for path in lab.config.rglob("*") if path.is_file()]
    assert len(files) > 15
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert "{{" not in path.read_text(), path
        assert "{%" not in path.read_text(), path


@pytest.mark.parametrize("name", ["keystone", "placement", "glance-api", "cinder", "nova", "neutron"])
def test_services_use_the_lab_s_ports(lab: Lab, name: str) -> None:
    text = (lab.config / f"{name}.conf").read_text()
    assert not BASE_PORTS & set(text.replace("/", ":").replace("\n", ":").split(":"))


def test_each_service_logs_in_with_its_own_password(lab: Lab) -> None:
    secret = config.credentials(lab)
    assert len(set(secret.values())) == len(secret)
    for section, user in {"neutron": "neutron", "placement": "nova", "keystone_authtoken": "nova"}.items():
        parser = ConfigParser(interpolation=None, strict=False)
        parser.read(lab.config / "nova.conf")
        assert (parser[section]["username"], parser[section]["password"]) == (user, secret[user])


@pytest.mark.parametrize(
    ("service", "conf"),
    [
        ("keystone", "keystone"),
        ("glance", "glance-api"),
        ("cinder", "cinder"),
        ("nova", "nova"),
        ("neutron", "neutron"),
    ],
)
def test_services_follow_the_policy_that_production_installs(lab: Lab, service: str, conf: str) -> None:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.read(lab.config / f"{conf}.conf")
    followed = Path(parser["oslo_policy"]["policy_file"])
    assert followed.is_relative_to(lab.config)
    assert followed.read_text() == (REPOSITORY / "policies/openstack" / f"{service}.yaml").read_text()


def test_passwords_stay_and_another_lab_has_others(lab: Lab, tmp_path: Path) -> None:
    assert config.credentials(lab) == config.credentials(lab)
    other = Lab(cache=tmp_path, state=tmp_path / "other", ports=Ports())
    assert not set(config.credentials(lab).values()) & set(config.credentials(other).values())


def test_keys_are_made_once(lab: Lab) -> None:
    config.write_keys(lab)
    primary = (lab.config / "fernet/1").read_bytes()
    cookie = lab.config / ".erlang.cookie"
    before = cookie.read_text()
    config.write_keys(lab)
    assert cookie.read_text() == before
    assert stat.S_IMODE(cookie.stat().st_mode) == 0o600
    assert (lab.config / "fernet/1").read_bytes() == primary
    assert (lab.config / "fernet/0").read_bytes() != primary
