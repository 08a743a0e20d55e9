"""A Keystone that lets everybody in and has no project yet: all that a tenant's first preview asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers a login and a list of projects."""

    def do_POST(self) -> None:
        """A token whose catalog leads back here."""
        self.rfile.read(int(self.headers["Content-Length"]))
        endpoint = {"interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": self.url}
        catalog = [
            {"type": "identity", "name": "keystone", "id": "k", "endpoints": [{"id": "e", **endpoint}]}
        ]
        token = {"expires_at": "2099-01-01T00:00:00.000000Z", "catalog": catalog, "methods": ["password"]}
        self._answer(HTTPStatus.CREATED, {"token": token})

    def do_GET(self) -> None:
        """The versions, or no project."""
        version = {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": self.url}]}
        listed = {"projects": [], "links": {"next": None}}
        self._answer(HTTPStatus.OK, listed if "/projects" in self.path else {"version": version})

    @property
    def url(self) -> str:
        """Where this Keystone is."""
        return f"http://{self.headers['Host']}/v3/"

    def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Subject-Token", "token")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
        """Say nothing."""


@contextmanager
def running() -> Iterator[str]:
    """Its address, while it answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v3"
        server.shutdown()
