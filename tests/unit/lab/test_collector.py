"""The lab's collector proves itself by the deployment's CA, and gets a new certificate when it must."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.configure import authority as authorities
from scripts.configure.authority import Authority, ensure_authority
from scripts.lab import collector
from scripts.lab.config import COLLECTOR
from scripts.lab.paths import Lab, Ports
from stacks.settings import Settings


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(cache=tmp_path, state=tmp_path / "state", ports=Ports())


def authority(home: Path) -> Authority:
    return ensure_authority(replace(Settings.from_environment(), home=home), "City cloud")


def certificate(lab: Lab) -> x509.Certificate:
    return x509.load_pem_x509_certificate((collector.folder(lab) / "certificate.pem").read_bytes())


def test_it_has_the_name_that_hosts_ask_for_and_may_be_a_server_alone(lab: Lab, tmp_path: Path) -> None:
    ours = authority(tmp_path / "home")
    collector.identify(lab, ours)
    made = certificate(lab)
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(ours.certificate.read_bytes()))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [COLLECTOR]
    purposes = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_its_key_is_its_own_and_private(lab: Lab, tmp_path: Path) -> None:
    ours = authority(tmp_path / "home")
    collector.identify(lab, ours)
    key = collector.folder(lab) / "key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes() != ours.key.read_bytes()


def test_it_keeps_its_identity_until_it_ends_or_the_authority_is_another(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority(tmp_path / "home")
    monkeypatch.setattr(authorities, "SERVER_LIFETIME", timedelta(days=29))
    collector.identify(lab, ours)
    first = certificate(lab)
    monkeypatch.undo()
    collector.identify(lab, ours)
    second = certificate(lab)
    assert second != first
    collector.identify(lab, ours)
    assert certificate(lab) == second
    other = authority(tmp_path / "other")
    collector.identify(lab, other)
    assert certificate(lab) != second
    assert (collector.folder(lab) / "authority.pem").read_bytes() == other.certificate.read_bytes()
