"""A published portal as a citizen meets it: over HTTPS by its name, and in a browser.

Names are the business of the government's own DNS: requests carry the name to the floating IP that it has,
and the browser is given the address, since it would leave names to the proxy.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stacks.errors import HostError, MachineError

TIMEOUT = 15.0
"""Seconds for one request."""
PATIENCE = 120
"""Seconds for the browser to start, load a page and end."""
HTTPS = 443
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--enable-logging=stderr",
)
CONSOLE = re.compile(r'CONSOLE[:(]\d+\)?\]? "(.*)", source')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class View:
    """What a browser showed.

    Attributes:
        console: what the page wrote to the browser's console; errors and refused resources end up there.
    """

    title: str
    document: str
    console: tuple[str, ...]


@dataclass(frozen=True)
class Portal:
    """A published port of a host, seen from outside the cloud.

    Attributes:
        hostname: the name that a citizen types, or the address itself.
        address: the floating IP.
        proxy: SOCKS5 proxy on the way (`socks5h://…`), or `None`.
        authority: certificate of the CA that a citizen's browser trusts.
    """

    hostname: str
    address: str
    proxy: str | None
    authority: Path
    port: int = HTTPS

    @property
    def url(self) -> str:
        """The first page, by address."""
        return f"https://{self.address}/" if self.port == HTTPS else f"https://{self.address}:{self.port}/"

    def request(self, method: str, path: str = "/", headers: dict[str, str] | None = None) -> httpx.Response:
        """One request by the portal's name, to its address.

        Raises:
            HostError: no answer, or a certificate that the CA does not vouch for.
        """
        with self._client() as client:
            return self._ask(client, method, path, headers or {})

    @cached_property
    def pin(self) -> str:
        """Hash of the key that the portal proved to hold, as Chromium names keys (base64 of SHA-256)."""
        with self._client() as client:
            stream = self._ask(client, "HEAD", "/", {}).extensions["network_stream"]
            shown = cast(ssl.SSLObject, stream.get_extra_info("ssl_object")).getpeercert(True)
        key = x509.load_der_x509_certificate(shown or b"").public_key()
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(der).digest()).decode()

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        context = ssl.create_default_context(cafile=str(self.authority))
        try:
            with httpx.Client(verify=context, proxy=self.proxy, timeout=TIMEOUT, trust_env=False) as client:
                yield client
        except httpx.TransportError as error:
            raise HostError(
                f"portal {self.hostname} at {self.url} gives no page: {error or type(error).__name__}.",
                "Run `govcloud deploy`; then look at nginx on the host.",
            ) from error

    def _ask(
        self, client: httpx.Client, method: str, path: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        return client.request(
            method,
            f"{self.url.rstrip('/')}{path}",
            headers={"Host": self.hostname, **headers},
            extensions={"sni_hostname": self.hostname},
        )

    def view(self, width: int = 1280, height: int = 900) -> View:
        """The first page in Chromium.

        Raises:
            HostError: the browser shows no page.
            MachineError: there is no Chromium here.
        """
        done = self._browse("--dump-dom", f"--window-size={width},{height}")
        title = TITLE.search(done.stdout)
        if title is None:
            raise HostError(f"Chromium shows no page at {self.url}: {done.stderr[-400:]}", "Try it by hand.")
        return View(title[1].strip(), done.stdout, tuple(CONSOLE.findall(done.stderr)))

    def screenshot(self, picture: Path, width: int = 1280, height: int = 900) -> None:
        """Take a picture (PNG) of the first page.

        Raises:
            HostError: the browser took none.
            MachineError: there is no Chromium here.
        """
        picture.parent.mkdir(parents=True, exist_ok=True)
        done = self._browse(f"--screenshot={picture}", f"--window-size={width},{height}")
        if not picture.exists():
            raise HostError(f"Chromium took no picture of {self.url}: {done.stderr[-400:]}", "Try by hand.")

    def _browse(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory(prefix="govcloud-browser-") as profile:
            command = [*self._command(), f"--user-data-dir={profile}", *arguments, self.url]
            return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def _command(self) -> Sequence[str]:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if chromium is None:
            raise MachineError("Chromium is not installed.", "Install it: apt-get install chromium.")
        # The key was verified against the CA above; Chromium knows only the machine's own CAs.
        trusted = f"--ignore-certificate-errors-spki-list={self.pin}"
        proxy = [f"--proxy-server={self.proxy.replace('socks5h', 'socks5')}"] if self.proxy else []
        return [chromium, *QUIET, trusted, *proxy]
