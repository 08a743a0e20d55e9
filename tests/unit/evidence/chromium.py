"""Chromium without a window, driven over its pipe as its developer tools do: pages, keys, prints.

Source: Chrome DevTools Protocol; `--remote-debugging-pipe` reads from file 3 and writes to file 4, and a zero
byte ends each message.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pytest

PROGRAM = "chromium"
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND"
"""No name resolves, so that a page that asks for anything from elsewhere says so."""


def required() -> None:
    """Fail where there is no browser: it is one of the packages that `make setup` installs."""
    if not shutil.which(PROGRAM):
        pytest.fail("Chromium is not installed, so no page was looked at: run `make setup`.", pytrace=False)


@dataclass
class Page:
    """One open page."""

    asks: IO[bytes]
    answers: IO[bytes]
    session: str = ""
    count: int = 0
    seen: list[str] = field(default_factory=list)

    def call(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON
        """Have something done; returns what came of it."""
        self.count += 1
        message: dict[str, Any] = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.asks.write(json.dumps(message).encode() + b"\0")
        self.asks.flush()
        while (answer := self._next()).get("id") != self.count:
            self.seen.append(answer.get("method", ""))
        assert "error" not in answer, answer
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "Chromium has ended"
            text += byte
        found: dict[str, Any] = json.loads(text)
        return found

    def wait(self, event: str) -> None:
        """Return when the browser has told of it."""
        while event not in self.seen:
            self.seen.append(self._next().get("method", ""))

    def value(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """What an expression in the page gives."""
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """A key, down and up, as a hand does it."""
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def printed(self, file: Path) -> Path:
        """Print it, with the page size that its own style asks for."""
        data = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        file.write_bytes(base64.b64decode(data))
        return file


@contextmanager
def opened(page: Path, profile: Path) -> Iterator[Page]:
    """A page in a browser of its own, which leaves nothing in the machine's folder of temporary files."""
    with TemporaryDirectory() as scratch:
        yield from _opened(page, profile, {**os.environ, "TMPDIR": scratch})


def _opened(page: Path, profile: Path, environment: dict[str, str]) -> Iterator[Page]:
    required()
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    command = f'exec {PROGRAM} "$@" 3<&{to_browser} 4>&{from_browser}'
    options = [*QUIET, ALONE, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
    process = subprocess.Popen(
        ["bash", "-c", command, PROGRAM, *options],
        env=environment,
        pass_fds=(to_browser, from_browser),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    with os.fdopen(from_us, "wb") as asks, os.fdopen(to_us, "rb") as answers:
        browser = Page(asks, answers)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            attached = browser.call("Target.attachToTarget", targetId=target, flatten=True)
            browser.session = attached["sessionId"]
            browser.call("Page.enable")
            browser.call("Page.navigate", url=page.resolve().as_uri())
            browser.wait("Page.loadEventFired")
            yield browser
        finally:
            process.terminate()
            process.wait(timeout=30)
