"""Secrets of a deployment: made once, on this machine, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stacks.settings import Settings

PASSPHRASE_BYTES = 32


def ensure_keys(settings: Settings) -> None:
    """Make what does not exist yet: keys of operators and auditor, the state's passphrase, a password."""
    auditor = settings.auditor / "key"
    for path in (settings.passphrase_file, settings.auditor / "password"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            write_private(path, secrets.token_urlsafe(PASSPHRASE_BYTES).encode())
    for path, name in ((settings.operator_key, "govcloud-operator"), (auditor, "govcloud-auditor")):
        if not path.exists():
            _make_ssh_key(path, name)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in one step."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def _make_ssh_key(path: Path, name: str) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    path.with_suffix(".pub").write_bytes(public + f" {name}\n".encode())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    write_private(path, private)
