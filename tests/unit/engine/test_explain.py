"""Known refusals become sentences; unknown ones stay as they are."""

from __future__ import annotations

import pytest

from scripts.engine.explain import explain


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "web-1: Error creating OpenStack server: Expected HTTP response code [200 202] but got 403: "
            '{"forbidden": {"code": 403, "message": "Quota exceeded for instances: Requested 1, '
            'but already used 0 of 0 instances"}}',
            "web-1: quota exceeded for instances: 1 more are asked for, 0 of 0 are used",
        ),
        (
            'net: {"NeutronError": {"message": "Quota exceeded for resources: [\'network\']."}}',
            "net: quota exceeded for network;",
        ),
        (
            "web-1: Error waiting for instance: unexpected state 'ERROR', wanted target 'ACTIVE'",
            "web-1: the server went to ERROR",
        ),
        (
            "Resource provider reported that the resource did not exist while updating "
            "urn:pulumi:platform::govcloud::govcloud:network:Side$openstack:networking/subnetPool:SubnetPool::a-pool.",
            "a-pool was deleted behind Pulumi's back",
        ),
        (
            "net: Expected HTTP response code [201] but got 503 instead: busy",
            "net: the cloud failed by itself (HTTP 503)",
        ),
    ],
)
def test_known(text: str, says: str) -> None:
    assert says in explain(text)


def test_unknown() -> None:
    assert explain("something: new") == "something: new"
