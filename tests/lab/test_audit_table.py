"""Every automated control was proved able to fail; runs after `test_audit_hosts` and `test_audit_cloud`."""

from __future__ import annotations

import json

import pytest

from scripts.evidence.catalogue import read_catalogue
from tests.lab.conftest import HOME
from tests.lab.mutation import OWN_KERNEL, table


def test_every_automated_control_was_proved_able_to_fail() -> None:
    record = HOME / "mutations.json"
    if not record.exists():
        pytest.skip("nothing was broken in this session: run test_audit_hosts and test_audit_cloud with it")
    (HOME / "mutations.md").write_text(table(record), encoding="utf-8")
    assert read_catalogue().automated - OWN_KERNEL - set(json.loads(record.read_text())) == set()
