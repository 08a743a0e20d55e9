"""The deployment's CA: made once, private, and able to sign hosts but no other CA."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from scripts.configure.authority import Authority, ensure_authority
from stacks.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings.from_environment(), home=tmp_path)


def certificate(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.certificate.read_bytes())


def test_it_is_made_once(settings: Settings) -> None:
    authority = ensure_authority(settings, "City cloud")
    before = authority.key.read_bytes(), authority.certificate.read_bytes()
    assert ensure_authority(settings, "City cloud") == authority
    assert (authority.key.read_bytes(), authority.certificate.read_bytes()) == before


def test_nobody_else_can_read_its_key(settings: Settings) -> None:
    authority = ensure_authority(settings, "City cloud")
    assert stat.S_IMODE(authority.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.key.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in authority.key.parent.iterdir()) == ["ca.key", "ca.pem"]


def test_it_signs_hosts_and_no_other_authority(settings: Settings) -> None:
    made = certificate(ensure_authority(settings, "City cloud"))
    made.verify_directly_issued_by(made)
    constraints = made.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign
    assert not usage.digital_signature


def test_half_an_authority_is_made_anew(settings: Settings) -> None:
    authority = ensure_authority(settings, "City cloud")
    before = authority.key.read_bytes()
    authority.certificate.unlink()
    ensure_authority(settings, "City cloud")
    assert authority.key.read_bytes() != before
    made = certificate(authority)
    made.verify_directly_issued_by(made)
