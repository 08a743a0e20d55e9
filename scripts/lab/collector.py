"""The identity of the lab's log collector: a key of its own, and a certificate of the deployment's CA."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scripts.configure.authority import sign_server
from scripts.lab.config import COLLECTOR, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.configure.authority import Authority
    from scripts.lab.paths import Lab

_RENEWAL = timedelta(days=30)


def folder(lab: Lab) -> Path:
    """Where `key.pem`, `certificate.pem` and the CA's `authority.pem` are."""
    return lab.config / "collector"


def identify(lab: Lab, authority: Authority) -> None:
    """Make key and certificate, unless they are there, are of this CA, and hold for a month yet."""
    place, trusted = folder(lab), authority.certificate.read_text()
    if _holds(place / "certificate.pem", trusted):
        return
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = sign_server(authority, key.public_key(), COLLECTOR)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(place / "authority.pem", trusted)
    write_private(place / "key.pem", secret.decode())
    write_private(place / "certificate.pem", certificate.public_bytes(serialization.Encoding.PEM).decode())


def _holds(path: Path, trusted: str) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(trusted.encode()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate.not_valid_after_utc - datetime.now(UTC) > _RENEWAL
