"""No secret lies where every process of a host, and every reader of the state, can find it."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule

SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|(pass(word|wd|phrase)?|secret|token|credential|api[_-]?key|private[_-]?key)[\"']?\s*[:=]\s*[\"']?[^\s\"'{$]"
    r"|\bchpasswd\b"
    r"|\$(1|2[aby]|5|6|y)\$[./A-Za-z0-9$]{8}",
    re.IGNORECASE,
)
"""Private keys, assignments to names that sound secret, and password hashes (crypt(5))."""


def _check(resource: Resource, context: Context) -> Iterator[str]:  # noqa: ARG001 - holds without a plan
    if resource.value("adminPass"):
        yield "adminPass is set: hosts are entered by key only"
    if resource.value("personalities"):
        yield "personalities is set: files on a host are Ansible's"
    for name in ("userData", "metadata", "description"):
        if any(SECRET.search(text) for text in _texts(resource.value(name))):
            yield f"{name} holds something that looks like a secret; every process of the host can read it"


def _texts(value: object) -> Iterator[str]:
    """A value as text, the way it stands there and decoded."""
    if not value:
        return
    text = (
        "\n".join(f"{key}={item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
    )
    yield text
    try:
        yield b64decode(text, validate=True).decode(errors="replace")
    except (Error, ValueError):
        return


RULE = Rule(
    title="No secret is handed to a host in the open",
    controls=("8.1.4.1-c", "8.1.4.8-a"),
    check=_check,
    kinds=frozenset({"compute/Instance"}),
)
