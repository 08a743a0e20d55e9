"""What people do wrong, and what clouds do wrong: one clear paragraph, an exit code, no traceback."""

from __future__ import annotations

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from scripts.access.deployment import Deployment
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME = "zz-erring"


def complaint(ran: subprocess.CompletedProcess[str], code: int) -> str:
    """The error in one line, after the checks that every error must pass."""
    text = " ".join(ran.stderr.split())
    assert ran.returncode == code, text
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "error:" in text
    assert "do:" in text
    return text


@pytest.fixture
def clouds(settings: Settings, tmp_path: Path) -> tuple[Path, dict[str, dict[str, str]]]:
    """A copy of clouds.yaml that a test may spoil, and the lab's entry in it."""
    path = tmp_path / "clouds.yaml"
    shutil.copy(Path(settings.home).parent / "clouds.yaml", path)
    content = yaml.safe_load(path.read_text())
    return path, content["clouds"][settings.cloud]


def test_wrong_yaml(settings: Settings, govcloud: Command, tmp_path: Path) -> None:
    folder = tmp_path / "tenants"
    shutil.copytree(settings.tenants, folder)
    path = throwaway.write(folder, throwaway.request(NAME, classification="classified", colour="red"))
    text = complaint(govcloud("up", NAME, GOVCLOUD_TENANTS=str(folder)), 2)
    line = path.read_text().splitlines().index("colour: red") + 1
    assert f"{NAME}.yaml:{line}:1: GC041 colour: unknown key" in text


def test_classified_work_is_refused(settings: Settings, govcloud: Command, tmp_path: Path) -> None:
    folder = tmp_path / "tenants"
    shutil.copytree(settings.tenants, folder)
    throwaway.write(folder, throwaway.request(NAME, classification="classified"))
    text = complaint(govcloud("up", NAME, GOVCLOUD_TENANTS=str(folder)), 2)
    assert "涉密" in text
    assert "Law on Guarding State Secrets" in text


def test_unknown_cloud(settings: Settings, govcloud: Command) -> None:
    text = complaint(govcloud("up", "taihe-office", OS_CLOUD="no-such-cloud"), 5)
    assert "'no-such-cloud'" in text
    assert settings.cloud in text


def test_wrong_password(
    clouds: tuple[Path, dict[str, dict[str, str]]], settings: Settings, govcloud: Command
) -> None:
    path, entry = clouds
    entry["auth"]["password"] = "wrong"
    path.write_text(yaml.safe_dump({"clouds": {settings.cloud: entry}}))
    text = complaint(govcloud("up", "taihe-office", OS_CLIENT_CONFIG_FILE=str(path)), 5)
    assert "password" in text


class Unavailable(BaseHTTPRequestHandler):
    """An API that is out of order."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def test_api_answers_503(
    clouds: tuple[Path, dict[str, dict[str, str]]], settings: Settings, govcloud: Command
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Unavailable)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path, entry = clouds
    entry["auth"]["auth_url"] = f"http://127.0.0.1:{server.server_port}/v3"
    path.write_text(yaml.safe_dump({"clouds": {settings.cloud: entry}}))
    text = complaint(govcloud("up", "taihe-office", OS_CLIENT_CONFIG_FILE=str(path)), 5)
    server.shutdown()
    server.server_close()
    assert "503" in text


def test_quota_exceeded(settings: Settings, cloud: Cloud, govcloud: Command) -> None:
    """The request's own hosts fit; somebody used the quota up by hand."""
    content = throwaway.request(NAME)
    with throwaway.tenant(govcloud, content):
        assert govcloud("up", NAME).returncode == 0
        project = cloud.identity.find_project(NAME, ignore_missing=False).id
        cloud.compute.update_quota_set(project, instances=0)
        throwaway.write(settings.tenants, {**content, "hosts": throwaway.request(NAME, hosts=1)["hosts"]})
        text = complaint(govcloud("up", NAME), 5)
        assert "quota exceeded for instances" in text


def test_unreachable_host(deployment: Deployment, cloud: Cloud, govcloud: Command) -> None:
    port = cloud.network.find_port("taihe-office-oa-1", ignore_missing=False)
    cloud.network.update_port(port, is_admin_state_up=False)
    try:
        text = complaint(govcloud("deploy", "taihe-office"), 6)
        assert "taihe-office-oa-1" in text
    finally:
        cloud.network.update_port(port, is_admin_state_up=True)
    assert deployment.outputs.tenants["taihe-office"].hosts["oa-1"].id == port.device_id
