"""Examples for the rule own-keys."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import OFFICE, PORTAL, planned, resource

KEY, HOST = ("compute/Keypair", PORTAL), ("compute/Instance", "xiangyang-portal-web-1")
PASSING = [
    planned(PORTAL, *KEY),
    planned(PORTAL, *HOST, keyPair=PORTAL),
    planned(PORTAL, *HOST, keyPair=UNKNOWN),
]
FAILING = [
    ("the key pair 'taihe-office'", planned(PORTAL, *HOST, keyPair=OFFICE)),
    ("the key pair None", planned(PORTAL, *HOST, keyPair=None)),
    ("the key pair 'taihe-office'", planned(PORTAL, *KEY, name=OFFICE)),
    ("the key pair 'mine'", resource("compute/Keypair", "mine", name="mine", publicKey="ssh-ed25519 A")),
    ("publicKey", planned(PORTAL, *KEY, publicKey=None)),
]
