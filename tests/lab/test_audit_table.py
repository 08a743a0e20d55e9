"""Every automated control was proved able to fail; runs after `test_audit_hosts` and `test_audit_cloud`."""

from __future__ import annotations

import pytest

from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.mutations import Proofs, read_proofs
from tests.lab.mutation import RECORD, STARTED, proved
from tests.lab.test_audit_cloud import RED
from tests.lab.test_audit_hosts import ALL
from tests.lab.test_own_kernel import RED as OWN_KERNEL

BREAKERS = {"test_audit_hosts.py", "test_audit_cloud.py"}


def test_every_automated_control_was_proved_able_to_fail(request: pytest.FixtureRequest) -> None:
    if not {item.path.name for item in request.session.items} >= BREAKERS:
        pytest.skip("only a session with test_audit_hosts and test_audit_cloud breaks enough")
    seen = Proofs(tuple(item for item in read_proofs(RECORD).breaks if item.when >= STARTED))
    here = proved(
        {check for item in ALL for check in item.red} | {check for red in RED.values() for check, _ in red}
    )
    alone = proved(check for red in OWN_KERNEL.values() for check in red) - here
    assert read_catalogue().automated - alone - seen.covered(read_catalogue()) == set()
