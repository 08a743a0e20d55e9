"""Every way in which a cloud fails a person, from a real server that misbehaves, through the real client."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openstack
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts.access.cloud_errors import translated
from stacks.errors import CloudError

# openstacksdk 4.22 warns on every connection of what it calls itself.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

DISCOVERY = '{"version": {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": "%s"}]}}'


@contextmanager
def _server(status: int, body: str, certificate: Path | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, code: int, text: str) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def do_GET(self) -> None:
            self._answer(200, DISCOVERY % url) if status == 401 else self._answer(status, body)

        def do_POST(self) -> None:
            self._answer(status, body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/v3"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _refusal(url: str) -> CloudError:
    connection = openstack.connection.Connection(
        auth={
            "auth_url": url,
            "username": "admin",
            "password": "not-the-password",
            "project_name": "admin",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        connect_retries=0,
        status_code_retries=0,
    )
    try:
        with pytest.raises(CloudError) as caught, translated("county"):
            connection.authorize()
    finally:
        connection.close()
    assert "not-the-password" not in str(caught.value)
    assert "county" in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_nothing_listens() -> None:
    with socket.socket() as handle:
        handle.bind(("127.0.0.1", 0))
        port = handle.getsockname()[1]
    assert "nothing answers" in _refusal(f"http://127.0.0.1:{port}/v3").what


def test_wrong_password() -> None:
    body = '{"error": {"code": 401, "message": "The request you have made requires authentication."}}'
    with _server(401, body) as url:
        error = _refusal(url)
    assert "401" in error.what
    assert "password" in error.hint


def test_service_unavailable() -> None:
    with _server(503, "upstream is down") as url:
        error = _refusal(url)
    assert "failed by itself: 503" in error.what


def test_a_login_page_instead_of_json() -> None:
    with _server(200, "<html>Please log in</html>") as url:
        assert "not OpenStack" in _refusal(url).what


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_certificate_that_nobody_trusts(certificate: Path) -> None:
    with _server(200, "{}", certificate) as url:
        error = _refusal(url)
    assert "certificate is not trusted" in error.what
    assert "cacert" in error.hint


def test_an_entry_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "clouds.yaml").write_text("clouds: {}\n", encoding="utf-8")
    with pytest.raises(CloudError, match="nowhere"), translated("nowhere"):
        openstack.config.OpenStackConfig(config_files=[str(tmp_path / "clouds.yaml")]).get_one(
            cloud="nowhere"
        )
