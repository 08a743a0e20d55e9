"""A Provider resource's own credentials are the only ones that its provider uses."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as rpc
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from tests.unit.toolchain.plugins import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Keystone(ThreadingHTTPServer):
    """Writes down who asks for a token, and gives none."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Refusal)
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v3"


class Refusal(BaseHTTPRequestHandler):
    server: Keystone

    def do_GET(self) -> None:
        version = {
            "id": "v3.14",
            "status": "stable",
            "links": [{"rel": "self", "href": f"{self.server.url}/"}],
        }
        self.answer(300, {"versions": {"values": [version]}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(json.loads(body)["auth"])
        self.answer(401, {})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def keystone() -> Iterator[Keystone]:
    with Keystone() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


OPERATOR = [
    {},
    {"OS_CLOUD": "admin"},
    {"OS_TOKEN": "admin-token"},
    {"OS_AUTH_TOKEN": "admin-token"},
    {"OS_USER_ID": "admin-id"},
    {"OS_APPLICATION_CREDENTIAL_ID": "admin-credential", "OS_APPLICATION_CREDENTIAL_SECRET": "s"},
    {"OS_USERNAME": "admin", "OS_PASSWORD": "p", "OS_PROJECT_NAME": "admin", "OS_USER_DOMAIN_ID": "d"},
    {"OS_SYSTEM_SCOPE": "true", "OS_IDENTITY_API_VERSION": "2"},
]


@pytest.mark.parametrize("operator", OPERATOR, ids=lambda case: ",".join(case) or "nothing")
def test_the_operators_environment_never_enters_a_tenants_login(
    operator: dict[str, str], keystone: Keystone, provider: Path, tmp_path: Path
) -> None:
    admin = {"auth_url": keystone.url, "username": "admin", "password": "p", "project_name": "admin"}
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"admin": {"auth": admin}}}))
    environment = os.environ | {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml")} | operator
    log_in(
        provider,
        environment,
        keystone.url,
        userName="tenant",
        password="pw",
        userDomainName="D",
        tenantId="t",
    )
    assert keystone.asked[0] == {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "tenant", "password": "pw", "domain": {"name": "D"}}},
        },
        "scope": {"project": {"id": "t"}},
    }


def test_clouds_yaml_is_still_found_where_the_operator_says(
    keystone: Keystone, provider: Path, tmp_path: Path
) -> None:
    login = {"auth_url": keystone.url, "username": "ops", "password": "p", "user_domain_name": "D"}
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"site": {"auth": login}}}))
    environment = os.environ | {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml"), "OS_TOKEN": "stray"}
    log_in(provider, environment, "", cloud="site")
    assert keystone.asked[0]["identity"]["password"]["user"]["name"] == "ops"


def log_in(provider: Path, environment: dict[str, str], url: str, **arguments: str) -> None:
    """Configure a provider and make it ask Keystone, which refuses."""
    inputs, asked = Struct(), Struct()
    inputs.update({"authUrl": url, "cloud": ""} | arguments)
    asked.update({"name": "any"})
    with running(provider, environment) as channel:
        stub = ResourceProviderStub(channel)
        stub.Configure(rpc.ConfigureRequest(args=inputs, acceptSecrets=True))
        with pytest.raises(Exception, match="401"):
            stub.Invoke(rpc.InvokeRequest(tok="openstack:identity/getAuthScope:getAuthScope", args=asked))
