"""The deployment's own certificate authority: made once, kept in the home folder, signs the hosts' keys.

The private key stays in its file: Ansible is given the path, never the content.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from stacks.settings import Settings

LIFETIME = timedelta(days=3650)
SERVER_LIFETIME = timedelta(days=397)
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Authority:
    """Files of the CA.

    Attributes:
        key: private key, PEM, mode 0600.
        certificate: self-signed, PEM; what clients trust.
    """

    key: Path
    certificate: Path

    @classmethod
    def of(cls, settings: Settings) -> Authority:
        """The deployment's CA, whether it exists yet or not."""
        folder = settings.home / "keys"
        return cls(folder / "ca.key", folder / "ca.pem")


def ensure_authority(settings: Settings, institution: str) -> Authority:
    """Make the CA unless it is there. The certificate is written last, so half a CA is made anew.

    Args:
        institution: who runs the cloud; the organisation in the CA's name.
    """
    authority = Authority.of(settings)
    if authority.certificate.exists() and authority.key.exists():
        return authority
    key = ec.generate_private_key(ec.SECP384R1())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority.certificate.unlink(missing_ok=True)
    _write(authority.key, secret, 0o600)
    certificate = _self_signed(key, institution).public_bytes(serialization.Encoding.PEM)
    _write(authority.certificate, certificate, 0o644)
    return authority


def sign_server(authority: Authority, key: ec.EllipticCurvePublicKey, name: str) -> x509.Certificate:
    """A certificate of the CA for a server.

    Args:
        key: the server's public key.
        name: what clients must find in the certificate, a DNS name.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    secret = serialization.load_pem_private_key(authority.key.read_bytes(), password=None)
    if not isinstance(secret, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{authority.key} is not the key of a CA that this project made")
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + SERVER_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA384())
    )


def _self_signed(key: ec.EllipticCurvePrivateKey, institution: str) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, institution[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, "Landing zone CA"),
        ]
    )
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_certificates(), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA384())
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace the file in one step; at no moment is it readable by more than `mode` says."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)
